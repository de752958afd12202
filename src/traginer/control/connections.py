"""Connections: Brevo accounts, their keys, who may use them, and the person their runs answer to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from django.db.models import Q, QuerySet

from traginer import home
from traginer.contacts.mapping import AttributeType
from traginer.control import accounts, audit, consent, naming, vault
from traginer.control.configuration_errors import (
    ConnectionBusy,
    ConnectionInUse,
    ExportUserInactive,
    ExportUserMissing,
    ShareUnknown,
)
from traginer.control.errors import KeyMissing, KeyUndecryptable
from traginer.control.models import Connection, ExportUser, Run, RunStatus
from traginer.control.rights import Actor, may_use
from traginer.control.spec import ConnectionSpec, UsableBy
from traginer.delivery import ledger
from traginer.destination import Known
from traginer.i18n import N_

KIND = N_("connection")
SHARES = ("administrators", "contributors")
# A run may write the other columns meanwhile.
CONFIGURED = (
    *("name", "type", "base_url", "tier", "share", "contact_limit", "encrypted_key", "key_tail", "key_at"),
    *("usable_by", "known_attributes", "connected_at", "updated_at"),
)


@dataclass(frozen=True)
class Setup:
    """How a connection is set up, for administrators. Of its key only the last four characters; "" where it has none."""

    base_url: str
    tier: str
    share: float
    contact_limit: int | None
    key_tail: str
    key_at: datetime | None
    usable_by: UsableBy
    company: str
    connected_at: datetime | None
    export_user: str
    agreed_by: str
    is_agreed: bool
    exports: list[str]
    created_at: datetime


@dataclass(frozen=True)
class ConnectionView:
    """A connection as doors show it: to those it is shared with by name and type only."""

    name: str
    type: str
    setup: Setup | None


def get(actor: Actor, name: str) -> Connection:
    """The connection named `name`, if the actor may use it. Raises NotFound."""
    actor.require("connection:read")
    usable = [connection.pk for connection in Connection.objects.all() if may_use(actor, connection)]
    return naming.among(Connection.objects.filter(pk__in=usable), KIND, name)


def every(actor: Actor, search: str = "") -> list[ConnectionView]:
    """The connections that the actor may use and whose name or type holds `search`, by name."""
    actor.require("connection:read")
    found = [one for one in Connection.objects.order_by("name") if may_use(actor, one)]
    wanted = search.casefold()
    return [described(actor, one) for one in found if wanted in one.name.casefold() or wanted in one.type.casefold()]


def described(actor: Actor, connection: Connection) -> ConnectionView:
    """The connection, as much of it as the actor may see."""
    setup = _setup(connection) if actor.may("connection:inspect") else None
    return ConnectionView(connection.name, connection.type, setup)


def create(actor: Actor, spec: ConnectionSpec, at: datetime) -> Connection:
    """A new connection, with the consent that the spec names. Raises NameTaken, ConsentTextUnknown."""
    return _written(actor, Connection(), spec, at)


def update(actor: Actor, connection: Connection, spec: ConnectionSpec, at: datetime) -> Connection:
    """The connection as `spec` says, its name too; without an api_key the key stays. Raises as `create` does."""
    return _written(actor, connection, spec, at)


def put(actor: Actor, spec: ConnectionSpec, at: datetime) -> tuple[Connection, bool]:
    """Create the connection or update the one of that name. The second value says whether it is new."""
    known = Connection.objects.filter(name=spec.name).first()
    return _written(actor, known or Connection(), spec, at), known is None


def share_with(actor: Actor, connection: Connection, usable_by: UsableBy) -> Connection:
    """Choose who can use the connection. Exports that others have made on it stay as they are."""
    actor.require("connection:share")
    before = _audited(connection)
    connection.usable_by = usable_by
    with audit.atomic():
        connection.save(update_fields=["usable_by", "updated_at"])
        audit.changed(actor, "connection:share", connection, before, _audited(connection))
    return connection


def usable_by(words: Sequence[str]) -> UsableBy:
    """What `words` choose: administrators, contributors, or people by e-mail address. Raises ShareUnknown."""
    if len(words) == 1 and words[0] in SHARES:
        return cast("UsableBy", words[0])
    for word in words:
        if "@" not in word:
            raise ShareUnknown(word=word)
    return [word.lower() for word in words]


def remove(actor: Actor, connection: Connection, at: datetime) -> None:
    """Remove the connection and its key; its runs and its consent stay as evidence.

    Raises ConnectionInUse, naming the exports to remove or detach first, and ConnectionBusy while a run has not stopped.
    """
    actor.require("connection:remove")
    with audit.atomic():
        if names := exports_of(connection):
            raise ConnectionInUse(connection=connection.name, exports=naming.listed(names))
        if run := Run.objects.filter(connection=connection, status=RunStatus.PROCESSING).first():
            raise ConnectionBusy(connection=connection.name, run=run.pk)
        audit.changed(actor, "connection:remove", connection, _audited(connection), None)
        connection.encrypted_key, connection.known_attributes = "", None
        connection.removed_at, connection.removed_by = at, actor.name
        connection.save(update_fields=("encrypted_key", "known_attributes", "removed_at", "removed_by"))


def exports_of(connection: Connection) -> list[str]:
    """The exports that run over the connection, by name."""
    return list(connection.exports.filter(removed_at=None).order_by("name").values_list("name", flat=True))


def become_export_user(actor: Actor, connection: Connection, password: str, at: datetime) -> ExportUser:
    """From now on runs over the connection answer to `actor`, who gives the password of their account again.

    Raises as `accounts.reenter` does. The operator of this machine has no account here, and is asked for none.
    """
    actor.require("connection:answer")
    if actor.user_id is not None:
        accounts.reenter(actor, password)
    with audit.atomic():
        before = connection.export_users.order_by("-pk").first()
        now = ExportUser.objects.create(connection=connection, person_id=actor.user_id, name=actor.name, at=at)
        audit.changed(
            actor, "connection:answer", connection, _answers(before), {"export_user": now.name, "at": at.isoformat()}
        )
    return now


def require_export_user(connection: Connection) -> str:
    """The name of the person that runs over the connection answer to. Raises ExportUserMissing, ExportUserInactive.

    The operator of this machine, who made the connection on its command line, needs no account here.
    """
    user = connection.export_users.select_related("person").order_by("-pk").first()
    if user is None:
        raise ExportUserMissing(connection=connection.name)
    if user.person and not (user.person.is_active and Actor(user.name, user.person.role).may("connection:answer")):
        raise ExportUserInactive(person=user.name, connection=connection.name)
    return user.name


def export_user_of(connection: Connection) -> str:
    """The name of the person that runs over the connection answer to, whatever rights they have by now; "" for nobody."""
    user = connection.export_users.order_by("-pk").first()
    return user.name if user else ""


def api_key(connection: Connection) -> str:
    """The key in clear, for the client only. Raises KeyMissing or KeyUndecryptable."""
    if not connection.encrypted_key:
        raise KeyMissing(connection=connection.name)
    return vault.decrypted(connection.encrypted_key, connection.name)


def dump(connection: Connection) -> dict[str, object]:
    """The connection as `apply` takes it, without its key. A consent that was withdrawn is none."""
    last = consent.latest(connection)
    if last is None or consent.withdrawal_of(last):
        return _dumped(connection)
    return {**_dumped(connection), "consent": {"agreed_by": last.agreed_by, "text": last.text_version}}


def account_of(connection: int) -> str:
    """Whose account the connection opens, as the database knows it now; "" where Brevo has not been asked yet."""
    return Connection.everything.filter(pk=connection).values_list("account", flat=True).first() or ""


def holders_of(connection: Connection) -> list[Path]:
    """The files that say who holds which telephone number in the account because of us; none before anybody does.

    All connections to one account share them, removed ones too. There is more than one only after runs over a connection
    whose account was not known yet.
    """
    return [home.holders(owner.pk) / owner.holders for owner in _with_holders(connection)]


def keep_holders(connection: Connection, holders: Path, merged: Collection[Path]) -> None:
    """`holders` is the account's file from now on, in the place of the files `merged` into it."""
    Connection.everything.filter(pk=connection.pk).update(holders=holders.name)
    _forget([path for path in merged if path.parent != holders.parent])


