"""Several files as one source, damaged Parquet, and tables of a DuckDB file."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.profiles.kinds import KINDS
from traginer.duck import Duck
from traginer.profiles import errors
from traginer.profiles.files import FileSource
from traginer.values import ColumnType


def several(kind: str, folder: Path) -> FileSource:
    for n in range(3):
        KINDS[kind](pa.table({"id": [f"C{n}a", f"C{n}b"], f"only_in_{n}": [n, n]}), folder / f"part-{n}.{kind}")
    return FileSource("Customers", kind, str(folder / f"part-*.{kind}"), "id")


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_several_files_are_one_source_with_the_columns_of_all(kind: str, tmp_path: Path, duck: Duck) -> None:
    source = several(kind, tmp_path)
    source.open(duck)
    assert list(source.columns(duck)) == ["id", "only_in_0", "only_in_1", "only_in_2"]
    assert source.check(duck) == 6


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_key_that_stands_in_two_files_is_a_duplicate(kind: str, tmp_path: Path, duck: Duck) -> None:
    source = several(kind, tmp_path)
    KINDS[kind](pa.table({"id": ["C0a"]}), tmp_path / f"part-3.{kind}")
    source.open(duck)
    with pytest.raises(errors.KeyNotUnique) as refusal:
        source.check(duck)
    assert refusal.value.facts["keys"] == "C0a (x2)"


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_one_part_of_no_bytes_is_not_taken_for_fewer_profiles(kind: str, tmp_path: Path, duck: Duck) -> None:
    source = several(kind, tmp_path)
    (tmp_path / f"part-9.{kind}").touch()
    with pytest.raises(errors.SourceEmpty) as refusal:
        source.open(duck)
    assert "part-9" in refusal.value.sentence


def test_a_pattern_that_no_file_fits_is_a_missing_source(tmp_path: Path, duck: Duck) -> None:
    with pytest.raises(errors.SourceMissing):
        FileSource("Customers", "parquet", str(tmp_path / "*.parquet"), "id").open(duck)


@pytest.mark.parametrize("kept", [0.2, 0.9])
def test_a_parquet_file_cut_short_is_unreadable(tmp_path: Path, duck: Duck, kept: float) -> None:
    path = tmp_path / "profiles.parquet"
    pq.write_table(pa.table({"id": ["C1"], "email": ["secret@example.org"]}), path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(errors.SourceUnreadable) as refusal:
        FileSource("Customers", "parquet", str(path), "id").open(duck)
    assert refusal.value.code == "source-unreadable"
    assert "secret" not in str(refusal.value)


def test_lists_and_structs_are_of_no_type_that_rules_or_mappings_know(tmp_path: Path, duck: Duck) -> None:
    path = tmp_path / "profiles.parquet"
    pq.write_table(pa.table({"id": ["C1"], "tags": [["a", "b"]], "address": [{"city": "Vic"}], "raw": [b"x"]}), path)
    source = FileSource("Customers", "parquet", str(path), "id")
    source.open(duck)
    types = {name: column.type for name, column in source.columns(duck).items()}
    assert types == {
        "id": ColumnType.TEXT,
        "tags": ColumnType.OTHER,
        "address": ColumnType.OTHER,
        "raw": ColumnType.OTHER,
    }


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A DuckDB file with two tables and a view."""
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE people AS SELECT 'C1' AS id, 'ada@example.org' AS email")
        connection.execute("CREATE TABLE orders AS SELECT 7 AS id")
        connection.execute("CREATE VIEW buyers AS SELECT id FROM people")
    return path


@pytest.mark.parametrize(("table", "columns"), [("people", ["id", "email"]), ("buyers", ["id"])])
def test_the_named_table_or_view_is_the_source(database: Path, duck: Duck, table: str, columns: list[str]) -> None:
    source = FileSource("Customers", "duckdb", str(database), "id", table)
    source.open(duck)
    assert list(source.columns(duck)) == columns


def test_the_only_table_needs_no_name(tmp_path: Path, duck: Duck) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("CREATE TABLE people AS SELECT 'C1' AS id")
    source = FileSource("Customers", "duckdb", str(tmp_path / "shop.duckdb"), "id")
    source.open(duck)
    assert source.check(duck) == 1


@pytest.mark.parametrize(("table", "named"), [("persons", "persons"), (None, "profiles")])
def test_a_missing_table_is_named_beside_those_that_exist(
    database: Path, duck: Duck, table: str | None, named: str
) -> None:
    with pytest.raises(errors.TableMissing) as refusal:
        FileSource("Customers", "duckdb", str(database), "id", table).open(duck)
    assert refusal.value.facts["table"] == named
    assert refusal.value.facts["tables"] == "buyers, orders, people"


def test_a_source_that_was_replaced_has_another_stamp(tmp_path: Path) -> None:
    path = tmp_path / "profiles.csv"
    path.write_text("id,email\n1,a@example.org\n")
    source = FileSource("Customers", "csv", str(path), "id")
    before = source.stamp()
    assert source.stamp() == before
    (tmp_path / "next.csv").write_text("id,email\n2,b@example.org\n")
    (tmp_path / "next.csv").rename(path)
    assert source.stamp() != before
