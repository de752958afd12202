"""The configuration as a whole."""

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from traginer.api.bodies import Shown
from traginer.api.schemas.connections import ConnectionBody
from traginer.api.schemas.exports import ExportBody
from traginer.api.schemas.schedules import times_are_texts
from traginer.control import yamlfile
from traginer.control.configuration import Applied
from traginer.control.spec import FileSpec, SystemSpec
from traginer.i18n import N_, gettext


class SystemBody(SystemSpec):
    """What is set once for the installation."""

    _times_are_texts = field_validator("schedule", mode="before")(times_are_texts)


class ConfigurationBody(FileSpec):
    """A configuration file as JSON. Its variables must be filled in: the server's environment is not yours to read."""

    connections: list[ConnectionBody] = Field(default_factory=list)  # type: ignore[assignment] # narrower than in the file
    """Brevo accounts."""
    exports: list[ExportBody] = Field(default_factory=list)  # type: ignore[assignment] # likewise
    """What goes where."""
    system: SystemBody | None = None
    """What is set once for the installation."""

    @model_validator(mode="before")
    @classmethod
    def _filled_in(cls, values: Any) -> Any:
        return _filled(values)


class Change(Shown):
    """A word whose value differs; null where it does not stand. Of an API key, its last characters."""

    field: str
    before: Any
    after: Any


class AppliedObject(Shown):
    """One object of the configuration, and what became of it, or would; `unnamed` where the configuration does not name it."""

    kind: Literal["source", "connection", "segment", "export", "notice", "system"]
    name: str
    outcome: Literal["created", "updated", "unchanged", "unnamed"]
    changes: list[Change]

    @classmethod
    def of(cls, applied: Applied) -> Self:
        """Of what the service did."""
        changes = [Change(field=one.field, before=one.before, after=one.after) for one in applied.changes]
        return cls(kind=applied.kind, name=applied.name, outcome=applied.outcome, changes=changes)


class AppliedConfiguration(Shown):
    """What became of each object, or would."""

    objects: list[AppliedObject]


def _filled(value: Any) -> Any:
    """As in a file, `$${NAME}` stands for a text that looks like a variable. Raises ValueError where there is one."""
    if isinstance(value, str):
        return yamlfile.filled(value, _no_variable)
    if isinstance(value, dict):
        return {name: _filled(inner) for name, inner in value.items()}
    return [_filled(inner) for inner in value] if isinstance(value, list) else value


def _no_variable(_: str) -> str:
    raise ValueError(gettext(N_("a variable ${NAME} is not filled in, and the API fills in none")))
