"""Profiles in files that DuckDB reads itself: Parquet, CSV, and tables of a DuckDB database.

A Parquet or CSV path may hold `*`: several files are one source. Everything streams; nothing is copied into memory but
what a run selects.
"""

import csv
import glob
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from traginer.duck import Duck, ident, literal, open_duck
from traginer.i18n import N_, gettext
from traginer.profiles import errors
from traginer.values import Column, ColumnType

SHOWN_KEYS = 5
DELIMITERS = (",", ";", "\t", "|")
# Each thread holds one; the default of 32 MB would be most of a small session.
BUFFER_BYTES = 8 * 1024 * 1024
DUCK_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMP",
}
_TYPES = (
    (re.compile(r"VARCHAR|ENUM.*|UUID"), ColumnType.TEXT),
    (re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*|BIGNUM"), ColumnType.NUMBER),
    (re.compile(r"BOOLEAN"), ColumnType.BOOLEAN),
    (re.compile(r"DATE"), ColumnType.DATE),
    (re.compile(r"TIMESTAMP.*"), ColumnType.TIMESTAMP),
)


def column(name: str, native: str) -> Column:
    """The column `name` of the DuckDB type `native`."""
    kind = next((kind for pattern, kind in _TYPES if pattern.fullmatch(native)), ColumnType.OTHER)
    return Column(name, kind, native, zoned=native == "TIMESTAMP WITH TIME ZONE")


def _is_file(path: Path) -> bool:
    """False too where the system cannot even look, for instance because the name is too long."""
    try:
        return path.is_file()
    except OSError:
        return False


@dataclass(frozen=True)
class FileSource:
    """Profiles in files. `type` is parquet, csv or duckdb; `table` is for duckdb only; `types` overrides CSV columns."""

    name: str
    type: str
    path: str
    key: str
    table: str | None = None
    types: dict[str, ColumnType] = field(default_factory=dict)

    def open(self, duck: Duck) -> None:
        self._require_file()
        with self.reading():
            relation = self._relation(duck)
            columns = duck.rows(f"DESCRIBE SELECT * FROM {relation}")
            # DuckDB compares a UUID with a text by converting the text, which fails for a text that is none.
            texts = ", ".join(f"{ident(n)}::VARCHAR AS {ident(n)}" for n, native, *_ in columns if native == "UUID")
            replaced = f"REPLACE ({texts})" if texts else ""
            duck.run(f"CREATE OR REPLACE TEMP VIEW profiles AS SELECT * {replaced} FROM {relation}")

    def stamp(self) -> object:
        found = [(path, path.stat()) for path in map(Path, self.files()) if _is_file(path)]
        return [(path, stat.st_ino, stat.st_size, stat.st_mtime_ns) for path, stat in found]

    def columns(self, duck: Duck) -> dict[str, Column]:
        with self.reading():
            found = {name: column(name, native) for name, native, *_ in duck.rows("DESCRIBE profiles")}
        if self.key not in found:
            raise errors.KeyColumnMissing(source=self.name, key=self.key, columns=", ".join(found))
        return found

    def check(self, duck: Duck) -> int:
        key = ident(self.key)
        with self.reading():
            profiles, keyed, distinct = duck.rows(
                f"SELECT count(*), count({key}), count(DISTINCT {key}) FROM profiles"
            )[0]
        if not profiles:
            raise errors.SourceEmpty(source=self.name, path=self.path)
        if keyed < profiles:
            row = duck.value(
                f"SELECT min(n) FROM (SELECT row_number() OVER () AS n, {key} AS k FROM profiles) WHERE k IS NULL"
            )
            raise errors.KeyMissingOnProfiles(source=self.name, key=self.key, profiles=profiles - keyed, row=row)
        if distinct < keyed:
            raise errors.KeyNotUnique(source=self.name, key=self.key, extra=keyed - distinct, keys=self._repeated(duck))
        return int(profiles)

    def load(self, duck: Duck, query: str, table: str) -> None:
        # A CSV file is parsed once; the other kinds are quicker to read twice than to copy.
        kind = "TABLE" if self.type == "csv" else "VIEW"
        with self.reading():
            duck.run(f"CREATE OR REPLACE {kind} {ident(table)} AS {query}")

    @contextmanager
    def apart(self) -> Iterator[tuple[Duck, Sequence[Path]]]:
        with tempfile.TemporaryDirectory() as folder, open_duck(Path(folder)) as duck:
            self.open(duck)
            yield duck, [Path(name) for name in self.files()]

    @contextmanager
    def reading(self) -> Iterator[None]:
        try:
            yield
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            raise errors.SourceUnreadable(source=self.name, type=self.type, path=self.path, why=reason(error)) from None

    def _relation(self, duck: Duck) -> str:
        return RELATIONS[self.type](self, duck)

    def files(self) -> list[str]:
        """The files that the path names now."""
        if "*" not in self.path:
            return [self.path]
        return sorted(glob.glob(self.path))  # noqa: PTH207 - an absolute pattern, which Path.glob refuses

    def _require_file(self) -> None:
        files = [Path(name) for name in self.files()]
        if not files or not all(_is_file(file) for file in files):
            raise errors.SourceMissing(source=self.name, path=self.path)
        if empty := next((file for file in files if file.stat().st_size == 0), None):
            raise errors.SourceEmpty(source=self.name, path=empty)

    def _repeated(self, duck: Duck) -> str:
        key = ident(self.key)
        rows = duck.rows(
            f"SELECT {key}::VARCHAR, count(*) FROM profiles GROUP BY {key} HAVING count(*) > 1 ORDER BY {key} LIMIT {SHOWN_KEYS + 1}"
        )
        shown = [f"{value} (x{times})" for value, times in rows[:SHOWN_KEYS]]
        return ", ".join(shown) + (", ..." if len(rows) > SHOWN_KEYS else "")


def reason(error: duckdb.Error) -> str:
    """What DuckDB says, without the values it quotes: those are somebody's data."""
    text = str(error)
    if line := re.search(r"CSV Error on Line: (\d+)", text):
        return gettext(N_("line {line} does not fit the others.")).format(line=line[1])
    first = text.strip().splitlines()[0]
    said = re.sub(r"""(['"]).*?\1""", "...", first.split(": ", 1)[-1]).strip(" .!")
    return f"{said or gettext(N_('its content is damaged'))}."


def _parquet(source: FileSource, _: Duck) -> str:
    return f"read_parquet({literal(source.path)}, union_by_name=true)"


def _csv(source: FileSource, duck: Duck) -> str:
    """A CSV relation whose types hold for the whole file.

    DuckDB keeps as text what a number would lose, such as 08001 or +34600, where it has seen it: so it reads every line
    before it decides. The key is text, to be exactly what is written.
    """
    dialect = _dialect(_header(source.files()[0])[0])
    options = f"{literal(source.path)}, union_by_name=true, header=true, skip=0, sample_size=-1, {dialect}"
    types = {source.key: ColumnType.TEXT, **source.types}
    forced = [
        f"{literal(name)}: {literal(DUCK_TYPES[types[name]])}"
        for name in _names(source, duck, options)
        if name in types
    ]
    return f"read_csv({options}{f', types={{{", ".join(forced)}}}' if forced else ''})"


def _names(source: FileSource, duck: Duck, options: str) -> list[str]:
    """The names of the columns, once every line has been looked at."""
    try:
        return [name for name, *_ in duck.rows(f"DESCRIBE SELECT * FROM read_csv({options})")]
    except duckdb.InvalidInputException:
        _require_even_lines(source, duck)
        raise


def _require_even_lines(source: FileSource, duck: Duck) -> None:
    """Raises what is wrong with the first bad line: a reader that has nothing to guess names it, the guessing one does not."""
    for path in source.files():
        mark, names = _header(path)
        texts = ", ".join(f"c{n}: 'VARCHAR'" for n in range(len(names)))
        strict = f"auto_detect=false, header=true, {_dialect(mark)}, columns={{{texts}}}"
        duck.run(f"SELECT count(*) FROM read_csv({literal(path)}, {strict})")


def _header(path: str) -> tuple[str, list[str]]:
    """The mark between values, and the names of the columns.

    The mark is the one that the first line uses most. Left to guess, DuckDB takes another one where a line is ragged, and
    the whole line becomes one column.
    """
    with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as file:
        line = file.readline()
    mark = max(DELIMITERS, key=re.sub('"[^"]*"', "", line).count)
    return mark, next(csv.reader([line.rstrip("\r\n")], delimiter=mark), [])


def _dialect(mark: str) -> str:
    return f"delim={literal(mark)}, buffer_size={BUFFER_BYTES}, quote='\"', escape='\"'"


def _duckdb(source: FileSource, duck: Duck) -> str:
    if not duck.value("SELECT count(*) FROM duckdb_databases() WHERE database_name = 'source'"):
        duck.run(f"ATTACH {literal(source.path)} AS source (READ_ONLY)")
    tables = [
        name for (name,) in duck.rows("SELECT table_name FROM information_schema.tables WHERE table_catalog = 'source'")
    ]
    wanted = source.table or (tables[0] if len(tables) == 1 else "profiles")
    if wanted not in tables:
        raise errors.TableMissing(
            source=source.name, table=wanted, path=source.path, tables=", ".join(sorted(tables)) or "-"
        )
    return f"source.{ident(wanted)}"


RELATIONS: dict[str, Callable[[FileSource, Duck], str]] = {"parquet": _parquet, "csv": _csv, "duckdb": _duckdb}
