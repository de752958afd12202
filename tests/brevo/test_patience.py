"""What only reads is asked again by itself."""

import pytest
from tests.brevo.far_side import Answer, Cut

from traginer.brevo import RateLimited, Timeouts, Unavailable

ACCOUNT = Answer(200, {"companyName": "Botiga Pous"})


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(500, b""),
        Answer(502, b"<html>"),
        Answer(524, b"<html>"),
        Answer(200, b"<html>"),
        Answer(425, b""),
        Answer(cut=Cut.AFTER_REQUEST),
        Answer(200, {"companyName": "Botiga Pous"}, cut=Cut.IN_ANSWER),
    ],
)
def test_a_read_is_asked_again_with_pauses_that_double(far_side, clock, brevo, trouble):
    far_side.will_answer(trouble, trouble, trouble, ACCOUNT)
    assert brevo.account().company == "Botiga Pous"
    assert clock.naps == [0.5, 1.0, 2.0]


def test_a_read_gives_up_after_five_tries(far_side, clock, brevo):
    far_side.always = lambda _: Answer(503, b"")
    with pytest.raises(Unavailable):
        brevo.account()
    assert len(far_side.seen) == 5
    assert clock.naps == [0.5, 1.0, 2.0, 4.0]


def test_chance_shortens_a_pause_by_up_to_a_half(far_side, clock, open_client):
    far_side.will_answer(Answer(500), Answer(500), ACCOUNT)
    chances = iter([1.0, 0.5])
    open_client(jitter=lambda: next(chances)).account()
    assert clock.naps == [0.25, 0.75]


def test_a_read_that_gets_no_answer_in_time_is_asked_again(far_side, clock, open_client):
    far_side.will_answer(Answer(200, b"", silence=5.0), ACCOUNT)
    assert open_client(timeouts=Timeouts(2.0, 0.05, 2.0)).account().company == "Botiga Pous"
    assert clock.naps == [0.5]


def test_a_read_waits_as_long_as_brevo_says_and_not_twice(far_side, clock, brevo):
    far_side.will_answer(Answer(429, b"", {"x-sib-ratelimit-reset": "37"}), ACCOUNT)
    assert brevo.account().company == "Botiga Pous"
    assert clock.naps == [37.0]


def test_a_read_that_is_limited_again_and_again_gives_up_with_the_time_left(far_side, brevo):
    far_side.always = lambda _: Answer(429, b"", {"x-sib-ratelimit-reset": "37"})
    with pytest.raises(RateLimited) as caught:
        brevo.account()
    assert caught.value.seconds == 37.0
    assert len(far_side.seen) == 5


def test_somebody_who_cannot_wait_long_is_told_at_once(far_side, clock, open_client):
    far_side.always = lambda _: Answer(429, b"", {"x-sib-ratelimit-reset": "1800"})
    with pytest.raises(RateLimited) as caught:
        open_client(longest_wait=10.0).account()
    assert caught.value.seconds == 1800.0
    assert clock.naps == []
    assert len(far_side.seen) == 1


def test_every_wait_is_announced_before_it_begins(far_side, clock, open_client):
    told = []
    far_side.will_answer(Answer(429, b"", {"x-sib-ratelimit-reset": "37"}), Answer(500), ACCOUNT)
    open_client(on_wait=lambda seconds, why: told.append((seconds, why, len(clock.naps)))).account()
    assert told == [(37.0, "brevo", 0), (1.0, "retry", 1)]


def test_a_sleep_may_be_left_and_nothing_is_sent_then(far_side, open_client):
    class RunCancelledError(Exception):
        pass

    def leave(_seconds):
        raise RunCancelledError

    far_side.will_answer(Answer(500), ACCOUNT)
    with pytest.raises(RunCancelledError):
        open_client(sleep=leave).account()
    assert len(far_side.seen) == 1


def test_a_line_that_stands_is_used_again(far_side, brevo):
    far_side.always = lambda _: ACCOUNT
    for _ in range(3):
        brevo.account()
    assert len({seen.peer for seen in far_side.seen}) == 1


@pytest.mark.parametrize("status", [204, 200, 503])
def test_an_answer_without_a_body_leaves_the_line_standing(far_side, brevo, status):
    far_side.will_answer(Answer(status), ACCOUNT)
    brevo.account()
    assert len({seen.peer for seen in far_side.seen}) == 1
