"""What every kind of source promises."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from tests.profiles.kinds import KEY, SCHEMA, Kind
from traginer import segments
from traginer.duck import Duck, open_duck
from traginer.profiles import errors
from traginer.values import AsOf, ColumnType

PEOPLE = pa.Table.from_pylist(
    [
        {
            KEY: f"C{n}",
            "email": f"person{n}@example.org",
            "postcode": f"0800{n}",
            "lifetime_value": 100.5 * n,
            "newsletter": n % 2 == 0,
            "joined_on": date(2024, 1, n + 1),
            "last_purchase_at": datetime.fromisoformat(f"2025-03-0{n + 1}T12:30:00"),
        }
        for n in range(6)
    ],
    schema=SCHEMA,
)
TYPES = {
    KEY: ColumnType.TEXT,
    "email": ColumnType.TEXT,
    "postcode": ColumnType.TEXT,
    "lifetime_value": ColumnType.NUMBER,
    "newsletter": ColumnType.BOOLEAN,
    "joined_on": ColumnType.DATE,
    "last_purchase_at": ColumnType.TIMESTAMP,
}


def keyed(keys: list[str | None]) -> pa.Table:
    return pa.table({KEY: pa.array(keys, pa.string()), "email": [f"person{n}@example.org" for n in range(len(keys))]})


def opened(kind: Kind, duck: Duck, rows: pa.Table | None, *, key: str = KEY) -> int:
    source = kind.source(rows, key=key)
    source.open(duck)
    source.columns(duck)
    return source.check(duck)


def test_columns_are_discovered_in_order_with_their_types(kind: Kind, duck: Duck) -> None:
    source = kind.source(PEOPLE)
    source.open(duck)
    columns = source.columns(duck)
    assert {name: column.type for name, column in columns.items()} == TYPES
    assert list(columns) == list(TYPES)
    assert not columns["last_purchase_at"].zoned


def test_a_moment_with_an_offset_is_zoned(kind: Kind, duck: Duck) -> None:
    moment = pa.array([datetime(2025, 3, 30, 1, 30, tzinfo=UTC)], pa.timestamp("us", tz="UTC"))
    source = kind.source(pa.table({KEY: ["C1"], "at": moment}))
    source.open(duck)
    assert source.columns(duck)["at"].zoned


def test_profiles_are_counted_and_loaded_as_they_are(kind: Kind, duck: Duck) -> None:
    source = kind.source(PEOPLE)
    source.open(duck)
    assert source.check(duck) == PEOPLE.num_rows
    source.load(duck, "SELECT * FROM profiles WHERE newsletter", "members")
    found = duck.rows(f"SELECT {KEY}, email, postcode FROM members ORDER BY {KEY}")
    assert found == [(f"C{n}", f"person{n}@example.org", f"0800{n}") for n in (0, 2, 4)]


def test_reading_never_changes_the_source(kind: Kind, duck: Duck) -> None:
    source = kind.source(PEOPLE)
    before = hashlib.sha256(kind.path.read_bytes()).digest()
    source.open(duck)
    source.check(duck)
    source.load(duck, "SELECT * FROM profiles", "members")
    assert hashlib.sha256(kind.path.read_bytes()).digest() == before
    assert {path.name for path in kind.folder.iterdir()} <= {kind.path.name, "duck"}


def test_a_source_can_be_opened_twice_in_one_session(kind: Kind, duck: Duck) -> None:
    source = kind.source(PEOPLE)
    source.open(duck)
    source.open(duck)
    assert source.check(duck) == PEOPLE.num_rows


def test_a_missing_file_is_named(kind: Kind, duck: Duck) -> None:
    with pytest.raises(errors.SourceMissing) as refusal:
        kind.source().open(duck)
    assert str(kind.path) in refusal.value.sentence
    assert "Customers" in refusal.value.sentence


def test_a_folder_is_no_file(kind: Kind, duck: Duck) -> None:
    kind.path.mkdir()
    with pytest.raises(errors.SourceMissing):
        kind.source().open(duck)


def test_a_file_of_no_bytes_is_an_empty_source(kind: Kind, duck: Duck) -> None:
    kind.path.touch()
    with pytest.raises(errors.SourceEmpty):
        kind.source().open(duck)


def test_columns_without_rows_are_an_empty_source(kind: Kind, duck: Duck) -> None:
    with pytest.raises(errors.SourceEmpty):
        opened(kind, duck, PEOPLE.slice(0, 0))


def test_a_file_of_another_kind_is_unreadable_and_nothing_of_it_is_told(kind: Kind, duck: Duck) -> None:
    kind.path.write_bytes(b'\x00\x01"ada@example.org\x00,carme@example.org\xff\n"' * 500)
    with pytest.raises((errors.SourceUnreadable, errors.KeyColumnMissing)) as refusal:
        opened(kind, duck, None)
    assert "carme" not in str(refusal.value)


def test_a_missing_key_column_is_named_beside_those_that_exist(kind: Kind, duck: Duck) -> None:
    with pytest.raises(errors.KeyColumnMissing) as refusal:
        opened(kind, duck, PEOPLE, key="client")
    assert '"client"' in refusal.value.sentence
    assert "customer_id, email, postcode" in refusal.value.sentence


def test_duplicate_keys_are_named_up_to_five_with_how_often_and_how_many_there_are(kind: Kind, duck: Duck) -> None:
    keys = [f"C{n}" for n in range(7) for _ in range(2)] + ["C0", "single"]
    with pytest.raises(errors.KeyNotUnique) as refusal:
        opened(kind, duck, keyed(keys))
    assert refusal.value.facts["extra"] == 8
    assert refusal.value.facts["keys"] == "C0 (x3), C1 (x2), C2 (x2), C3 (x2), C4 (x2), ..."


def test_five_duplicate_keys_are_all_there_are(kind: Kind, duck: Duck) -> None:
    with pytest.raises(errors.KeyNotUnique) as refusal:
        opened(kind, duck, keyed(["A", "A", "B"]))
    assert refusal.value.facts["keys"] == "A (x2)"


def test_profiles_without_a_key_are_counted_and_the_first_is_located(kind: Kind, duck: Duck) -> None:
    with pytest.raises(errors.KeyMissingOnProfiles) as refusal:
        opened(kind, duck, keyed(["C1", "C2", None, "C4", None]))
    assert (refusal.value.facts["profiles"], refusal.value.facts["row"]) == (2, 3)


def test_a_large_source_is_read_in_bounded_memory(kind: Kind, tmp_path: Path) -> None:
    """The rows have some 40 MB as text; only what is selected may stay."""
    with open_duck(tmp_path / "maker") as maker:
        rows = maker.stream(
            "SELECT 'C' || range AS customer_id, 'person' || range || '@example.org' AS email,"
            " md5(range::VARCHAR) || md5((range + 1)::VARCHAR) || md5((range + 2)::VARCHAR) AS note FROM range(300000)"
        ).read_all()
    source = kind.source(rows)
    with open_duck(tmp_path / "small", memory_bytes=48 * 1024 * 1024) as duck:
        source.open(duck)
        assert source.check(duck) == 300_000
        source.load(duck, "SELECT customer_id, email FROM profiles WHERE customer_id LIKE '%7'", "members")
        assert duck.value("SELECT count(*) FROM members") == 30_000


def test_apart_holds_profiles_and_nothing_of_the_run(kind: Kind, duck: Duck) -> None:
    source = kind.source(PEOPLE)
    source.open(duck)
    source.load(duck, "SELECT * FROM profiles", "members")
    with source.apart() as (alone, files):
        assert alone.value("SELECT count(*) FROM profiles") == PEOPLE.num_rows
        assert alone.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'members'") == 0
        assert files == [kind.path]


def test_a_users_select_runs_apart_and_gives_keys(kind: Kind) -> None:
    source = kind.source(PEOPLE)
    now = AsOf(datetime(2025, 3, 30, tzinfo=UTC), "Europe/Madrid")
    safe = segments.guarded("SELECT customer_id FROM profiles WHERE lifetime_value > 300", KEY, as_of=now)
    with (
        source.apart() as (alone, files),
        segments.run_locked(alone.connection, safe, files=files, timezone=now.timezone) as keys,
    ):
        assert sorted(keys.read_all()[KEY].to_pylist()) == ["C3", "C4", "C5"]
