"""One contact per address, books that balance, and tables that a second build replaces."""

import uuid

import pytest

from tests.contacts.conftest import fill
from traginer import contacts
from traginer.contacts.errors import ContactsDoNotBalance
from traginer.duck import ident

EMAIL = {"email": "VARCHAR"}


def test_no_members_give_no_contacts(build):
    result = build(EMAIL | {"phone": "VARCHAR"}, [], SMS="phone")
    assert result.counts == contacts.Contacts(members=0, wanted=0, invalid=0, warnings=0)


def test_the_books_balance_and_count_every_member_once(build):
    rows = [
        (1, "a@b.cat", "+34612345678"),
        (2, "A@b.cat", "+34612345678"),
        (3, None, None),
        (4, "no", None),
        (5, "c@b.cat", "x"),
    ]
    result = build(EMAIL | {"phone": "VARCHAR"}, rows, SMS="phone")
    assert result.counts == contacts.Contacts(members=5, wanted=2, invalid=3, warnings=1)
    assert set(result.contacts) | set(result.invalid) == set("12345")
    assert not set(result.contacts) & set(result.invalid)


@pytest.mark.parametrize(
    ("key", "keys", "winner"),
    [
        ("BIGINT", [10, 9, 100], "9"),
        ("VARCHAR", ["b", "10", "9"], "10"),
        ("UUID", [str(uuid.UUID(int=2)), str(uuid.UUID(int=1))], str(uuid.UUID(int=1))),
        ("DATE", ["2026-01-10", "2025-12-31"], "2025-12-31"),
    ],
)
def test_the_first_by_profile_key_in_its_own_order_wins_an_address(build, key, keys, winner):
    result = build(EMAIL, [(one, "a@b.cat") for one in keys], key=key)
    assert result.emails == {winner: "a@b.cat"}
    assert result.invalid == {str(one): ("email-duplicate", "email", winner) for one in keys if str(one) != winner}


def test_columns_may_have_any_name(build):
    columns = {
        "email": "VARCHAR",
        "reason": "VARCHAR",
        "a \"b\" 'c'": "VARCHAR",
        "value_0": "VARCHAR",
        "trimmed": "VARCHAR",
    }
    result = build(
        columns, [(1, "a@b.cat", "r", "+34612345678", "v", "t" * 10_001)],
        FIRSTNAME="reason", SMS='a "b" \'c\'', LASTNAME="trimmed",
    )  # fmt: skip
    assert result.sent(1) == {"FIRSTNAME": "r", "SMS": "+34612345678"}
    assert result.warnings == {("1", "text-too-long", "trimmed")}


def test_a_second_build_in_the_session_replaces_the_first(build):
    build(EMAIL | {"phone": "VARCHAR"}, [(1, "a@b.cat", "+34612345678"), (2, None, None)], SMS="phone")
    result = build(EMAIL | {"name": "VARCHAR"}, [(7, "g@b.cat", "Guiu")], FIRSTNAME="name")
    assert result.counts == contacts.Contacts(members=1, wanted=1, invalid=0, warnings=0)
    assert result.sent(7) == {"FIRSTNAME": "Guiu"}


def test_one_table_and_its_views_stay_in_the_session(build, duck):
    build(EMAIL | {"phone": "VARCHAR"}, [(1, "a@bücher.cat", "x")], SMS="phone")
    left = {name for (name,) in duck.rows("SELECT table_name FROM information_schema.tables")}
    assert left == {"members", "cleaned", "contacts", "invalid", "warnings"}


def test_a_kind_remembered_as_plain_text_is_understood(duck):
    fill(duck, {contacts.KEY: "BIGINT", "email": "VARCHAR", "phone": "VARCHAR"}, [(1, "a@b.cat", "+34612345678")])
    mapping = contacts.Mapping("email", (contacts.AttributeMapping("SMS", "phone"),))
    remembered = {"SMS": contacts.AttributeType("SMS", "phone")}
    contacts.build(duck, mapping, remembered, as_of_timezone="UTC")
    assert duck.value("SELECT SMS FROM contacts") == "+34612345678"


def test_members_that_change_while_they_are_read_stop_the_run(duck):
    duck.run("CREATE SEQUENCE reads")
    key = ident(contacts.KEY)
    duck.run(f"CREATE VIEW members AS SELECT 1 AS {key}, 'a@b.cat' AS email FROM range(3) WHERE nextval('reads') <= 3")
    with pytest.raises(ContactsDoNotBalance) as stopped:
        contacts.build(duck, contacts.Mapping("email"), {}, as_of_timezone="UTC")
    assert stopped.value.facts["members"] == 0


@pytest.mark.parametrize(
    ("native", "values", "said", "agreed"),
    [
        ("BOOLEAN", (), True, True),
        ("BOOLEAN", (), False, False),
        ("BOOLEAN", (), None, False),
        ("VARCHAR", ("yes", "Sí"), " SÍ ", True),
        ("VARCHAR", ("yes", "Sí"), "no", False),
        ("VARCHAR", ("yes", "Sí"), None, False),
    ],
)
def test_a_profile_that_has_not_agreed_is_left_out_with_that_reason(duck, native, values, said, agreed):
    fill(
        duck,
        {contacts.KEY: "BIGINT", "email": "VARCHAR", "optin": native},
        [(1, "a@b.cat", said), (2, "a@b.cat", None)],
    )
    mapping = contacts.Mapping("email", consent=contacts.ConsentColumn("optin", values))
    contacts.build(duck, mapping, {}, as_of_timezone="UTC")
    assert duck.rows("SELECT key FROM contacts") == ([("1",)] if agreed else [])
    assert ("2", "no-consent", "optin", None) in duck.rows("SELECT key, reason, field, winner FROM invalid")
