"""Admin > Connections: list, add, look at, change, share, agree and withdraw, take over, remove."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import (
    api_support,
    connections,
    connections_account,
    connections_standing,
    consent,
    consent_history,
    exports,
)
from traginer.control.connections import ConnectionView
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext, ngettext
from traginer.web import connection_form, door, forms, languages, refusals, sample

KEY_OLD_AFTER = timedelta(days=365)
USABLE_BY = {
    "administrators": N_("Administrators"),
    "contributors": N_("Administrators and contributors"),
}


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The connections that the actor may use: to contributors, their names and types."""
    search = request.GET.get("search", "")
    numbers = api_support.numbers(connections.KIND)
    rows = [
        (numbers[view.name], view, usable_by(view), sample.is_sandbox(view))
        for view in connections.every(actor, search)
    ]
    facts: door.Facts = {"rows": rows, "search": search, "may_add": actor.may("connection:write")}
    return door.show(request, "connections.html", **facts)


@door.page("GET", "POST")
def add(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Add connection: the steps of the form, and what came of saving it."""
    actor.require("connection:write")
    if request.method != "POST":
        return door.show(request, "connection_add.html", **_facts(request, connection_form.blank()))
    try:
        if request.POST.get("do") == "connect":
            return _tried(request, actor)
        saved = connection_form.created(request, actor, door.now())
    except TraginerError as error:
        facts = _facts(request, connection_form.of_post(request.POST))
        return door.refused(request, error, "connection_add.html", **facts)
    return door.done(request, saved.health.sentence, _address(saved.name))


@door.page()
def view(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """A connection: how it is set up, for administrators; its name and type for those who may use it."""
    connection = api_support.connection(actor, number)
    return door.show(request, "connection.html", **_shown(request, actor, number, connection))


@door.page("POST")
def deed(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """What is done with a connection on its page: check, agree, withdraw, take over."""
    connection = api_support.connection(actor, number)
    try:
        said = DEEDS[request.POST.get("do", "")](request, actor, connection)
    except TraginerError as error:
        return door.refused(request, error, "connection.html", **_shown(request, actor, number, connection))
    return door.done(request, said, reverse("connection", args=[number]))


@door.page("GET", "POST")
def edit(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Change a connection; without a key the one that is there stays. Who can use it is one of the fields."""
    connection = api_support.connection(actor, number)
    actor.require("connection:write")
    facts: door.Facts = {
        "number": number,
        "view": connections.described(actor, connection),
        "tiers": connection_form.TIERS,
    }
    if request.method != "POST":
        return door.show(request, "connection_edit.html", form=connection_form.of_view(facts["view"]), **facts)
    try:
        wanted = connection_form.spec_of(request.POST)
        if wanted.api_key:
            connection_form.require_reached(actor, wanted)
        changed = connections.update(actor, connection, wanted, door.now())
    except TraginerError as error:
        form = connection_form.of_post(request.POST)
        return door.refused(request, error, "connection_edit.html", form=form, **facts)
    health = connections_account.check(actor, changed, door.now())
    return door.done(request, health.sentence if health.account else "", reverse("connection", args=[number]))


@door.page("GET", "POST")
def remove(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Remove a connection, once somebody is sure; while exports use it, they can be detached here first."""
    connection = api_support.connection(actor, number)
    actor.require("connection:remove")
    used_by = door.numbered(exports.KIND, connections.exports_of(connection))
    facts: door.Facts = {"number": number, "name": connection.name, "used_by": used_by}
    if request.method != "POST":
        return door.show(request, "connection_remove.html", **facts)
    try:
        if request.POST.get("do") == "detach":
            return _detached(request, actor, number)
        connections.remove(actor, connection, door.now())
    except TraginerError as error:
        return door.refused(request, error, "connection_remove.html", **facts)
    return door.done(request, gettext(N_("The connection is removed.")), reverse("connections"))


def usable_by(view: ConnectionView) -> str:
    """Who can use a connection, in words; nothing for those who are not told."""
    if view.setup is None:
        return ""
    chosen = view.setup.usable_by
    return gettext(USABLE_BY[chosen]) if isinstance(chosen, str) else ", ".join(chosen)


def _detached(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """The exports that were ticked keep their configuration and do not run; the page again, for what is left."""
    chosen = [api_support.export(actor, export) for export in forms.numbers(request.POST.getlist("exports"))]
    for export in chosen:
        exports.detach(actor, export, door.now())
    said = ngettext("{n} export is detached.", "{n} exports are detached.", len(chosen)).format(n=len(chosen))
    return door.done(request, said, reverse("connection-remove", args=[number]))


def _tried(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The answer to Connect: a tick with the account, or why not. Nothing is saved by it."""
    health = connections_account.try_out(actor, connection_form.spec_of(request.POST))
    if health.problem:
        raise health.problem
    if refusals.is_part(request):
        return door.show(request, "parts/connected.html", health=health)
    form = connection_form.of_post(request.POST)
    return door.show(request, "connection_add.html", health=health, **_facts(request, form))


def _check(_: HttpRequest, actor: Actor, connection: Any) -> str:
    health = connections_account.connect(actor, connection, door.now())
    if health.problem:
        raise health.problem
    return health.sentence


def _agree(request: HttpRequest, actor: Actor, connection: Any) -> str:
    agreed = consent.agree(actor, connection, request.POST.get("text", ""), door.now())
    return gettext(N_("Agreed by {person}.")).format(person=agreed.agreed_by)


def _withdraw(request: HttpRequest, actor: Actor, connection: Any) -> str:
    consent.withdraw(actor, connection, door.now(), request.POST.get("reason", ""))
    return gettext(N_("Withdrawn. Runs under way stop at their next safe point."))


def _answer(request: HttpRequest, actor: Actor, connection: Any) -> str:
    user = connections.become_export_user(actor, connection, request.POST.get("password", ""), door.now())
    return gettext(N_("Export user: {name}.")).format(name=user.name)


DEEDS = {"check": _check, "agree": _agree, "withdraw": _withdraw, "answer": _answer}


def _facts(request: HttpRequest, form: dict[str, Any]) -> dict[str, Any]:
    consent_text = connection_form.consent_text(languages.spoken(request))
    return {"form": form, "consent": consent_text, "tiers": connection_form.TIERS}


def _shown(request: HttpRequest, actor: Actor, number: int, connection: Any) -> dict[str, Any]:
    shown = connections.described(actor, connection)
    facts: dict[str, Any] = {"number": number, "view": shown, "who": usable_by(shown)}
    return {**facts, **_inside(request, actor, connection, shown)} if shown.setup else facts


def _inside(request: HttpRequest, actor: Actor, connection: Any, shown: ConnectionView) -> dict[str, Any]:
    """What administrators see of a connection beside its name and type."""
    setup, language = shown.setup, languages.spoken(request)
    agreements = consent_history.agreements(actor, connection, language)
    key_at = setup.key_at if setup else None
    return {
        "used_by": door.numbered(exports.KIND, setup.exports if setup else []),
        "consent": connection_form.consent_text(language),
        "agreed": agreements[0] if agreements else None,
        "earlier": agreements[1:],
        "answering": connections_standing.answering(actor, connection),
        "troubles": connections_standing.troubles(actor, connection),
        "is_key_old": bool(key_at and door.now() - key_at > KEY_OLD_AFTER),
        "is_sandbox": sample.is_sandbox(shown),
    }


def _address(name: str) -> str:
    return reverse("connection", args=[api_support.numbers(connections.KIND)[name]])
