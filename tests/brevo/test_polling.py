"""When to look again."""

import pytest

from traginer.brevo import Polling


def looks(seconds, budget=None, polling=None):
    """The moments at which an import that runs for `seconds` is looked at, the last one included."""
    polling = polling or Polling()
    moments, now = [], 0.0
    while now < seconds:
        now += polling.next_wait(now, budget)
        moments.append(now)
    return moments


def test_the_first_look_is_soon_and_gaps_grow_to_a_minute():
    gaps = [Polling().next_wait(elapsed, None) for elapsed in (0, 1, 2, 10, 60, 119, 120, 121, 7200)]
    assert gaps == [0.5, 0.5, 1.0, 5.0, 30.0, 59.5, 60.0, 60.0, 60.0]


def test_gaps_never_shrink_while_an_import_grows_older():
    gaps = [Polling().next_wait(elapsed, 60) for elapsed in range(0, 4000, 3)]
    assert gaps == sorted(gaps)


@pytest.mark.parametrize("seconds", [1, 3, 10, 45, 100, 600, 3600])
def test_an_end_is_seen_late_by_no_more_than_half_its_age_or_a_minute(seconds):
    late = looks(seconds)[-1] - seconds
    assert 0 <= late <= max(0.5, min(seconds / 2, 60))


def test_an_import_of_an_hour_takes_fewer_looks_than_the_hour_has():
    assert len(looks(3600)) <= 75


def test_a_scarce_budget_widens_the_gaps_steadily():
    gaps = [Polling().next_wait(0, budget) for budget in range(80, -1, -1)]
    assert gaps == sorted(gaps)
    assert gaps[:30] == [0.5] * 30
    assert Polling().next_wait(0, 11) == pytest.approx(57, abs=1)
    assert Polling().next_wait(0, 10) == pytest.approx(327, abs=1)
    assert Polling().next_wait(0, 0) == 3600


@pytest.mark.parametrize("seconds_each", [1, 5, 30, 60, 240])
def test_an_hour_of_imports_never_uses_up_the_hour(seconds_each):
    """One import after another on a General account, 80 calls an hour ours, the window sliding."""
    now, moments, least = 0.0, [], 80
    while now < 3600:
        began = now
        while now < began + seconds_each:
            left = 80 - sum(moment > now - 3600 for moment in moments)
            least = min(least, left)
            now += Polling().next_wait(now - began, left)
            moments.append(now)
    assert least >= 4


def test_a_budget_that_is_overdrawn_waits_no_longer_than_an_empty_one():
    assert Polling().next_wait(0, -3) == Polling().next_wait(0, 0)
