"""The world of the segment tests: the columns of tests/golden/segments/columns.yml, one clock, and a place to ask DuckDB."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from traginer.segments import Rule, RuleSegment, members_query, parse_rules
from traginer.segments.rules import check
from traginer.values import AsOf, Column, ColumnType

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "segments"
GUIDE = ROOT / "src" / "traginer" / "guide"

# In Madrid the clock went from 2:00 to 3:00 in the night before.
AS_OF = AsOf(datetime.fromisoformat("2026-03-29T14:30:00+02:00"), "Europe/Madrid")
ARROW = {
    ColumnType.TEXT: pa.string(),
    ColumnType.NUMBER: pa.float64(),
    ColumnType.BOOLEAN: pa.bool_(),
    ColumnType.DATE: pa.date32(),
    ColumnType.TIMESTAMP: pa.timestamp("us"),
}


def _column(name: str, kind: str) -> Column:
    written, _, zoned = kind.partition(" ")
    return Column(name, ColumnType(written), written, zoned=bool(zoned))


COLUMNS = {name: _column(name, kind) for name, kind in yaml.safe_load((GOLDEN / "columns.yml").read_text()).items()}


def as_of(moment: str, zone: str = "Europe/Madrid") -> AsOf:
    return AsOf(datetime.fromisoformat(moment), zone)


def rules(text: str) -> Rule:
    """Rules written as YAML, checked against the world's columns."""
    rule = parse_rules(yaml.safe_load(text))
    check(rule, COLUMNS)
    return rule


def arrow_type(column: Column) -> pa.DataType:
    return pa.timestamp("us", tz="UTC") if column.zoned else ARROW[column.type]


def table(profiles: Sequence[Mapping[str, Any]], types: Mapping[str, pa.DataType]) -> pa.Table:
    return pa.table({name: pa.array([profile.get(name) for profile in profiles], kind) for name, kind in types.items()})


def chosen(
    rule: Rule,
    profiles: Iterable[Mapping[str, Any]],
    columns: Mapping[str, Column] = COLUMNS,
    now: AsOf = AS_OF,
    types: Mapping[str, pa.DataType] | None = None,
) -> list[int]:
    """The places of the profiles that DuckDB selects, counted from 0. The session's zone is one nobody here means."""
    numbered = [{**profile, "place": place} for place, profile in enumerate(profiles)]
    kinds = {**{name: arrow_type(column) for name, column in columns.items()}, **(types or {}), "place": pa.int32()}
    connection = _session()
    connection.register("profiles", table(numbered, kinds))
    query = members_query([RuleSegment("", rule)], columns, "place", [], now)
    return sorted(place for (place,) in connection.execute(query).fetchall())


@cache
def _session() -> duckdb.DuckDBPyConnection:
    """One session for all: it keeps nothing between questions."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'Asia/Tokyo'")
    return connection


def holds(text: str, value: Any, now: AsOf = AS_OF) -> bool:
    """Whether the condition `text` (YAML) selects a profile whose field has the one `value`."""
    rule = rules(text)
    field = next(iter(_fields(rule)))
    return chosen(rule, [{field: value}], now=now, types=_exact(field, value)) == [0]


def _fields(rule: Rule) -> set[str]:
    return {rule.field} if hasattr(rule, "field") else {name for inner in rule.rules for name in _fields(inner)}


def _exact(field: str, value: Any) -> dict[str, pa.DataType]:
    """Whole numbers and decimals keep their own type in the source."""
    if isinstance(value, int) and not isinstance(value, bool):
        return {field: pa.int64()}
    return {field: pa.decimal128(18, 2)} if isinstance(value, Decimal) else {}
