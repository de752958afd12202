"""The ledger of an export: what its list holds because of it, by our books; whether they are whole; how to make them anew."""

import shlex
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from traginer.control import api_support, ledger_books, ledgers, runs
from traginer.control.journal import Unwatched
from traginer.control.ledgers import Checked
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.web import door


@door.page()
def view(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """What the books say. Asks Brevo nothing."""
    export = api_support.export(actor, number)
    return door.show(request, "ledger.html", **_facts(actor, number, export))


@door.page("POST")
def check(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Whether the ledger is whole, and how many contacts the list has by Brevo's own count."""
    export = api_support.export(actor, number)
    facts = _facts(actor, number, export)
    try:
        found = ledgers.check(actor, export, runs.Means(Unwatched()))
    except TraginerError as error:
        return door.refused(request, error, "ledger.html", **facts)
    return door.show(request, "ledger.html", checked=found, verdict=_verdict(found), **facts)


def _facts(actor: Actor, number: int, export: Any) -> dict[str, Any]:
    books = ledger_books.books(actor, export)
    return {
        "number": number,
        "name": export.name,
        "present": next((book for book in books if book.is_present), None),
        "former": [book for book in books if not book.is_present],
        "list_id": export.list_id,
        "is_attached": export.attached_to_id is not None,
        "rebuild": f"traginer ledger rebuild {shlex.quote(export.name)}",
        "deep": f"traginer ledger check --deep {shlex.quote(export.name)}",
    }


def _verdict(found: Checked) -> str:
    """How the ledger and Brevo's count of the list compare: equal, more or fewer on the list, or "" where one is not known."""
    if found.listed is None or not found.is_whole or not found.file:
        return ""
    if found.listed == found.rows:
        return "equal"
    return "more" if found.listed > found.rows else "fewer"
