"""The profiles that a run left out: who may see them, in which order they come, and what is noted of it."""

import csv
import json

import pytest

from tests.control.cast import account
from tests.world import ADA, CAST, World, people
from traginer.control import rejections
from traginer.control.errors import NotAllowed
from traginer.control.models import AuditEntry
from traginer.control.rights import Actor


@pytest.fixture
def left_out(world: World) -> World:
    """Five profiles without an address have been left out by run 1."""
    world.put_profiles(people(range(50, 55), email="no address"))
    world.run()
    return world


def noted() -> list[tuple[str, str, int]]:
    """Who saw the rejections of which run, and how many."""
    seen = AuditEntry.objects.filter(action="rejection:read", result="done").order_by("sequence")
    return [(entry.actor, entry.name, json.loads(entry.after)["profiles"]) for entry in seen]


@pytest.mark.parametrize(("who", "may"), [("Ada", True), ("Bernat", True), ("Carla", False), ("Dídac", False)])
def test_who_may_see_whom_a_run_left_out(left_out: World, who: str, may: bool) -> None:
    """L5, L11: keys of profiles are not for viewers; whoever sees them is in the audit."""
    file = left_out.folder / "all.csv"
    if may:
        assert rejections.first(CAST[who], 1, 3).total == 5
        assert rejections.write_csv(CAST[who], 1, file) == 5
        assert noted() == [(who, "1", 3), (who, "1", 5)]
        return
    for read in (lambda: rejections.first(CAST[who], 1, 3), lambda: rejections.write_csv(CAST[who], 1, file)):
        with pytest.raises(NotAllowed):
            read()
    assert (noted(), file.exists()) == ([], False)


def test_a_token_that_may_only_run_reads_no_rejections(left_out: World) -> None:
    with pytest.raises(NotAllowed):
        rejections.first(Actor("Ada", "administrator", scopes=frozenset({"run"})), 1, None)


def test_pages_of_rejections_hold_each_one_once_and_in_order(left_out: World) -> None:
    whole = [row.key for row in rejections.first(ADA, 1, None).rows]
    pages = [rejections.first(ADA, 1, 2, start) for start in (0, 2, 4, 6)]
    assert [row.key for page in pages for row in page.rows] == whole == [f"C00{n}" for n in range(50, 55)]
    assert {page.total for page in pages} == {5}
    assert [count for _, _, count in noted()] == [5, 2, 2, 1]  # nobody was seen on the last page


def test_the_command_asks_for_the_right_too_and_notes_the_reading(left_out: World) -> None:
    for name in ("bernat", "carla"):
        account(name)
    file = left_out.folder / "all.csv"
    for words in (("rejections", "1"), ("rejections", "1", "--csv", str(file)), ("rejections", "1", "--json")):
        refused = left_out.cli("--as", "carla@example.org", *words)
        assert (refused.exit_code, "(not-allowed)" in refused.err, "C0050" in refused.out) == (1, True, False)
    assert not file.exists()
    assert "C0050" in left_out.cli("--as", "bernat@example.org", "rejections", "1").out
    assert left_out.cli("--as", "bernat@example.org", "rejections", "1", "--csv", str(file)).exit_code == 0
    with file.open(encoding="utf-8") as lines:
        assert len(list(csv.DictReader(lines))) == 5
    assert noted() == [("bernat@example.org", "1", 5)] * 2
