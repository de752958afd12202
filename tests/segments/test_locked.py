"""The second wall: what a hostile SELECT finds on the connection, had it passed the first. And that it ends."""

import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tests.segments.world import AS_OF
from traginer.segments import Bounds, GuardedSql, errors, guarded, lock, run_locked
from traginer.segments.locked import MIB

KEY = "customer_id"
PEOPLE = 200_000
ZONE = "Europe/Madrid"
SECRET = "correct horse battery staple"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("locked")
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT i AS customer_id, 'name' || i AS name, TIMESTAMP '2026-03-29 12:00' AS seen FROM range({PEOPLE}) t(i)) TO '{folder}/profiles.parquet'"
        )
        connection.execute(f"COPY (SELECT '{SECRET}' AS customer_id) TO '{folder}/other.parquet'")
    (folder / "secret.txt").write_text(SECRET)
    return folder


@pytest.fixture
def connection(folder):
    with duckdb.connect(config={"temp_directory": str(folder / "spill")}) as connection:
        connection.execute(f"CREATE VIEW profiles AS SELECT * FROM '{folder}/profiles.parquet'")
        yield connection


def keys(connection, folder, sql, bounds=None) -> pa.Table:
    with run_locked(
        connection, GuardedSql(sql), files=[folder / "profiles.parquet"], timezone=ZONE, bounds=bounds
    ) as reader:
        return reader.read_all()


def test_a_guarded_select_streams_its_keys(connection, folder):
    sql = guarded("SELECT customer_id FROM profiles WHERE name LIKE 'name1%'", KEY, as_of=AS_OF)
    with run_locked(connection, sql, files=[folder / "profiles.parquet"], timezone=ZONE, batch_rows=10_000) as reader:
        sizes = [batch.num_rows for batch in reader]
    assert sum(sizes) == 111_111
    assert len(sizes) > 1


def test_a_second_select_runs_on_the_locked_connection(connection, folder):
    for _ in range(2):
        assert keys(connection, folder, "SELECT customer_id FROM profiles LIMIT 7").num_rows == 7


def test_the_session_reads_moments_in_the_zone_of_the_run(connection, folder):
    sql = guarded(
        "SELECT customer_id FROM profiles WHERE seen < CURRENT_TIMESTAMP - INTERVAL 149 MINUTE AND customer_id = 1",
        KEY,
        as_of=AS_OF,
    )
    assert keys(connection, folder, sql).num_rows == 1


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM '{folder}/other.parquet'",
        "SELECT * FROM read_parquet('{folder}/*.parquet')",
        "SELECT * FROM read_text('{folder}/secret.txt')",
        "SELECT * FROM read_csv('{folder}/secret.txt')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_text('/proc/self/environ')",
        "SELECT getenv('HOME')",
        "SELECT * FROM 'http://127.0.0.1:9/x.parquet'",
    ],
)
def test_no_select_reads_another_file_the_environment_or_the_network(connection, folder, sql):
    with pytest.raises(errors.SqlFailed) as failure:
        keys(connection, folder, sql.format(folder=folder))
    assert SECRET not in str(failure.value)


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{folder}/written.csv'",
        "COPY (SELECT 1) TO '{folder}/profiles.parquet'",
        "ATTACH '{folder}/written.db'",
        "EXPORT DATABASE '{folder}/written'",
        "CREATE TABLE written AS SELECT 1",
        "SET threads = 16",
        "SET enable_external_access = true",
        "SET memory_limit = '64GB'",
        "RESET lock_configuration",
        "SET lock_configuration = false",
        "SET allowed_paths = ['/etc/passwd']",
        "SET python_enable_replacements = true",
        "INSTALL httpfs",
        "LOAD httpfs",
    ],
)
def test_no_statement_writes_or_changes_a_setting(connection, folder, sql):
    before = sorted(folder.rglob("*"))
    with pytest.raises(errors.SqlFailed):
        keys(connection, folder, sql.format(folder=folder))
    assert sorted(folder.rglob("*")) == before
    assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


