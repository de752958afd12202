"""What services write into the audit."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

from django.db import models, transaction
from django.utils import timezone

from traginer.control.audit.chain import append, canonical
from traginer.control.models import AuditEntry, Connection, Result

if TYPE_CHECKING:
    from traginer.control.rights import Actor

SECRETS = frozenset({"api_key", "encrypted_key", "password", "secret", "client_secret", "token", "digest"})
MASK = "***"
NAME_LENGTH = 254

_refusals: ContextVar[list[AuditEntry] | None] = ContextVar("refusals", default=None)


class Target(NamedTuple):
    """What a deed is about: its kind (a model's name in lower case) and its name or number."""

    kind: str
    name: str


NOTHING = Target("", "")


def note(
    actor: "Actor",
    action: str,
    target: models.Model | Target = NOTHING,
    before: object = None,
    after: object = None,
    result: str = Result.DONE,
) -> AuditEntry:
    """The entry that `actor` did `action`, added in the transaction under way or one of its own.

    `before` and `after` are what can be written as JSON, secrets masked by their names.
    """
    return append(_entry(actor, action, target, before, after, result))


def changed(actor: "Actor", action: str, target: models.Model | Target, before: object, after: object) -> None:
    """Note what a configuration was and is: None before it was created, None after it was removed. No change, no entry."""
    if canonical(before) != canonical(after):
        note(actor, action, target, before, after)


def seen(actor: "Actor", what: str, target: models.Model | Target, count: int) -> AuditEntry:
    """Note that the actor got to see personal values of `count` profiles; `what` is the action that showed them."""
    return note(actor, what, target, after={"profiles": count})


def denied(actor: "Actor", action: str, on: Connection | None) -> None:
    """Note an attempt that was refused; inside `atomic`, after the transaction has been rolled back."""
    entry = _entry(actor, action, on or NOTHING, None, None, Result.DENIED)
    waiting = _refusals.get()
    if waiting is None:
        append(entry)
    else:
        waiting.append(entry)


@contextmanager
def atomic() -> Iterator[None]:
    """A transaction in which changes and their entries stand or fall together. A refusal inside it is noted all the same."""
    if _refusals.get() is not None:
        with transaction.atomic():
            yield
        return
    waiting: list[AuditEntry] = []
    inside = _refusals.set(waiting)
    try:
        with transaction.atomic():
            yield
    finally:
        _refusals.reset(inside)
        for entry in waiting:
            append(entry)


def _entry(
    actor: "Actor", action: str, target: models.Model | Target, before: object, after: object, result: str
) -> AuditEntry:
    about = target if isinstance(target, Target) else _target(target)
    return AuditEntry(
        at=timezone.now(),
        actor=actor.name,
        role=actor.role,
        door=actor.door,
        address=actor.address or "",
        via=actor.via,
        action=action,
        kind=about.kind,
        name=about.name[:NAME_LENGTH],
        before=canonical(_masked(before)),
        after=canonical(_masked(after)),
        result=result,
    )


def _target(thing: models.Model) -> Target:
    """By its name where it says one, else by its number."""
    is_named = type(thing).__str__ is not models.Model.__str__
    return Target(thing._meta.model_name or "", str(thing) if is_named else str(thing.pk))


def _masked(value: object) -> object:
    """`value` without what is secret by its name, or is the password in an address of a server."""
    if isinstance(value, Mapping):
        return {key: MASK if key in SECRETS and item else _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    if isinstance(value, str):
        return re.sub(r"(://[^/\s:@]*):[^/\s@]+@", rf"\1:{MASK}@", value)
    return value
