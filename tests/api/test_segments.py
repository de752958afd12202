"""Segments over the API."""

from datetime import UTC, datetime, timedelta

from tests.api.world import Asking
from tests.world import ADA, people
from traginer.api.examples import SEGMENT
from traginer.control import schedules

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
NEW = {**SEGMENT, "name": "Andorrans", "rules": {"field": "country", "is": "AD"}}


def test_a_segment_is_created_changed_counted_and_removed(api: Asking) -> None:
    """S4: segments are built in the product, by rules or by a SELECT."""
    made = api.post("segments", NEW, who="bernat")
    assert (made.status, made.headers["Location"]) == (201, "/api/v1/segments/2")
    assert made.json["configuration"] == NEW
    assert api.get("segments/2/count").json["members"] == 0
    by_select = {"name": "By SELECT", "source": "Customers", "sql": "SELECT customer_id FROM profiles"}
    changed = api.put("segments/2", by_select)
    assert (changed.status, changed.json["configuration"]) == (200, by_select)
    assert api.get("segments/2/count").json["members"] == 12
    assert [one["name"] for one in api.get("segments?search=SEL", who="carla").json["items"]] == ["By SELECT"]
    assert (api.delete("segments/2").status, api.get("segments/2").status) == (204, 404)


def test_every_rule_is_counted_by_itself(api: Asking) -> None:
    count = api.get("segments/1/count?timezone=Europe/Madrid", who="carla").json
    assert (count["profiles"], count["members"]) == (12, 10)
    assert {rule["pointer"]: rule["members"] for rule in count["rules"]}["/all/0"] == 10


def test_a_segment_is_counted_before_it_is_saved(api: Asking) -> None:
    draft = {**NEW, "name": "Catalan spenders", "rules": {"field": "language", "is": "fr"}}
    assert api.post("segments/count", draft).json["members"] == 2
    assert api.get("segments/1/count").json["members"] == 10
    assert api.post("segments/count", draft, who="carla").status == 403


def test_a_segment_is_either_rules_or_a_select(api: Asking) -> None:
    answer = api.post("segments", {**NEW, "sql": "SELECT 1"})
    assert (answer.status, answer.code) == (422, "request-invalid")
    assert answer.json["errors"][0]["detail"] == "a segment has either rules or sql."
    assert api.post("segments", {**NEW, "source": "Nowhere"}).code == "not-found"
    assert api.post("segments", SEGMENT).code == "name-taken"


def test_the_trend_of_a_segment_comes_a_page_at_a_time_the_newest_first(api: Asking) -> None:
    rule = {"kind": "times", "times": ["06:00"], "days": [], "timezone": "UTC"}
    schedules.set_system(ADA, rule, MONDAY)
    schedules.tick(MONDAY)
    for day in range(2):
        schedules.tick(MONDAY + timedelta(days=day, hours=6))
        api.work()
        api.world.put_profiles(people([20]))
    page = api.get("segments/1/snapshots?limit=1", who="carla").json
    [newest] = page["items"]
    assert (newest["members"], newest["joined"], newest["left"]) == (11, 1, 0)
    rest = api.get(page["next"]).json
    assert ([one["joined"] for one in rest["items"]], rest["next"]) == ([None], None)
    assert api.get("segments/9/snapshots").status == 404
