"""The list of exports: one row each, with what people look for in it, and what the one who looks may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from traginer.control.exports import states
from traginer.control.models import Disablement, Export, Removal, Run
from traginer.control.rights import Actor
from traginer.i18n import N_

STATES = {
    "active": N_("Active"),
    "disabled": N_("Disabled"),
    "detached": N_("No connection"),
    "being-removed": N_("Being removed"),
}

LOOKED_AT = (
    *("name", "list_id", "schedule", "updated_at"),
    *("attached_to__name", "attached_to__type", "attached_to__usable_by"),
)
"""What a row shows, and what permissions are read from: two hundred data matchings would take longer than all the rest."""


@dataclass(frozen=True)
class Permissions:
    """What somebody may do with an export."""

    edit: bool
    plan: bool
    run: bool
    schedule: bool
    detach: bool
    remove: bool

    @property
    def word(self) -> str:
        """For the column Your permissions: a text marked by N_."""
        return N_("Edit") if self.edit else N_("View")


@dataclass(frozen=True)
class ExportRow:
    """An export in the list.

    `connection` is "" for a detached one, `state` a key of STATES, `status` that of its last run ("" before the first),
    `refreshed_at` when that run ended, `schedule` as the export keeps it.
    """

    name: str
    type: str
    connection: str
    list_id: int
    state: str
    run: int | None
    status: str
    refreshed_at: datetime | None
    schedule: dict[str, Any]
    updated_at: datetime
    permissions: Permissions


def listed(actor: Actor, search: str = "") -> list[ExportRow]:
    """The exports whose name, connection or type holds `search`, by name: one query, and one for each detached export."""
    actor.require("export:read")
    return [_row(actor, export) for export in _found(search)]


def permissions_of(actor: Actor, export: Export) -> Permissions:
    """What the actor may do with the export."""
    deeds = ("write", "plan", "run", "schedule", "detach", "remove")
    return Permissions(*(states.may(actor, f"export:{deed}", export) for deed in deeds))


def _found(search: str) -> "QuerySet[Export, Any]":
    last = Run.objects.filter(export=OuterRef("pk")).order_by("-pk")
    found = Export.objects.annotate(
        last_run=Subquery(last.values("pk")[:1]),
        last_status=Subquery(last.values("status")[:1]),
        last_finished_at=Subquery(last.values("finished_at")[:1]),
        is_disabled=Exists(Disablement.objects.filter(export=OuterRef("pk"))),
        is_being_removed=Exists(Removal.objects.filter(export=OuterRef("pk"))),
    )
    if search:
        named = Q(name__icontains=search) | Q(attached_to__name__icontains=search)
        found = found.filter(named | Q(attached_to__type__icontains=search))
    return found.select_related("attached_to").only(*LOOKED_AT).order_by("name")


def _row(actor: Actor, export: Any) -> ExportRow:
    connection = export.attached_to
    return ExportRow(
        name=export.name,
        type=connection.type if connection else "brevo",
        connection=connection.name if connection else "",
        list_id=export.list_id,
        state=_state(export),
        run=export.last_run,
        status=export.last_status or "",
        refreshed_at=export.last_finished_at,
        schedule=export.schedule,
        updated_at=export.updated_at,
        permissions=permissions_of(actor, export),
    )


def _state(export: Any) -> str:
    if export.is_being_removed:
        return "being-removed"
    if export.attached_to is None:
        return "detached"
    return "disabled" if export.is_disabled else "active"
