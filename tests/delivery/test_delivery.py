"""What a delivery promises, whatever the far side answers."""

import json
from itertools import chain
from pathlib import Path
from uuid import UUID

import pytest

from tests.delivery.world import World, fingerprint
from traginer.delivery import errors

PEOPLE = {f"p{n}@example.org": f"Name {n}" for n in range(20)}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def fingerprints(people: dict[str, str]) -> dict[str, UUID]:
    return {email: fingerprint(email, name) for email, name in people.items()}


def test_the_first_run_sends_everybody_and_the_ledger_says_so(world: World) -> None:
    done = world.run(PEOPLE)
    assert set(world.far_side.listed) == set(PEOPLE)
    assert world.ledger() == fingerprints(PEOPLE)
    assert (done.sent, done.confirmed, done.rejected, done.in_doubt) == (20, 20, 0, 0)


def test_no_body_is_larger_than_the_limit_and_none_is_wasteful(world: World) -> None:
    world.run(PEOPLE)
    sizes = [len(body) for body in world.far_side.bodies]
    assert max(sizes) <= world.body_bytes
    assert min(sizes[:-1]) > world.body_bytes - 80


def test_a_second_run_with_nothing_changed_asks_nothing(world: World) -> None:
    world.run(PEOPLE)
    imports = len(world.far_side.bodies)
    world.journal.scissors.steps = 0
    world.run(PEOPLE)
    assert world.changes.is_empty
    assert len(world.far_side.bodies) == imports
    assert world.far_side.removals == []


def test_only_the_changed_travel_and_only_the_left_are_removed(world: World) -> None:
    world.run(PEOPLE)
    world.far_side.bodies.clear()
    later = {**PEOPLE, "p3@example.org": "Another name", "new@example.org": "New"}
    del later["p7@example.org"], later["p8@example.org"]
    world.run(later)
    sent = [row["email"] for body in world.far_side.bodies for row in json.loads(body)["jsonBody"]]
    assert sorted(sent) == ["new@example.org", "p3@example.org"]
    assert sorted(chain.from_iterable(world.far_side.removals)) == ["p7@example.org", "p8@example.org"]
    assert "p7@example.org" in world.far_side.contacts
    assert world.ledger() == fingerprints(later)


def test_removals_travel_in_groups_of_the_limit(world: World) -> None:
    world.run(PEOPLE)
    world.run({"p0@example.org": "Name 0"})
    assert [len(emails) for emails in world.far_side.removals] == [3, 3, 3, 3, 3, 3, 1]


def test_add_only_keeps_those_who_left_on_list_and_ledger(world: World) -> None:
    world.run(PEOPLE)
    world.remove_leavers = False
    done = world.run({})
    assert (world.changes.left, done.removed) == (20, 0)
    assert set(world.far_side.listed) == set(PEOPLE) == set(world.ledger())


def test_a_member_whom_another_export_wants_stays_and_is_handed_over(world: World, tmp_path: Path) -> None:
    world.run(PEOPLE)
    other = World(tmp_path / "other", far_side=world.far_side)
    other.run({"p1@example.org": "Name 1"})
    world.claimed = [other.ledger_file] if other.ledger_file else []
    done = world.run({"p0@example.org": "Name 0"})
    assert "p1@example.org" in world.far_side.listed
    assert "p1@example.org" not in world.ledger()
    assert (world.changes.left, done.removed) == (19, 18)


def test_a_rejected_row_is_named_and_offered_again(world: World) -> None:
    world.far_side.rejects = lambda email: email in {"p2@example.org", "p9@example.org"}
    done = world.run(PEOPLE)
    assert (done.confirmed, done.rejected) == (18, 2)
    assert set(world.ledger()) == set(PEOPLE) - {"p2@example.org", "p9@example.org"}
    world.far_side.rejects = lambda _: False
    assert world.run(PEOPLE).sent == 2
    assert world.ledger() == fingerprints(PEOPLE)


