"""Connections: who sees what of them, who can use them, what lies behind them, and how they go."""

import dataclasses

import pytest

from tests.control.cast import actor
from tests.world import ADA, CONFIGURATION, World, now
from traginer.control import configuration_errors as wrong
from traginer.control import connections, connections_account, consent, exports, segments
from traginer.control.errors import ConsentMissing, NotAllowed, NotFound
from traginer.control.journal import Unwatched
from traginer.control.models import AuditEntry, Connection, Consent, ExportUser
from traginer.control.runs import Means
from traginer.control.spec import ConnectionSpec, ConsentSpec, ExportSpec
from traginer.errors import TraginerError

NAME = "Newsletter account"


def spec(world: World, name: str = "Shop account", **values: object) -> ConnectionSpec:
    words = {"api_key": world.api_key, "base_url": world.sandbox.base_url, "tier": "unlimited", **values}
    return ConnectionSpec.model_validate({"name": name, **words})


def stored() -> Connection:
    return Connection.objects.get(name=NAME)


def export_spec(name: str, connection: str | None = NAME, **values: object) -> ExportSpec:
    words = {"list": 8, "email": "email", "segments": ["Catalan spenders"], **values}
    return ExportSpec.model_validate({"name": name, "connection": connection, **words})


def test_a_display_name_is_required_and_no_two_connections_share_one(world: World) -> None:
    """S12: Display name is required and unique; S13, S14: name and type are shown together wherever it is chosen."""
    with pytest.raises(ValueError, match="name"):
        spec(world, name="")
    with pytest.raises(wrong.NameTaken, match='The name "Newsletter account" belongs to another connection already'):
        connections.create(ADA, spec(world, NAME), now())
    made = connections.create(ADA, spec(world), now())
    with pytest.raises(wrong.NameTaken):
        connections.update(ADA, made, spec(world, NAME), now())
    assert [(view.name, view.type) for view in connections.every(ADA)] == [(NAME, "brevo"), ("Shop account", "brevo")]


def test_a_connection_is_for_administrators_only_unless_somebody_says_otherwise(world: World) -> None:
    """S15, S16: who can use a connection is chosen; the default is administrators."""
    made = connections.create(ADA, spec(world), now())
    assert made.usable_by == "administrators"
    assert [view.name for view in connections.every(actor("bernat"))] == []


@pytest.mark.parametrize(
    ("usable_by", "who", "may"),
    [
        ("administrators", "ada", True),
        ("administrators", "bernat", False),
        ("contributors", "bernat", True),
        (["bernat@example.org"], "bernat", True),
        (["carla@example.org"], "bernat", False),
        (["carla@example.org"], "ada", True),
    ],
)
def test_who_finds_a_connection_is_who_may_use_it(world: World, usable_by: object, who: str, may: bool) -> None:
    """S17, S23, S28: contributors use what is shared with them; to the others it is as if it did not exist."""
    connections.share_with(ADA, stored(), usable_by)
    asking = actor(who)
    assert [view.name for view in connections.every(asking)] == ([NAME] if may else [])
    if may:
        assert connections.get(asking, NAME) == stored()
        exports.create(asking, export_spec("Mine"), now())
    else:
        with pytest.raises(NotFound) as unknown:
            connections.get(asking, "Newsletter acount")
        assert unknown.value.facts["guess"] == ""
        with pytest.raises(TraginerError):
            exports.create(asking, export_spec("Mine"), now())


def test_a_viewer_sees_no_connection(world: World) -> None:
    connections.share_with(ADA, stored(), "contributors")
    with pytest.raises(NotAllowed):
        connections.every(actor("carla"))


