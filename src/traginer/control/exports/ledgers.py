"""The ledgers of exports: where the file is that says what a list holds because of one export, and who else fills it."""

import re
import shutil
from pathlib import Path

from django.db.models import Q, QuerySet

from traginer import home
from traginer.control.configuration_errors import ConnectionNotChecked
from traginer.control.models import Connection, Export, Ledger, Run

_RUN = re.compile(r"-run-(\d+)-")


def ledger_of(export: Export) -> Path | None:
    """The ledger of the list that the export fills now; None before its first run. Raises ExportDetached."""
    return ledger_at(export, export.connection_id, export.list_id)


def ledger_at(export: Export, connection: int, list_id: int) -> Path | None:
    """The ledger of a list that the export fills or has filled; None where no run has."""
    row = Ledger.objects.filter(export=export, connection=connection, list_id=list_id).first()
    return home.ledgers(export.pk) / row.file if row else None


def run_named(file: str) -> Run | None:
    """The run that the name of a ledger tells of; None where it was made anew from Brevo, or the history has lost the run."""
    named = _RUN.search(file)
    return Run.objects.filter(pk=int(named[1])).first() if named else None


def claims_beside(export: Export, connection: int, list_id: int) -> list[Path]:
    """The ledgers of other exports that fill this list of this account now.

    A detached export does not run, but whom it put on the list stays wanted until it is attached again or removed.
    """
    account = Connection.everything.values_list("account", flat=True).get(pk=connection)
    same = Q(connection=connection) | (Q(connection__account=account) & ~Q(connection__account=""))
    now = Q(export__attached_to=None) | Q(export__attached_to=connection)
    if account:
        now |= Q(export__attached_to__account=account)
    beside = Ledger.objects.filter(same, now, list_id=list_id, export__list_id=list_id, export__removed_at=None)
    return [home.ledgers(row.export_id) / row.file for row in beside.exclude(export=export)]


def foreseen_ledger(export: Export) -> Path | None:
    """The ledger of its list that `export` would have once it is saved as it stands here. Raises as `adopt_ledgers` does."""
    found = ledger_of(export)
    if found is not None:
        return found
    same = (row for row in _adoptable(export, export.connection) if row.list_id == export.list_id)
    return next((home.ledgers(export.pk) / row.file for row in same), None)


def adopt_ledgers(export: Export, connection: Connection) -> None:
    """What the export has put on lists of the same account over another connection is known over this one too.

    Raises ConnectionNotChecked where it cannot be told whether it is the same account: to forget a ledger would leave
    its contacts on the list for good.
    """
    for row in _adoptable(export, connection):
        if not Ledger.objects.filter(export=export, connection=connection, list_id=row.list_id).exists():
            row.connection = connection
            row.save(update_fields=["connection"])


def _adoptable(export: Export, connection: Connection) -> "QuerySet[Ledger]":
    elsewhere = Ledger.objects.filter(export=export).exclude(connection=connection)
    if elsewhere.exists() and not connection.account:
        raise ConnectionNotChecked(connection=connection.name, export=export.name)
    return elsewhere.filter(connection__account=connection.account)


def forget_ledgers(export: Export) -> None:
    """Remove the export's ledgers, which hold addresses."""
    Ledger.objects.filter(export=export).delete()
    shutil.rmtree(home.ledgers(export.pk), ignore_errors=True)
