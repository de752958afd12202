"""How often somebody may ask, and how many at once: the counting itself."""

import pytest

from traginer.api.errors import ServerBusy, TooManyRequests, TooSlow
from traginer.api.limits import Allowance, Places
from traginer.api.waiting import Deadline


class Clock:
    """The time, as a test says it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setenv("TRAGINER_API_REQUESTS", "60")
    return Clock()


def taken(allowance: Allowance, asker: str) -> int:
    """How many requests the asker may make now."""
    for count in range(1000):
        try:
            allowance.take(asker)
        except TooManyRequests:
            return count
    raise AssertionError("there is no limit")


def test_an_asker_may_spend_ten_seconds_at_once_and_then_one_by_one(clock: Clock) -> None:
    allowance = Allowance(clock)
    assert taken(allowance, "ada") == 10
    clock.now += 3
    assert taken(allowance, "ada") == 3
    assert taken(allowance, "bernat") == 10
    clock.now += 3600
    assert taken(allowance, "ada") == 10


def test_a_refusal_says_when_to_ask_again(clock: Clock) -> None:
    allowance = Allowance(clock)
    taken(allowance, "ada")
    with pytest.raises(TooManyRequests) as refusal:
        allowance.take("ada")
    assert refusal.value.facts == {"most": 60, "seconds": 1}
    clock.now += 1
    allowance.take("ada")


def test_those_who_were_silent_are_forgotten_and_the_others_are_not(clock: Clock) -> None:
    allowance = Allowance(clock)
    taken(allowance, "ada")
    for n in range(10_001):
        allowance.take(f"asker {n}")
    with pytest.raises(TooManyRequests):
        allowance.take("ada")
    clock.now += 60
    allowance.take("bernat")
    assert len(allowance) == 1


def test_a_slow_rate_still_lets_one_request_pass(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAGINER_API_REQUESTS", "2")
    allowance = Allowance(clock)
    assert taken(allowance, "ada") == 1
    clock.now += 30
    assert taken(allowance, "ada") == 1


def test_places_are_few_and_free_again(clock: Clock) -> None:
    places = Places(2, 60, clock)
    first = places.take()
    places.take()
    with pytest.raises(ServerBusy):
        places.take()
    places.leave(first)
    places.leave(first)
    with places.taken(), pytest.raises(ServerBusy):
        places.take()
    places.take()


def test_a_place_that_nobody_gave_back_is_free_after_its_time(clock: Clock) -> None:
    places = Places(1, 60, clock)
    places.take()
    clock.now += 61
    places.take()


def test_a_long_request_ends_at_its_next_step_and_does_not_wait_past_its_end(clock: Clock) -> None:
    deadline = Deadline(120, clock)
    deadline.stage("profiles", 0, 0)
    deadline.waiting(119, "the limits of the account")
    with pytest.raises(TooSlow):
        deadline.waiting(3600, "the limits of the account")
    clock.now += 121
    with pytest.raises(TooSlow) as refusal:
        deadline.stage("segments", 0, 0)
    assert "120 s" in refusal.value.sentence