def test_a_contributor_sees_the_name_and_the_type_and_nothing_else(world: World) -> None:
    """L1: contributors cannot view or edit a connection: they see its display name and type."""
    connections.share_with(ADA, stored(), "contributors")
    bernat = actor("bernat")
    assert connections.every(bernat) == [connections.ConnectionView(NAME, "brevo", None)]
    full = connections.described(ADA, stored()).setup
    assert full is not None
    assert (full.key_tail, full.usable_by, full.exports) == (World.api_key[-4:], "contributors", ["Newsletter"])
    for attempt in (
        lambda: connections.update(bernat, stored(), spec(world, NAME), now()),
        lambda: connections.create(bernat, spec(world), now()),
        lambda: connections.remove(bernat, stored(), now()),
        lambda: connections.share_with(bernat, stored(), "administrators"),
        lambda: connections_account.check(bernat, stored(), now()),
        lambda: connections_account.connect(bernat, stored(), now()),
        lambda: connections_account.try_out(bernat, spec(world)),
        lambda: connections.become_export_user(bernat, stored(), "", now()),
        lambda: consent.withdraw(bernat, stored(), now()),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert AuditEntry.objects.filter(result="denied", actor="bernat@example.org").count() == 9


def test_a_share_lets_a_contributor_manage_every_export_of_the_connection_and_its_end_leaves_them_as_they_are(
    world: World,
) -> None:
    """L2, L3, L4: sharing is about all exports of the connection, whoever made them, and can change while they stay."""
    bernat = actor("bernat")
    with pytest.raises(NotAllowed):
        exports.disable(bernat, exports.get(bernat, "Newsletter"), now())
    connections.share_with(ADA, stored(), "contributors")
    exports.disable(bernat, exports.get(bernat, "Newsletter"), now())
    exports.create(bernat, export_spec("Of Bernat"), now())
    connections.share_with(ADA, stored(), "administrators")
    assert [export.name for export in exports.every(ADA)] == ["Newsletter", "Of Bernat"]
    with pytest.raises(NotAllowed):
        exports.enable(bernat, exports.get(bernat, "Newsletter"))


def test_a_key_is_kept_when_none_is_given_and_replaced_without_touching_exports(world: World) -> None:
    """S18: the key is write-only: no view holds more of it than its last four characters."""
    world.run()
    before = connections.api_key(stored())
    connections.update(ADA, stored(), spec(world, NAME, api_key=None, share=0.5), now())
    assert connections.api_key(stored()) == before
    other = f"xkeysib-{'9' * 64}-Another1Key2tail"
    connections.update(ADA, stored(), spec(world, NAME, api_key=other), now())
    assert connections.api_key(stored()) == other
    assert exports.get(ADA, "Newsletter").attached_to == stored()
    shown = str(dataclasses.asdict(connections.described(ADA, stored())))
    assert other[-4:] in shown
    assert other[-5:] not in shown
    entry = AuditEntry.objects.filter(action="connection:write").latest("sequence")
    assert other[-4:] in entry.after
    alike = f"xkeysib-{'7' * 64}-EndsAlike{other[-4:]}"
    connections.update(ADA, stored(), spec(world, NAME, api_key=alike), now())
    assert AuditEntry.objects.filter(action="connection:write").latest("sequence").sequence > entry.sequence
    assert other[-5:] not in entry.after


def test_a_change_by_a_person_keeps_what_a_run_wrote_meanwhile(world: World) -> None:
    stale = stored()
    world.run()
    connections.update(ADA, stale, spec(world, NAME, share=0.5), now())
    assert (stored().account, stored().holders, stored().share) != ("", "", 0.8)
    assert stored().account
    assert stored().holders


def test_the_check_shows_account_plan_room_attributes_and_lists(world: World) -> None:
    """S2, S3: the key is checked against the account: its name, its plan, room for contacts, lists with their sizes."""
    world.run()
    connections.update(ADA, stored(), spec(world, NAME, contact_limit=500), now())
    health = connections_account.check(ADA, stored(), now())
    account = health.account
    assert account is not None
    assert health.sentence == f"Connected to {account.company}"
    assert account.plans[0].active
    assert (account.contacts, account.contacts_left) == (len(world.sandbox.emails()), 500 - len(world.sandbox.emails()))
    assert account.attributes["SMS"].kind.value == "phone"
    assert {(one.list_id, one.name, one.contacts) for one in account.lists} >= {(7, "Newsletter", 10)}
    view = connections.described(ADA, stored()).setup
    assert view is not None
    assert (view.company, view.connected_at is not None) == (account.company, True)


def test_where_the_contract_is_not_known_the_room_is_not_made_up(world: World) -> None:
    """S9: Brevo does not tell what the contract allows: the operator does, or nobody."""
    found = connections_account.check(ADA, stored(), now()).account
    assert found is not None
    assert found.contacts_left is None


def test_a_check_that_fails_says_why_in_words_and_changes_nothing(world: World) -> None:
    """S20: Connect is a real call, and says exactly why not."""
    world.sandbox.switch_off_key()
    health = connections_account.check(ADA, stored(), now())
    assert health.account is None
    assert health.problem is not None
    assert health.problem.code == "brevo-key-off"
    assert NAME in health.sentence
    assert stored().connected_at is None


def test_the_key_of_another_account_is_no_way_into_its_lists(world: World) -> None:
    world.run()
    Connection.objects.update(account="another-organisation")
    health = connections_account.check(ADA, stored(), now())
    assert health.problem is not None
    assert health.problem.code == "brevo-account-changed"
    assert stored().account == "another-organisation"


def test_connect_wants_consent_first_and_then_really_asks(world: World) -> None:
    """S19, S20: I agree comes before Connect."""
    made = connections.create(ADA, spec(world), now())
    before = world.requests()
    with pytest.raises(ConsentMissing):
        connections_account.connect(ADA, made, now())
    assert world.requests() == before
    consent.agree(ADA, made, "1", now())
    assert connections_account.connect(ADA, made, now()).account is not None
    assert world.requests() > before
    assert Connection.objects.get(name="Shop account").company


def test_a_key_can_be_tried_out_before_anything_is_saved(world: World) -> None:
    good = connections_account.try_out(ADA, spec(world))
    bad = connections_account.try_out(ADA, spec(world, api_key="xkeysib-nobody"))
    assert (good.account is not None, good.problem) == (True, None)
    assert (bad.account, bad.problem is not None) == (None, True)
    assert [view.name for view in connections.every(ADA)] == [NAME]


def test_lists_are_picked_by_name_or_number_and_can_be_created(world: World) -> None:
    """S3, S29: a list can be picked by name with its size, or created."""
    connections.share_with(ADA, stored(), ["bernat@example.org"])
    bernat = actor("bernat")
    assert [one.list_id for one in connections_account.lists(bernat, stored(), "newsl")] == [7]
    assert [one.name for one in connections_account.lists(bernat, stored(), "8")] == ["Loyal customers"]
    made = connections_account.create_list(bernat, stored(), "Spring")
    assert [one.list_id for one in connections_account.lists(bernat, stored(), "Spring")] == [made.list_id]
    with pytest.raises(NotAllowed):
        connections_account.lists(actor("carla"), stored())


def test_no_list_is_created_without_consent(world: World) -> None:
    consent.withdraw(ADA, stored(), now())
    with pytest.raises(wrong.ConsentWithdrawn):
        connections_account.create_list(ADA, stored(), "Spring")
    assert [one.name for one in connections_account.lists(ADA, stored())] == ["Loyal customers", "Newsletter"]


def test_a_connection_in_use_is_not_removed_and_its_exports_are_named(world: World) -> None:
    """L10: a connection in use must have its exports removed or detached first."""
    with pytest.raises(wrong.ConnectionInUse, match='used by "Newsletter"'):
        connections.remove(ADA, stored(), now())
    exports.detach(ADA, exports.get(ADA, "Newsletter"), now())
    connections.remove(ADA, stored(), now())
    assert connections.every(ADA) == []
    assert exports.get(ADA, "Newsletter").attached_to is None


def test_what_a_removed_connection_did_stays_as_evidence_without_its_key(world: World) -> None:
    world.run()
    exports.detach(ADA, exports.get(ADA, "Newsletter"), now())
    connections.remove(ADA, stored(), now())
    row = Connection.everything.get()
    assert (row.encrypted_key, row.removed_by) == ("", "Ada")
    assert Consent.objects.get(connection=row).agreed_by == "ada@example.org"
    assert world.last_run().connection == row


def test_who_holds_which_number_is_known_over_every_connection_to_the_account(world: World) -> None:
    world.run()
    second = connections.create(ADA, spec(world), now())
    assert connections.holders_of(second) == []
    connections_account.check(ADA, second, now())
    known = connections.holders_of(stored())
    assert len(known) == 1
    assert connections.holders_of(Connection.objects.get(name="Shop account")) == known
    exports.detach(ADA, exports.get(ADA, "Newsletter"), now())
    connections.remove(ADA, stored(), now())
    assert connections.holders_of(Connection.objects.get(name="Shop account")) == known
    assert known[0].exists()


def test_the_name_of_a_removed_connection_is_free_again(world: World) -> None:
    exports.detach(ADA, exports.get(ADA, "Newsletter"), now())
    connections.remove(ADA, stored(), now())
    assert {item.outcome for item in world.apply(CONFIGURATION) if item.kind == "connection"} == {"created"}
    assert world.run().status == "successful"


def test_every_change_is_in_the_audit_with_before_and_after(world: World) -> None:
    connections.share_with(ADA, stored(), "contributors")
    connections.update(ADA, stored(), spec(world, NAME, usable_by="contributors", share=0.4), now())
    shared, changed = AuditEntry.objects.filter(kind="connection", name=NAME).order_by("sequence")[2:]
    assert (shared.action, '"administrators"' in shared.before, '"contributors"' in shared.after) == (
        "connection:share", True, True,
    )  # fmt: skip
    assert ('"share":0.8' in changed.before, '"share":0.4' in changed.after) == (True, True)
    assert World.api_key not in "".join(entry.before + entry.after for entry in AuditEntry.objects.all())


def test_a_connection_with_consent_needs_the_right_to_consent(world: World) -> None:
    token = dataclasses.replace(actor("ada"), scopes=frozenset({"write"}))
    connections.create(token, spec(world, "By token"), now())
    said = ConsentSpec(agreed_by="ada@example.org", text="1")
    with pytest.raises(NotAllowed):
        connections.create(token, spec(world, "By token, agreed").model_copy(update={"consent": said}), now())
    assert [view.name for view in connections.every(ADA)] == ["By token", NAME]


# The export user


def test_the_operator_is_the_export_user_by_name_of_what_they_made_on_the_command_line(world: World) -> None:
    """S21: the export user of a connection from a file is whoever applied it on this machine."""
    assert connections.require_export_user(stored()) == "Ada"
    assert world.run().status == "successful"


def test_a_connection_made_by_a_person_runs_once_somebody_answers_for_it(world: World) -> None:
    """S21, S22: Add yourself as export user asks for the password again and is kept with name and time."""
    ada = actor("ada", "web")
    made = connections.create(ada, spec(world), now())
    with pytest.raises(wrong.ExportUserMissing):
        connections.require_export_user(made)
    with pytest.raises(TraginerError) as refusal:
        connections.become_export_user(ada, made, "a wrong password", now())
    assert refusal.value.code == "entry-refused"
    assert not ExportUser.objects.filter(connection=made).exists()
    connections.become_export_user(ada, made, "four quiet copper kettles", now())
    assert connections.require_export_user(made) == "ada@example.org"


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "contributor"}])
def test_runs_stop_when_the_export_user_loses_the_right_and_another_administrator_takes_over(
    world: World, change: dict[str, object]
) -> None:
    """S21: if that person loses the right, runs stop and say so; another administrator can take over."""
    ada = actor("ada", "web")
    connections.become_export_user(ada, stored(), "four quiet copper kettles", now())
    assert world.run().status == "successful"
    person = ExportUser.objects.latest("pk").person
    assert person is not None
    for name, value in change.items():
        setattr(person, name, value)
    person.save()
    before = world.requests()
    with pytest.raises(wrong.ExportUserInactive, match="ada@example\\.org, the export user"):
        world.run()
    assert world.requests() == before
    connections.become_export_user(ADA, stored(), "", now())
    assert world.run().status == "successful"


