"""The audit: who did, tried or saw what."""

from typing import Annotated, Any, Literal, Self

from pydantic import WithJsonSchema

from traginer.api.bodies import Shown
from traginer.control import audit


class AuditEntry(Shown):
    """An entry; `hash` is the sha256 of the rest of it as canonical JSON, `previous` the hash of the entry before it."""

    sequence: int
    at: Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
    actor: str
    role: str
    door: str
    address: str
    via: str
    action: str
    kind: str
    name: str
    before: Any
    after: Any
    result: Literal["done", "denied", "failed"]
    previous: str
    hash: str

    @classmethod
    def of(cls, entry: Any) -> Self:
        """Of an entry as the service gives it."""
        return cls(**audit.as_dict(entry))


class AuditVerification(Shown):
    """Whether the audit is whole; `end` (SEQUENCE:HASH) is worth writing down elsewhere, `broken_at` the first wrong entry."""

    is_whole: bool
    message: str
    end: str | None
    broken_at: int | None

    @classmethod
    def of(cls, answer: audit.Whole | audit.Broken) -> Self:
        """Of what the service found."""
        if isinstance(answer, audit.Whole):
            end = f"{answer.end.sequence}:{answer.end.hash}"
            return cls(is_whole=True, message=answer.sentence, end=end, broken_at=None)
        return cls(is_whole=False, message=answer.sentence, end=None, broken_at=answer.sequence)
