"""What conditions mean, told by examples: letters, numbers, days, and the nights when the clock jumps."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.segments.world import as_of, chosen, holds, rules

SPRING, AUTUMN = as_of("2026-03-29T12:00+02:00"), as_of("2026-10-25T12:00+01:00")


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("condition", "value", "yes"),
    [
        ("is: ca", "ca", True),
        ("is: ca", "CA", False),
        ("is: ca, ignore_case: true", "CA", True),
        ("is: CATALÀ, ignore_case: true", "català", True),
        ("is: catala, ignore_case: true", "català", False),
        ("is: strasse, ignore_case: true", "straße", False),
        ("is_one_of: [CA, ES], ignore_case: true", "es", True),
        ("contains: '%'", "100%", True),
        ("contains: '%'", "100", False),
        ("starts_with: a_c", "abc", False),
        ("ends_with: '\\'", "a\\", True),
        ("ends_with: '\\%'", "a%", False),
        ("ends_with: 😀, ignore_case: true", "é😀", True),
        ("starts_with: À, ignore_case: true", "àb", True),
        ("does_not_contain: b", "abc", False),
        ('is: "O\'Brien; drop table x--"', "O'Brien; drop table x--", True),
    ],
)
def test_a_text(condition: str, value: str, yes: bool):
    assert holds(f"{{field: language, {condition}}}", value) is yes


@pytest.mark.parametrize(
    ("condition", "value", "yes"),
    [
        ("at_least: 500", 500, True),
        ("greater_than: 500", 500, False),
        ("greater_than: 9007199254740992", 9007199254740993, True),
        ("is: 9223372036854775807", 9223372036854775807, True),
        ("less_than: 0.0000000000000000001", 9223372036854775807, False),
        ("is_one_of: [1.0e+22, 9007199254740993]", 9007199254740992, False),
        ("is: 0.1", 0.1, True),
        ("is: 0.1", 0.1 + 0.2 - 0.2, False),
        ("is: 0.30000000000000004", 0.1 + 0.2, True),
        ("is: 0.3", 0.1 + 0.2, False),
        ("is: 19.99", Decimal("19.99"), True),
        ("is_between: [19.98, 19.99]", Decimal("19.99"), True),
        ("is: 0", -0.0, True),
        ("at_least: 1.0e+300", float("nan"), True),
        ("is_not_between: [1, 3]", 2, False),
    ],
)
def test_a_number(condition: str, value: float, yes: bool):
    assert holds(f"{{field: lifetime_value, {condition}}}", value) is yes


@pytest.mark.parametrize(
    ("condition", "value", "yes"),
    [
        ("within_last: {days: 90}", date(2025, 12, 29), True),
        ("within_last: {days: 90}", date(2025, 12, 28), False),
        ("within_last: {days: 90}", date(2026, 3, 29), True),
        ("within_last: {days: 90}", date(2026, 3, 30), False),
        ("within_last: {months: 1}", date(2026, 2, 28), True),
        ("within_last: {months: 1}", date(2026, 2, 27), False),
        ("year_to_date: true", date(2026, 1, 1), True),
        ("year_to_date: true", date(2025, 12, 31), False),
        ("year_to_date: true", date(2026, 3, 30), False),
        ("day_of_week: sunday", date(2026, 3, 29), True),
        ("day_of_week: 1", date(2026, 3, 29), False),
        ("month_of: [march]", date(1990, 3, 1), True),
        ("day_of: 29", date(2026, 3, 29), True),
        ("year_of: 2025", date(2025, 12, 31), True),
        ("is_between: [2026-03-29, 2026-03-29]", date(2026, 3, 29), True),
    ],
)
def test_a_date(condition: str, value: date, yes: bool):
    assert holds(f"{{field: birthday, {condition}}}", value, SPRING) is yes


@pytest.mark.parametrize(
    ("condition", "value", "yes"),
    [
        ("is: 2026-03-29", "2026-03-29T23:59:59.999999", True),
        ("is: 2026-03-29", "2026-03-30T00:00", False),
        ("at_most: 2026-03-29", "2026-03-29T23:59:59.999999", True),
        ("greater_than: 2026-03-29", "2026-03-29T23:59:59.999999", False),
        ("greater_than: 2026-03-29", "2026-03-30T00:00", True),
        ('is: "2026-03-29T10:00Z"', "2026-03-29T12:00", True),
        ("within_last: {hours: 13}", "2026-03-28T22:00", True),
        ("within_last: {hours: 13}", "2026-03-28T21:59", False),
        ("within_last: {days: 1}", "2026-03-28T12:00", True),
        ("within_last: {days: 1}", "2026-03-29T12:00:00.000001", False),
        ('time_at: "09:30"', "2026-03-29T09:30:59.999999", True),
        ('time_at: "09:30"', "2026-03-29T09:31", False),
        ('time_at: ["22:00", "05:59"]', "2026-03-29T05:59:30", True),
        ('time_at: ["22:00", "05:59"]', "2026-03-29T12:00", False),
    ],
)
def test_a_wall_clock_means_the_zone_of_the_run(condition: str, value: str, yes: bool):
    assert holds(f"{{field: last_purchase_at, {condition}}}", wall(value), SPRING) is yes


@pytest.mark.parametrize(
    ("condition", "value", "yes", "now"),
    [
        ("is: 2026-03-29", "2026-03-28T23:00", True, SPRING),
        ("is: 2026-03-29", "2026-03-29T21:59:59", True, SPRING),
        ("is: 2026-03-29", "2026-03-29T22:00", False, SPRING),
        ("within_last: {days: 1}", "2026-03-28T11:00", True, SPRING),
        ("within_last: {days: 1}", "2026-03-28T10:59", False, SPRING),
        ("within_last: {hours: 24}", "2026-03-28T10:00", True, SPRING),
        ("within_last: {days: 1}", "2026-10-24T10:00", True, AUTUMN),
        ("within_last: {hours: 24}", "2026-10-24T10:59", False, AUTUMN),
        ('at_least: "2026-03-29T02:30"', "2026-03-29T01:30", True, SPRING),
        ('at_least: "2026-03-29T02:30"', "2026-03-29T01:29", False, SPRING),
        ('is: "2026-10-25T02:30"', "2026-10-25T00:30", True, AUTUMN),
        ("day_of: 30", "2026-03-29T22:30", True, SPRING),
        ("day_of_week: monday", "2026-03-29T22:30", True, SPRING),
        ("year_of: 2026", "2025-12-31T23:30", True, SPRING),
        ("month_of: january", "2025-12-31T23:30", True, SPRING),
        ("year_to_date: true", "2025-12-31T23:00", True, SPRING),
        ('time_at: ["03:00", "03:29"]', "2026-03-29T01:15", True, SPRING),
    ],
)
def test_an_instant_is_seen_from_the_zone_of_the_run(condition: str, value: str, yes: bool, now):
    assert holds(f"{{field: seen_at, {condition}}}", utc(value), now) is yes


def test_a_day_that_a_zone_never_had_holds_no_moment():
    apia = as_of("2012-01-02T12:00+14:00", "Pacific/Apia")
    moments = [{"seen_at": utc(f"2011-12-{day}T{hour:02}:30")} for day in (29, 30, 31) for hour in range(24)]
    assert chosen(rules("{field: seen_at, is: 2011-12-30}"), moments, now=apia) == []
    assert len(chosen(rules("{field: seen_at, is: 2011-12-31}"), moments, now=apia)) == 24


def test_the_same_clock_selects_the_same_people_whatever_the_time_is_now():
    rule = rules("{field: birthday, within_last: {days: 1}}")
    people = [{"birthday": date(2020, 5, day)} for day in range(1, 10)]
    assert chosen(rule, people, now=as_of("2020-05-04T12:00+02:00")) == [2, 3]
