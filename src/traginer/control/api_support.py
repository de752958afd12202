"""What the API needs beyond the services: things by the number in their address, long lists in pages, and a file as JSON."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models

from traginer.control import configuration, connections, exports, rejections, segments, sources
from traginer.control.configuration import Applied
from traginer.control.errors import ControlError, FileInvalid, NotFound
from traginer.control.models import Connection, Export, Run, Segment, Source, User
from traginer.control.rejections import Rejections
from traginer.control.rights import Actor
from traginer.control.spec import FileSpec
from traginer.errors import Phrase
from traginer.i18n import N_

NUMBERED: dict[str, Any] = {
    sources.KIND: Source,
    segments.KIND: Segment,
    connections.KIND: Connection,
    exports.KIND: Export,
}


class PartInvalid(FileInvalid):
    """`place` leads to the part, from the top of the configuration."""

    code = "configuration-part-invalid"
    what = N_("{where}: {why}")
    next_step = N_("Correct this part of the configuration and apply it again. Nothing was changed.")

    def __init__(self, place: Sequence[str | int | float], why: str) -> None:
        self.place = tuple(place)
        super().__init__(where=".".join(map(str, place)), why=why)


class NothingNumbered(ControlError):
    code = "number-unknown"
    what = N_("There is no {kind} {number} that you may see.")
    next_step = N_("See which there are in their list; each has an id.")


def source(actor: Actor, number: int) -> Source:
    """The source with this number. Raises NothingNumbered."""
    return _numbered(sources.get, Source, actor, sources.KIND, number)


def segment(actor: Actor, number: int) -> Segment:
    """The segment with this number. Raises NothingNumbered."""
    return _numbered(segments.get, Segment, actor, segments.KIND, number)


def connection(actor: Actor, number: int) -> Connection:
    """The connection with this number, if the actor may use it. Raises NothingNumbered."""
    return _numbered(connections.get, Connection, actor, connections.KIND, number)


def export(actor: Actor, number: int) -> Export:
    """The export with this number. Raises NothingNumbered."""
    return _numbered(exports.get, Export, actor, exports.KIND, number)


def user(actor: Actor, number: int) -> User:
    """The account with this number. Raises NothingNumbered."""
    actor.require("user:read")
    found = User.objects.filter(pk=number).first()
    if found is None:
        raise NothingNumbered(kind=Phrase(N_("account")), number=number)
    return found


def numbers(kind: str) -> dict[str, int]:
    """The number of each thing of a kind, by its name: for those that the actor has been shown already."""
    return dict(NUMBERED[kind].objects.values_list("name", "pk"))


def history(actor: Actor, of: Export | None, status: str | None, before: int | None, limit: int) -> list[Run]:
    """The newest runs first, those before the run numbered `before`; of one export or of all, with one status or with any."""
    actor.require("run:read")
    wanted = {"export": of, "status": status, "pk__lt": before}
    found = Run.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    return list(found.select_related("export", "connection").order_by("-pk")[:limit])


def rejections_of(actor: Actor, run: Run, start: int, limit: int) -> Rejections:
    """The rejections of a run from the one at `start` on. That somebody saw them is in the audit."""
    return rejections.first(actor, run.pk, limit, start)


def write_rejections(actor: Actor, run: Run, path: Path) -> None:
    """Write all rejections of a run to a CSV file. That somebody got them is in the audit."""
    rejections.write_csv(actor, run.pk, path)


def apply(actor: Actor, spec: FileSpec, base: Path, at: datetime) -> list[Applied]:
    """Create or update what `spec` names, all or nothing; relative paths of sources start at `base`. Raises PartInvalid."""
    return configuration.apply_spec(actor, spec, base, at, PartInvalid)


def diff(actor: Actor, spec: FileSpec, base: Path, at: datetime, *, whole: bool = False) -> list[Applied]:
    """What `apply` would create and update, and with `whole` what `spec` does not name. Raises as `apply` does."""
    return configuration.diff_spec(actor, spec, base, at, PartInvalid, whole=whole)


def _numbered[Named: models.Model](
    get: Callable[[Actor, str], Named], model: type[Named], actor: Actor, kind: str, number: int
) -> Named:
    """By way of the service, which asks for the right first and knows what the actor may see."""
    name = model._default_manager.filter(pk=number).values_list("name", flat=True).first()
    try:
        return get(actor, name or "")
    except NotFound:
        raise NothingNumbered(kind=Phrase(kind), number=number) from None
