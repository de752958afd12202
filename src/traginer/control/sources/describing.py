"""What stands in a source now: for each column how many profiles have a value, how many different ones, and some of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from traginer.control import audit, masking
from traginer.control.models import Source
from traginer.control.rights import Actor
from traginer.control.sources.reading import looked_at, opened
from traginer.duck import Duck, ident
from traginer.errors import TraginerError
from traginer.profiles.files import FileSource
from traginer.values import Column, ColumnType

LOOKED_AT = 200
SAMPLES = 3
DATED = (ColumnType.DATE, ColumnType.TIMESTAMP)


@dataclass(frozen=True)
class ColumnFacts:
    """A column: on how many profiles it is `filled`, about how many `different` values it has, and up to three of them.

    `newest` is the last day or moment in it, as text; "" where it holds none. None of the counts for a column that no
    rule can use.
    """

    name: str
    type: ColumnType
    native: str
    is_key: bool
    filled: int | None
    different: int | None
    newest: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Described:
    """A source: its `profiles` and columns, its `files`, `bytes` in all, the last one `written_at`.

    `trouble` is what keeps a run from using it, such as a key that is not unique; None where there is nothing.
    """

    profiles: int
    columns: tuple[ColumnFacts, ...]
    files: int
    bytes: int
    written_at: datetime
    trouble: TraginerError | None


def described(actor: Actor, source: Source) -> Described:
    """Read the source through. That somebody saw real values is in the audit. Raises what keeps it from being read."""
    actor.require("source:read")
    found = opened(source)
    with looked_at(found) as (duck, columns):
        with found.reading():
            profiles, facts = _facts(duck, found.key, columns, is_clear=actor.may("profile:read"))
        trouble = _trouble(found, duck)
    if actor.may("profile:read"):
        audit.seen(actor, "profile:read", source, min(profiles, LOOKED_AT))
    stats = [Path(name).stat() for name in found.files()]
    written_at = datetime.fromtimestamp(max(stat.st_mtime for stat in stats), UTC)
    return Described(profiles, facts, len(stats), sum(stat.st_size for stat in stats), written_at, trouble)


def _trouble(source: FileSource, duck: Duck) -> TraginerError | None:
    try:
        source.check(duck)
    except TraginerError as trouble:
        return trouble
    return None


def _facts(duck: Duck, key: str, columns: dict[str, Column], *, is_clear: bool) -> tuple[int, tuple[ColumnFacts, ...]]:
    """All columns in one pass, and the samples from the first rows."""
    shown = usable(columns)
    asked = ", ".join(["count(*)", *(_counts(column) for column in shown)])
    profiles, *counted = duck.rows(f"SELECT {asked} FROM profiles")[0]
    by_name = {column.name: counted[3 * n : 3 * n + 3] for n, column in enumerate(shown)}
    _, samples = sampled(duck, columns, is_clear=is_clear)
    facts = (
        _column(column, key, by_name.get(name), samples.get(name, ()), is_clear=is_clear)
        for name, column in columns.items()
    )
    return profiles, tuple(facts)


def _counts(column: Column) -> str:
    name = ident(column.name)
    newest = f"max({name})::VARCHAR" if column.type in DATED else "NULL"
    return f"count({name}), approx_count_distinct({name}), {newest}"


def sampled(duck: Duck, columns: Mapping[str, Column], *, is_clear: bool) -> tuple[int, dict[str, tuple[str, ...]]]:
    """Up to three different values of each usable column, from the first LOOKED_AT profiles, masked unless `is_clear`; and how
    many profiles that were."""
    shown = usable(columns)
    texts = ", ".join(f"left({ident(column.name)}::VARCHAR, {masking.LONGEST + 1})" for column in shown) or "1"
    rows = duck.rows(f"SELECT {texts} FROM profiles LIMIT {LOOKED_AT}")
    found = zip(shown, zip(*rows, strict=True), strict=False)
    return len(rows), {one.name: tuple(_distinct(values, one.type, is_clear=is_clear)) for one, values in found}


def usable(columns: Mapping[str, Column]) -> list[Column]:
    """Those with a type of ours: another one may hold anything, of any size."""
    return [column for column in columns.values() if column.type is not ColumnType.OTHER]


def _column(
    column: Column,
    key: str,
    counted: Sequence[int | str | None] | None,
    samples: tuple[str, ...],
    *,
    is_clear: bool,
) -> ColumnFacts:
    filled, different, newest = counted or (None, None, None)
    return ColumnFacts(
        name=column.name,
        type=column.type,
        native=column.native,
        is_key=column.name == key,
        filled=int(filled) if filled is not None else None,
        different=min(int(different), int(filled or 0)) if different is not None else None,
        newest=str(newest or "") if is_clear else "",
        samples=samples,
    )


def _distinct(values: Sequence[str | None], kind: ColumnType, *, is_clear: bool) -> Iterator[str]:
    for value in list(dict.fromkeys(value for value in values if value))[:SAMPLES]:
        yield masking.seen(value, kind, is_clear=is_clear)
