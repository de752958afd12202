"""Golden SQL: one plain file a topic in tests/golden/segments, several cases a file; a new case needs no Python.

    -- case: a text is equal
    -- rules: {field: language, is: ca}

    -- duckdb
    "language" = 'ca'

The comment lines below the title of a case are YAML: `rules`, `segments` (a list of {rules} or {sql}, for the whole query)
or `sql` (a user's SELECT; `dialects` says for which); also `select`, `as_of` and `zone`.

    python -m tests.segments.golden --write     writes what the code gives now, here and into the tables of the guide
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.segments import docs
from tests.segments.world import AS_OF, COLUMNS, GOLDEN, as_of
from traginer.segments import DIALECTS, RuleSegment, SqlSegment, check, condition, guarded, members_query, parse_rules
from traginer.values import AsOf

KEY = "customer_id"


@dataclass(frozen=True)
class Case:
    """One golden case: its YAML lines, and the SQL that the file expects of each dialect."""

    file: Path
    lines: tuple[str, ...]
    expected: dict[str, str]

    @property
    def asks(self) -> dict[str, Any]:
        return yaml.safe_load("\n".join(self.lines[1:]))

    @property
    def title(self) -> str:
        return f"{self.file.stem}: {self.lines[0].removeprefix('case: ')}"

    @property
    def dialects(self) -> list[str]:
        return self.asks.get("dialects") or list(DIALECTS)

    def sql(self, dialect: str) -> str:
        """What the code gives now."""
        asks, now = self.asks, self.now
        if "sql" in asks:
            return guarded(asks["sql"], KEY, dialect, as_of=now)
        if "segments" in asks:
            segments = [_segment(raw) for raw in asks["segments"]]
            return members_query(segments, COLUMNS, KEY, asks.get("select", []), now, dialect=dialect)
        return condition(_rules(asks["rules"]), COLUMNS, now, dialect).sql(dialect=dialect)

    @property
    def now(self) -> AsOf:
        asks = self.asks
        return as_of(asks.get("as_of", AS_OF.instant.isoformat()), asks.get("zone", AS_OF.timezone))


def cases() -> list[Case]:
    return [case for file in sorted(GOLDEN.glob("*.sql")) for case in _read(file)]


def written(cases_of_file: list[Case]) -> str:
    """The text of a file whose cases expect what the code gives now."""
    return "\n".join(_written(case) for case in cases_of_file)


def _written(case: Case) -> str:
    head = "".join(f"-- {line}\n" for line in case.lines)
    return head + "".join(f"\n-- {dialect}\n{case.sql(dialect)}\n" for dialect in case.dialects)


def _read(file: Path) -> Iterator[Case]:
    for block in f"\n{file.read_text()}".split("\n-- case:")[1:]:
        head, *answers = f"case:{block}".split("\n\n-- ")
        lines = tuple(line.removeprefix("-- ") for line in head.strip().splitlines())
        expected = dict(answer.split("\n", 1) for answer in answers)
        yield Case(file, lines, {dialect: sql.removesuffix("\n") for dialect, sql in expected.items()})


def _segment(raw: dict[str, Any]) -> RuleSegment | SqlSegment:
    return RuleSegment("", _rules(raw["rules"])) if "rules" in raw else SqlSegment("", raw["sql"])


def _rules(raw: Any) -> Any:
    rule = parse_rules(raw)
    check(rule, COLUMNS)
    return rule


def _write() -> None:
    for file in sorted(GOLDEN.glob("*.sql")):
        file.write_text(written(list(_read(file))))
    docs.write()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", required=True)
    parser.parse_args()
    _write()
