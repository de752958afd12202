"""`traginer ledger` at a terminal and for machines: counts and sentences, never an address."""

import contextlib
import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.world import ADA, CONFIGURATION, TRAGINER, World, addresses
from traginer.control import exports

HAND = "hand@example.org"


@pytest.fixture
def carried(world: World) -> World:
    """Ten members on list 7, and one contact that somebody put there by hand."""
    world.run()
    world.sandbox.add_contact(HAND, list_ids=[7])
    return world


def ledger_file(world: World) -> Path:
    path = exports.ledger_of(exports.get(ADA, "Newsletter"))
    assert path is not None
    return path


def test_a_whole_ledger_is_said_to_be_whole(carried: World) -> None:
    said = carried.cli("ledger", "check", "Newsletter")
    assert said.exit_code == 0
    assert "The ledger is whole: 10 contacts, 0 of them in doubt" in said.out
    assert "Brevo counts 11 contacts on the list" in said.out


def test_without_a_name_every_ledger_is_checked(carried: World) -> None:
    carried.apply(CONFIGURATION.replace("name: Newsletter\n", "name: Second\n").replace("list: 7", "list: 8"))
    said = carried.cli("ledger", "check")
    assert said.exit_code == 0
    assert "no run has filled the list" in said.out
    found = carried.cli("ledger", "check", "--json").json
    assert [(one["export"], one["rows"], one["is_whole"]) for one in found] == [
        ("Newsletter", 10, True),
        ("Second", 0, True),
    ]


def test_a_ledger_that_is_not_whole_ends_with_1_and_says_what_to_type(
    carried: World,
) -> None:
    ledger_file(carried).write_bytes(b"PAR1")
    said = carried.cli("ledger", "check", "Newsletter")
    assert said.exit_code == 1
    assert "(ledger-damaged)" in said.out
    assert 'traginer ledger rebuild "Newsletter"' in said.out
    found = carried.cli("ledger", "check", "Newsletter", "--json")
    assert (found.exit_code, found.json["is_whole"], found.json["trouble"]["code"]) == (
        1,
        False,
        "ledger-damaged",
    )


def test_a_deep_check_counts_who_is_missing_and_who_is_not_ours(carried: World) -> None:
    assert carried.cli("ledger", "check", "Newsletter", "--deep").exit_code == 0
    carried.sandbox.take_off(7, *addresses([1, 2]))
    said = carried.cli("ledger", "check", "Newsletter", "--deep")
    assert said.exit_code == 3
    assert "on the list and not in the ledger" in said.out
    found = carried.cli("ledger", "check", "Newsletter", "--deep", "--json").json
    assert found["compared"] == {"both": 8, "gone": 2, "others": 1}
    assert "@" not in said.out + said.err
    assert carried.cli("ledger", "check", "--deep").exit_code == 2


def test_an_account_that_cannot_be_reached_ends_a_check_with_1(carried: World) -> None:
    carried.sandbox.switch_off_key()
    said = carried.cli("ledger", "check", "Newsletter")
    assert said.exit_code == 1
    assert "The ledger is whole" in said.out
    assert "(brevo-key-off)" in said.out


def test_a_rebuild_says_what_it_has_done_and_the_next_run_carries_on(
    carried: World,
) -> None:
    ledger_file(carried).unlink()
    assert "(ledger-missing)" in carried.cli("run", "Newsletter").out
    said = carried.cli("ledger", "rebuild", "Newsletter", "--yes")
    assert said.exit_code == 0
    assert "11  contacts on the list (Brevo counts 11)" in said.out
    assert "10  are taken into the ledger" in said.out
    assert "1  stay on the list and out of the ledger: no run takes them off" in said.out
    assert "Done. Run the export next." in said.out
    assert "@" not in said.out + said.err
    assert carried.cli("run", "Newsletter").exit_code == 0
    assert carried.on_list() == set(carried.ledger()) | {HAND} == addresses(range(10)) | {HAND}


def test_a_rebuild_for_machines_only_shows_unless_it_is_given_yes(
    carried: World,
) -> None:
    before = ledger_file(carried)
    shown = carried.cli("ledger", "rebuild", "Newsletter", "--json")
    assert shown.exit_code == 0
    assert shown.json == {
        "export": "Newsletter", "list_id": 7, "kept": False, "counted": 11, "listed": 11, "claimed": 10, "in_doubt": 0,
        "unwanted": 0, "others": 1, "to_add": 0, "dropped": 0, "former": 10,
    }  # fmt: skip
    assert ledger_file(carried) == before
    assert carried.cli("ledger", "rebuild", "Newsletter", "--json", "--yes").json["kept"] is True
    assert ledger_file(carried) != before


def test_a_rebuild_that_can_ask_nobody_asks_for_yes(carried: World) -> None:
    since = carried.requests()
    said = carried.command("ledger", "rebuild", "Newsletter")
    assert said.exit_code == 2
    assert "--yes" in said.err
    assert carried.requests() == since


@pytest.mark.parametrize(("answer", "kept"), [("y", True), ("n", False)])
def test_a_person_is_asked_before_the_ledger_is_replaced(carried: World, answer: str, kept: bool) -> None:
    before = ledger_file(carried)
    exit_code, told = typed(["ledger", "rebuild", "Newsletter"], answer)
    assert exit_code == 0, told
    assert "10  are taken into the ledger" in told
    assert ("Done." in told, "Nothing was changed." in told) == (kept, not kept)
    assert (ledger_file(carried) != before) is kept


def typed(arguments: list[str], answer: str) -> tuple[int, str]:
    """How a command at a terminal ends that is given this answer, and what the terminal shows."""
    terminal, theirs = pty.openpty()
    dumb = {**os.environ, "TERM": "dumb"}
    with subprocess.Popen([TRAGINER, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=dumb) as process:
        os.close(theirs)
        os.write(terminal, f"{answer}\n".encode())
        shown = b""
        with contextlib.suppress(OSError):  # a terminal whose other end is closed
            while piece := os.read(terminal, 4096):
                shown += piece
        os.close(terminal)
    return process.returncode, shown.decode()


def test_an_unknown_export_is_not_found(carried: World) -> None:
    for command in ("check", "rebuild"):
        said = carried.cli("ledger", command, "Newsleter", "--json")
        assert said.exit_code == 1
        assert "(not-found)" in said.err
