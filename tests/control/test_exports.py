"""Exports: who may configure them, what a save checks, the list, and what switches one on and off."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from tests.control.cast import actor
from tests.world import ADA, World, addresses, now, people
from traginer.contacts.errors import ColumnUnknown, EmailNotText
from traginer.control import configuration_errors as wrong
from traginer.control import connections, connections_account, exports, runs
from traginer.control.errors import NotAllowed, NotFound
from traginer.control.models import AuditEntry, Connection, Disablement, Export, Ledger
from traginer.control.spec import ConnectionSpec, ExportSpec
from traginer.errors import TraginerError

NAME = "Newsletter account"


def spec(name: str = "Loyal", **values: object) -> ExportSpec:
    words = {"connection": NAME, "list": 8, "email": "email", "segments": ["Catalan spenders"], **values}
    return ExportSpec.model_validate({"name": name, **words})


def newsletter() -> Export:
    return exports.get(ADA, "Newsletter")


def share(usable_by: object) -> None:
    Connection.objects.filter(name=NAME).update(usable_by=usable_by)


def second_account(world: World, name: str = "Second account", *, is_checked: bool = True) -> Connection:
    """Another connection with a key of the same account."""
    words = {"name": name, "api_key": world.api_key, "base_url": world.sandbox.base_url, "tier": "unlimited"}
    made = connections.create(
        ADA, ConnectionSpec.model_validate({**words, "consent": {"agreed_by": "ada@example.org", "text": "1"}}), now()
    )
    if is_checked:
        connections_account.check(ADA, made, now())
        made.refresh_from_db()
    return made


# Configuring


def test_an_export_takes_everything_the_form_asks_for_and_gives_it_back(world: World) -> None:
    """S25, S26, S29, S33, S34: connection, list, data matching, several segments; saved and found again."""
    world.apply(
        "segments:\n  - {name: All, source: Customers, rules: {all: [{field: customer_id, is_not_empty: true}]}}"
    )
    whole = spec(
        purpose="Monthly news",
        attributes={"FIRSTNAME": "first_name", "SMS": {"field": "phone", "region": "country"}},
        segments=["All", "Catalan spenders"],
        leavers="keep",
        consent={"field": "language", "values": ["ca", "es"]},
        schedule="none",
        timezone="Europe/Madrid",
        guards={"max_removals": 5, "min_contacts": 1, "max_contacts": 1000},
    )
    made = exports.create(ADA, whole, now())
    assert exports.spec_of(made) == whole
    assert exports.spec_of(exports.get(ADA, "Loyal")) == whole


def test_saving_an_export_runs_nothing(world: World) -> None:
    """S35: saving does not run the export."""
    before = world.requests()
    exports.create(ADA, spec(), now())
    exports.update(ADA, exports.get(ADA, "Loyal"), spec(list=7), now())
    assert world.requests() == before
    assert world.on_list(8) == set()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"email": "mail"}, ColumnUnknown),
        ({"email": "lifetime_value"}, EmailNotText),
        ({"attributes": {"FIRSTNAME": "given_name"}}, ColumnUnknown),
        ({"consent": "agreed"}, ColumnUnknown),
        ({"consent": "lifetime_value"}, wrong.ConsentFieldUnfit),
        ({"consent": "language"}, wrong.ConsentValuesMissing),
        ({"segments": ["Catalans"]}, NotFound),
        ({"connection": "Another account"}, NotFound),
    ],
)
def test_a_save_that_cannot_work_is_refused_and_keeps_the_export_as_it_was(
    world: World, values: dict[str, object], error: type[TraginerError]
) -> None:
    """S5, S30, S31, S32: the data matching is checked against the columns of the source."""
    before = exports.spec_of(newsletter())
    with pytest.raises(error):
        exports.update(ADA, newsletter(), spec("Newsletter", **values), now())
    with pytest.raises(error):
        exports.create(ADA, spec(**values), now())
    assert exports.spec_of(newsletter()) == before
    assert [export.name for export in exports.every(ADA)] == ["Newsletter"]


def test_a_source_without_a_text_column_for_addresses_is_refused(world: World) -> None:
    """S5: the form refuses a source without a usable text column."""
    with pytest.raises(EmailNotText, match="cannot hold e-mail addresses"):
        exports.create(ADA, spec(email="last_purchase_at"), now())


def test_no_two_exports_share_a_name_and_a_rename_keeps_its_ledger(world: World) -> None:
    world.run()
    exports.create(ADA, spec(), now())
    with pytest.raises(wrong.NameTaken, match='The name "Loyal" belongs to another export already'):
        exports.update(ADA, newsletter(), spec("Loyal", list=7), now())
    renamed = exports.spec_of(newsletter()).model_copy(update={"name": "News"})
    exports.update(ADA, newsletter(), renamed, now())
    assert world.run("News").counts["unchanged"] == 10


def test_a_copy_has_all_but_the_name_and_is_disabled_until_somebody_enables_it(world: World) -> None:
    world.run()
    copy = exports.duplicate(ADA, newsletter(), "Newsletter 2", now())
    expected = exports.spec_of(newsletter()).model_copy(update={"name": "Newsletter 2", "enabled": False})
    assert exports.spec_of(copy) == expected
    assert world.ledger("Newsletter 2") == {}
    with pytest.raises(wrong.ExportDisabled):
        world.run("Newsletter 2")
    exports.enable(ADA, copy)
    assert world.run("Newsletter 2").counts["added"] == 10


@pytest.mark.parametrize(
    ("usable_by", "who", "may"),
    [
        ("administrators", "ada", True),
        ("administrators", "bernat", False),
        ("contributors", "bernat", True),
        (["bernat@example.org"], "bernat", True),
        ("contributors", "carla", False),
    ],
)
def test_who_may_configure_an_export_hangs_on_its_connection(
    world: World, usable_by: object, who: str, may: bool
) -> None:
    """S23, S24, L2: only someone with access to the connection configures, switches, detaches or removes its exports."""
    share(usable_by)
    asking = actor(who)
    deeds = (
        lambda: exports.create(asking, spec("Made"), now()),
        lambda: exports.update(asking, newsletter(), exports.spec_of(newsletter()), now()),
        lambda: exports.duplicate(asking, newsletter(), "Copied", now()),
        lambda: exports.disable(asking, newsletter(), now()),
        lambda: exports.enable(asking, newsletter()),
        lambda: exports.detach(asking, newsletter(), now()),
        lambda: exports.attach(asking, newsletter(), Connection.objects.get(name=NAME)),
        lambda: exports.remove(asking, newsletter(), "leave", now()),
    )
    for deed in deeds:
        if may:
            deed()
        else:
            with pytest.raises((NotAllowed, NotFound)):
                deed()
    assert Export.objects.filter(name="Newsletter").exists() is not may
    shown = exports.permissions_of(asking, exports.every(ADA)[0])
    assert {shown.edit, shown.plan, shown.run, shown.schedule, shown.detach, shown.remove} == {may}


def test_a_contributor_does_not_take_an_export_over_by_moving_it_to_their_own_connection(world: World) -> None:
    second_account(world)
    Connection.objects.filter(name="Second account").update(usable_by="contributors")
    bernat, own = actor("bernat"), Connection.objects.get(name="Second account")
    for attempt in (
        lambda: exports.attach(bernat, newsletter(), own),
        lambda: exports.update(bernat, newsletter(), spec("Newsletter", connection="Second account"), now()),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    exports.detach(ADA, newsletter(), now())
    with pytest.raises(NotAllowed):
        exports.attach(bernat, newsletter(), own)
    assert newsletter().attached_to is None


# The list


def test_the_list_shows_what_people_look_for_and_what_they_may_do(world: World) -> None:
    """L5, L11: all roles see the exports, their connection and their last status; Your permissions says edit or view."""
    before = exports.listed(actor("carla"))
    assert [(row.name, row.status, row.refreshed_at) for row in before] == [("Newsletter", "", None)]
    world.run()
    row = exports.listed(actor("carla"))[0]
    assert (row.name, row.type, row.connection, row.list_id, row.state) == ("Newsletter", "brevo", NAME, 7, "active")
    assert (row.run, row.status, row.schedule) == (world.last_run().pk, "successful", {"kind": "system"})
    assert row.refreshed_at == world.last_run().finished_at
    assert [row.permissions.word for row in exports.listed(actor("carla"))] == ["View"]
    assert [row.permissions.word for row in exports.listed(actor("bernat"))] == ["View"]
    assert [row.permissions.word for row in exports.listed(ADA)] == ["Edit"]


@pytest.mark.parametrize(
    ("search", "found"),
    [("loy", ["Loyal"]), ("newsletter ACC", ["Loyal", "Newsletter"]), ("brevo", ["Loyal", "Newsletter"]), ("x", [])],
)
def test_the_list_is_searched_by_name_connection_and_type(world: World, search: str, found: list[str]) -> None:
    exports.create(ADA, spec(), now())
    assert [row.name for row in exports.listed(ADA, search)] == found


def test_the_list_asks_the_database_as_often_for_many_exports_as_for_one(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(database) as asked:
            exports.listed(actor("bernat"))
        return len(asked)

    actor("bernat")
    one = queries()
    for n in range(5):
        exports.create(ADA, spec(f"Export {n}"), now())
    assert queries() == one


@pytest.mark.parametrize("state", ["disabled", "detached", "being-removed"])
def test_the_list_says_what_keeps_an_export_from_running(world: World, state: str) -> None:
    world.run()
    if state == "disabled":
        exports.disable(ADA, newsletter(), now())
    elif state == "detached":
        exports.detach(ADA, newsletter(), now())
    else:
        exports.remove(ADA, newsletter(), "remove", now())
    row = exports.listed(ADA)[0]
    assert row.state == state
    assert row.connection == ("" if state == "detached" else NAME)


# On and off


def test_a_disabled_export_runs_neither_by_schedule_nor_on_demand_until_it_is_enabled(world: World) -> None:
    """S36, S37: what is switched off runs with no refresh and on no demand, and says who switched it off."""
    exports.disable(ADA, newsletter(), now(), "spring cleaning")
    assert exports.scheduled(ADA) == []
    before = world.requests()
    with pytest.raises(wrong.ExportDisabled, match='Ada disabled the export "Newsletter"'):
        world.run()
    with pytest.raises(wrong.ExportDisabled):
        runs.request(ADA, newsletter())
    assert world.requests() == before
    assert Disablement.objects.get().reason == "spring cleaning"
    exports.enable(ADA, newsletter())
    assert [export.name for export in exports.scheduled(ADA)] == ["Newsletter"]
    assert world.run().status == "successful"


def test_a_detached_export_keeps_its_configuration_and_does_not_run(world: World) -> None:
    """L10: a detached export keeps its configuration and does not run; attached again it goes on where it was."""
    world.run()
    before = exports.spec_of(newsletter())
    exports.detach(ADA, newsletter(), now(), "contract ends")
    assert exports.spec_of(newsletter()) == before.model_copy(update={"connection": None})
    assert exports.scheduled(ADA) == []
    with pytest.raises(wrong.ExportDetached):
        world.run()
    exports.attach(ADA, newsletter(), Connection.objects.get(name=NAME))
    assert exports.spec_of(newsletter()) == before
    assert world.run().counts["unchanged"] == 10


def test_an_export_goes_on_over_another_connection_to_the_same_account(world: World) -> None:
    """What the list holds because of it is not forgotten: who leaves is taken off, and nobody is sent again."""
    world.run()
    other = second_account(world)
    exports.detach(ADA, newsletter(), now())
    connections.remove(ADA, Connection.objects.get(name=NAME), now())
    exports.attach(ADA, newsletter(), other)
    world.forget_profile("C0003")
    view = world.run()
    assert (view.counts["unchanged"], view.counts["removed"], view.counts["added"]) == (9, 1, 0)
    assert world.on_list() == addresses(range(10)) - addresses([3])


def test_an_export_with_a_ledger_is_not_attached_to_an_account_nobody_has_looked_at(world: World) -> None:
    world.run()
    unknown = second_account(world, is_checked=False)
    with pytest.raises(wrong.ConnectionNotChecked):
        exports.attach(ADA, newsletter(), unknown)
    with pytest.raises(wrong.ConnectionNotChecked):
        exports.update(ADA, newsletter(), spec("Newsletter", connection="Second account"), now())
    assert newsletter().attached_to == Connection.objects.get(name=NAME)


def test_an_export_moved_to_another_account_begins_anew_and_finds_its_ledger_when_it_comes_back(world: World) -> None:
    world.run()
    other = second_account(world)
    Connection.objects.filter(pk=other.pk).update(account="another-organisation")
    other.refresh_from_db()
    exports.attach(ADA, newsletter(), other)
    assert exports.ledger_of(newsletter()) is None
    exports.attach(ADA, newsletter(), Connection.objects.get(name=NAME))
    assert set(world.ledger()) == addresses(range(10))


def test_whom_a_detached_export_put_on_a_list_is_not_taken_off_by_another_export(world: World) -> None:
    world.run()
    exports.create(ADA, spec("Others", list=7, guards={"max_shrink_percent": 100}), now())
    world.run("Others")
    exports.detach(ADA, newsletter(), now())
    world.forget_profile("C0004")
    assert (world.run("Others").counts["left"], addresses([4]) <= world.on_list()) == (1, True)
    exports.remove(ADA, newsletter(), "leave", now())
    world.put_profiles(people([4]))
    world.run("Others")
    world.forget_profile("C0004")
    assert world.run("Others").counts["removed"] == 1


def test_every_change_of_an_export_is_in_the_audit(world: World) -> None:
    exports.update(ADA, newsletter(), spec("Newsletter", list=9), now())
    exports.disable(ADA, newsletter(), now())
    exports.enable(ADA, newsletter())
    exports.detach(ADA, newsletter(), now())
    entries = AuditEntry.objects.filter(kind="export", name="Newsletter").order_by("sequence")
    told = [(entry.action, entry.before, entry.after) for entry in entries]
    assert [action for action, _, _ in told] == [*["export:write"] * 4, "export:detach"]
    assert told[0][1] == "null"
    assert ('"list":7' in told[1][1], '"list":9' in told[1][2]) == (True, True)
    assert NAME in told[4][1]
    before = entries.count()
    exports.update(ADA, newsletter(), exports.spec_of(newsletter()), now())
    assert entries.count() == before


def test_the_ledger_of_a_list_stays_with_the_export_whatever_it_is_called(world: World) -> None:
    world.run()
    exports.update(ADA, newsletter(), exports.spec_of(newsletter()).model_copy(update={"list_id": 8}), now())
    assert world.run().counts["added"] == 10
    assert Ledger.objects.count() == 2
