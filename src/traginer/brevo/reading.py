"""Brevo's JSON as answers. Tolerant of what differs between its documents and its answers: missing, null, older
forms.

Raises KeyError, TypeError or ValueError where something is missing without which an answer means nothing.
"""

import json
from datetime import UTC, date, datetime
from typing import Any

from traginer.brevo.answers import (
    Account,
    Attribute,
    Contact,
    ContactList,
    Folder,
    ListMember,
    Plan,
    Process,
    ProcessStatus,
    Removed,
)
from traginer.brevo.transport import Response

type Json = dict[str, Any]

_STATUSES = {
    "queued": ProcessStatus.QUEUED,
    "completed": ProcessStatus.COMPLETED,
    "failed": ProcessStatus.FAILED,
    "cancelled": ProcessStatus.CANCELLED,
    "canceled": ProcessStatus.CANCELLED,
}


def json_object(response: Response) -> Json:
    """The body as a JSON object."""
    answer = json.loads(response.body)
    if not isinstance(answer, dict):
        raise TypeError("not a JSON object")
    return answer


def entries(answer: Json, name: str) -> list[Json]:
    """The list called `name`; Brevo leaves it out where there is nothing."""
    found = answer.get(name) or []
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise TypeError(f"{name} is not a list of objects")
    return found


def account(answer: Json) -> Account:
    """GET /account."""
    return Account(
        company=str(answer.get("companyName") or ""),
        email=answer.get("email") or None,
        organization_id=str(answer.get("organization_id") or ""),
        plans=(*map(_plan, entries(answer, "plan")), *map(_plan, entries(answer, "planVerticals"))),
    )


def attribute(entry: Json) -> Attribute:
    """An entry of GET /contacts/attributes."""
    labels = [str(option.get("label", "")) for option in entries(entry, "enumeration")]
    return Attribute(
        name=str(entry["name"]),
        category=str(entry.get("category") or ""),
        type=entry.get("type") or None,
        options=tuple(labels or map(str, entry.get("multiCategoryOptions") or ())),
    )


def contact_list(entry: Json) -> ContactList:
    """GET /contacts/lists/{id}, or an entry of GET /contacts/lists, whose totals are always 0 since 2021-06-30."""
    subscribers = entry.get("uniqueSubscribers")
    return ContactList(
        id=int(entry["id"]),
        name=str(entry.get("name") or ""),
        subscribers=int((entry.get("totalSubscribers") if subscribers is None else subscribers) or 0),
        dynamic=None if entry.get("dynamicList") is None else bool(entry["dynamicList"]),
        folder_id=_number(entry.get("folderId")),
    )


def folder(entry: Json) -> Folder:
    """An entry of GET /contacts/folders."""
    return Folder(int(entry["id"]), str(entry.get("name") or ""))


def process(entry: Json) -> Process:
    """GET /processes/{id}, or an entry of GET /processes. Reports are numbers in the OpenAPI file, links live."""
    about = entry.get("info") if isinstance(entry.get("info"), dict) else {}
    kinds = (about or {}).get("import")
    found: Json = kinds if isinstance(kinds, dict) else {}
    return Process(
        id=int(entry["id"]),
        name=str(entry.get("name") or ""),
        status=_STATUSES.get(str(entry.get("status") or "").lower(), ProcessStatus.RUNNING),
        reports={kind: link for kind, link in found.items() if isinstance(link, str) and link},
        report_counts={kind: rows for kind, rows in found.items() if isinstance(rows, int)},
        export_url=_export_link(entry, about or {}),
    )


def list_member(entry: Json) -> ListMember:
    """An entry of GET /contacts/lists/{id}/contacts."""
    return ListMember(entry.get("email") or None, entry.get("attributes") or {}, bool(entry.get("emailBlacklisted")))


def contact(answer: Json) -> Contact:
    """GET /contacts/{email}."""
    return Contact(
        id=int(answer["id"]),
        email=answer.get("email") or None,
        attributes=answer.get("attributes") or {},
        list_ids=frozenset(answer.get("listIds") or ()),
        unsubscribed_list_ids=frozenset(answer.get("listUnsubscribed") or ()),
        blocked=bool(answer.get("emailBlacklisted")),
    )


def removed(answer: Json) -> Removed:
    """POST /contacts/lists/{id}/contacts/remove."""
    outcome = answer["contacts"]
    return Removed(tuple(map(str, outcome.get("success") or ())), tuple(map(str, outcome.get("failure") or ())))


def process_id(answer: Json) -> int:
    """What POST /contacts/import and /contacts/export answer."""
    return int(answer["processId"])


def _plan(entry: Json) -> Plan:
    return Plan(
        category=str(entry.get("planCategory") or ""),
        type=str(entry.get("planType") or entry.get("type") or ""),
        name=str(entry.get("name") or ""),
        active=entry.get("status") != "inactive",
        credits=_credits(entry.get("credits")),
        starts=_day(entry.get("startDate")),
        ends=_day(entry.get("endDate")),
    )


def _credits(given: object) -> float | None:
    return given if isinstance(given, int | float) and not isinstance(given, bool) else None


def _number(given: object) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _export_link(entry: Json, about: Json) -> str | None:
    older = about.get("export")
    links = (entry.get("export_url"), older.get("export_url") if isinstance(older, dict) else None)
    return next((link for link in links if isinstance(link, str) and link), None)


def _day(given: object) -> date | None:
    """A date as ISO text or as Unix seconds, text or number: Brevo documents the one, its SDK accepts the other."""
    text = str(given or "")
    try:
        if text.isascii() and text.isdigit():
            return datetime.fromtimestamp(int(text), tz=UTC).date()
        return datetime.fromisoformat(text).date()
    except (ValueError, OverflowError, OSError):
        return None
