"""Taking addresses off a list."""

import pytest
from tests.brevo.far_side import Answer, Cut

from traginer.brevo import REMOVE_MAX, InDoubt, NotFound, NothingToRemove, Refused, Removed, Wait

GONE = "Contact already in list and/or does not exist"


def test_a_removal_says_who_left_and_who_did_not(far_side, brevo):
    far_side.will_answer(Answer(201, {"contacts": {"success": ["ada@example.org"], "failure": ["bernat@example.org"]}}))
    answer = brevo.remove_from_list(7, ["ada@example.org", "bernat@example.org"])
    assert answer == Removed(("ada@example.org",), ("bernat@example.org",))
    (seen,) = far_side.seen
    assert (seen.method, seen.path) == ("POST", "/v3/contacts/lists/7/contacts/remove")
    assert seen.json() == {"emails": ["ada@example.org", "bernat@example.org"]}


def test_missing_sides_of_a_removal_are_empty(far_side, brevo):
    far_side.will_answer(Answer(201, {"contacts": {"success": None}}))
    assert brevo.remove_from_list(7, ["ada@example.org"]) == Removed((), ())


def test_nothing_to_remove_is_no_failure(far_side, brevo):
    far_side.will_answer(Answer(400, {"code": "invalid_parameter", "message": GONE}))
    assert brevo.remove_from_list(7, ["ada@example.org"]) == NothingToRemove()


def test_a_list_that_does_not_exist_is_a_refusal(far_side, brevo):
    far_side.will_answer(Answer(404, {"code": "document_not_found", "message": "List ID does not exist"}))
    answer = brevo.remove_from_list(7, ["ada@example.org"])
    assert isinstance(answer, Refused)
    assert isinstance(answer.stop, NotFound)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(429, b"", {"x-sib-ratelimit-reset": "1"}), Wait),
        (Answer(502, b"<html>"), InDoubt),
        (Answer(201, b"<html>"), InDoubt),
        (Answer(201, {"contacts": [1]}), InDoubt),
        (Answer(cut=Cut.AFTER_REQUEST), InDoubt),
        (Answer(cut=Cut.IN_REQUEST), InDoubt),
    ],
)
def test_a_removal_waits_or_is_in_doubt_like_an_import(far_side, brevo, answer, kind):
    far_side.will_answer(answer)
    assert isinstance(brevo.remove_from_list(7, ["ada@example.org"]), kind)
    assert len(far_side.seen) == 1


@pytest.mark.parametrize(("count", "may"), [(0, False), (1, True), (REMOVE_MAX, True), (REMOVE_MAX + 1, False)])
def test_a_removal_takes_1_to_150_addresses(far_side, brevo, count, may):
    far_side.always = lambda seen: Answer(201, {"contacts": {"success": seen.json()["emails"], "failure": []}})
    emails = [f"p{number}@example.org" for number in range(count)]
    if may:
        assert brevo.remove_from_list(7, emails) == Removed(tuple(emails), ())
    else:
        with pytest.raises(ValueError, match="150"):
            brevo.remove_from_list(7, emails)
        assert far_side.seen == []