def test_a_rejected_change_keeps_what_was_confirmed_before(world: World) -> None:
    world.run(PEOPLE)
    world.far_side.rejects = lambda email: email == "p2@example.org"
    world.run({**PEOPLE, "p2@example.org": "Changed"})
    assert world.ledger()["p2@example.org"] == fingerprint("p2@example.org", "Name 2")


@pytest.mark.parametrize(
    "layout",
    [
        lambda email: f'"{email}";"34600000000"',
        lambda email: f"12,{email.upper()},x",
        lambda email: f"\t{email}\t",
    ],
)
def test_report_files_are_read_whatever_their_layout(world: World, layout: object) -> None:
    world.far_side.rejects = lambda email: email == "p2@example.org"
    world.far_side.report_line = layout  # type: ignore[assignment]
    assert world.run(PEOPLE).rejected == 1
    assert "p2@example.org" not in world.ledger()


def test_report_lines_that_match_nobody_are_counted_not_guessed(world: World) -> None:
    world.far_side.rejects = lambda email: email == "p2@example.org"
    world.far_side.report_line = lambda _: "somebody.else@example.org"
    world.run(PEOPLE)
    assert sum(batch.unmatched for batch in world.journal.batches()) == 1


@pytest.mark.parametrize("answer", ["lost", "applied"])
def test_an_import_without_an_answer_is_sent_again_byte_for_byte(world: World, answer: str) -> None:
    world.body_bytes = 10_000
    world.far_side.answers = [answer]
    done = world.run(PEOPLE)
    assert len(set(world.far_side.bodies)) == 1
    assert (done.sent, done.confirmed) == (20, 20)
    assert [batch.tries for batch in world.journal.batches()] == [2]


def test_an_import_that_never_gets_an_answer_leaves_its_rows_in_doubt(world: World) -> None:
    world.body_bytes = 10_000
    world.far_side.answers = ["applied"] * 6
    done = world.run(PEOPLE)
    assert isinstance(world.error, errors.NoAnswer)
    assert (done.sent, done.confirmed, done.in_doubt) == (20, 0, 20)
    assert world.ledger() == dict.fromkeys(PEOPLE)


def test_rows_in_doubt_are_sent_again_while_wanted_and_taken_off_once_not(world: World) -> None:
    world.body_bytes = 10_000
    world.far_side.answers = ["applied"] * 6
    world.run(PEOPLE)
    fewer = {email: name for email, name in PEOPLE.items() if email != "p5@example.org"}
    done = world.run(fewer)
    assert (done.sent, done.removed) == (19, 1)
    assert set(world.far_side.listed) == set(fewer)
    assert world.ledger() == fingerprints(fewer)


def test_waiting_is_not_sending(world: World) -> None:
    world.body_bytes = 10_000
    world.far_side.answers = ["wait", "wait"]
    done = world.run(PEOPLE)
    assert (done.sent, done.confirmed) == (20, 20)
    assert [batch.tries for batch in world.journal.batches()] == [1]


def test_a_far_side_that_always_says_wait_ends_with_nothing_sent(world: World) -> None:
    world.far_side.answers = ["wait"] * 20
    done = world.run(PEOPLE)
    assert isinstance(world.error, errors.NoAnswer)
    assert (done.sent, done.in_doubt) == (0, 0)
    assert world.ledger() == {}


def test_a_batch_that_is_too_large_is_cut_in_half_until_it_fits(world: World) -> None:
    world.body_bytes = 10_000
    world.far_side.most_rows = 3
    done = world.run(PEOPLE)
    assert done.confirmed == 20
    assert world.ledger() == fingerprints(PEOPLE)
    assert max(len(json.loads(body)["jsonBody"]) for body in world.far_side.bodies) <= 3


