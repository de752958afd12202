"""What is configured: sources, connections, exports with their ledgers. Each is looked at where it really is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from traginer.control import connections, connections_account, consent, exports, ledgers, runs, sources
from traginer.control.doctor.findings import Finding, Level, tried, well
from traginer.control.journal import Unwatched
from traginer.control.ledgers import Checked
from traginer.control.models import Connection, Export, Source
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext, ngettext


def look(actor: Actor, now: datetime) -> Iterator[Finding]:
    """Each source, then each connection and the exports over it."""
    for source in Source.objects.order_by("name"):
        yield tried(source.name, partial(_source, source))
    # To examine the installation is one right: what it looks at on the way is not asked about one by one.
    inside = replace(actor, scopes=None)
    for connection in Connection.objects.order_by("name"):
        yield tried(connection.name, partial(_consent, connection))
        yield tried(connection.name, partial(_export_user, connection))
        health = connections_account.check(inside, connection, now)
        if health.account is None and health.problem is not None:
            problem = health.problem
            yield Finding(connection.name, Level.WRONG, problem.sentence, problem.advice, problem.code)
        else:
            yield well(connection.name, health.sentence)
        for export in Export.objects.filter(attached_to=connection).order_by("name").select_related("attached_to"):
            yield from _export(inside, export, is_reached=health.account is not None)


def _source(source: Source) -> str:
    opened = sources.opened(source)
    with sources.looked_at(opened) as (duck, columns):
        profiles = opened.check(duck)
    return gettext(N_("Profiles: {profiles}; columns: {columns}; key: {key}.")).format(
        profiles=profiles, columns=len(columns), key=source.key
    )


def _consent(connection: Connection) -> str:
    agreed = consent.require(connection)
    connections.api_key(connection)
    text = gettext(N_("{person} agreed to Data privacy and compliance on {day}; the API key ends in {tail}."))
    return text.format(person=agreed.agreed_by, day=agreed.at.date(), tail=connection.key_tail)


def _export_user(connection: Connection) -> str:
    person = connections.require_export_user(connection)
    return gettext(N_("Its runs answer to {person}.")).format(person=person)


def _export(actor: Actor, export: Export, *, is_reached: bool) -> Iterator[Finding]:
    """The list, the ledger and the data matching. What hides the account is told of the connection."""
    try:
        checked = ledgers.check(actor, export, runs.Means(Unwatched()))
    except TraginerError:  # the key cannot be read: told of the connection
        return
    if trouble := checked.trouble:
        yield Finding(export.name, Level.WRONG, trouble.sentence, trouble.advice, trouble.code)
    if (hidden := checked.account_trouble) and is_reached:
        yield Finding(export.name, Level.WRONG, hidden.sentence, hidden.advice, hidden.code)
    if is_reached:
        yield tried(export.name, partial(_matching, export))
    if checked.is_whole and checked.listed is not None:
        yield well(export.name, _list(checked))


def _matching(export: Export) -> str:
    connection = Connection.objects.get(pk=export.connection_id)
    known = connections.known(connection)
    exports.require_mapping(export, known.attributes if known else {})
    return gettext(N_("The data matching fits the source and the account."))


def _list(checked: Checked) -> str:
    facts = {"list_id": checked.list_id, "name": checked.list_name, "listed": checked.listed, "rows": checked.rows}
    if not checked.file:
        text = ngettext(
            'List {list_id} "{name}" has {listed} contact; no run has filled it yet.',
            'List {list_id} "{name}" has {listed} contacts; no run has filled it yet.',
            checked.listed or 0,
        )
    else:
        text = ngettext(
            'List {list_id} "{name}" has {listed} contact, {rows} of them by the ledger.',
            'List {list_id} "{name}" has {listed} contacts, {rows} of them by the ledger.',
            checked.listed or 0,
        )
    return text.format(**facts)
