"""The `filter` of GET /contacts: equals(ATTRIBUTE,"value"), the one operator there is."""

import re
from collections.abc import Mapping
from typing import Any

from traginer.sandbox.attributes import Attribute
from traginer.sandbox.identifiers import BY_ATTRIBUTE
from traginer.sandbox.refusals import refuse

_EQUALS = re.compile(r'\s*equals\(\s*([A-Za-z0-9_]+)\s*,\s*(?:"([^"]*)"|([^")]*?))\s*\)\s*')


def attribute_filter(attributes: Mapping[str, Attribute], text: str) -> tuple[str, tuple[Any, ...]]:
    """The filter as an SQL condition on contact `c`, with its values. Raises Refusal."""
    parsed = _EQUALS.fullmatch(text)
    if parsed is None:
        raise refuse("query-invalid", name="filter")
    name, value = parsed[1].upper(), parsed[2] if parsed[2] is not None else parsed[3]
    if name in BY_ATTRIBUTE:
        return f"c.{BY_ATTRIBUTE[name].column} = ?", (value,)
    if name not in attributes:
        raise refuse("query-invalid", name="filter")
    return _condition(attributes[name], value)


def _condition(attribute: Attribute, value: str) -> tuple[str, tuple[Any, ...]]:
    path = f'$."{attribute.name}"'
    if attribute.type == "multiple-choice":
        wanted = [part.strip() for part in value.split(",")]
        has = "EXISTS (SELECT 1 FROM json_each(c.attributes, ?) WHERE value = ?)"
        return " AND ".join([has] * len(wanted)), tuple(each for part in wanted for each in (path, part))
    if attribute.category == "category":
        labels = {str(option["value"]): option["label"] for option in attribute.options}
        return "json_extract(c.attributes, ?) = ?", (path, labels.get(value, value))
    return "json_extract(c.attributes, ?) = ?", (path, _typed(attribute, value))


def _typed(attribute: Attribute, value: str) -> Any:
    if attribute.type == "boolean":
        return int(value.lower() in ("true", "yes", "1"))
    if attribute.type != "float":
        return value
    try:
        return float(value)
    except ValueError:
        raise refuse("query-invalid", name="filter") from None
