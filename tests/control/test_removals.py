"""The removal of an export: at once, or after a last run that takes off the list whom it put there."""

import pytest

from tests.world import ADA, MEANS, World, addresses, now, people
from traginer.control import configuration_errors as wrong
from traginer.control import consent, exports, runs, worker
from traginer.control.models import Connection, Export, Run
from traginer.control.spec import ExportSpec


def newsletter() -> Export:
    return exports.get(ADA, "Newsletter")


def last_run() -> Run:
    return runs.run_now(ADA, newsletter(), MEANS)[0]


def others(world: World) -> None:
    """A second export into the same list."""
    words = {"name": "Others", "connection": "Newsletter account", "list": 7, "email": "email"}
    world.apply(
        "segments:\n  - {name: Few, source: Customers, rules: {all: [{field: customer_id, is_one_of: [C0001, C0901]}]}}"
    )
    exports.create(ADA, ExportSpec.model_validate({**words, "segments": ["Few"]}), now())
    world.run("Others")


def test_an_export_removed_with_leave_is_gone_and_its_contacts_stay(world: World) -> None:
    """S41: an administrator can remove the export at any time; contacts on the list can be left."""
    world.run()
    before = world.requests()
    assert exports.remove(ADA, newsletter(), "leave", now())
    assert exports.every(ADA) == []
    assert world.on_list() == addresses(range(10))
    assert world.requests() == before


def test_an_export_removed_with_remove_takes_off_whom_it_put_there_and_nobody_else(world: World) -> None:
    """S41: or the memberships we made are removed, by a last run; the contacts stay contacts."""
    world.sandbox.add_contact("hand@example.org", list_ids=[7])
    world.run()
    others(world)
    assert not exports.remove(ADA, newsletter(), "remove", now())
    assert newsletter().name == "Newsletter"
    run = last_run()
    assert (run.status, run.counts["members"], run.counts["left"], run.counts["removed"]) == ("successful", 0, 10, 9)
    assert world.on_list() == addresses([1, 901]) | {"hand@example.org"}
    assert addresses(range(10)) <= world.sandbox.emails()
    assert [export.name for export in exports.every(ADA)] == ["Others"]


def test_the_last_run_needs_neither_the_source_nor_attributes_nor_to_be_enabled(world: World) -> None:
    world.run()
    exports.disable(ADA, newsletter(), now())
    world.profiles_file.unlink()
    exports.remove(ADA, newsletter(), "remove", now())
    assert last_run().status == "successful"
    assert world.on_list() == set()


def test_no_guard_holds_the_last_run_and_members_who_would_stay_by_policy_leave_too(world: World) -> None:
    words = exports.spec_of(newsletter()).model_dump(by_alias=True)
    guarded = {**words, "leavers": "keep", "guards": {"max_removals": 0, "min_contacts": 5}}
    exports.update(ADA, newsletter(), ExportSpec.model_validate(guarded), now())
    world.run()
    exports.remove(ADA, newsletter(), "remove", now())
    assert last_run().status == "successful"
    assert world.on_list() == set()


def test_an_export_that_never_ran_is_gone_at_once_either_way(world: World) -> None:
    assert exports.remove(ADA, newsletter(), "remove", now())
    assert exports.every(ADA) == []


def test_after_a_last_run_that_failed_the_export_is_still_there_and_can_be_left(world: World) -> None:
    world.run()
    exports.remove(ADA, newsletter(), "remove", now())
    world.sandbox.switch_off_key()
    assert last_run().status == "failure"
    assert newsletter().removed_at is None
    assert exports.remove(ADA, newsletter(), "leave", now())
    assert exports.every(ADA) == []


def test_a_detached_export_cannot_take_anybody_off(world: World) -> None:
    world.run()
    exports.detach(ADA, newsletter(), now())
    with pytest.raises(wrong.ExportDetached):
        exports.remove(ADA, newsletter(), "remove", now())
    assert exports.remove(ADA, newsletter(), "leave", now())


def test_a_removed_export_leaves_no_address_behind_and_its_history_stays(world: World) -> None:
    world.run()
    number = newsletter().pk
    exports.remove(ADA, newsletter(), "leave", now())
    assert not (world.home / "ledgers" / f"export-{number}").exists()
    assert [run.status for run in Run.objects.filter(export=number)] == ["successful"]
    assert runs.get(ADA, world.last_run().pk).export.name == "Newsletter"


