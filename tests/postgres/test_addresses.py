"""TRAGINER_DATABASE_URL: where the control plane's tables are, and what is said where that is no place for them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres.server import Server
from tests.world import CONFIGURATION, TRAGINER, Said, World, addresses
from traginer.control.database_url import database, postgres
from traginer.control.runs_errors import DatabaseURLInvalid
from traginer.sandbox import Sandbox

SECRET = "s3cret%2Fword"
WITHOUT_PSYCOPG = "import sys; sys.modules['psycopg'] = None; from traginer.cli.main import main; main(['runs'])"


def said(process: "subprocess.CompletedProcess[str]") -> Said:
    return Said(process.returncode, process.stdout, process.stderr)


def asked(home: Path, url: str, *arguments: str) -> Said:
    """The answer of a command whose tables are at `url`."""
    environment = {**os.environ, "TRAGINER_HOME": str(home), "TRAGINER_DATABASE_URL": url, "TRAGINER_LANGUAGE": "en"}
    command = [TRAGINER, *arguments]
    return said(subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False))


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """The address of a database without tables."""
    name = server.create()
    yield server.url(name)
    server.drop(name)


def test_commands_keep_everything_in_the_postgres_they_are_pointed_to(
    home: Path, empty: str, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREVO_API_KEY", sandbox.api_key)
    monkeypatch.setenv("BREVO_URL", sandbox.base_url)
    world = World(tmp_path, home, sandbox)
    world.put_profiles()
    file = world.write_yaml(CONFIGURATION)
    assert asked(home, empty, "apply", str(file)).exit_code == 0
    assert asked(home, empty, "run", "Newsletter").exit_code == 0
    assert sandbox.emails_on(7) == addresses(range(10))
    assert not (home / "traginer.sqlite3").exists()
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT status FROM control_run").fetchall() == [("successful",)]


def test_processes_that_find_an_empty_database_together_make_its_tables_once(home: Path, empty: str) -> None:
    home.mkdir()
    environment = {**os.environ, "TRAGINER_HOME": str(home), "TRAGINER_DATABASE_URL": empty}
    started = [
        subprocess.Popen(
            [TRAGINER, "runs"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(3)
    ]
    ended = [(process.communicate(timeout=60)[0], process.returncode) for process in started]
    assert [code for _, code in ended] == [0, 0, 0], ended


def test_a_server_that_does_not_answer_is_named_and_what_to_do(home: Path) -> None:
    answer = asked(home, f"postgres://ada:{SECRET}@127.0.0.1:1/traginer", "runs")
    assert answer.exit_code == 1
    assert "(database-unavailable)" in answer.err
    assert "127.0.0.1" in answer.err
    assert "s3cret" not in answer.err


def test_a_database_that_is_not_there_is_named(home: Path, server: Server) -> None:
    answer = asked(home, server.url("nowhere"), "runs")
    assert answer.exit_code == 1
    assert 'database "nowhere" does not exist' in answer.err


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"mysql://ada:{SECRET}@host/traginer", "it does not begin with postgres://"),
        (f"postgres://ada:{SECRET}@host/", "it names no database"),
        (f"postgres://ada:{SECRET}@[host/traginer", "it cannot be read"),
        (f"postgres://ada:{SECRET}@host/traginer?colour=green", "it cannot be read"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_without_quoting_it(home: Path, url: str, why: str) -> None:
    with pytest.raises(DatabaseURLInvalid) as refusal:
        postgres(url, 60)
    assert refusal.value.facts["why"] == why
    answer = asked(home, url, "runs")
    assert answer.exit_code == 1
    assert why in answer.err
    assert "(database-url-invalid)" in answer.err
    assert "s3cret" not in answer.out + answer.err


def test_without_the_extra_it_says_what_to_install(home: Path) -> None:
    environment = {**os.environ, "TRAGINER_HOME": str(home), "TRAGINER_DATABASE_URL": "postgres://host/traginer"}
    environment["TRAGINER_LANGUAGE"] = "en"
    answer = said(
        subprocess.run(
            [sys.executable, "-c", WITHOUT_PSYCOPG],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    )
    assert answer.exit_code == 1
    assert 'pip install "traginer[postgres]"' in answer.err
    assert "(extra-missing)" in answer.err


def test_what_libpq_reads_in_an_address_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAGINER_DATABASE_URL", f"postgresql://ada:{SECRET}@db.example:6432/crm?sslmode=verify-full")
    read = database(Path("/nowhere"), 60)
    assert (read["HOST"], read["PORT"], read["NAME"], read["USER"]) == ("db.example", "6432", "crm", "ada")
    assert read["PASSWORD"] == "s3cret/word"
    assert read["OPTIONS"]["sslmode"] == "verify-full"
    assert "idle_in_transaction_session_timeout=60000" in read["OPTIONS"]["options"]
