"""How connections stand: who answers for which, and what keeps runs from going over one, as far as Brevo need not be asked."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from traginer.control import connections, consent
from traginer.control.models import Connection
from traginer.control.rights import Actor
from traginer.errors import TraginerError


@dataclass(frozen=True)
class Answering:
    """The export user of a connection: since when, and whether runs may answer to them; `name` is "" where nobody is."""

    name: str
    since: datetime | None
    may_answer: bool


def answering(actor: Actor, connection: Connection) -> Answering:
    """Who the runs over the connection answer to now."""
    actor.require("connection:inspect")
    user = connection.export_users.order_by("-pk").first()
    return Answering(
        name=user.name if user else "",
        since=user.at if user else None,
        may_answer=_trouble(connections.require_export_user, connection) is None,
    )


def answered_by(actor: Actor) -> dict[str, list[str]]:
    """The connections that each person answers for, by their e-mail, in the order of their names."""
    actor.require("user:read")
    found: dict[str, list[str]] = defaultdict(list)
    for connection in Connection.objects.order_by("name").prefetch_related("export_users"):
        users = sorted(connection.export_users.all(), key=lambda user: user.pk)
        if users:
            found[users[-1].name].append(connection.name)
    return dict(found)


def troubles(actor: Actor, connection: Connection) -> list[TraginerError]:
    """What refuses runs over the connection now: its consent, its export user, its key. Whether Brevo takes the key is not asked."""
    actor.require("connection:inspect")
    looks: tuple[Callable[[Connection], object], ...] = (
        consent.require,
        connections.require_export_user,
        connections.api_key,
    )
    return [trouble for look in looks if (trouble := _trouble(look, connection))]


def _trouble(look: Callable[[Connection], object], connection: Connection) -> TraginerError | None:
    try:
        look(connection)
    except TraginerError as error:
        return error
    return None