def test_rejections_of_halves_are_those_of_their_own_rows(world: World) -> None:
    world.body_bytes = 10_000
    world.far_side.most_rows = 3
    world.far_side.rejects = lambda email: email == "p13@example.org"
    assert world.run(PEOPLE).rejected == 1
    assert set(world.ledger()) == set(PEOPLE) - {"p13@example.org"}


def test_a_row_that_is_too_large_alone_is_refused_and_the_rest_arrives(world: World) -> None:
    world.body_bytes = 10_000
    world.far_side.most_rows = 0
    done = world.run({"p1@example.org": "x", "p2@example.org": "y"})
    assert (done.confirmed, done.rejected) == (0, 2)
    assert world.error is None


def test_an_import_that_brevo_gives_up_leaves_its_rows_in_doubt_and_the_others_kept(world: World) -> None:
    world.run({"p1@example.org": "Name 1"})
    world.far_side.failing = True
    done = world.run(PEOPLE)
    assert isinstance(world.error, errors.ImportFailed)
    assert done.in_doubt > 0
    assert world.ledger()["p1@example.org"] == fingerprint("p1@example.org", "Name 1")


def test_an_import_that_never_ends_is_given_up_after_hours_and_stays_in_doubt(world: World) -> None:
    world.body_bytes = 10_000
    world.far_side.polls_until_done = 10**9
    done = world.run(PEOPLE)
    assert isinstance(world.error, errors.ImportStuck)
    assert done.in_doubt == 20


def test_a_body_that_was_tampered_with_is_not_sent(world: World) -> None:
    world.far_side.on_look = lambda: (world.journal.spool / "00001.json").write_bytes(b"{}")
    done = world.run(PEOPLE)
    assert isinstance(world.error, errors.SpoolDamaged)
    assert (done.sent, world.far_side.listed) == (0, {})


def test_an_import_in_doubt_stays_so_when_the_tries_after_it_certainly_failed(world: World) -> None:
    world.body_bytes = 10_000
    world.far_side.answers = ["applied", *["wait"] * 20]
    done = world.run(PEOPLE)
    assert isinstance(world.error, errors.NoAnswer)
    assert (done.sent, done.in_doubt) == (20, 20)
    assert world.ledger() == dict.fromkeys(PEOPLE)
    world.run({})
    assert world.far_side.listed == {}


@pytest.mark.parametrize("reason", ["brevo-email-invalid", "brevo-duplicate-phone", "brevo-other"])
def test_advancing_twice_changes_nothing(world: World, reason: str) -> None:
    world.run(dict.fromkeys(list(PEOPLE)[:10], "old"))
    world.far_side.rejects = lambda email: email in {"p3@example.org", "p13@example.org"}
    world.far_side.reject_reason = reason
    once = world.run(PEOPLE)
    before = world.ledger_rows()
    assert world.advance_again() == once
    assert world.ledger_rows() == before


def test_report_lines_that_name_nobody_at_all_are_counted(world: World) -> None:
    world.far_side.rejects = lambda email: email in {"p2@example.org", "p3@example.org", "p4@example.org"}
    world.far_side.report_line = lambda _: "12;x"
    world.body_bytes = 10_000
    world.run(PEOPLE)
    assert sum(batch.unmatched for batch in world.journal.batches()) == 3


@pytest.mark.parametrize("cut_at", range(1, 46))
def test_a_delivery_cut_at_any_step_ends_as_if_it_had_not_been(tmp_path: Path, cut_at: int) -> None:
    world = World(tmp_path, body_bytes=700)
    world.run(dict.fromkeys([*PEOPLE, "gone1@example.org", "gone2@example.org"], "old"))
    world.far_side.rejects = lambda email: email == "p4@example.org"
    world.run(PEOPLE, cut_at=cut_at)
    assert set(world.far_side.listed) == set(PEOPLE)
    wanted = fingerprints(PEOPLE) | {"p4@example.org": fingerprint("p4@example.org", "old")}
    assert world.ledger() == wanted
