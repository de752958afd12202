"""Plans of what nobody has saved, and whom a held run concerns."""

import pytest

from tests.control.cast import actor
from tests.world import ADA, CAST, CONFIGURATION, MEANS, World, people
from traginer.control import errors, exports, runs
from traginer.control.configuration_errors import ConnectionNotChecked, ExportDetached
from traginer.control.models import AuditEntry, Connection, Export, Run
from traginer.control.runs import Concerned
from traginer.control.spec import ExportSpec

SHARED = CONFIGURATION.replace("usable_by: administrators", "usable_by: contributors")


def draft(**values: object) -> ExportSpec:
    """An export of the shared world that nobody has saved."""
    words = {"name": "Draft", "connection": "Newsletter account", "list": 8, "email": "email"}
    return ExportSpec.model_validate({**words, "segments": ["Catalan spenders"], **values})


def planned(spec: ExportSpec, saved: Export | None = None, who: str = "Ada") -> dict[str, int]:
    return runs.plan_draft(CAST[who], exports.drafted(CAST[who], spec, saved), MEANS).figures


def held(world: World) -> Run:
    """A held run: five of ten would leave, one would be added, one has changed."""
    world.run()
    world.put_profiles([*people(range(5), lifetime_value=1.0), *people([20]), *people([9], first_name="Núria")])
    assert world.run().status == "held"
    return world.last_run()


def test_a_new_export_is_planned_before_it_is_saved_and_nothing_is_left_behind(world: World) -> None:
    """S8, S9: the effect is shown before anything is saved or sent."""
    world.put_profiles(people([20], email="not an address"))
    before = set(world.files())
    figures = planned(draft())
    assert (figures["members"], figures["added"], figures["invalid"]) == (11, 10, 1)
    assert set(world.files()) == before
    assert [export.name for export in Export.objects.all()] == ["Newsletter"]
    assert {request.method for request in world.sandbox.requests()} == {"GET"}


def test_a_changed_export_is_planned_against_its_own_ledger_and_stays_as_it_is(world: World) -> None:
    world.run()
    saved = exports.get(ADA, "Newsletter")
    spec = exports.spec_of(saved).model_copy(update={"attributes": {}})
    figures = planned(spec, saved)
    assert (figures["changed"], figures["added"], figures["unchanged"]) == (10, 0, 0)
    assert exports.get(ADA, "Newsletter").attributes


def test_another_list_begins_with_an_empty_ledger(world: World) -> None:
    world.run()
    saved = exports.get(ADA, "Newsletter")
    elsewhere = exports.spec_of(saved).model_copy(update={"list_id": 8})
    assert planned(elsewhere, saved)["added"] == 10
    assert planned(exports.spec_of(saved), saved)["unchanged"] == 10


def test_another_connection_to_the_same_account_brings_the_ledger_along(world: World) -> None:
    world.run()
    account = CONFIGURATION.split("segments:")[0].split("connections:\n")[1]
    second = account.replace("Newsletter account", "Second key")
    world.apply(CONFIGURATION.replace("segments:\n", f"{second}segments:\n", 1))
    saved = exports.get(ADA, "Newsletter")
    moved = exports.spec_of(saved).model_copy(update={"connection": "Second key"})
    with pytest.raises(ConnectionNotChecked):
        planned(moved, saved)
    Connection.objects.filter(name="Second key").update(account=saved.connection.account)
    assert planned(moved, saved)["unchanged"] == 10
    assert exports.get(ADA, "Newsletter").connection.name == "Newsletter account"


def test_a_draft_without_a_connection_has_nothing_to_be_planned_against(world: World) -> None:
    with pytest.raises(ExportDetached):
        planned(draft(connection=None))


@pytest.mark.parametrize(("who", "may"), [("Ada", True), ("Bernat", True), ("Carla", False), ("Dídac", False)])
def test_who_may_plan_a_draft(world: World, who: str, may: bool) -> None:
    world.apply(SHARED)
    try:
        assert planned(draft(), who=who)["added"] == 10
    except errors.NotAllowed:
        assert not may
    else:
        assert may


def test_a_held_run_names_whom_it_concerns(world: World) -> None:
    found = runs.concerned(ADA, held(world), MEANS)
    assert {change: [one.key for one in some] for change, some in found.first.items()} == {
        "left": ["C0000", "C0001", "C0002", "C0003", "C0004"],
        "added": ["C0020"],
        "changed": ["C0009"],
    }
    assert found.first["left"][0].email == "aina0@example.org"
    assert (found.totals, found.has_moved) == ({"left": 5, "added": 1, "changed": 1}, False)


def test_only_the_first_are_named_and_all_are_counted(world: World) -> None:
    found = runs.concerned(ADA, held(world), MEANS, limit=2)
    assert [one.key for one in found.first["left"]] == ["C0000", "C0001"]
    assert found.totals["left"] == 5


def test_it_is_told_where_the_profiles_have_moved_since_the_run_was_held(world: World) -> None:
    run = held(world)
    world.put_profiles(people([0]))
    assert runs.concerned(ADA, run, MEANS).has_moved


def test_a_held_run_is_about_its_own_list_wherever_its_export_points_by_now(world: World) -> None:
    run = held(world)
    world.apply(CONFIGURATION.replace("list: 7", "list: 8"))
    run.export.refresh_from_db()
    found = runs.concerned(ADA, run, MEANS)
    assert (found.totals["left"], found.has_moved) == (5, False)


def test_that_somebody_saw_whom_a_run_concerns_is_in_the_audit(world: World) -> None:
    run = held(world)
    runs.concerned(actor("ada"), run, MEANS)
    seen = AuditEntry.objects.get(action="profile:read")
    assert (seen.actor, seen.kind, seen.after) == ("ada@example.org", "run", '{"profiles":7}')


def test_who_may_not_see_profiles_sees_keys_and_addresses_masked(world: World) -> None:
    found = concerned_by_token(world, "run")
    assert found.is_masked
    assert found.first["left"][0] == runs.Person("C•••", "a•••")
    assert not AuditEntry.objects.filter(action="profile:read").exists()


def concerned_by_token(world: World, *scopes: str) -> Concerned:
    """As a token of Ada's with these scopes only."""
    run, ada = held(world), actor("ada")
    narrow = ada.__class__(ada.name, ada.role, ada.user_id, "api", scopes=frozenset(scopes))
    return runs.concerned(narrow, run, MEANS)


def test_a_run_that_is_not_held_concerns_nobody_any_more(world: World) -> None:
    run = held(world)
    runs.discard(ADA, run.pk, MEANS)
    run.refresh_from_db()
    with pytest.raises(errors.NothingHeld):
        runs.concerned(ADA, run, MEANS)


@pytest.mark.parametrize(("who", "may"), [("Ada", True), ("Bernat", False), ("Carla", False)])
def test_who_may_see_whom_a_held_run_concerns(world: World, who: str, may: bool) -> None:
    run = held(world)
    try:
        runs.concerned(CAST[who], run, MEANS)
    except errors.NotAllowed:
        assert not may
    else:
        assert may
