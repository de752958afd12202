"""Which lists an export holds, what other exports into the same list mean, and which account it is."""

import pytest

from tests.world import ADA, CONFIGURATION, MEANS, World, addresses, people
from traginer import home
from traginer.control import errors, exports, runs
from traginer.control.models import Connection, Ledger, Run

OTHERS = """
segments:
  - {name: Everybody, source: Customers, rules: {all: [{field: customer_id, is_not_empty: true}]}}
exports:
  - {name: Others, connection: Newsletter account, list: 7, email: email, segments: [Everybody], guards: {max_shrink_percent: 100}}
"""


def test_a_member_leaves_the_list_and_stays_a_contact(world: World) -> None:
    world.run()
    world.forget_profile("C0003")
    assert world.run().counts["removed"] == 1
    assert world.on_list() == addresses(range(10)) - addresses([3])
    assert addresses([3]) <= world.sandbox.emails()


def test_contacts_that_others_put_on_the_list_are_left_alone(world: World) -> None:
    world.sandbox.add_contact("hand@example.org", list_ids=[7])
    world.run()
    world.forget_profile("C0003")
    world.run()
    assert "hand@example.org" in world.on_list()


def test_two_exports_into_one_list_a_member_leaves_only_when_no_export_wants_it(world: World) -> None:
    world.run()
    world.apply(OTHERS)
    world.run("Others")
    assert world.on_list() == addresses([*range(10), 901, 902])
    world.put_profiles(people([0], lifetime_value=1.0))
    left = world.run()
    assert (left.counts["left"], left.counts["removed"]) == (1, 0)
    assert addresses([0]) <= world.on_list()
    world.forget_profile("C0000")
    assert world.run("Others").counts["removed"] == 1
    assert world.on_list() == addresses([*range(1, 10), 901, 902])


def test_changing_the_list_starts_a_new_ledger_and_keeps_the_old(world: World) -> None:
    world.run()
    old = world.ledger()
    world.apply(CONFIGURATION.replace("list: 7", "list: 8"))
    assert world.ledger() == {}
    moved = world.run()
    assert (moved.counts["added"], moved.counts["left"]) == (10, 0)
    assert world.on_list(7) == world.on_list(8) == addresses(range(10))
    world.forget_profile("C0001")
    world.apply(CONFIGURATION)
    assert world.ledger() == old
    assert world.run().counts["removed"] == 1
    assert world.on_list(8) == addresses(range(10))


def test_an_interrupted_run_ends_in_the_list_it_began_with(world: World) -> None:
    world.run()
    world.put_profiles(people([20, 21]))
    interrupted = world.cut_run()
    world.apply(CONFIGURATION.replace("list: 7", "list: 8"))
    run, resumed = runs.run_now(ADA, exports.get(ADA, "Newsletter"), MEANS)
    assert [(one.pk, one.list_id) for one in resumed] == [(interrupted.pk, 7)]
    assert run.list_id == 8
    assert world.on_list(7) == world.on_list(8) == addresses([*range(10), 20, 21])
    assert {row.list_id: row.file.partition(".")[0] for row in Ledger.objects.all()} == {
        7: f"list-7-run-{interrupted.pk}-{resumed[0].token}",
        8: f"list-8-run-{run.pk}-{run.token}",
    }
    for list_id in (7, 8):
        assert set(world.ledger(list_id=list_id)) == addresses([*range(10), 20, 21])


def test_a_key_of_another_account_is_refused_before_anything_is_sent(world: World) -> None:
    world.run()
    Connection.objects.update(account="another-organisation")
    world.put_profiles(people([20]))
    before = world.requests()
    view = world.run()
    assert (view.status, view.why.code) == ("failure", "brevo-account-changed")
    assert world.imported(before) == []
    assert set(world.ledger()) == addresses(range(10))


def test_a_new_key_is_no_way_into_another_account(world: World) -> None:
    """With a new key everything Brevo said before is forgotten, but not which account the ledgers are about."""
    world.run()
    Connection.objects.update(account="another-organisation", encrypted_key="")
    world.apply(CONFIGURATION)
    before = world.requests()
    assert world.run().why.code == "brevo-account-changed"
    assert world.imported(before) == []


def test_a_new_key_of_the_same_account_goes_on_as_before(world: World) -> None:
    world.run()
    Connection.objects.update(encrypted_key="")
    world.apply(CONFIGURATION)
    view = world.run()
    assert (view.status, view.counts["unchanged"], view.bytes) == ("successful", 10, 0)


def test_an_unknown_export_is_not_found_with_a_guess(world: World) -> None:
    with pytest.raises(errors.NotFound, match='Did you mean "Newsletter"'):
        world.run("Newsleter")


def test_an_export_that_only_adds_keeps_those_who_left(world: World) -> None:
    world.apply(CONFIGURATION.replace("leavers: remove", "leavers: keep"))
    world.run()
    world.forget_profile("C0003")
    view = world.run()
    assert (view.counts["left"], view.counts["removed"], view.counts["still_on_list"]) == (1, 0, 1)
    assert world.on_list() == addresses(range(10))
    assert Run.objects.count() == 2


def test_a_list_of_the_same_number_in_another_account_keeps_its_own_ledger(world: World) -> None:
    """A run removes the former file of its own list, and none that another list of the export goes by."""
    world.run()
    here = Ledger.objects.get()
    other = Connection.objects.create(name="Second account", base_url="http://127.0.0.1:1/v3", account="another")
    there = Ledger.objects.create(export_id=here.export_id, connection=other, list_id=here.list_id, file=here.file)
    world.forget_profile("C0003")
    world.run()
    here.refresh_from_db()
    assert here.file != there.file
    assert {path.name for path in home.ledgers(here.export_id).iterdir()} == {here.file, there.file}
