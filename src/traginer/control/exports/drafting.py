"""Exports that nobody has saved: what a plan of one needs, by the code that runs use."""

from dataclasses import dataclass

from traginer.control import connections, segments
from traginer.control.configuration_errors import ExportDetached
from traginer.control.exports import states
from traginer.control.exports.configuring import fill
from traginer.control.models import Export, Segment
from traginer.control.rights import Actor
from traginer.control.spec import ExportSpec

NOT_SAVED = 0
"""No export in the database has this number: what is asked of a new one's rows is answered with none."""


@dataclass(frozen=True)
class Draft:
    """An export as it would be if it were saved now: `export` is not in the database, or stands there otherwise."""

    export: Export
    segments: list[Segment]


def drafted(actor: Actor, spec: ExportSpec, saved: Export | None = None) -> Draft:
    """The export that `spec` would make, or would make of `saved`.

    Raises as `create` and `update` do, but NameTaken, and ExportDetached. Whoever asks needs the right to plan `saved`.
    """
    if spec.connection is None:
        raise ExportDetached(export=spec.name)
    connection = connections.get(actor, spec.connection)
    if saved is not None:
        states.require(actor, "export:plan", saved)
    chosen = [segments.get(actor, name) for name in spec.segments]
    export = Export(pk=saved.pk if saved else NOT_SAVED, attached_to=connection)
    fill(export, spec, chosen)
    return Draft(export, chosen)
