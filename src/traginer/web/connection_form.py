"""The form of a connection: what it holds, and the steps of saving it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict

from traginer.control import accounts, connections, connections_account, consent, consent_versions
from traginer.control.connections import ConnectionView
from traginer.control.connections_account import Health
from traginer.control.rights import Actor
from traginer.control.spec import BREVO_URL, ConnectionSpec
from traginer.i18n import N_
from traginer.web import forms
from traginer.web.errors import NotAgreed

SHARE, LIMIT = N_("Share of the account's limits, in percent"), N_("Contacts that the contract allows")
TIERS = ("general", "advanced", "extended", "unlimited")


@dataclass(frozen=True)
class Saved:
    """A connection that was saved, and how the first look at its account ended."""

    name: str
    health: Health


def blank() -> dict[str, Any]:
    """The form before anybody has typed."""
    return {"usable_by": "administrators", "base_url": BREVO_URL, "tier": "general", "share": "80", "answers": "on"}


def of_view(view: ConnectionView) -> dict[str, Any]:
    """The form of a connection that there is; of its key, nothing."""
    setup = view.setup
    if setup is None:
        return blank()
    named = [] if isinstance(setup.usable_by, str) else setup.usable_by
    return {
        "name": view.name,
        "usable_by": setup.usable_by if isinstance(setup.usable_by, str) else "people",
        "people": "\n".join(named),
        "base_url": setup.base_url,
        "tier": setup.tier,
        "share": f"{setup.share * 100:g}",
        "contact_limit": setup.contact_limit or "",
    }


def of_post(form: QueryDict) -> dict[str, Any]:
    """The form again as it was sent, without the secrets."""
    return {name: value for name, value in form.items() if name not in {"api_key", "password", "csrfmiddlewaretoken"}}


def spec_of(form: QueryDict) -> ConnectionSpec:
    """What the form says. Raises FormInvalid, ShareUnknown."""
    chosen = form.get("usable_by", "administrators")
    people = forms.words(form.get("people", ""))
    return forms.spec(
        ConnectionSpec,
        {
            "name": form.get("name", "").strip(),
            "api_key": form.get("api_key", "").strip(),
            "base_url": form.get("base_url", "").strip(),
            "tier": form.get("tier", ""),
            "share": (forms.whole(form.get("share", ""), SHARE) or 80) / 100,
            "contact_limit": forms.whole(form.get("contact_limit", ""), LIMIT),
            "usable_by": connections.usable_by(people or ["administrators"]) if chosen == "people" else chosen,
        },
    )


def created(request: HttpRequest, actor: Actor, at: datetime) -> Saved:
    """A new connection: what can be refused is asked first, so that a refusal leaves nothing half saved.

    Raises NotAgreed, ChoiceMissing, the errors of `accounts.reenter`, and what hides the account.
    """
    form = request.POST
    wanted, answers = spec_of(form), "answers" in form
    if "agree" not in form:
        raise NotAgreed
    if answers:
        accounts.reenter(actor, forms.required(form, "password", N_("Your password again")))
    require_reached(actor, wanted)
    connection = connections.create(actor, wanted, at)
    consent.agree(actor, connection, form.get("text", ""), at)
    if answers:
        connections.become_export_user(actor, connection, form.get("password", ""), at)
    return Saved(connection.name, connections_account.connect(actor, connection, at))


def require_reached(actor: Actor, wanted: ConnectionSpec) -> None:
    """Raises what hides the account that the key opens."""
    health = connections_account.try_out(actor, wanted)
    if health.problem:
        raise health.problem


def consent_text(language: str) -> dict[str, str]:
    """The present text of Data privacy and compliance, and its version."""
    version = consent_versions.present()
    return {"text": consent_versions.text(version, language), "version": version}
