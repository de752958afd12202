"""/smtp/blockedContacts: the blocks of transactional mail, which are kept apart from those of contacts."""

from datetime import UTC, datetime, timedelta

from traginer.sandbox.clock import iso
from traginer.sandbox.endpoints import fields
from traginer.sandbox.messages import NO_CONTENT, Answer, Request, answer
from traginer.sandbox.refusals import refuse
from traginer.sandbox.world import World


def get_blocked(world: World, request: Request) -> Answer:
    """Who is blocked, since when and why."""
    page = fields.page_of(request, most=100, default=50)
    where, values = _where(request)
    rows = world.store.rows(
        f"SELECT * FROM blocked WHERE {where} ORDER BY id {'DESC' if page['descending'] else 'ASC'} LIMIT ? OFFSET ?",
        (*values, page["limit"], page["offset"]),
    )
    shown = [
        {
            "email": row["email"],
            "senderEmail": row["sender"],
            "blockedAt": iso(row["blocked_at"]),
            "reason": {"code": row["code"], "message": row["message"]},
        }
        for row in rows
    ]
    return answer(
        200, {"contacts": shown, "count": world.store.value(f"SELECT count(*) FROM blocked WHERE {where}", values)}
    )


def _where(request: Request) -> tuple[str, tuple[str | float, ...]]:
    conditions, values = ["1"], list[str | float]()
    start, end = _day(request, "startDate"), _day(request, "endDate")
    if (start is None) != (end is None):
        raise refuse("query-invalid", name="endDate" if end is None else "startDate")
    if start is not None and end is not None:
        conditions.append("blocked_at >= ? AND blocked_at < ?")
        values += [start.timestamp(), (end + timedelta(days=1)).timestamp()]
    senders = [part for text in request.query.get("senders", ()) for part in text.split(",") if part]
    if senders:
        conditions.append(f"sender IN ({', '.join('?' * len(senders))})")
        values += senders
    return " AND ".join(conditions), tuple(values)


def _day(request: Request, name: str) -> datetime | None:
    text = request.one(name)
    try:
        return None if text is None else datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise refuse("query-invalid", name=name) from None


def unblock(world: World, request: Request) -> Answer:
    """Lift a transactional block; counted, because no exporter may."""
    email = request.path_args["email"].lower()
    with world.store.transaction():
        if world.store.run("DELETE FROM blocked WHERE email = ?", (email,)) == 0:
            raise refuse("blocked-missing")
        world.incidents.note("block-lifted", request.id)
    return NO_CONTENT
