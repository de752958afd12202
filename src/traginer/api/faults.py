"""Where in a request something is wrong, and an error of a service that is about such a place."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from traginer.api.errors import RequestInvalid
from traginer.control.api_support import PartInvalid
from traginer.control.redaction import redacted
from traginer.errors import TraginerError
from traginer.segments.errors import RulesError, SqlError

Part = Literal["body", "query", "path", "header"]


@dataclass(frozen=True)
class Fault:
    """What is wrong at `place`, in words: a path into the body, or the name of a parameter."""

    part: Part
    place: tuple[str | int | float, ...]
    detail: str

    def as_dict(self) -> dict[str, str]:
        """For `errors` of a problem: a JSON pointer as a fragment (RFC 6901, 6), or the parameter's name and where it stands."""
        if self.part == "body":
            pointer = "".join(f"/{_escaped(step)}" for step in self.place)
            return {"pointer": f"#{pointer}", "detail": self.detail}
        return {"parameter": str(self.place[0]), "in": self.part, "detail": self.detail}


class Placed(Exception):
    """`error`, which says what is wrong, with the `faults` that say where. Only the door meets it."""

    def __init__(self, error: TraginerError, faults: Sequence[Fault]) -> None:
        self.error, self.faults = error, tuple(faults)
        super().__init__(error.code)


def invalid(faults: Sequence[Fault]) -> Placed:
    """The error of a request in which something is wrong."""
    return Placed(RequestInvalid(first=faults[0].detail), faults)


@contextmanager
def in_body() -> Iterator[None]:
    """A block in which what is wrong with rules, a SELECT or a part of a configuration is so in the body of the request."""
    try:
        yield
    except RulesError as error:
        raise Placed(error, [Fault("body", ("rules", *error.path), error.sentence)]) from None
    except SqlError as error:
        raise Placed(error, [Fault("body", ("sql",), error.sentence)]) from None
    except PartInvalid as error:
        raise Placed(error, [Fault("body", error.place, error.sentence)]) from None


def _escaped(step: str | int | float) -> str:
    """A step of a pointer; not what looks like a key or an address, wherever somebody has put it."""
    return quote(redacted(str(step)).replace("~", "~0").replace("/", "~1"), safe="")
