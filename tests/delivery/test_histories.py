"""Ledger = list, after every run of any history of wishes, rejects, lost answers and cuts."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.delivery.far_side import FarSide
from tests.delivery.world import World, fingerprint

ADDRESSES = [f"p{n}@example.org" for n in range(9)]
WISHES = st.dictionaries(st.sampled_from(ADDRESSES), st.sampled_from(["Ada", "Bernat", "Carla"]))
RUNS = st.tuples(
    WISHES,
    st.sets(st.sampled_from(ADDRESSES), max_size=3),
    st.lists(st.sampled_from(["accepted", "lost", "applied", "wait"]), max_size=8),
    st.integers(0, 40),
    st.booleans(),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(RUNS, min_size=1, max_size=4))
def test_the_ledger_is_the_list_after_every_run(
    history: list[tuple[dict[str, str], set[str], list[str], int, bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), FarSide(), body_bytes=250)
        for wanted, rejected, answers, cut_at, failing in history:
            world.far_side.rejects = rejected.__contains__
            world.far_side.answers = list(answers)
            world.far_side.failing = failing
            done = world.run(wanted, cut_at=cut_at)
            listed = {email: fingerprint(email, row["FIRSTNAME"]) for email, row in world.far_side.listed.items()}
            ledger = world.ledger()
            certain = {email: kept for email, kept in ledger.items() if kept is not None}
            assert certain == {email: listed[email] for email in certain}
            assert set(listed) <= set(ledger)
            assert done.sent == done.confirmed + done.rejected + done.in_doubt
            if world.error is None:
                assert set(listed) - set(wanted) == set()
                assert set(wanted) - set(listed) <= rejected
