"""Segments as configured: counted as a whole and rule by rule, and not removed while an export carries them."""

from datetime import UTC, datetime

import pytest

from tests.control.cast import actor
from tests.world import ADA, World, people
from traginer.control import configuration_errors as wrong
from traginer.control import exports, segments
from traginer.control.errors import NotAllowed
from traginer.control.models import AuditEntry, Export, Segment, SystemSchedule
from traginer.control.spec import SegmentSpec
from traginer.segments.errors import FieldUnknown, SqlError
from traginer.values import AsOf

AS_OF = AsOf(datetime(2026, 5, 1, 12, tzinfo=UTC), "Europe/Madrid")
BY_SQL = {"sql": "SELECT customer_id FROM profiles WHERE language = 'fr'"}
BY_RULES = {
    "rules": {"any": [{"field": "language", "is": "fr"}, {"none": [{"field": "lifetime_value", "at_least": 500}]}]}
}


def spec(name: str = "Others", **values: object) -> SegmentSpec:
    return SegmentSpec.model_validate({"name": name, "source": "Customers", **(values or BY_RULES)})


def spenders() -> Segment:
    return segments.get(ADA, "Catalan spenders")


def test_a_segment_by_rules_is_counted_as_a_whole_and_rule_by_rule(world: World) -> None:
    """S4: the size of a segment, and of each of its conditions, is shown before it is used."""
    world.put_profiles(people([20, 21, 22], lifetime_value=10.0))
    count = segments.count(ADA, segments.create(ADA, spec()), AS_OF)
    assert (count.profiles, count.members) == (15, 5)
    assert {one.path: one.members for one in count.rules} == {
        (): 5,
        ("any", 0): 2,
        ("any", 1): 3,
        ("any", 1, "none", 0): 12,
    }
    assert count.rules[1].sentence == 'language is "fr"'


def test_a_segment_by_select_is_counted(world: World) -> None:
    count = segments.count(ADA, segments.create(ADA, spec(**BY_SQL)), AS_OF)
    assert (count.profiles, count.members, count.rules) == (12, 2, ())


@pytest.mark.parametrize("body", [BY_RULES, BY_SQL])
def test_a_draft_is_counted_before_it_is_saved(world: World, body: dict[str, object]) -> None:
    assert segments.count_draft(actor("bernat"), spec(**body), AS_OF).members == 2
    assert [segment.name for segment in segments.every(ADA)] == ["Catalan spenders"]


def test_relative_days_are_counted_from_the_moment_given(world: World) -> None:
    world.put_profiles(people([30], last_purchase_at=datetime(2026, 4, 30, 8)))  # noqa: DTZ001 - the column has no zone
    recent = spec(rules={"all": [{"field": "last_purchase_at", "within_last": {"days": 3}}]})
    assert segments.count_draft(ADA, recent, AS_OF).members == 1
    later = AsOf(datetime(2026, 6, 1, tzinfo=UTC), "UTC")
    assert segments.count_draft(ADA, recent, later).members == 0


@pytest.mark.parametrize(("who", "may"), [("ada", True), ("bernat", True), ("carla", False), ("dídac", False)])
def test_who_may_change_segments(world: World, who: str, may: bool) -> None:
    asking = actor(who)
    deeds = (
        lambda: segments.create(asking, spec()),
        lambda: segments.update(asking, segments.get(ADA, "Others"), spec("Renamed")),
        lambda: segments.put(asking, spec("Renamed", **BY_SQL)),
        lambda: segments.count_draft(asking, spec(), AS_OF),
        lambda: segments.remove(asking, segments.get(ADA, "Renamed")),
    )
    if may:
        for deed in deeds:
            deed()
        assert [segment.name for segment in segments.every(ADA)] == ["Catalan spenders"]
        return
    segments.create(ADA, spec())
    segments.create(ADA, spec("Renamed"))
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()


def test_viewers_count_segments(world: World) -> None:
    assert segments.count(actor("carla"), spenders(), AS_OF).members == 10


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"rules": {"all": [{"field": "tongue", "is": "fr"}]}}, FieldUnknown),
        ({"sql": "DELETE FROM profiles"}, SqlError),
    ],
)
def test_a_segment_that_cannot_work_is_not_saved(world: World, body: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        segments.update(ADA, spenders(), spec("Catalan spenders", **body))
    assert segments.count(ADA, spenders(), AS_OF).members == 10


def test_no_two_segments_share_a_name(world: World) -> None:
    with pytest.raises(wrong.NameTaken):
        segments.create(ADA, spec("Catalan spenders"))


def test_a_segment_in_use_is_not_removed_and_its_exports_are_named(world: World) -> None:
    with pytest.raises(wrong.StillUsed, match='The segment "Catalan spenders" is used by "Newsletter"'):
        segments.remove(ADA, spenders())
    exports.remove(ADA, exports.get(ADA, "Newsletter"), "leave", datetime.now(UTC))
    segments.remove(ADA, spenders())
    assert segments.every(ADA) == []
    gone = AuditEntry.objects.get(action="segment:remove")
    assert (gone.after, "language" in gone.before) == ("null", True)


def test_segments_are_searched_by_name(world: World) -> None:
    segments.create(ADA, spec())
    assert [segment.name for segment in segments.every(ADA, "SPEND")] == ["Catalan spenders"]


def test_some_members_are_shown_with_what_the_rules_ask_about_and_masked_for_viewers(world: World) -> None:
    shown = segments.sample(ADA, spenders(), AS_OF)
    assert (shown.columns[0], len(shown.rows), shown.is_masked) == ("customer_id", 5, False)
    assert dict(zip(shown.columns, shown.rows[0], strict=True)) == {
        "customer_id": "C0000",
        "first_name": "Aina 0",
        "last_name": "Pous",
        "country": "ES",
        "language": "ca",
        "lifetime_value": "900.0",
        "last_purchase_at": "",
    }
    masked = segments.sample(actor("carla"), spenders(), AS_OF)
    assert masked.rows[0] == ("C•••", "A•••", "P•••", "E•••", "c•••", "•••", "")
    assert AuditEntry.objects.filter(action="profile:read").count() == 1


def test_two_segments_are_laid_over_each_other_by_rules_and_by_select(world: World) -> None:
    world.put_profiles(people([20, 21], language="fr", lifetime_value=10.0))
    by_select = segments.create(ADA, spec("French", **BY_SQL))
    by_rules = segments.create(ADA, spec("Poor or French"))
    found = segments.overlap(ADA, by_rules, by_select, AS_OF)
    assert (found.profiles, found.first, found.second, found.both) == (14, 4, 4, 4)
    apart = segments.overlap(ADA, spenders(), by_select, AS_OF)
    assert (apart.both, apart.first_only, apart.second_only, apart.either) == (0, 10, 4, 14)
    assert [one.name for one in segments.beside(ADA, by_select)] == ["Catalan spenders", "Poor or French"]


def test_the_days_of_a_segment_begin_where_its_export_or_else_the_system_schedule_says(world: World) -> None:
    other = segments.create(ADA, spec())
    assert (segments.zone_of(spenders()), segments.zone_of(other)) == ("UTC", "UTC")
    SystemSchedule.objects.create(rule={"kind": "times", "timezone": "Europe/Madrid"}, by="Ada", at=datetime.now(UTC))
    Export.objects.update(timezone="America/New_York")
    assert (segments.zone_of(spenders()), segments.zone_of(other)) == ("America/New_York", "Europe/Madrid")
