"""What no service expected, at the terminal: a database that goes away in the middle of a command, and a fault of ours."""

import contextlib
import sqlite3
import threading
import time

import pytest
from django.db import IntegrityError, OperationalError

from tests.world import World
from traginer.cli import unexpected

SPOILED = f"the row (Aina 1, aina1@example.org, +34600100001) with {World.api_key} is not unique"


def asked(world: World) -> None:
    """Return once the command has asked Brevo something: it is in the middle of its work."""
    deadline = time.monotonic() + 30
    while not world.requests() and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_database_that_goes_away_in_the_middle_of_a_command_is_told_as_that(world: World) -> None:
    world.sandbox.switches.queue_delay_seconds = 1.0

    def take_away() -> None:
        asked(world)
        with contextlib.closing(sqlite3.connect(world.home / "traginer.sqlite3")) as database:
            database.execute("ALTER TABLE control_run RENAME TO elsewhere")

    thief = threading.Thread(target=take_away)
    thief.start()
    said = world.command("run", "Newsletter", "--json")
    thief.join()
    assert said.exit_code == 1
    assert said.json["error"]["code"] == "database-unavailable"
    assert "The database cannot be used: no such table: control_run." in said.err
    assert "TRAGINER_HOME" in said.err
    assert "Traceback" not in said.err


def test_a_command_that_begins_without_its_database_says_so(world: World) -> None:
    (world.home / "traginer.sqlite3").write_bytes(b"this is no database, whatever else it may be" * 100)
    for words in (("runs",), ("export", "list"), ("dump",)):
        said = world.command(*words)
        assert (said.exit_code, "(database-unavailable)" in said.err, "Traceback" in said.err) == (1, True, False)


def test_a_fault_of_ours_shows_where_it_is_and_not_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """S18: what a library says of a value may quote it; the terminal gets its kind and its place only."""
    with pytest.raises(ValueError) as spoiled:  # noqa: PT011 - its words are the point
        int(SPOILED)
    told = unexpected.told(spoiled.value)
    said = capsys.readouterr().err + str(told)
    assert "test_unexpected.py" in said
    assert told.sentence == "Something unexpected stopped the command: ValueError."
    for personal in ("Aina 1", "@example.org", "+34600100001", World.api_key[-8:]):
        assert personal not in said


def test_a_fault_of_our_statements_is_no_database_that_is_away() -> None:
    assert unexpected.told(IntegrityError("UNIQUE constraint failed")).code == "command-stopped"
    assert unexpected.told(OperationalError("database is locked")).code == "database-unavailable"
