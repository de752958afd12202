"""API tokens: those of one's own account, and for administrators those of all. A secret is shown once, on the page that makes it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import tokens
from traginer.control.rights import SCOPES, Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.web import door, forms

SCOPE_WORDS = {
    "read": N_("look: read whatever its owner may see"),
    "run": N_("run: make plans, run exports, approve and cancel"),
    "write": N_("change: create, change and remove what its owner may"),
}
STATES = {"valid": N_("Valid"), "expired": N_("Expired"), "revoked": N_("Revoked")}
LIVES = (7, 30, 90, 180, 365)
DEFAULT_DAYS = 90
SOON = timedelta(days=14)


@door.page("GET", "POST")
def mine(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The tokens of the reader's own account, and the form that makes one."""
    if request.method != "POST":
        return door.show(request, "tokens.html", **_facts(actor, {"scopes": ["read"], "days": str(DEFAULT_DAYS)}))
    form = request.POST
    try:
        name = forms.required(form, "name", N_("Name"))
        days = timedelta(days=forms.whole(form.get("days", ""), N_("Valid for")) or DEFAULT_DAYS)
        token, secret = tokens.create(actor, name, form.getlist("scopes"), days, at=door.now())
    except TraginerError as error:
        chosen = {"name": form.get("name"), "scopes": form.getlist("scopes"), "days": form.get("days")}
        return door.refused(request, error, "tokens.html", **_facts(actor, chosen))
    facts = {"token": token, "secret": secret, "scopes": _words(token), "example": _example(request)}
    return door.show(request, "token_made.html", **facts)


@door.page()
def everybodys(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The tokens of all accounts."""
    actor.require("token:manage")
    rows = [_row(token, door.now()) for token in tokens.every(actor)]
    return door.show(request, "tokens_all.html", rows=rows)


@door.page("POST")
def revoke(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Make a token worthless, and go back to where that was asked for."""
    token = tokens.revoke(actor, number, at=door.now())
    said = gettext(N_('The token "{name}" is worth nothing from now on.')).format(name=token.name)
    return door.done(request, said, door.own(request, request.POST.get("next") or reverse("account-tokens")))


def _facts(actor: Actor, form: dict[str, Any]) -> dict[str, Any]:
    own = [token for token in tokens.every(actor) if token.owner_id == actor.user_id]
    return {
        "rows": [_row(token, door.now()) for token in own],
        "form": form,
        "scopes": [(scope, gettext(SCOPE_WORDS[scope])) for scope in SCOPES],
        "lives": [str(days) for days in LIVES],
        "may_see_all": actor.may("token:manage"),
    }


def _row(token: Any, now: datetime) -> dict[str, Any]:
    state = tokens.state(token, now)
    return {
        "token": token,
        "state": state,
        "state_text": gettext(STATES[state]),
        "scopes": _words(token),
        "is_ending": state == "valid" and token.expires_at - now <= SOON,
        "revoked": getattr(token, "revocation", None),
    }


def _words(token: Any) -> list[str]:
    return [gettext(SCOPE_WORDS.get(scope, scope)) for scope in token.scopes]


def _example(request: HttpRequest) -> str:
    """A first request. Programs reach the API where the operator says, else where the reader came here."""
    address = (settings.PUBLIC_URL or request.build_absolute_uri("/")).rstrip("/")
    return f'export TRAGINER_TOKEN=…\ncurl -H "Authorization: Bearer $TRAGINER_TOKEN" {address}/api/v1/exports'
