"""Guards: which change sets wait for a person."""

import pytest

from traginer.delivery.changes import NO_GUARDS, ChangeSet, Guards, hold


def changes(*, added: int = 0, changed: int = 0, unchanged: int = 0, leaving: int = 0) -> ChangeSet:
    return ChangeSet(
        added=added,
        changed=changed,
        left=leaving,
        unchanged=unchanged,
        listed=changed + unchanged + leaving,
        rekeyed=0,
        leaving=leaving,
        body_bytes=0,
    )


@pytest.mark.parametrize(
    ("what", "guards", "reason"),
    [
        (changes(unchanged=70, leaving=30), Guards(), None),
        (changes(unchanged=69, leaving=31), Guards(), "list-would-shrink"),
        (changes(unchanged=69, leaving=31, added=1), Guards(), None),
        (changes(leaving=5), Guards(max_shrink_percent=100), "list-would-be-empty"),
        (changes(leaving=5, added=1), Guards(max_shrink_percent=100), None),
        (changes(unchanged=1000, leaving=11), Guards(max_removals=10), "too-many-removals"),
        (changes(unchanged=1000, leaving=10), Guards(max_removals=10), None),
        (changes(added=9), Guards(min_contacts=10), "too-few-contacts"),
        (changes(added=1, changed=4, unchanged=5), Guards(min_contacts=10), None),
        (changes(added=1, changed=4, unchanged=6), Guards(max_contacts=10), "too-many-contacts"),
        (changes(added=1, changed=4, unchanged=5), Guards(max_contacts=10), None),
        (changes(unchanged=3), Guards(min_contacts=10), None),
        (changes(leaving=5), NO_GUARDS, None),
        (changes(unchanged=1, leaving=5), NO_GUARDS, None),
    ],
)
def test_a_change_set_beyond_a_bound_waits_and_one_at_the_bound_goes(
    what: ChangeSet, guards: Guards, reason: str | None
) -> None:
    """S41: more than the guards allow is held for a person; what changes nothing never is."""
    found = hold(what, guards)
    assert (found.reason if found else None) == reason
    if found:
        assert (found.listed, found.leaving) == (what.listed, what.leaving)