def test_the_name_of_a_removed_export_is_free_again(world: World) -> None:
    world.run()
    exports.remove(ADA, newsletter(), "leave", now())
    world.apply()
    assert world.run().counts["added"] == 10
    assert Export.everything.filter(name="Newsletter").count() == 2


def test_what_was_confirmed_of_an_interrupted_run_is_kept_until_the_removed_export_has_stopped(world: World) -> None:
    """S41: a running run stops at the next safe point, its state kept; then whom it put there is taken off."""
    world.run()
    world.put_profiles(people([20, 21]))
    interrupted = world.cut_run()
    assert not exports.remove(ADA, newsletter(), "remove", now())
    run, resumed = runs.run_now(ADA, newsletter(), MEANS)
    assert [one.pk for one in resumed] == [interrupted.pk]
    assert run.status == "successful"
    assert world.on_list() == set()
    assert exports.every(ADA) == []


def test_a_run_under_way_keeps_its_ledger_until_it_has_stopped(world: World) -> None:
    """S41: removed at once; the run stops, and only then is what its lists hold because of us forgotten."""
    world.run()
    world.put_profiles(people([20, 21]))
    interrupted, number = world.cut_run(), newsletter().pk
    ledgers = world.home / "ledgers" / f"export-{number}"
    assert exports.remove(ADA, newsletter(), "leave", now())
    assert [*ledgers.glob("*.parquet")]
    Run.objects.filter(pk=interrupted.pk).update(try_again_at=None)
    assert worker.work_once(MEANS)
    interrupted.refresh_from_db()
    assert interrupted.status not in {"processing", "queued"}
    assert not ledgers.exists()


def test_the_last_run_is_asked_for_as_soon_as_the_one_under_way_has_stopped(world: World) -> None:
    world.run()
    world.put_profiles(people([20, 21]))
    interrupted = world.cut_run()
    assert not exports.remove(ADA, newsletter(), "remove", now())
    assert runs.request(ADA, newsletter()).status == "skipped"
    Run.objects.filter(pk=interrupted.pk).update(try_again_at=None)
    while worker.work_once(MEANS):
        pass
    assert world.on_list() == set()
    assert exports.every(ADA) == []


def test_a_last_run_that_failed_is_not_asked_for_again_by_itself(world: World) -> None:
    world.run()
    exports.remove(ADA, newsletter(), "remove", now())
    world.sandbox.switch_off_key()
    runs.request(ADA, newsletter())
    assert worker.work_once(MEANS)
    assert not worker.work_once(MEANS)
    assert world.last_run().status == "failure"


def test_while_an_export_is_being_removed_no_schedule_runs_it(world: World) -> None:
    world.run()
    exports.remove(ADA, newsletter(), "remove", now())
    assert exports.scheduled(ADA) == []


def test_a_removed_export_neither_runs_nor_is_attached_to_anything(world: World) -> None:
    export = newsletter()
    exports.remove(ADA, export, "leave", now())
    with pytest.raises(wrong.ExportRemoved, match='Ada removed the export "Newsletter"'):
        exports.require_runnable(export)


def test_a_run_under_way_is_told_what_wants_it_to_stop(world: World) -> None:
    world.run()
    run = world.last_run()
    exports.require_still_wanted(run)
    exports.disable(ADA, newsletter(), now())
    exports.require_still_wanted(run)
    consent.withdraw(ADA, newsletter().connection, now())
    with pytest.raises(wrong.ConsentWithdrawn):
        exports.require_still_wanted(run)
    exports.detach(ADA, newsletter(), now())
    with pytest.raises(wrong.ExportDetached):
        exports.require_still_wanted(run)
    elsewhere = Connection.objects.create(name="Elsewhere", base_url="http://127.0.0.1:9/v3", account="other")
    exports.attach(ADA, newsletter(), elsewhere)
    with pytest.raises(wrong.ExportMoved):
        exports.require_still_wanted(run)
    exports.remove(ADA, newsletter(), "leave", now())
    with pytest.raises(wrong.ExportRemoved):
        exports.require_still_wanted(run)
