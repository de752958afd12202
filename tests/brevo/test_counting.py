"""How many contacts the account has."""

from tests.brevo.far_side import Answer


def test_all_contacts_are_counted_and_as_few_as_can_be_are_asked_for(far_side, brevo):
    """S9: the room in a contract is what it allows less what the account has."""
    far_side.will_answer(Answer(200, {"contacts": [{"id": 1, "email": "ada@example.org"}], "count": 1234}))
    assert brevo.contacts() == 1234
    asked = far_side.seen[0]
    assert (asked.method, asked.path.partition("?")[0].removeprefix("/v3"), asked.query["limit"]) == (
        "GET",
        "/contacts",
        "1",
    )
