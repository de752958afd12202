"""Problems, as every error is answered, and as some answers tell of one."""

from typing import Any, Literal, Self

from pydantic import Field

from traginer.api import problems
from traginer.api.bodies import Shown
from traginer.errors import TraginerError, Turn


class BodyFault(Shown):
    """What is wrong in the body: a JSON pointer, as a fragment, and a sentence."""

    pointer: str
    detail: str


class ParameterFault(Shown):
    """What is wrong with a parameter."""

    parameter: str
    place: Literal["query", "path", "header"] = Field(alias="in")
    detail: str


class Problem(Shown):
    """An error (RFC 9457): what happened, whose `turn` it is to act, and what to do next. `code` never changes."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    turn: Turn
    next_step: str
    errors: list[BodyFault | ParameterFault] = Field(default_factory=list)

    @classmethod
    def of(cls, error: TraginerError) -> Self:
        """Of an error that an answer tells of, and is not."""
        found: dict[str, Any] = problems.described(error)
        return cls(**found)
