"""/contacts/lists and /contacts/folders, and who is on a list."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from traginer.sandbox.clock import iso
from traginer.sandbox.contacts import Selection
from traginer.sandbox.endpoints import fields
from traginer.sandbox.identifiers import clean_email
from traginer.sandbox.keys import KEY_NAME
from traginer.sandbox.lists import members_of
from traginer.sandbox.messages import JSON, NO_CONTENT, Answer, Request, answer
from traginer.sandbox.processes import REMOVAL
from traginer.sandbox.refusals import refuse
from traginer.sandbox.world import World

MOST_ENTRIES = 150  # per call: openapi, addContactToList and removeContactFromList
MOST_MEMBERS_PAGE = 500
MOST_PAGE = 50


def get_lists(world: World, request: Request) -> Answer:
    """All lists. The two totals are always 0 here, since 2021-06-30."""
    rows, count = world.lists.page("list", **fields.page_of(request, most=MOST_PAGE, default=10))
    return answer(200, {"lists": [_summary(world, row) for row in rows], "count": count})


def _summary(world: World, row: Any) -> dict[str, Any]:
    unique = world.contacts.pages.count(members_of(row["id"]))
    shown = {"id": row["id"], "name": row["name"], "folderId": row["folder_id"], "uniqueSubscribers": unique}
    return shown | {"totalSubscribers": 0, "totalBlacklisted": 0}


def get_list(world: World, request: Request) -> Answer:
    """One list, with real totals."""
    row = _list(world, request)
    blocked = world.lists.blocked(row["id"])
    shown = _summary(world, row)
    shown |= {"totalBlacklisted": blocked, "totalSubscribers": shown["uniqueSubscribers"] - blocked}
    shown |= {"createdAt": iso(row["created_at"]), "dynamicList": bool(row["dynamic"]), "campaignStats": []}
    start, end = request.one("startDate"), request.one("endDate")
    if (start is None) != (end is None):
        raise refuse("query-invalid", name="endDate" if end is None else "startDate")
    return answer(200, shown | ({"startDate": start, "endDate": end} if start else {}))


def create_list(world: World, request: Request) -> Answer:
    """A new list in a folder."""
    name, folder_id = fields.text(request.json, "name"), fields.number(request.json, "folderId")
    _folder(world, folder_id)
    return answer(201, {"id": world.lists.create(name, folder_id)})


def update_list(world: World, request: Request) -> Answer:
    """Another name or another folder; one of the two at a time."""
    row, body = _list(world, request), request.json
    if ("name" in body) == ("folderId" in body):
        raise refuse("one-of", names="name, folderId")
    if "name" in body:
        world.store.run("UPDATE list SET name = ? WHERE id = ?", (fields.text(body, "name"), row["id"]))
    else:
        folder_id = fields.number(body, "folderId")
        _folder(world, folder_id)
        world.store.run("UPDATE list SET folder_id = ? WHERE id = ?", (folder_id, row["id"]))
    return NO_CONTENT


def delete_list(world: World, request: Request) -> Answer:
    """The list goes, its contacts stay."""
    world.lists.delete(_list(world, request)["id"])
    return NO_CONTENT


def get_contacts_of_list(world: World, request: Request) -> Answer:
    """The members of a list."""
    row = _list(world, request)
    selection, since = members_of(row["id"]), request.moment("modifiedSince")
    if since is not None:
        where = "c.modified_at > ? AND c.id IN (SELECT contact_id FROM membership WHERE list_id = ?)"
        selection = Selection("contact c", "c.id", where, (since, row["id"]))
    page = fields.page_of(request, most=MOST_MEMBERS_PAGE, default=50)
    return Answer(200, world.contacts.page(selection, **page), JSON)


def add_to_list(world: World, request: Request) -> Answer:
    """Existing contacts join a list."""
    with world.store.transaction():
        row = _fillable(world, request)
        entries, ids = _entries(world, request.json)
        members = world.lists.members(row["id"], [one for one in ids if one is not None])
        joining = [one if one not in members else None for one in ids]
        given = _outcome(entries, joining)
        newcomers = [one for one in joining if one is not None]
        world.lists.add([row["id"]], newcomers)
    world.webhooks.added(world.contacts, {row["id"]: newcomers}, api_key_name=KEY_NAME)
    return given


def remove_from_list(world: World, request: Request) -> Answer:
    """Contacts leave a list and stay contacts; with `all`, everybody does, in a process."""
    with world.store.transaction():
        row = _fillable(world, request)
        if fields.boolean(request.json, "all"):
            return _remove_all(world, request, row["id"])
        entries, ids = _entries(world, request.json)
        members = world.lists.members(row["id"], [one for one in ids if one is not None])
        leaving = [one if one in members else None for one in ids]
        given = _outcome(entries, leaving)
        world.lists.remove(row["id"], [one for one in leaving if one is not None])
    return given


def _remove_all(world: World, request: Request, list_id: int) -> Answer:
    if any(request.json.get(name) for name in _ENTRY_KINDS):
        raise refuse("one-of", names="all, emails, ids, extIds")
    total = world.contacts.pages.count(members_of(list_id))
    process_id = world.processes.add(REMOVAL, {"list_id": list_id}, rows=total, request_id=request.id)
    world.worker.wake()
    return answer(201, {"contacts": {"processId": process_id, "total": total}})


_ENTRY_KINDS: dict[str, tuple[str, Callable[[dict[str, Any], str], Sequence[Any]]]] = {
    "emails": ("email", fields.texts),
    "ids": ("id", fields.numbers),
    "extIds": ("ext_id", fields.texts),
}


def _entries(world: World, body: dict[str, Any]) -> tuple[list[Any], list[int | None]]:
    """What was passed, and the contact each entry means."""
    given = [name for name in _ENTRY_KINDS if body.get(name)]
    if len(given) != 1:
        raise refuse("one-of", names=", ".join(_ENTRY_KINDS))
    column, read = _ENTRY_KINDS[given[0]]
    entries = list(read(body, given[0]))
    if len(entries) > MOST_ENTRIES:
        raise refuse("too-many-entries", most=MOST_ENTRIES)
    wanted = [clean_email(entry) if column == "email" else entry for entry in entries]
    sql = f"SELECT {column}, id FROM contact WHERE {column} IN (SELECT value FROM json_each(?))"
    known = {row[0]: row[1] for row in world.store.rows(sql, (json.dumps(wanted),))}
    return entries, [known.get(one) for one in wanted]


def _outcome(entries: list[Any], ids: list[int | None]) -> Answer:
    success = [entry for entry, one in zip(entries, ids, strict=True) if one is not None]
    failure = [entry for entry, one in zip(entries, ids, strict=True) if one is None]
    if not success:
        raise refuse("none-on-list")
    return answer(201, {"contacts": {"success": success, "failure": failure}})


def _list(world: World, request: Request) -> Any:
    row = world.lists.find(request.path_number("listId", "list-missing"))
    if row is None:
        raise refuse("list-missing")
    return row


def _fillable(world: World, request: Request) -> Any:
    row = _list(world, request)
    if row["dynamic"]:
        raise refuse("list-dynamic")
    return row


def _folder(world: World, folder_id: int) -> Any:
    row = world.lists.folder(folder_id)
    if row is None:
        raise refuse("folder-missing")
    return row


def get_folders(world: World, request: Request) -> Answer:
    """All folders. Brevo's counters of folders are unreliable; here the two totals are 0."""
    rows, count = world.lists.page("folder", **fields.page_of(request, most=MOST_PAGE, default=10))
    return answer(200, {"folders": [_folder_shown(world, row) for row in rows], "count": count})


