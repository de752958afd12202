"""Looking a profile up: who finds whom, which segments it is in and why, and what each export makes of it."""

from datetime import UTC, datetime

import pytest

from tests.control.cast import actor
from tests.world import ADA, MEANS, World, now, people
from traginer.control import exports, profiles, runs, segments
from traginer.control.errors import NotAllowed
from traginer.control.models import AuditEntry, Export, Source
from traginer.control.profiles import Next, Profile, ProfileUnknown, Wanted
from traginer.control.profiles.exported import Carried
from traginer.control.spec import SegmentSpec
from traginer.values import AsOf

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def source() -> Source:
    return Source.objects.get()


def found(who: str, text: str) -> list[str]:
    return [one.key for one in profiles.search(actor(who), source(), text).rows]


def looked(key: str, who: str = "ada") -> Profile:
    return profiles.look(actor(who), source(), profiles.reference_of(key), AT)


def newsletter(key: str, who: str = "ada") -> Carried:
    return next(one for one in looked(key, who).exports if one.export.name == "Newsletter")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("C0003", ["C0003"]),
        ("c0003", ["C0003"]),
        ("AINA3@example.org", ["C0003"]),
        ("  aina   3 ", ["C0003"]),
        ("pous", [f"C{n:04}" for n in [*range(10), 901, 902]]),
        ("aina90", ["C0901", "C0902"]),
        ("Àina 90", ["C0901", "C0902"]),
        ("nobody", []),
        ("", []),
    ],
)
def test_a_profile_is_found_by_key_address_or_name_in_any_case_whole_or_by_its_beginning(
    world: World, text: str, keys: list[str]
) -> None:
    assert found("bernat", text) == keys


def test_what_is_found_whole_comes_before_what_only_begins_so(world: World) -> None:
    world.put_profiles(people([30], first_name="C0003", last_name=""))
    assert found("ada", "C0003") == ["C0003", "C0030"]


def test_a_search_gives_a_bounded_number_and_says_that_there_are_more(world: World) -> None:
    few = profiles.search(ADA, source(), "Pous", 3)
    assert ([one.key for one in few.rows], few.has_more) == (["C0000", "C0001", "C0002"], True)


def test_viewers_find_only_whom_they_can_name_whole_and_see_values_masked(world: World) -> None:
    """L5, L11: a search by beginnings would spell an address out letter by letter."""
    assert found("carla", "aina3@exampl") == []
    [one] = profiles.search(actor("carla"), source(), "aina3@example.org").rows
    assert (one.key, one.name, one.email) == ("C•••", "A•••", "a•••")
    assert not AuditEntry.objects.filter(action="profile:read").exists()
    with pytest.raises(NotAllowed):
        profiles.search(actor("dídac"), source(), "aina3@example.org")


def test_that_somebody_saw_a_profile_is_in_the_audit_without_its_key(world: World) -> None:
    looked("C0003", "bernat")
    seen = AuditEntry.objects.get(action="profile:read")
    assert (seen.actor, seen.kind, seen.name) == ("bernat@example.org", "profile", profiles.reference_of("C0003"))
    looked("C0003", "carla")
    assert AuditEntry.objects.filter(action="profile:read").count() == 1


def test_what_was_typed_can_stand_in_an_address_without_being_read_there(world: World) -> None:
    token = profiles.sealed("aina3@example.org")
    assert "aina3" not in token
    assert (profiles.unsealed(token), profiles.unsealed("aina3@example.org")) == ("aina3@example.org", "")


def test_a_profile_is_told_with_each_rule_that_keeps_it_out_of_a_segment(world: World) -> None:
    world.put_profiles(people([40], lifetime_value=10.0))
    [segment] = looked("C0040").belongings
    assert segment.explanation is not None
    assert not segment.belongs
    told = [(one.sentence, one.holds, one.value) for one in segment.explanation.answers if one.field]
    assert told[:2] == [('language is "ca"', True, "ca"), ("lifetime_value is at least 500", False, "10.0")]
    assert (told[2][1:], told[3][1:]) == ((False, ""), (True, "ES"))


def test_a_select_says_of_a_profile_only_whether_it_gives_its_key(world: World) -> None:
    spec = {"name": "French", "source": "Customers", "sql": "SELECT customer_id FROM profiles WHERE language = 'fr'"}
    segment = segments.create(ADA, SegmentSpec.model_validate(spec))
    as_of = AsOf(AT, "UTC")
    inside, outside = (profiles.explain(ADA, segment, profiles.reference_of(key), as_of) for key in ("C0901", "C0001"))
    assert (inside.belongs, outside.belongs, inside.answers) == (True, False, ())
    assert {one.segment.name: one.belongs for one in looked("C0901").belongings} == {
        "Catalan spenders": False,
        "French": True,
    }


