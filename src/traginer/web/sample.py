"""The sample: profiles that nobody is, a Brevo on this machine, and two exports, to try everything without an account."""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from traginer.control import (
    accounts,
    api_support,
    audit,
    connections,
    connections_account,
    consent,
    consent_versions,
    exports,
    segments,
    sources,
)
from traginer.control.connections import ConnectionView
from traginer.control.rights import Actor
from traginer.control.spec import FileSpec
from traginer.demo.samples import write_profiles
from traginer.duck import open_duck
from traginer.durable import make_folder
from traginer.i18n import LANGUAGES, N_, gettext, speaking
from traginer.web import sample_brevo
from traginer.web.sample_brevo import Address

PROFILES = 10_000
FILE = "sample-customers.parquet"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
CUSTOMERS = N_("Sample customers")
ACCOUNT = N_("Sample account (a Brevo on this machine)")
SPENDERS, BUYERS = N_("Sample: Catalan-speaking buyers"), N_("Sample: recent buyers")
NEWSLETTER, WELCOME_BACK = N_("Sample newsletter"), N_("Sample: buyers of the last weeks")


def load(actor: Actor, password: str, at: datetime) -> None:
    """Make the profiles, start the local Brevo, and put two exports between them. Nothing leaves this machine.

    The actor agrees to Data privacy and compliance for the sample's connection, and becomes its export user, with their
    password. Raises as `accounts.reenter` does, and SampleUnavailable.
    """
    actor.require("connection:write")
    accounts.reenter(actor, password)
    profiles = _profiles(at)
    brevo = sample_brevo.begun()
    api_support.apply(actor, _configuration(profiles, brevo), profiles.parent, at)
    connection = connections.get(actor, gettext(ACCOUNT))
    consent.agree(actor, connection, consent_versions.present(), at)
    connections.become_export_user(actor, connection, password, at)
    connections_account.connect(actor, connection, at)


def unload(actor: Actor, at: datetime) -> None:
    """Take the sample away again, with its made-up profiles and its local Brevo; what its runs did stays in the history.

    Raises ConnectionInUse, ConnectionBusy and StillUsed where something of somebody's own stands on it, and nothing is gone then.
    """
    ours = names()
    with audit.atomic():
        for export in [one for one in exports.every(actor) if one.name in ours]:
            exports.remove(actor, export, "leave", at)
        for segment in [one for one in segments.every(actor) if one.name in ours]:
            segments.remove(actor, segment)
        for source in [one for one in sources.every(actor) if one.name in ours]:
            sources.remove(actor, source)
        for view in [one for one in connections.every(actor) if one.name in ours]:
            connections.remove(actor, connections.get(actor, view.name), at)
    sample_brevo.forget()
    (sources.allowed_folders()[0] / FILE).unlink(missing_ok=True)


def names() -> set[str]:
    """What things of the sample are called, in every language."""
    found: set[str] = set()
    for language in LANGUAGES:
        with speaking(language):
            found |= {gettext(name) for name in (CUSTOMERS, ACCOUNT, SPENDERS, BUYERS, NEWSLETTER, WELCOME_BACK)}
    return found


def is_sandbox(view: ConnectionView) -> bool:
    """Whether the connection leads to a Brevo on this machine; False for those who are not told where it leads."""
    return view.setup is not None and urlsplit(view.setup.base_url).hostname in LOOPBACK


def _profiles(at: datetime) -> Path:
    folder = make_folder(sources.allowed_folders()[0])
    path = folder / FILE
    with open_duck(folder / "duck") as duck:
        write_profiles(duck, path, PROFILES, at.date())
    return path


def _configuration(profiles: Path, brevo: Address) -> FileSpec:
    source: dict[str, Any] = {
        "name": gettext(CUSTOMERS),
        "type": "parquet",
        "path": str(profiles),
        "key": "customer_id",
    }
    account = {"name": gettext(ACCOUNT), "api_key": brevo.api_key, "base_url": brevo.base_url, "tier": "extended"}
    exports = [_export(NEWSLETTER, 7, SPENDERS), _export(WELCOME_BACK, 8, BUYERS)]
    return FileSpec.model_validate(
        {"sources": [source], "connections": [account], "segments": list(_segments()), "exports": exports}
    )


def _segments() -> list[dict[str, Any]]:
    recent = {"field": "last_purchase_at", "within_last": {"days": 90}}
    nearby = {"field": "country", "is_one_of": ["AD", "ES"]}
    spenders = [{"field": "language", "is": "ca"}, {"field": "lifetime_value", "at_least": 500}]
    buyers = [
        {"field": "last_purchase_at", "within_last": {"days": 45}},
        {"none": [{"field": "newsletter", "is": False}]},
    ]
    rules = {SPENDERS: {"all": [*spenders, {"any": [recent, nearby]}]}, BUYERS: {"all": buyers}}
    return [{"name": gettext(name), "source": gettext(CUSTOMERS), "rules": rule} for name, rule in rules.items()]


def _export(name: str, list_id: int, segment: str) -> dict[str, Any]:
    phone = {"field": "phone", "region": "country", "default_region": "ES"}
    return {
        "name": gettext(name),
        "connection": gettext(ACCOUNT),
        "list": list_id,
        "email": "email",
        "attributes": {"FIRSTNAME": "first_name", "LASTNAME": "last_name", "SMS": phone},
        "segments": [gettext(segment)],
        "timezone": "Europe/Madrid",
    }