def _folder_shown(world: World, row: Any) -> dict[str, Any]:
    unique = world.store.value(
        "SELECT count(DISTINCT contact_id) FROM membership WHERE list_id IN (SELECT id FROM list WHERE folder_id = ?)",
        (row["id"],),
    )
    shown = {"id": row["id"], "name": row["name"], "uniqueSubscribers": unique}
    return shown | {"totalSubscribers": 0, "totalBlacklisted": 0}


def get_folder(world: World, request: Request) -> Answer:
    """One folder."""
    return answer(200, _folder_shown(world, _folder_of(world, request)))


def create_folder(world: World, request: Request) -> Answer:
    """A new folder."""
    return answer(201, {"id": world.lists.create_folder(fields.text(request.json, "name"))})


def update_folder(world: World, request: Request) -> Answer:
    """Another name."""
    row = _folder_of(world, request)
    world.store.run("UPDATE folder SET name = ? WHERE id = ?", (fields.text(request.json, "name"), row["id"]))
    return NO_CONTENT


def delete_folder(world: World, request: Request) -> Answer:
    """The folder goes, with all its lists."""
    world.lists.delete_folder(_folder_of(world, request)["id"])
    return NO_CONTENT


def get_folder_lists(world: World, request: Request) -> Answer:
    """The lists of a folder."""
    row = _folder_of(world, request)
    page = fields.page_of(request, most=MOST_PAGE, default=10)
    rows, count = world.lists.page("list", **page, folder_id=row["id"])
    return answer(200, {"lists": [_summary(world, each) for each in rows], "count": count})


def _folder_of(world: World, request: Request) -> Any:
    return _folder(world, request.path_number("folderId", "folder-missing"))


def get_segments(world: World, request: Request) -> Answer:
    """All segments; they are made in Brevo's own pages only."""
    rows, count = world.lists.page("segment", **fields.page_of(request, most=MOST_PAGE, default=10))
    shown = [
        {
            "id": row["id"],
            "segmentName": row["name"],
            "categoryName": row["category"],
            "updatedAt": iso(row["updated_at"]),
        }
        for row in rows
    ]
    return answer(200, {"count": count, "segments": shown})
