"""Connections: Brevo accounts, their keys and the consent they stand on."""

from datetime import datetime
from pathlib import Path

from traginer import home
from traginer.contacts.mapping import AttributeType
from traginer.control import consent, naming, vault
from traginer.control.accounts import Actor
from traginer.control.errors import KeyMissing, KeyUndecryptable
from traginer.control.models import Connection
from traginer.control.spec import ConnectionSpec
from traginer.destination import Known
from traginer.i18n import N_

KIND = N_("connection")


def get(actor: Actor, name: str) -> Connection:
    """The connection named `name`. Raises NotFound."""
    actor.require("configuration:read")
    return naming.by_name(Connection, KIND, name)


def put(actor: Actor, spec: ConnectionSpec, at: datetime) -> tuple[Connection, bool]:
    """Create or update a connection, and record a consent that the spec names. Without an api_key the key stays."""
    actor.require("configuration:write")
    values: dict[str, object] = {"type": spec.type, "base_url": spec.base_url.rstrip("/"), "tier": spec.tier}
    values["share"] = spec.share
    values["usable_by"] = spec.usable_by
    known = Connection.objects.filter(name=spec.name).first()
    if spec.api_key and not (known and _same_key(known, spec.api_key)):
        values |= {
            "encrypted_key": vault.encrypted(spec.api_key),
            "key_tail": spec.api_key[-4:],
            "known_attributes": None,
        }
    if known and known.base_url != values["base_url"]:
        values["known_attributes"] = None
    connection, is_new = Connection.objects.update_or_create(name=spec.name, defaults=values)
    if spec.consent:
        agreed_by, version = spec.consent.agreed_by, spec.consent.text
        consent.record(connection, agreed_by=agreed_by, recorded_by=actor.name, version=version, at=at)
    return connection, is_new


def api_key(connection: Connection) -> str:
    """The key in clear, for the client only. Raises KeyMissing or KeyUndecryptable."""
    if not connection.encrypted_key:
        raise KeyMissing(connection=connection.name)
    return vault.decrypted(connection.encrypted_key, connection.name)


def dump(connection: Connection) -> dict[str, object]:
    """The connection as `apply` takes it, without its key."""
    last = connection.consents.order_by("-at").first()
    agreed = {"consent": {"agreed_by": last.agreed_by, "text": last.text_version}} if last else {}
    return {
        "name": connection.name,
        "type": connection.type,
        "base_url": connection.base_url,
        "tier": connection.tier,
        "share": connection.share,
        "usable_by": connection.usable_by,
        **agreed,
    }


def holders_of(connection: Connection) -> Path | None:
    """Who holds which telephone number in the account because of us; None before anybody does."""
    return home.holders(connection.pk) / connection.holders if connection.holders else None


def known(connection: Connection) -> Known | None:
    """What Brevo said last of the account; None where it has not been asked since the key was entered."""
    seen = connection.known_attributes
    if seen is None:
        return None
    attributes = {name: AttributeType(name, kind, tuple(options)) for name, (kind, options) in seen.items()}
    return Known(connection.account, "", "", 0, attributes)


def remember(connection: Connection, seen: Known) -> None:
    """Keep what Brevo said of the account, so that a run with nothing to send need not ask."""
    attributes = {name: (known.kind, list(known.options)) for name, known in seen.attributes.items()}
    Connection.objects.filter(pk=connection.pk).update(account=seen.account, known_attributes=attributes)


def _same_key(connection: Connection, key: str) -> bool:
    """False too where the stored key cannot be decrypted any more: entering it again is how that is healed."""
    try:
        return api_key(connection) == key
    except (KeyMissing, KeyUndecryptable):
        return False
