"""/audit: who did, tried or saw what."""

from typing import Annotated, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from traginer.api.bodies import Moment, answers
from traginer.api.entry import who
from traginer.api.paging import DEFAULT, Cursor, Limit, Page, asking, cut
from traginer.api.schemas.audit import AuditEntry, AuditVerification
from traginer.api.waiting import long
from traginer.control import audit

router = Router()

At = Annotated[Moment | None, Query(description="With its offset, as in 2026-11-25T00:00:00Z.")]
Word = Annotated[str, Query(max_length=254)]
End = Annotated[
    str,
    Query(
        pattern=r"^$|^[0-9]{1,18}:[0-9a-f]{64}$",
        description="The end that was written down, SEQUENCE:HASH: only so is it seen that entries were cut off.",
    ),
]
Result = Annotated[Literal["", "done", "denied", "failed"], Query()]


@router.get("/audit", response=Page[AuditEntry])
def list_audit(
    request: HttpRequest,
    since: At = None,
    until: At = None,
    actor: Word = "",
    action: Word = "",
    kind: Word = "",
    name: Word = "",
    result: Result = "",
    limit: Limit = DEFAULT,
    cursor: Cursor = "",
) -> Page[AuditEntry]:
    """List the entries of the audit, the newest first."""
    asked = asking(request, cursor, limit, int)
    filters = audit.Filters(since, until, actor, action, kind, name, result)
    found = audit.entries(who(request), filters, limit + 1, asked.after)
    page, following = cut(asked, found, lambda entry: entry.sequence)
    return Page[AuditEntry](items=[AuditEntry.of(entry) for entry in page], next=following)


@router.get("/audit/verification", response=AuditVerification)
def verify_audit(request: HttpRequest, end: End = "") -> AuditVerification:
    """Say whether any entry was changed, left out or put in."""
    sequence, _, digest = end.partition(":")
    with long():
        return AuditVerification.of(audit.verify(who(request), audit.Noted(int(sequence), digest) if end else None))


@router.get("/audit/lines", openapi_extra=answers("application/jsonl"))
def export_audit(request: HttpRequest, since: At = None) -> HttpResponseBase:
    """Export the entries, the oldest first, one JSON object a line, each with the hash that anybody can check."""
    lines = audit.lines(who(request), audit.Filters(since=since))
    return StreamingHttpResponse((f"{line}\n" for line in lines), content_type="application/jsonl")