def forget_damaged_holders(connection: Connection) -> list[Path]:
    """Let go of the files of the account that are not whole; gives them. Who holds which number is then learned anew."""
    damaged = [path for path in holders_of(connection) if not ledger.is_whole(path)]
    _forget(damaged)
    return damaged


def _with_holders(connection: Connection) -> QuerySet[Connection]:
    same = Q(pk=connection.pk)
    if account := account_of(connection.pk):
        same |= Q(account=account)
    return Connection.everything.filter(same).exclude(holders="").order_by("pk")


def _forget(holders: Collection[Path]) -> None:
    named = {path.name: path for path in holders}
    for owner in Connection.everything.filter(holders__in=named):
        if home.holders(owner.pk) == named[owner.holders].parent:
            Connection.everything.filter(pk=owner.pk).update(holders="")


def known(connection: Connection) -> Known | None:
    """What Brevo said last of the account; None where it has not been asked since the key was entered."""
    seen = connection.known_attributes
    if seen is None:
        return None
    attributes = {name: AttributeType(name, kind, tuple(options)) for name, (kind, options) in seen.items()}
    return Known(connection.account, connection.company, "", 0, attributes)


def remember(connection: Connection, seen: Known) -> None:
    """Keep what Brevo said of the account, so that a run with nothing to send need not ask."""
    attributes = {name: (known.kind, list(known.options)) for name, known in seen.attributes.items()}
    Connection.objects.filter(pk=connection.pk).update(
        account=seen.account, company=seen.company, known_attributes=attributes
    )