def test_who_may_use_a_connection_is_one_of_two_words_or_addresses() -> None:
    assert connections.usable_by(["contributors"]) == "contributors"
    assert connections.usable_by(["Bernat@Example.org", "c@example.org"]) == ["bernat@example.org", "c@example.org"]
    for words in (["everybody"], ["contributors", "bernat@example.org"]):
        with pytest.raises(wrong.ShareUnknown):
            connections.usable_by(words)


def test_a_contributor_builds_segments_whatever_connection_there_is(world: World) -> None:
    """S4: segments are built in the product."""
    assert [segment.name for segment in segments.every(actor("bernat"))] == ["Catalan spenders"]


class GaveUp(Exception):
    """Somebody does not wait any longer."""


def test_whoever_looks_at_an_account_waits_for_its_limits_by_their_own_means(world: World) -> None:
    """S2: a request that may not take long gives up rather than wait for the hourly limit of the account."""
    world.apply(CONFIGURATION.replace("tier: unlimited", "tier: general\n    share: 0.001"))

    def gives_up(_: float) -> None:
        raise GaveUp

    hurried = Means(Unwatched(), sleep=gives_up)
    since = world.requests()
    with pytest.raises(GaveUp):
        connections_account.check(ADA, stored(), now(), hurried)
    with pytest.raises(GaveUp):
        connections_account.create_list(ADA, stored(), "Spring", hurried)
    assert world.requests() - since <= 3
