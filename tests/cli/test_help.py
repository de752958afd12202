"""What a newcomer reads first."""

import pytest

from tests.world import World
from traginer.cli.main import COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_says_what_it_does_and_cuts_no_sentence(world: World, command: str) -> None:
    said = world.cli(command, "--help")
    assert said.exit_code == 0
    assert f"Usage: traginer {command} " in said.out
    assert "...\n" not in said.out.partition("\n")[2]
    assert max(map(len, said.out.splitlines())) <= 120


def test_the_first_page_says_where_to_begin(world: World) -> None:
    said = world.cli("--help").out
    assert "To begin: traginer demo" in said
    assert all(f"\n  {name} " in said for name in COMMANDS)


def test_what_may_be_left_out_stands_in_brackets(world: World) -> None:
    for words in (("run",), ("runs",), ("ledger", "check"), ("schedule", "set")):
        assert "[EXPORT]\n" in world.cli(*words, "--help").out
