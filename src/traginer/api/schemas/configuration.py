"""The configuration as a whole."""

import re
from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from traginer.api.bodies import Shown
from traginer.api.schemas.connections import ConnectionBody
from traginer.api.schemas.exports import ExportBody
from traginer.control.configuration import Applied
from traginer.control.spec import FileSpec
from traginer.i18n import N_, gettext

_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


class ConfigurationBody(FileSpec):
    """A configuration file as JSON. Its variables must be filled in: the server's environment is not yours to read."""

    connections: list[ConnectionBody] = Field(default_factory=list)  # type: ignore[assignment] # narrower than in the file
    exports: list[ExportBody] = Field(default_factory=list)  # type: ignore[assignment] # likewise

    @model_validator(mode="before")
    @classmethod
    def _filled_in(cls, values: Any) -> Any:
        if any(_VARIABLE.search(text) for text in _texts(values)):
            raise ValueError(gettext(N_("a variable ${NAME} is not filled in, and the API fills in none")))
        return values


class Change(Shown):
    """A word whose value differs; null where it does not stand. Of an API key, its last characters."""

    field: str
    before: Any
    after: Any


class AppliedObject(Shown):
    """One object of the configuration, and what became of it, or would."""

    kind: Literal["source", "connection", "segment", "export"]
    name: str
    outcome: Literal["created", "updated", "unchanged"]
    changes: list[Change]

    @classmethod
    def of(cls, applied: Applied) -> Self:
        """Of what the service did."""
        changes = [Change(field=one.field, before=one.before, after=one.after) for one in applied.changes]
        return cls(kind=applied.kind, name=applied.name, outcome=applied.outcome, changes=changes)


class AppliedConfiguration(Shown):
    """What became of each object, or would."""

    objects: list[AppliedObject]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _texts(each)