def test_a_profile_on_a_list_is_told_with_the_run_that_confirmed_it(world: World) -> None:
    assert newsletter("C0003").next is Next.ADD
    view = world.run()
    carried = newsletter("C0003")
    assert (carried.wanted, carried.next, carried.through) == (Wanted.WANTED, Next.NOTHING, ("Catalan spenders",))
    [row] = carried.listed
    assert (row.list_id, row.email, row.is_confirmed, row.run) == (7, "aina3@example.org", True, view.run)
    assert carried.contact is not None
    assert carried.contact.attributes["FIRSTNAME"] == "Aina 3"


def test_what_a_run_would_do_with_a_profile_is_what_it_then_does(world: World) -> None:
    world.run()
    world.put_profiles(people([3], first_name="Anna"))
    world.put_profiles(people([4], language="fr"))
    world.put_profiles(people([50]))
    told = {key: newsletter(key).next for key in ("C0003", "C0004", "C0050", "C0005", "C0901")}
    assert told == {
        "C0003": Next.CHANGE,
        "C0004": Next.TAKE_OFF,
        "C0050": Next.ADD,
        "C0005": Next.NOTHING,
        "C0901": Next.NOTHING,
    }
    counts = world.run().counts
    assert (counts["added"], counts["changed"], counts["left"]) == (1, 1, 1)
    Export.objects.update(leavers="keep")
    world.put_profiles(people([6], language="fr"))
    assert newsletter("C0006").next is Next.KEEP


@pytest.mark.parametrize(
    ("values", "reason", "winner"),
    [
        ({"email": None}, "email-missing", ""),
        ({"email": "no address"}, "email-invalid", ""),
        ({"email": " AINA3@example.org"}, "email-duplicate", "C0003"),
    ],
)
def test_why_a_member_is_not_sent_is_told_before_and_after_a_run(
    world: World, values: dict[str, object], reason: str, winner: str
) -> None:
    """S5: each profile without a usable address is invalid, with a reason."""
    world.put_profiles(people([60], **values))
    carried = newsletter("C0060")
    assert (carried.wanted, carried.reason, carried.winner) == (Wanted.INVALID, reason, winner)
    assert carried.left_out == ()
    view = world.run()
    [line] = newsletter("C0060").left_out
    assert (line.run, line.kind, line.reason, line.winner) == (view.run, "invalid", reason, winner)


def test_a_shared_number_is_told_as_a_warning_though_only_its_kin_is_read(world: World) -> None:
    world.put_profiles(people([61], phone="0034 600 10 00 03"))
    world.run()  # by then Brevo has told that SMS is a number
    assert newsletter("C0061").warnings == (("phone-shared", "phone"),)
    assert newsletter("C0004").warnings == ()


def test_viewers_see_what_becomes_of_a_profile_and_no_value_of_it_or_of_its_winner(world: World) -> None:
    world.put_profiles(people([60], email="aina3@example.org"))
    world.run()
    profile = looked("C0060", "carla")
    [carried] = profile.exports
    assert (carried.reason, carried.winner, carried.left_out, carried.contact) == ("email-duplicate", "", (), None)
    [row] = looked("C0003", "carla").exports[0].listed
    assert (row.email, row.key) == ("a•••", "")
    assert "aina" not in repr(profile)
    assert "C0003" not in repr(profile.exports)


def test_an_export_that_cannot_be_understood_says_why_and_hides_nothing_else(world: World) -> None:
    Export.objects.update(email="mail")
    carried = newsletter("C0003")
    assert carried.trouble is not None
    assert (carried.wanted, carried.trouble.code, carried.next) == (Wanted.UNKNOWN, "column-unknown", Next.UNKNOWN)


def test_a_profile_is_asked_for_in_the_time_zone_of_the_export(world: World) -> None:
    """The days of a rule begin where the export says: at noon in UTC it is tomorrow in Kiritimati."""
    rules = {"field": "last_purchase_at", "day_of": 2}
    segments.update(
        ADA,
        segments.get(ADA, "Catalan spenders"),
        SegmentSpec.model_validate({"name": "Catalan spenders", "source": "Customers", "rules": rules}),
    )
    Export.objects.update(timezone="Pacific/Kiritimati")
    [belonging] = looked("C0003").belongings
    assert belonging.zone == "Pacific/Kiritimati"


def test_a_profile_that_is_not_there_is_none(world: World) -> None:
    for reference in (profiles.reference_of("C9999"), "1", "' OR true --"):
        with pytest.raises(ProfileUnknown):
            profiles.look(ADA, source(), reference, AT)
    assert profiles.find(ADA, source(), "AINA3@example.org") == profiles.reference_of("C0003")
    with pytest.raises(ProfileUnknown):
        profiles.find(ADA, source(), "aina3@exampl")


def test_an_export_being_removed_takes_the_profile_off(world: World) -> None:
    world.run()
    exports.remove(ADA, exports.get(ADA, "Newsletter"), "remove", now())
    carried = newsletter("C0003")
    assert (carried.wanted, carried.next) == (Wanted.NOT_A_MEMBER, Next.TAKE_OFF)
    runs.run_now(ADA, exports.get(ADA, "Newsletter"), MEANS)