def test_no_variable_of_the_program_is_a_table(connection, folder):
    a_variable_of_python = pa.table({KEY: [SECRET]})
    assert connection.sql("SELECT * FROM a_variable_of_python").fetchall() == [(SECRET,)]
    lock(connection, files=[], timezone=ZONE)
    with pytest.raises(duckdb.CatalogException):
        connection.sql("SELECT * FROM a_variable_of_python")
    assert a_variable_of_python.num_rows == 1


def test_a_select_that_would_never_end_is_stopped_in_time(connection, folder):
    endless = (
        "SELECT customer_id FROM profiles a, profiles b, profiles c WHERE a.name || b.name || c.name = 'x'".replace(
            "customer_id", "a.customer_id"
        )
    )
    began = time.monotonic()
    with pytest.raises(errors.SqlTooSlow) as failure:
        keys(connection, folder, guarded(endless, KEY, as_of=AS_OF), Bounds(seconds=0.3))
    assert time.monotonic() - began < 5
    assert failure.value.facts == {"seconds": 0.3}


def test_a_select_that_would_stream_for_ever_is_stopped_while_it_streams(connection, folder):
    sizes: list[int] = []

    def read(reader):
        sizes.extend(batch.num_rows for batch in reader)

    began = time.monotonic()
    with pytest.raises(errors.SqlTooSlow):
        stream_for_ever(connection, folder, read)
    assert sum(sizes) > 0
    assert time.monotonic() - began < 5


def test_a_stopped_select_is_too_slow_for_another_engine_that_reads_it_too(connection, folder):
    with duckdb.connect() as session:

        def read(reader):
            session.register("keys", reader)
            session.execute("SELECT count(*) FROM keys")

        with pytest.raises(errors.SqlTooSlow):
            stream_for_ever(connection, folder, read)


def stream_for_ever(connection, folder, read):
    endless = GuardedSql("SELECT a.customer_id FROM profiles a, profiles b")
    files, bounds = [folder / "profiles.parquet"], Bounds(seconds=0.3)
    with run_locked(connection, endless, files=files, timezone=ZONE, bounds=bounds) as reader:
        read(reader)


def test_the_connection_is_of_use_after_a_select_was_stopped(connection, folder):
    with pytest.raises(errors.SqlTooSlow):
        keys(connection, folder, "SELECT a.customer_id FROM profiles a, profiles b", Bounds(seconds=0.1))
    assert keys(connection, folder, "SELECT customer_id FROM profiles LIMIT 3").num_rows == 3


def test_a_select_that_needs_more_than_it_may_is_stopped(connection, folder):
    hungry = "SELECT DISTINCT a.name || b.name AS customer_id FROM profiles a, (SELECT name FROM profiles LIMIT 100) b"
    with pytest.raises(errors.SqlTooHungry):
        keys(connection, folder, hungry, Bounds(memory_bytes=24 * MIB, spill_bytes=16 * MIB))


def test_a_failure_names_columns_and_no_value_of_a_profile(connection, folder):
    with pytest.raises(errors.SqlFailed) as failure:
        keys(connection, folder, "SELECT CAST(name AS INT) AS customer_id FROM profiles")
    assert "name0" not in str(failure.value)
    assert failure.value.__cause__ is None
    with pytest.raises(errors.SqlFailed, match="custmer"):
        keys(connection, folder, "SELECT custmer FROM profiles")


def test_what_goes_wrong_with_the_reader_itself_is_left_alone(connection, folder):
    with (
        pytest.raises(OSError, match="the disk"),
        run_locked(connection, GuardedSql("SELECT 1 AS customer_id"), files=[], timezone=ZONE),
    ):
        raise OSError("the disk is full")


def test_a_connection_that_is_locked_with_its_files_open_is_refused(connection, folder):
    connection.execute("SET lock_configuration = true")
    with pytest.raises(ValueError, match="files open"):
        lock(connection, files=[], timezone=ZONE)


def test_nothing_a_select_left_behind_stays_in_a_transaction(connection, folder):
    keys(connection, folder, "SELECT customer_id FROM profiles LIMIT 1")
    connection.execute("BEGIN TRANSACTION")
    connection.execute("ROLLBACK")
