"""/connections: Brevo accounts, and who may use them."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from traginer.api.bodies import JsonBody, Number
from traginer.api.entry import who
from traginer.api.paging import DEFAULT, Cursor, Limit, Name, Page, Search, asking, by_name
from traginer.api.schemas.connections import (
    BrevoAttribute,
    BrevoList,
    Connection,
    ConnectionBody,
    ConnectionHealth,
    NewList,
    Share,
)
from traginer.api.waiting import long
from traginer.control import api_support, connections, connections_account
from traginer.control.runs.means import now

router = Router()


@router.get("/connections", response=Page[Connection])
def list_connections(
    request: HttpRequest, search: Search = "", name: Name = "", limit: Limit = DEFAULT, cursor: Cursor = ""
) -> Page[Connection]:
    """List the connections that you may use, by name."""
    asked = asking(request, cursor, limit, str)
    found, following = by_name(asked, connections.every(who(request), search), lambda one: one.name, name)
    numbers = api_support.numbers(connections.KIND)
    return Page[Connection](items=[Connection.of(numbers[one.name], one) for one in found], next=following)


@router.post("/connections", response={201: Connection})
def create_connection(
    request: HttpRequest, spec: Annotated[ConnectionBody, JsonBody(...)], response: HttpResponse
) -> Status[Connection]:
    """Create a connection. A person who has logged in must agree to Data privacy and compliance before anything runs over it."""
    actor = who(request)
    made = connections.create(actor, spec, now())
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, Connection.of(made.pk, connections.described(actor, made)))


@router.get("/connections/{connection}", response=Connection)
def get_connection(request: HttpRequest, connection: Number) -> Connection:
    """Show a connection; to those it is shared with, its name and type."""
    actor = who(request)
    found = api_support.connection(actor, connection)
    return Connection.of(found.pk, connections.described(actor, found))


@router.put("/connections/{connection}", response=Connection)
def replace_connection(
    request: HttpRequest, connection: Number, spec: Annotated[ConnectionBody, JsonBody(...)]
) -> Connection:
    """Change a connection: it is as the body says, its name too. Without an api_key it keeps its key."""
    actor = who(request)
    found = connections.update(actor, api_support.connection(actor, connection), spec, now())
    return Connection.of(found.pk, connections.described(actor, found))


@router.delete("/connections/{connection}", response={204: None})
def remove_connection(request: HttpRequest, connection: Number) -> Status[None]:
    """Remove a connection that no export runs over, and its key."""
    actor = who(request)
    connections.remove(actor, api_support.connection(actor, connection), now())
    return Status(204, None)


@router.put("/connections/{connection}/share", response=Connection)
def share_connection(request: HttpRequest, connection: Number, share: Annotated[Share, JsonBody(...)]) -> Connection:
    """Choose who can use a connection. Exports that others have made on it stay."""
    actor = who(request)
    found = connections.share_with(actor, api_support.connection(actor, connection), share.usable_by)
    return Connection.of(found.pk, connections.described(actor, found))


@router.post("/connections/{connection}/check", response=ConnectionHealth)
def check_connection(request: HttpRequest, connection: Number) -> ConnectionHealth:
    """Look at the Brevo account behind a connection. What is wrong with it is in the answer."""
    actor = who(request)
    found = api_support.connection(actor, connection)
    with long() as means:
        return ConnectionHealth.of(connections_account.check(actor, found, now(), means))


@router.get("/connections/{connection}/lists", response=list[BrevoList])
def list_lists(request: HttpRequest, connection: Number, search: Search = "") -> list[BrevoList]:
    """List the lists of the account, by name, with their sizes."""
    actor = who(request)
    found = api_support.connection(actor, connection)
    with long() as means:
        return [BrevoList.of(one) for one in connections_account.lists(actor, found, search, means)]


@router.post("/connections/{connection}/lists", response={201: BrevoList})
def create_list(request: HttpRequest, connection: Number, new: Annotated[NewList, JsonBody(...)]) -> Status[BrevoList]:
    """Create a list in the account, in its first folder."""
    actor = who(request)
    found = api_support.connection(actor, connection)
    with long() as means:
        return Status(201, BrevoList.of(connections_account.create_list(actor, found, new.name, means)))


@router.get("/connections/{connection}/attributes", response=list[BrevoAttribute])
def list_attributes(request: HttpRequest, connection: Number) -> list[BrevoAttribute]:
    """List the attributes of the account's contacts, as they are now."""
    actor = who(request)
    found = api_support.connection(actor, connection)
    with long() as means:
        return [BrevoAttribute.of(one) for one in connections_account.attributes(actor, found, means).values()]
