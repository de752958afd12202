"""The segment builder and the page of a segment: what it comes to, while it is written and after."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.web.addresses import AINA
from tests.web.browsers import Browser, Web
from tests.world import people
from traginer.control.models import Segment, SegmentSnapshot
from traginer.control.segments import Overlap
from traginer.control.snapshots import Taken
from traginer.web import segment_pictures
from traginer.web.segment_pictures import LARGEST_RADIUS


@pytest.fixture
def form() -> dict[str, Any]:
    """One rule that is finished, and one that nobody has begun."""
    return {
        "name": "",
        "source": "1",
        "by": "rules",
        "sql": "",
        "zone": "Europe/Madrid",
        "place": ["r-0", "r-1"],
        "join.r": "all",
        "field.r-0": "language",
        "operator.r-0": "is",
        "value.r-0": "fr",
        "field.r-1": "",
    }


def counts(html: str) -> dict[str, str]:
    """What is said beside each rule."""
    told = re.findall(r'hx-swap-oob="innerHTML:#n-([\w-]+)">(.*?)</span>', html, re.DOTALL)
    return {place: re.sub(r"<[^>]*>", "", said).strip() for place, said in told}


def test_while_a_rule_is_written_the_others_are_counted_each_and_in_all(ada: Browser, form: dict[str, Any]) -> None:
    """S4: the size of a segment is shown before it is saved."""
    part = ada.send("/segments/add", {**form, "do": "count"}, 200, part=True)
    assert "members of 12 profiles" in part.text
    assert "1 rule is not finished, and was left out." in part.text
    assert 'language is "fr"' in part.text
    assert "days begin in Europe/Madrid." in part.text
    assert counts(part.html) == {"r": "2 profiles", "r-0": "2 profiles", "r-1": ""}


def test_a_form_without_a_finished_rule_is_no_mistake(ada: Browser, form: dict[str, Any]) -> None:
    part = ada.send("/segments/add", {**form, "value.r-0": "", "do": "count"}, 200, part=True)
    assert "As soon as a rule is finished" in part.text


def test_a_rule_that_cannot_be_is_marked_where_it_stands(ada: Browser, form: dict[str, Any]) -> None:
    wrong = {**form, "field.r-1": "lifetime_value", "operator.r-1": "at_least", "value.r-1": "many"}
    for do, status in (("count", 200), ("save", 422)):
        part = ada.send("/segments/add", {**wrong, "name": "Wrong", "do": do}, status, part=True)
        assert "rule-value-unfit" in part.text
        assert counts(part.html) == {"r": "", "r-0": "", "r-1": "Correct this rule"}
    whole = ada.send("/segments/add", {**wrong, "name": "Wrong", "do": "save"}, 422)
    assert whole.text.count("Correct this rule") == 1
    assert Segment.objects.count() == 1


def test_a_select_that_cannot_be_is_shown_with_its_wrong_line(ada: Browser, form: dict[str, Any]) -> None:
    sql = "SELECT customer_id\nFROM profiles\nWHERE langwidge = 'fr'"
    part = ada.send("/segments/add", {**form, "by": "sql", "sql": sql, "do": "count"}, 200, part=True)
    assert "segment-sql-failed" in part.text
    assert re.findall(r'<li class="wrong"[^>]*><code>(.*?)</code>', part.html) == ["WHERE langwidge = &#x27;fr&#x27;"]
    refused = ada.send("/segments/add", {**form, "name": "S", "by": "sql", "sql": "SELECT 1 FROM\nusers"}, 422)
    assert re.findall(r'<li class="wrong"[^>]*><code>(.*?)</code>', refused.html) == ["users"]


def test_members_are_shown_before_saving(ada: Browser, form: dict[str, Any]) -> None:
    part = ada.send("/segments/add", {**form, "do": "members"}, 200, part=True)
    assert {"C0901", "C0902", "fr"} <= set(part.texts)
    whole = ada.send("/segments/add", {**form, "do": "members"}, 200)
    assert "C0901" in whole.texts


def test_values_of_a_field_are_suggested_also_after_a_comma(ada: Browser) -> None:
    assert options(ada, "field=language") == ["ca", "fr"]
    assert options(ada, "field=language&value.r-0=F") == ["fr"]
    assert options(ada, "field=language&several=1&value.r-0=ca,%20f") == ["ca, fr"]
    assert options(ada, "field=email") == []


def options(browser: Browser, query: str) -> list[str]:
    return re.findall(r'<option value="([^"]*)">', browser.open(f"/segments/values?source=1&{query}").html)


def test_months_are_ticked_by_their_names(ada: Browser, form: dict[str, Any]) -> None:
    ticked = {"field.r-0": "last_purchase_at", "operator.r-0": "month_of", "value.r-0": ["6", "12"]}
    made = {**form, **ticked, "name": "By month", "place": ["r-0"], "do": "save"}
    assert "last_purchase_at is in June, December" in ada.send("/segments/add", made).text
    assert Segment.objects.get(name="By month").rules == {"all": [{"field": "last_purchase_at", "month_of": [6, 12]}]}
    page = ada.open("/segments/2/edit")
    assert len(re.findall(r'name="value.r-0" value="(?:6|12)" checked', page.html)) == 2
    assert "June" in page.text


@pytest.mark.parametrize(
    ("do", "focus"),
    [
        ("add-rule:r", "field-r-2"),
        ("add-group:r", "field-r-2-0"),
        ("remove-rule:r-1", "add-rule-r"),
        ("refresh", ""),
    ],
)
def test_after_a_button_the_next_field_has_the_focus(ada: Browser, form: dict[str, Any], do: str, focus: str) -> None:
    part = ada.send("/segments/add", {**form, "do": do}, 200, part=True)
    assert re.findall(r'id="([\w-]+)"[^>]*\bautofocus', part.html) == ([focus] if focus else [])


def test_a_time_zone_that_there_is_not_is_told(ada: Browser, form: dict[str, Any]) -> None:
    part = ada.send("/segments/add", {**form, "zone": "Europe/Atlantis", "do": "count"}, 200, part=True)
    assert "There is no time zone Europe/Atlantis." in part.text


def test_a_segment_says_why_somebody_is_in_it_or_is_not(ada: Browser, web: Web) -> None:
    web.world.put_profiles(people([40], lifetime_value=10.0))
    page = ada.send("/segments/1", {"who": "aina40@example.org"})
    assert "aina40" not in ada.led_to
    assert {"Not in the segment", "10.0"} <= set(page.texts)
    assert "In the segment" in ada.open(f"/segments/1?profile={AINA}").text
    assert "profile-unknown" in ada.send("/segments/1", {"who": "nobody@example.org"}, 422).text
    assert "10.0" not in web.browser("carla").send("/segments/1", {"who": "aina40@example.org"}).text


def test_members_of_a_segment_are_masked_for_viewers(web: Web) -> None:
    assert "Aina 0" in web.browser("bernat").open("/segments/1?members=1").texts
    page = web.browser("carla").open("/segments/1?members=1")
    assert "Values are masked" in page.text
    assert "Aina 0" not in page.html


def test_two_segments_are_compared_in_numbers_and_as_circles(ada: Browser, form: dict[str, Any]) -> None:
    assert "There is nothing to compare with" in ada.open("/segments/1/overlap").text
    ada.send("/segments/add", {**form, "name": "French", "place": ["r-0"], "do": "save"})
    page = ada.open("/segments/1/overlap?with=2")
    assert {"French", "10", "12", "in both"} <= set(page.texts)
    assert page.html.count("<circle") == 2


def test_the_trend_of_a_segment_is_drawn_and_stands_in_a_table(ada: Browser) -> None:
    assert "No snapshot yet" in ada.open("/segments/1").text
    for day in range(3):
        at = datetime(2026, 11, 1 + day, tzinfo=UTC)
        SegmentSnapshot.objects.create(
            segment_id=1, at=at, members=10 + day, joined=day or None, left=0 if day else None
        )
    page = ada.open("/segments/1")
    assert page.html.count('class="dot"') == 3
    assert {"12", "+2", "−0"} <= set(page.texts)
    assert "12" in ada.open("/segments").texts


@pytest.mark.parametrize(
    ("first", "second", "both", "distance"),
    [(100, 100, 0, 2 * LARGEST_RADIUS), (100, 25, 25, LARGEST_RADIUS / 2), (100, 100, 100, 0)],
)
def test_circles_touch_where_nothing_is_shared_and_lie_in_each_other_where_all_is(
    first: int, second: int, both: int, distance: float
) -> None:
    drawn = segment_pictures.circles(Overlap(1000, first, second, both))
    assert drawn is not None
    assert drawn.x2 - drawn.x1 == pytest.approx(distance, abs=0.2)
    assert min(drawn.x1 - drawn.r1, drawn.x2 - drawn.r2) >= 0
    assert max(drawn.x1 + drawn.r1, drawn.x2 + drawn.r2) <= drawn.width


def test_a_line_needs_two_points_and_keeps_inside_its_drawing() -> None:
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    past = [Taken(n, begin + timedelta(days=n), n * 100, None, None) for n in range(5, 0, -1)]
    assert segment_pictures.line(past[:1]) is None
    drawn = segment_pictures.line(past)
    assert drawn is not None
    assert [point.members for point in drawn.points] == [100, 200, 300, 400, 500]
    assert all(0 <= point.x <= drawn.width and 0 <= point.y <= drawn.base for point in drawn.points)
