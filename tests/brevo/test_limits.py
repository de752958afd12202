"""The limits: never more than our share, whatever comes, and what a run will cost."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.brevo.far_side import RATE, Answer, Clock

from traginer.brevo import RateLimited, Wait
from traginer.brevo.endpoints import ACCOUNT, LISTS, Bucket
from traginer.brevo.layers import Paced, Waiter
from traginer.brevo.limits import BUDGETS, HOUR, Limiter, Tier
from traginer.brevo.transport import Request, Response

ENDPOINT = {Bucket.CONTACTS: LISTS, Bucket.OTHER: ACCOUNT}
TIERS = [Tier.GENERAL, Tier.ADVANCED, Tier.EXTENDED]


class Counting:
    """A far side that notes when each call came, and takes `call_seconds` of the clock for it."""

    def __init__(self, clock, call_seconds=0.0, headers=None):
        self.clock, self.call_seconds, self.headers = clock, call_seconds, headers or {}
        self.moments = {bucket: [] for bucket in Bucket}

    def send(self, request):
        self.moments[request.bucket].append(self.clock.now)
        self.clock.now += self.call_seconds
        return Response(200, self.headers, b"")


def paced(clock, tier, share=0.8, **options):
    far_side = Counting(clock, **options)
    waits = []
    waiter = Waiter(clock.sleep, lambda seconds, why: waits.append((seconds, why)))
    return Paced(far_side, Limiter(tier, share, clock.read), waiter), far_side, waits


def call(transport, bucket):
    endpoint = ENDPOINT[bucket]
    return transport.send(Request(endpoint, endpoint.template))


def busiest(moments, seconds):
    """The most calls in any stretch of `seconds`."""
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - seconds + 1e-6:
            first += 1
        most = max(most, last - first + 1)
    return most


GAPS = [0.0, 0.001, 0.09, 0.125, 0.5, 0.95, 0.999, 1.0, 44.0, 3400.0, 3599.0]
bursts = st.lists(
    st.tuples(st.sampled_from(list(ENDPOINT)), st.sampled_from(GAPS), st.integers(1, 60), st.sampled_from([0.0, 0.03])),
    max_size=8,
)


@settings(database=None, deadline=None, max_examples=100)
@given(bursts=bursts, tier=st.sampled_from(TIERS), share=st.sampled_from([0.05, 0.29, 0.5, 0.8, 1.0]))
@example(bursts=[(Bucket.OTHER, 0.0, 240, 0.0)], tier=Tier.GENERAL, share=0.8)
@example(bursts=[(Bucket.OTHER, 0.0, 80, 0.0), (Bucket.OTHER, 3599.0, 1, 0.0)], tier=Tier.GENERAL, share=0.8)
@example(bursts=[(Bucket.CONTACTS, 0.0, 8, 0.0), (Bucket.CONTACTS, 0.95, 8, 0.0)], tier=Tier.GENERAL, share=0.8)
def test_no_stretch_of_time_ever_holds_more_than_our_share(bursts, tier, share):
    """Bursts of calls: a gap, then so many calls that each take so many seconds."""
    clock = Clock()
    transport, far_side, _ = paced(clock, tier, share)
    for bucket, gap, times, call_seconds in bursts:
        clock.now += gap
        far_side.call_seconds = call_seconds
        for _ in range(times):
            call(transport, bucket)
    for bucket in ENDPOINT:
        for budget in BUDGETS[tier][bucket]:
            ours = budget.calls * share
            stretch = budget.seconds if ours >= 1 else budget.seconds / ours
            assert busiest(far_side.moments[bucket], stretch) <= max(ours, 1) + 1e-6


@pytest.mark.parametrize(("tier", "calls_per_hour"), [(Tier.GENERAL, 28_800), (Tier.ADVANCED, 57_600)])
def test_the_hourly_budget_of_contacts_holds_where_the_second_would_allow_more(tier, calls_per_hour):
    clock = Clock()
    transport, far_side, waits = paced(clock, tier)
    began = clock.now
    for _ in range(calls_per_hour + 1):
        call(transport, Bucket.CONTACTS)
    moments = far_side.moments[Bucket.CONTACTS]
    assert busiest(moments, 1.0) == calls_per_hour // HOUR
    assert busiest(moments, HOUR) == calls_per_hour
    assert moments[-1] - began == pytest.approx(HOUR, abs=0.01)
    assert {why for _, why in waits} <= {"per_second", "per_hour"}


def test_a_share_of_less_than_one_call_a_second_is_one_call_in_several():
    clock = Clock()
    transport, far_side, _ = paced(clock, Tier.GENERAL, 0.05)
    for _ in range(4):
        call(transport, Bucket.CONTACTS)
    assert far_side.moments[Bucket.CONTACTS] == pytest.approx([1000.0, 1002.0, 1004.0, 1006.0])


def test_the_two_budgets_do_not_wait_for_each_other():
    clock = Clock()
    transport, _, waits = paced(clock, Tier.GENERAL)
    for _ in range(80):
        call(transport, Bucket.OTHER)
    for _ in range(8):
        call(transport, Bucket.CONTACTS)
    assert waits == []
    call(transport, Bucket.CONTACTS)
    assert waits == [(pytest.approx(1.0), "per_second")]
    call(transport, Bucket.OTHER)
    assert waits[-1] == (pytest.approx(3599.0), "per_hour")


def test_an_unlimited_account_waits_only_when_brevo_says_so(far_side, clock, open_client):
    brevo = open_client(tier="unlimited")
    far_side.always = lambda _: Answer(200, {"companyName": "x"})
    for _ in range(200):
        brevo.account()
    assert clock.naps == []
    assert brevo.budget_left() is None


def told(remaining, reset, limit=100):
    return {
        "x-sib-ratelimit-limit": str(limit),
        "x-sib-ratelimit-remaining": str(remaining),
        "x-sib-ratelimit-reset": str(reset),
    }


def test_calls_stop_where_others_use_the_account_and_only_their_share_is_left():
    clock = Clock()
    transport, far_side, waits = paced(clock, Tier.GENERAL, headers=told(21, 600))
    call(transport, Bucket.OTHER)
    assert transport.left(Bucket.OTHER) == 1
    far_side.headers = told(20, 600)
    call(transport, Bucket.OTHER)
    assert transport.left(Bucket.OTHER) == 0
    call(transport, Bucket.OTHER)
    assert waits == [(pytest.approx(600.0), "brevo")]


def test_our_own_use_of_our_share_is_not_taken_for_somebody_elses():
    clock = Clock()
    transport, far_side, waits = paced(clock, Tier.GENERAL, call_seconds=0.02)
    for number in range(1, 10):
        far_side.headers = told(10 - number, 1, limit=10)
        call(transport, Bucket.CONTACTS)
    assert waits == [(pytest.approx(1.0 - 8 * 0.02), "per_second")]


def test_nothing_is_sent_while_brevo_says_that_nothing_is_left():
    clock = Clock()
    transport, far_side, waits = paced(clock, Tier.GENERAL, share=1.0, headers=told(0, 1234))
    call(transport, Bucket.OTHER)
    far_side.headers = {}
    call(transport, Bucket.CONTACTS)
    assert waits == []
    call(transport, Bucket.OTHER)
    assert waits == [(pytest.approx(1234.0), "brevo")]


def test_nothing_left_holds_also_where_we_have_used_up_our_own_second():
    clock = Clock()
    transport, _, waits = paced(clock, Tier.GENERAL, share=0.1, headers=told(0, 1234, limit=36_000))
    call(transport, Bucket.CONTACTS)
    call(transport, Bucket.CONTACTS)
    assert waits == [(pytest.approx(1234.0), "brevo")]


def test_429_holds_back_the_next_call_of_the_same_budget_and_no_other(far_side, clock, open_client):
    brevo = open_client(tier="general")
    far_side.will_answer(Answer(429, b"", {"x-sib-ratelimit-reset": "42"}))
    far_side.always = lambda _: Answer(200, {"companyName": "x", "contacts": {}})
    assert brevo.remove_from_list(7, ["ada@example.org"]) == Wait(42.0, "RateLimited")
    brevo.account()
    assert clock.naps == []
    brevo.remove_from_list(7, ["ada@example.org"])
    assert clock.naps == [42.0]


def test_a_sleep_that_ends_a_little_early_is_made_up_for():
    class LightSleeper(Clock):
        def sleep(self, seconds):
            self.naps.append(seconds)
            self.now += max(seconds - 0.0005, 0.0)
            assert len(self.naps) < 10

    clock = LightSleeper()
    transport, far_side, _ = paced(clock, Tier.GENERAL)
    for _ in range(9):
        call(transport, Bucket.CONTACTS)
    assert far_side.moments[Bucket.CONTACTS][8] >= 1001.0


@pytest.mark.parametrize("reset", ["", "soon", "-5", "1790000000", "nan"])
def test_a_reset_that_makes_no_sense_never_shuts_us_out_for_more_than_an_hour(reset):
    clock = Clock()
    transport, _, _ = paced(clock, Tier.GENERAL, headers=told(0, reset))
    call(transport, Bucket.OTHER)
    call(transport, Bucket.OTHER)
    assert 0 <= sum(clock.naps) <= HOUR


def test_what_is_left_of_the_hour_is_known(far_side, clock, open_client):
    brevo = open_client(tier="general")
    far_side.always = lambda _: Answer(200, {"companyName": "x"}, RATE)
    assert brevo.budget_left() == 80
    brevo.account()
    assert brevo.budget_left() == 70  # Brevo counts 90 of 100 left, 20 of them for others
    clock.now += 1801
    assert brevo.budget_left() == 79
    clock.now += 1800
    assert brevo.budget_left() == 80
    assert brevo.budget_left(Bucket.CONTACTS) == 28_800


def test_a_limited_account_is_paced_without_being_told(far_side, clock, open_client):
    brevo = open_client(tier="general")
    far_side.always = lambda _: Answer(200, {"lists": [], "count": 0})
    for _ in range(17):
        list(brevo.lists())
    assert sum(clock.naps) == pytest.approx(2.0)


def test_a_wait_that_is_not_accepted_sends_nothing(far_side, clock, open_client):
    brevo = open_client(tier="general", longest_wait=5.0)
    far_side.always = lambda _: Answer(200, {"companyName": "x"})
    for _ in range(80):
        brevo.account()
    with pytest.raises(RateLimited) as caught:
        brevo.account()
    assert caught.value.seconds == pytest.approx(3600.0)
    assert len(far_side.seen) == 80


@pytest.mark.parametrize("share", [0, -1, 1.01])
def test_a_share_is_more_than_nothing_and_at_most_all(open_client, share):
    with pytest.raises(ValueError, match="share"):
        open_client(share=share)


def test_an_unknown_tier_is_refused(open_client):
    with pytest.raises(ValueError, match="platinum"):
        open_client(tier="platinum")
