"""What is wrong here, in words: each part of the installation looked at, with the reason and what to do."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import duckdb

from traginer import __version__, home
from traginer.control import connections, consent, exports, runs, sources, traffic
from traginer.control.accounts import Actor
from traginer.control.journal import Unwatched
from traginer.control.models import Connection, Export, Run, RunStatus, Source
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext

LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `is_good` is False where somebody should act, and then `advice` says how."""

    about: str
    is_good: bool
    sentence: str
    advice: str = ""
    code: str = ""


def examine(actor: Actor) -> list[Finding]:
    """Look at the home folder, each source, connection and export, and at interrupted and held runs."""
    actor.require("system:examine")
    findings = [_versions(), _home(), _room()]
    findings += [_tried(source.name, partial(_source, source)) for source in Source.objects.order_by("name")]
    for connection in Connection.objects.order_by("name"):
        findings.append(_tried(connection.name, partial(_consent, connection)))
    for export in Export.objects.exclude(attached_to=None).order_by("name").select_related("attached_to"):
        findings.append(_tried(export.name, partial(_export, export)))
    return findings + list(_unfinished())


def _tried(about: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(about, True, look())
    except TraginerError as error:
        return Finding(about, False, error.sentence, error.advice, error.code)


def _versions() -> Finding:
    text = f"Traginer {__version__}, DuckDB {duckdb.__version__}, SQLite {sqlite3.sqlite_version}"
    return Finding(gettext(N_("Versions")), True, text)


def _home() -> Finding:
    about, folder = gettext(N_("State folder")), home.home()
    if not os.access(folder, os.W_OK):
        return Finding(
            about,
            False,
            gettext(N_("{folder} cannot be written.")).format(folder=folder),
            gettext(N_("Correct its rights.")),
        )
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        sentence = gettext(N_("{folder} can be entered by others on this machine.")).format(folder=folder)
        return Finding(about, False, sentence, gettext(N_("Run chmod 700 on it.")))
    return Finding(about, True, gettext(N_("{folder} belongs to its owner alone.")).format(folder=folder))


def _room() -> Finding:
    about, free = gettext(N_("Disk")), shutil.disk_usage(home.home()).free
    sentence = gettext(N_("{free} GB free for the spool and the ledgers.")).format(free=f"{free / 1e9:.1f}")
    return Finding(
        about, free >= LEAST_FREE_BYTES, sentence, "" if free >= LEAST_FREE_BYTES else gettext(N_("Free some room."))
    )


def _source(source: Source) -> str:
    opened = sources.opened(source)
    with sources.looked_at(opened) as (duck, columns):
        profiles = opened.check(duck)
    return gettext(N_("{profiles} profiles, {columns} columns, key {key}.")).format(
        profiles=profiles, columns=len(columns), key=source.key
    )


def _consent(connection: Connection) -> str:
    agreed = consent.require(connection)
    connections.require_export_user(connection)
    connections.api_key(connection)
    text = gettext(N_("{person} agreed to Data privacy and compliance on {day}; the API key ends in {tail}."))
    return text.format(person=agreed.agreed_by, day=agreed.at.date(), tail=connection.key_tail)


def _export(export: Export) -> str:
    with traffic.opened(export.connection, export.list_id, Unwatched(), read_only=True) as target:
        known = target.inspect(export.connection.account)
    exports.require_mapping(export, known.attributes)
    text = gettext(N_('Brevo account {account}, list {list_id} "{name}" with {subscribers} contacts.'))
    return text.format(
        account=known.company, list_id=export.list_id, name=known.list_name, subscribers=known.subscribers
    )


def _unfinished() -> Iterator[Finding]:
    for run in Run.objects.filter(status__in=(RunStatus.PROCESSING, RunStatus.HELD)).select_related("export"):
        if run.status == RunStatus.HELD:
            sentence = gettext(N_("Run {run} is held.")).format(run=run.pk)
            advice = gettext(
                N_("Approve it with traginer approve {run}, or end it with traginer discard {run}.")
            ).format(run=run.pk)
            yield Finding(run.export.name, False, sentence, advice, "run-held")
        elif runs.is_interrupted(run):
            sentence = gettext(N_("Run {run} was interrupted.")).format(run=run.pk)
            advice = gettext(N_("The next traginer run takes it up where it stopped."))
            yield Finding(run.export.name, False, sentence, advice, "run-interrupted")