def _setup(connection: Connection) -> Setup:
    agreed = consent.latest(connection)
    return Setup(
        base_url=connection.base_url,
        tier=connection.tier,
        share=connection.share,
        contact_limit=connection.contact_limit,
        key_tail=connection.key_tail,
        key_at=connection.key_at,
        usable_by=connection.usable_by,
        company=connection.company,
        connected_at=connection.connected_at,
        export_user=export_user_of(connection),
        agreed_by=agreed.agreed_by if agreed else "",
        is_agreed=consent.is_valid(connection),
        exports=exports_of(connection),
        created_at=connection.created_at,
    )


def _written(actor: Actor, connection: Connection, spec: ConnectionSpec, at: datetime) -> Connection:
    actor.require("connection:write")
    is_new = connection.pk is None
    before = None if is_new else _audited(connection)
    if not is_new and connection.usable_by != spec.usable_by:
        actor.require("connection:share")
    _fill(connection, spec, at)
    with audit.atomic():
        with naming.unique(KIND, spec.name):
            connection.save(update_fields=None if is_new else CONFIGURED)
        audit.changed(actor, "connection:write", connection, before, _audited(connection))
        if said := spec.consent:
            consent.record(
                actor, connection, agreed_by=said.agreed_by, version=said.text, at=at, agreed_on=said.agreed_on
            )
        if is_new and actor.door == "cli" and actor.user_id is None:
            ExportUser.objects.create(connection=connection, name=actor.name, at=at)
    return connection


def _fill(connection: Connection, spec: ConnectionSpec, at: datetime) -> None:
    """`connection` as `spec` says. With another key or address, what Brevo said is forgotten; whose account it is, not."""
    base_url = spec.base_url.rstrip("/")
    if spec.api_key and not _same_key(connection, spec.api_key):
        connection.encrypted_key, connection.key_tail = vault.encrypted(spec.api_key), spec.api_key[-4:]
        connection.key_at = at
        connection.known_attributes = connection.connected_at = None
    if connection.base_url != base_url:
        connection.known_attributes = connection.connected_at = None
    connection.name, connection.type, connection.base_url = spec.name, spec.type, base_url
    connection.tier, connection.share, connection.usable_by = spec.tier, spec.share, spec.usable_by
    connection.contact_limit = spec.contact_limit


def _dumped(connection: Connection) -> dict[str, object]:
    limit = {"contact_limit": connection.contact_limit} if connection.contact_limit is not None else {}
    return {
        "name": connection.name,
        "type": connection.type,
        "base_url": connection.base_url,
        "tier": connection.tier,
        "share": connection.share,
        **limit,
        "usable_by": connection.usable_by,
    }


def _audited(connection: Connection) -> dict[str, object]:
    """The connection as the audit tells of it: of its key, the last characters and when it was entered."""
    entered = connection.key_at.isoformat() if connection.key_at else None
    return {**_dumped(connection), "key_tail": connection.key_tail, "key_at": entered}


def _answers(user: ExportUser | None) -> dict[str, object] | None:
    return {"export_user": user.name, "at": user.at.isoformat()} if user else None


def _same_key(connection: Connection, key: str) -> bool:
    """False too where the stored key cannot be decrypted any more: entering it again is how that is healed."""
    try:
        return api_key(connection) == key
    except (KeyMissing, KeyUndecryptable):
        return False
