"""Data privacy and compliance as evidence: who agreed to which text, when and from where, and who took it back."""

from datetime import datetime

from traginer.control import audit
from traginer.control.configuration_errors import ConsentTextIncomplete, ConsentWithdrawn
from traginer.control.consent_versions import Version, newest
from traginer.control.consent_versions import version as version_named
from traginer.control.errors import ConsentMissing, ConsentOutdated
from traginer.control.models import Connection, Consent, ConsentText, Withdrawal
from traginer.control.rights import Actor


def agree(actor: Actor, connection: Connection, version: str, at: datetime) -> Consent:
    """Keep that `actor`, who has read the text of this version, agrees now. Raises ConsentOutdated for any but the present."""
    asked = newest()
    if version != asked.name:
        raise ConsentOutdated(connection=connection.name, person=actor.name, version=asked.name)
    return _kept(actor, connection, asked, agreed_by=actor.name, at=at)


def record(
    actor: Actor,
    connection: Connection,
    *,
    agreed_by: str,
    version: str,
    at: datetime,
    agreed_on: datetime | None = None,
) -> Consent:
    """Keep that `agreed_by` agreed, as `actor` says; the same statement again is not kept twice.

    After a withdrawal it is refused until it says that it was made later (`agreed_on`): a file that is applied every hour
    must not undo what a person took back. Raises ConsentWithdrawn, ConsentTextUnknown.
    """
    read, last = version_named(version), latest(connection)
    if last and (last.agreed_by, last.text_sha256) == (agreed_by, read.sha256):
        taken_back = withdrawal_of(last)
        if taken_back is None:
            return last
        if not (agreed_on and agreed_on > taken_back.at):
            raise _withdrawn(connection, taken_back)
    return _kept(actor, connection, read, agreed_by=agreed_by, at=at)


def withdraw(actor: Actor, connection: Connection, at: datetime, reason: str = "") -> None:
    """Take the consent back: nothing runs over the connection until somebody agrees anew. Raises ConsentMissing."""
    actor.require("consent:write")
    last = latest(connection)
    if last is None:
        raise ConsentMissing(connection=connection.name)
    with audit.atomic():
        _, is_new = Withdrawal.objects.get_or_create(
            consent=last, defaults={"by": actor.name, "reason": reason, "at": at}
        )
        if is_new:
            after = {"withdrawn_by": actor.name, "reason": reason}
            audit.changed(actor, "consent:write", connection, evidence(last), after)


def require(connection: Connection) -> Consent:
    """The consent a run stands on. Raises ConsentMissing, ConsentWithdrawn, ConsentOutdated, ConsentTextIncomplete."""
    last = latest(connection)
    if last is None:
        raise ConsentMissing(connection=connection.name)
    if taken_back := withdrawal_of(last):
        raise _withdrawn(connection, taken_back)
    asked = newest()
    if last.text_sha256 != asked.sha256:
        raise ConsentOutdated(connection=connection.name, person=last.agreed_by, version=asked.name)
    return last


def is_valid(connection: Connection) -> bool:
    """Whether runs may go on over the connection: one query and four small files, for a worker at each safe point."""
    try:
        require(connection)
    except (ConsentMissing, ConsentWithdrawn, ConsentOutdated, ConsentTextIncomplete):
        return False
    return True


def latest(connection: Connection) -> Consent | None:
    """The newest consent, withdrawn or not."""
    return connection.consents.select_related("withdrawal").order_by("-at", "-pk").first()


def withdrawal_of(consent: Consent) -> Withdrawal | None:
    """Who took the consent back, if anybody did."""
    return getattr(consent, "withdrawal", None)


def evidence(consent: Consent) -> dict[str, object]:
    """The consent as the audit and the pages show it."""
    return {
        "agreed_by": consent.agreed_by,
        "recorded_by": consent.recorded_by,
        "address": consent.address,
        "text": consent.text_version,
        "text_sha256": consent.text_sha256,
        "at": consent.at.isoformat(),
    }


def _kept(actor: Actor, connection: Connection, read: Version, *, agreed_by: str, at: datetime) -> Consent:
    actor.require("consent:write")
    words = {"version": read.name, "english": read.texts["en"], "catalan": read.texts["ca"]}
    with audit.atomic():
        ConsentText.objects.get_or_create(sha256=read.sha256, defaults=words)
        consent = Consent.objects.create(
            connection=connection,
            agreed_by=agreed_by,
            recorded_by=actor.name,
            address=actor.address or "",
            text_version=read.name,
            text_sha256=read.sha256,
            at=at,
        )
        audit.changed(actor, "consent:write", connection, None, evidence(consent))
    return consent


def _withdrawn(connection: Connection, taken_back: Withdrawal) -> ConsentWithdrawn:
    return ConsentWithdrawn(connection=connection.name, person=taken_back.by, day=taken_back.at.date())
