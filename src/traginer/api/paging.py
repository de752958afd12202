"""Long lists, a page at a time: each page says where the next one begins."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from traginer.api.bodies import DIGITS, Shown, between
from traginer.api.faults import Fault, invalid
from traginer.i18n import N_, gettext

DEFAULT, MOST = 50, 200

Limit = Annotated[int, DIGITS, Field(ge=1, le=MOST), between(1, MOST), Query(DEFAULT, description="How many at most.")]
Cursor = Annotated[str, Query(max_length=2000, description="Where the page begins, as `next` of the one before says.")]
Search = Annotated[str, Query(max_length=200, description="Only those that hold this, in any case.")]
Name = Annotated[str, Query(max_length=200, description="Only the one of exactly this name.")]


class Page[Item](Shown):
    """A page of a list: `next` is the address of the page after it, null after the last."""

    items: list[Item]
    next: str | None


@dataclass(frozen=True)
class Asking:
    """What a page is asked for: after which position (None: from the beginning), and how many."""

    request: HttpRequest
    after: Any
    limit: int

    def following(self, position: Any) -> str:
        """The address of the page that begins after `position`."""
        query = self.request.GET.copy()
        query["cursor"] = base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")
        return f"{self.request.path}?{query.urlencode()}"


def asking(request: HttpRequest, cursor: str, limit: int, kind: type[str | int]) -> Asking:
    """The page that the parameters ask for; positions in the list are of `kind`. Raises Placed for a cursor of another list."""
    if not cursor:
        return Asking(request, None, limit)
    try:
        after = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        after = None
    if type(after) is not kind or (isinstance(after, int) and not 0 <= after < 2**63):
        raise invalid([Fault("query", ("cursor",), gettext(N_("This is no cursor of this list.")))])
    return Asking(request, after, limit)


def by_name[Thing](
    asked: Asking, things: Sequence[Thing], name_of: Callable[[Thing], str], only: str
) -> tuple[list[Thing], str | None]:
    """The page of `things`, each with a name of its own, in the order of their code points; or the one named `only`."""
    after = "" if asked.after is None else asked.after
    found = sorted((thing for thing in things if name_of(thing) > after), key=name_of)
    if only:
        found = [thing for thing in found if name_of(thing) == only]
    return cut(asked, found, name_of)


def cut[Thing, Position](
    asked: Asking, found: Sequence[Thing], position_of: Callable[[Thing], Position]
) -> tuple[list[Thing], str | None]:
    """The first of `found`, as many as were asked for, and the address of the rest; None where there is no rest."""
    page = list(found[: asked.limit])
    rest = len(found) > asked.limit
    return page, asked.following(position_of(page[-1])) if rest else None
