"""Admin > Permissions: who has an account, with which role; and what each role may."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import accounts, api_support, connections, connections_standing, tokens
from traginer.control.rights import ACTIONS, RANK, Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.web import door

GROUPS = {
    N_("Exports and runs"): ("export", "run", "ledger"),
    N_("Segments"): ("segment",),
    N_("Sources and profiles"): ("source", "profile", "rejection"),
    N_("Connections"): ("connection", "consent"),
    N_("Accounts and tokens"): ("user", "token"),
    N_("The installation"): ("system", "schedule", "configuration", "audit"),
}
"""The rights as people look for them: by what they are about, which is the first word of their names."""
ROLES = {"viewer": N_("Viewer"), "contributor": N_("Contributor"), "administrator": N_("Administrator")}


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All accounts, and the table of rights."""
    return door.show(request, "permissions.html", **_facts(actor))


@door.page("POST")
def add(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """A new account; without a password its owner comes in by single sign-on."""
    form = request.POST
    try:
        added = accounts.add(
            actor, form.get("email", ""), form.get("role", ""), form.get("name", ""), form.get("password") or None
        )
    except TraginerError as error:
        return door.refused(request, error, "permissions.html", form=form, **_facts(actor))
    said = gettext(N_("{email} has an account now.")).format(email=added.email)
    return door.done(request, said, reverse("permissions"))


@door.page("GET", "POST")
def change(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Another role or password for an account; close it, open it, take its second factor off."""
    user = api_support.user(actor, number)
    answers_for = connections_standing.answered_by(actor).get(user.email, [])
    facts: door.Facts = {
        "number": number,
        "user": user,
        "role": gettext(ROLES.get(user.role, user.role)),
        "roles": ROLES,
        "has_factor": accounts.has_second_factor(user),
        "has_password": user.has_usable_password(),
        "answers_for": door.numbered(connections.KIND, answers_for),
        "tokens": _valid_tokens(actor, number),
    }
    if request.method != "POST":
        return door.show(request, "permission.html", **facts)
    try:
        said = DEEDS[request.POST.get("do", "")](request, actor, user.email)
    except TraginerError as error:
        return door.refused(request, error, "permission.html", **facts)
    return door.done(request, gettext(said), reverse("permission", args=[number]))


def _facts(actor: Actor) -> dict[str, Any]:
    answered = connections_standing.answered_by(actor)
    rows = [
        (user, gettext(ROLES.get(user.role, user.role)), answered.get(user.email, [])) for user in accounts.every(actor)
    ]
    return {"rows": rows, "having_factor": accounts.having_second_factor(), "roles": ROLES, "rights": _rights()}


def _rights() -> list[tuple[str, list[tuple[str, int, bool]]]]:
    """Under each heading the rights: in words, the rank of the least role that has it, and whether it takes a shared connection."""
    named = {noun: heading for heading, nouns in GROUPS.items() for noun in nouns}
    found: dict[str, list[tuple[str, int, bool]]] = {heading: [] for heading in GROUPS}
    for action, row in ACTIONS.items():
        heading = named.get(action.partition(":")[0], N_("The installation"))
        found[heading].append((gettext(row.deed), RANK[row.least], row.on_connection))
    return [(gettext(heading), sorted(rows, key=lambda row: row[1])) for heading, rows in found.items()]


def _valid_tokens(actor: Actor, number: int) -> int:
    """How many tokens of the account are worth something."""
    return sum(1 for one in tokens.every(actor) if one.owner_id == number and tokens.state(one, door.now()) == "valid")


def _change_role(request: HttpRequest, actor: Actor, email: str) -> str:
    accounts.change_role(actor, email, request.POST.get("role", ""))
    return N_("The role is changed. The sessions of the account have ended.")


def _set_password(request: HttpRequest, actor: Actor, email: str) -> str:
    accounts.set_password(actor, email, request.POST.get("password", ""))
    return N_("The password is set. The sessions of the account have ended.")


def _deactivate(_: HttpRequest, actor: Actor, email: str) -> str:
    accounts.deactivate(actor, email)
    return N_("The account is closed. Its sessions and tokens are worth nothing from now on.")


def _activate(_: HttpRequest, actor: Actor, email: str) -> str:
    accounts.activate(actor, email)
    return N_("The account is open again.")


def _reset_factor(_: HttpRequest, actor: Actor, email: str) -> str:
    accounts.reset_second_factor(actor, email)
    return N_("The second factor is taken off.")


DEEDS = {
    "role": _change_role,
    "password": _set_password,
    "deactivate": _deactivate,
    "activate": _activate,
    "reset-factor": _reset_factor,
}
