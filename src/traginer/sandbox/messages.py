"""What comes in and what goes out: a request as the endpoints see it, an answer as the client will."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from traginer.sandbox.clock import moment_of
from traginer.sandbox.refusals import Refusal, refuse

JSON = "application/json"


@dataclass(frozen=True)
class Answer:
    """One HTTP answer, whole; `rows` are those of the import it accepts, for the log."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    rows: int | None = None


def answer(status: int, value: object) -> Answer:
    """A JSON answer."""
    return Answer(status, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def refused(refusal: Refusal) -> Answer:
    """A refusal as Brevo words it."""
    body: dict[str, object] = {"code": refusal.code, "message": refusal.message}
    if refusal.metadata:
        body["metadata"] = refusal.metadata
    return answer(refusal.status, body)


def html(status: int, text: str, headers: Mapping[str, str] | None = None) -> Answer:
    """A page."""
    return Answer(status, text.encode(), "text/html; charset=utf-8", headers or {})


NO_CONTENT = Answer(204)


@dataclass(frozen=True)
class Request:
    """One HTTP request. `path` holds the decoded segments, `path_args` those a route names, `at` the sandbox's time."""

    id: str
    method: str
    path: tuple[str, ...]
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes
    peer: str
    at: float
    path_args: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body, which must be a JSON object; an empty body is an empty object."""
        if not self.body:
            return {}
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            raise refuse("json-invalid") from None
        if not isinstance(value, dict):
            raise refuse("json-invalid")
        return value

    def one(self, name: str) -> str | None:
        """The last value of a query parameter."""
        values = self.query.get(name)
        return values[-1] if values else None

    def number(self, name: str, default: int, *, most: int | None = None) -> int:
        """A whole, not negative query parameter of at most `most`."""
        text = self.one(name)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit()) or len(text) > 15:
            raise refuse("query-invalid", name=name)
        if most is not None and int(text) > most:
            raise refuse("limit-exceeded", name=name, most=most)
        return int(text)

    def numbers(self, name: str) -> list[int]:
        """A repeated whole-number parameter, with or without brackets after its name."""
        texts = [*self.query.get(name, ()), *self.query.get(f"{name}[]", ())]
        parts = [part.strip() for text in texts for part in text.split(",")]
        if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
            raise refuse("query-invalid", name=name)
        return [int(part) for part in parts]

    def moment(self, name: str) -> float | None:
        """A query parameter that is a date-time."""
        text = self.one(name)
        try:
            return None if text is None else moment_of(text)
        except ValueError:
            raise refuse("query-invalid", name=name) from None

    def descending(self) -> bool:
        """Whether `sort` asks for the newest first, which is the default."""
        sort = self.one("sort") or "desc"
        if sort not in ("asc", "desc"):
            raise refuse("query-invalid", name="sort")
        return sort == "desc"

    def path_number(self, name: str, refusal: str) -> int:
        """A path argument that must be an id; `refusal` is what to answer when it is not one."""
        text = self.path_args[name]
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise refuse(refusal)
        return int(text)
