"""A YAML file that remembers where each value stands, so that an error names line and column."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from traginer.control import errors
from traginer.control.spec_base import NOT_A_TEXT, is_text
from traginer.i18n import N_, gettext

Place = tuple[str | int | float, ...]
# Anchors can write a file of a few lines that no memory holds.
MOST_VALUES = 200_000
# Of a whole number: no word of the file takes a larger one, and Python does not write out those of thousands of digits.
MOST_BITS = 256
_VARIABLE = re.compile(r"(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_COLLECTIONS = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_UNREADABLE = N_("this cannot be read.")


@dataclass(frozen=True)
class Document:
    """The values of a file, and the mark of each by its path (`("exports", 0, "email")`)."""

    path: Path
    values: Any
    marks: dict[Place, tuple[int, int]]

    def invalid(self, place: Sequence[str | int | float], why: str) -> errors.FileInvalid:
        """The error for what stands at `place`, or at the nearest place above it that the file has."""
        where = tuple(place)
        while where not in self.marks:
            where = where[:-1]
        line, column = self.marks[where]
        return errors.FileInvalid(path=self.path, line=line, column=column, why=why)


def filled(text: str, value_of: Callable[[str], str]) -> str:
    """`text` with the value of each `${NAME}`; `$${NAME}` stands for a text that looks so, and is none."""
    return _VARIABLE.sub(lambda found: found[0][1:] if found[1] else value_of(found[2]), text)


def escaped(value: Any) -> Any:
    """A value as a file holds it: applied to what it gives, `filled` gives `value` again, whatever its texts look like."""
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: f"${found[0]}", value)
    if isinstance(value, list | tuple):
        return [escaped(inner) for inner in value]
    return {name: escaped(inner) for name, inner in value.items()} if isinstance(value, dict) else value


def read(path: Path) -> Document:
    """The file at `path`, `${NAME}` replaced from the environment. Raises FileUnreadable, FileInvalid, VariableMissing."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise errors.FileUnreadable(path=path, why=error.strerror or type(error).__name__) from None
    except UnicodeDecodeError:
        raise errors.FileUnreadable(path=path, why=gettext(N_("it is not UTF-8 text"))) from None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise errors.FileInvalid(
            path=path, line=line, column=column, why=f"{error.problem or error.context}."
        ) from None
    except yaml.YAMLError:
        why = gettext(N_("it holds a character that YAML does not allow."))
        raise errors.FileInvalid(path=path, line=1, column=1, why=why) from None
    reader = _Reader(path)
    values = reader.value(root, ()) if root else None
    return Document(path, {} if values is None else values, {(): (1, 1), **reader.marks})


class _Reader:
    """Builds plain values from YAML nodes, noting the mark of each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.marks: dict[Place, tuple[int, int]] = {}
        self.scalars = yaml.SafeLoader("")
        self.around: set[int] = set()

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.marks.setdefault(place, (node.start_mark.line + 1, node.start_mark.column + 1))
        if len(self.marks) > MOST_VALUES:
            raise self._error(node, gettext(N_("the file holds more than {most} values.")).format(most=MOST_VALUES))
        if isinstance(node, yaml.ScalarNode):
            return self._filled(node)
        if node.tag not in _COLLECTIONS:
            raise self._error(node, gettext(_UNREADABLE))
        if id(node) in self.around:
            raise self._error(node, gettext(N_("this value is inside itself.")))
        self.around.add(id(node))
        inner = self._mapping(node, place) if isinstance(node, yaml.MappingNode) else self._sequence(node, place)
        self.around.remove(id(node))
        return inner

    def _sequence(self, node: yaml.Node, place: Place) -> list[Any]:
        return [self.value(item, (*place, n)) for n, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self._scalar(key_node)
            if not isinstance(key, str | int | float | bool) or key in result:
                problem = N_('"{key}" stands here twice.') if isinstance(key, str) else N_("{key} is not a word.")
                raise self._error(key_node, gettext(problem).format(key=key))
            self.marks[(*place, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            result[key] = self.value(value_node, (*place, key))
        return result

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            value = self.scalars.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError):
            raise self._error(node, gettext(_UNREADABLE)) from None
        if isinstance(value, int) and value.bit_length() > MOST_BITS:
            raise self._error(node, gettext(_UNREADABLE))
        return self._text(node, value) if isinstance(value, str) else value

    def _text(self, node: yaml.Node, value: str) -> str:
        if not is_text(value):
            raise self._error(node, f"{gettext(NOT_A_TEXT)}.")
        return value

    def _filled(self, node: yaml.Node) -> Any:
        value = self._scalar(node)
        if not isinstance(value, str):
            return value
        return self._text(node, filled(value, lambda name: self._variable(node, name)))

    def _variable(self, node: yaml.Node, name: str) -> str:
        if name in os.environ:
            return os.environ[name]
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        raise errors.VariableMissing(path=self.path, line=line, column=column, variable=name)

    def _error(self, node: yaml.Node, why: str) -> errors.FileInvalid:
        return errors.FileInvalid(
            path=self.path, line=node.start_mark.line + 1, column=node.start_mark.column + 1, why=why
        )
