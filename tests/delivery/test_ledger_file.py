"""The file of a ledger: whole, or noticed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from traginer.delivery import ledger
from traginer.delivery.errors import LedgerDamaged, LedgerMissing
from traginer.duck import Duck, open_duck

ROWS = (
    "SELECT 'C' || i AS key, 'p' || i || '@example.org' AS email, {fingerprint} AS fingerprint FROM range({count}) t(i)"
)
FINGERPRINTS = {
    "text": "md5(i::VARCHAR)",
    "64 bits": "md5_number_lower(i::VARCHAR)",
    "16 bytes": "unhex(md5(i::VARCHAR))",
    "uuid": "md5(i::VARCHAR)::UUID",
    "in doubt": "NULL::VARCHAR",
}


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[Duck]:
    with open_duck(tmp_path / "duck") as session:
        yield session


def written(
    duck: Duck, folder: Path, *, count: int = 1000, fingerprint: str = "md5(i::VARCHAR)", name: str = "list-7"
) -> Path:
    return ledger.write(duck, ROWS.format(fingerprint=fingerprint, count=count), folder / f"{name}-run-3-1.parquet")


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_a_ledger_is_found_whole_and_says_what_was_written(duck: Duck, tmp_path: Path) -> None:
    path = written(duck, tmp_path / "export-1")
    ledger.check(path)
    assert [kept.name for kept in path.parent.iterdir()] == [path.name]
    assert path.name.startswith("list-7-run-3-1.")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    rows = duck.rows(f"SELECT count(*), count(DISTINCT email), min(key) FROM read_parquet('{path}')")
    assert rows == [(1000, 1000, "C0")]


def test_any_flipped_bit_is_noticed(duck: Duck, tmp_path: Path) -> None:
    path = written(duck, tmp_path / "export-1", count=50)
    for place in range(path.stat().st_size):
        flip(path, place)
        with pytest.raises(LedgerDamaged):
            ledger.check(path)
        flip(path, place)
    ledger.check(path)


@pytest.mark.parametrize("kept_bytes", [0, 1, 500, -1])
def test_a_truncated_ledger_is_noticed(duck: Duck, tmp_path: Path, kept_bytes: int) -> None:
    path = written(duck, tmp_path / "export-1")
    path.write_bytes(path.read_bytes()[:kept_bytes])
    with pytest.raises(LedgerDamaged, match="traginer ledger rebuild"):
        ledger.check(path)


def test_bytes_after_the_end_are_noticed(duck: Duck, tmp_path: Path) -> None:
    path = written(duck, tmp_path / "export-1")
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(LedgerDamaged):
        ledger.check(path)


def test_the_whole_ledger_of_another_export_is_not_taken_for_this_one(duck: Duck, tmp_path: Path) -> None:
    path, other = written(duck, tmp_path / "export-1"), written(duck, tmp_path / "export-2", count=10)
    shutil.copy(other, path)
    with pytest.raises(LedgerDamaged):
        ledger.check(path)


def test_a_file_without_a_seal_is_not_taken_for_a_ledger(duck: Duck, tmp_path: Path) -> None:
    path = written(duck, tmp_path / "export-1").rename(tmp_path / "list-7-run-3-1.parquet")
    with pytest.raises(LedgerDamaged):
        ledger.check(path)


def test_a_missing_ledger_and_one_in_whose_place_a_folder_stands_are_told_apart(duck: Duck, tmp_path: Path) -> None:
    path = written(duck, tmp_path / "export-1")
    path.unlink()
    with pytest.raises(LedgerMissing, match="traginer ledger rebuild"):
        ledger.check(path)
    path.mkdir()
    with pytest.raises(LedgerDamaged):
        ledger.check(path)


def test_a_ledger_that_cannot_be_written_leaves_the_former_one_and_nothing_else(duck: Duck, tmp_path: Path) -> None:
    path = written(duck, tmp_path / "export-1")
    with pytest.raises(Exception, match="no_such_column"):
        ledger.write(duck, "SELECT no_such_column", path.with_name("list-7-run-4-1.parquet"))
    assert list(path.parent.iterdir()) == [path]
    ledger.check(path)


@pytest.mark.parametrize("kind", FINGERPRINTS)
def test_a_whole_ledger_can_be_read_whatever_its_fingerprints_are(duck: Duck, tmp_path: Path, kind: str) -> None:
    path = written(duck, tmp_path / "export-1", fingerprint=FINGERPRINTS[kind])
    duck.run(f"CREATE TABLE direct AS SELECT * FROM read_parquet('{path}')")
    assert salvaged(duck, path) == 1000
    assert duck.rows("SELECT * FROM direct EXCEPT SELECT key, email, fingerprint FROM salvaged") == []


def salvaged(duck: Duck, path: Path) -> int:
    """The rows that `readable` gives, as a table of the session."""
    tables = list(ledger.readable(path))
    if tables:
        duck.take(pa.concat_tables(tables).to_reader(), "salvaged")
    return sum(table.num_rows for table in tables)


def test_of_a_damaged_ledger_all_but_the_damaged_piece_can_be_read(duck: Duck, tmp_path: Path) -> None:
    """DuckDB writes pieces of 122,880 rows."""
    path = written(duck, tmp_path / "export-1", count=300_000)
    content = bytearray(path.read_bytes())
    content[1000:3000] = bytes(2000)
    path.write_bytes(content)
    assert 0 < salvaged(duck, path) < 300_000
    assert duck.value("SELECT count(*) FROM salvaged WHERE email NOT LIKE 'p%@example.org'") == 0


def test_wherever_a_ledger_is_damaged_reading_what_is_left_ends_in_order(duck: Duck, tmp_path: Path) -> None:
    path = written(duck, tmp_path / "export-1", count=40)
    content = path.read_bytes()
    for place in range(len(content)):
        flip(path, place)
        assert sum(table.num_rows for table in ledger.readable(path)) <= 40
        path.write_bytes(content[:place])
        assert sum(table.num_rows for table in ledger.readable(path)) <= 40
        path.write_bytes(content)


def test_what_is_no_text_any_more_is_not_read(duck: Duck, tmp_path: Path) -> None:
    path = written(duck, tmp_path / "export-1", count=1)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"p0@example.org", b"\xff0@example.org"))
    assert path.read_bytes() != content
    assert salvaged(duck, path) == 0


def test_nothing_is_read_of_the_ledger_of_another_export_or_list(duck: Duck, tmp_path: Path) -> None:
    path = written(duck, tmp_path / "export-1")
    for other in (written(duck, tmp_path / "export-2"), written(duck, tmp_path / "export-1", name="list-70")):
        shutil.copy(other, path)
        assert list(ledger.readable(path)) == []
        assert sum(table.num_rows for table in ledger.readable(other)) == 1000


def test_nothing_is_read_of_a_parquet_file_that_is_no_ledger(duck: Duck, tmp_path: Path) -> None:
    path = written(duck, tmp_path / "export-1")
    duck.run(f"COPY (SELECT 1 AS key, 'a@b.org' AS email) TO '{path}' (FORMAT parquet)")
    assert list(ledger.readable(path)) == []
