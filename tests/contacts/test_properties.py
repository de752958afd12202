"""What holds for any members at all."""

import json
import math
import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.contacts.conftest import Built, built
from traginer.duck import Duck, open_duck

COLUMNS = {
    "email": "VARCHAR", "name": "VARCHAR", "value": "DOUBLE", "likes": "VARCHAR", "phone": "VARCHAR", "country": "VARCHAR",
}  # fmt: skip
MAPPED = {"FIRSTNAME": "name", "LTV": "value", "INTERESTS": "likes", "SMS": {"field": "phone", "region": "country"}}

MARKS = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
SPAIN = (None, None, None, "612345678", "ES")
people = st.sampled_from("aAbB")
addresses = st.builds(
    "{}{}@{}.cat{}".format,
    st.sampled_from(["", " ", "<", "mailto:"]),
    people,
    st.sampled_from("xX"),
    st.sampled_from(["", "\n", ">"]),
)
numbers = st.builds("{}61234567{}".format, st.sampled_from(["", "+34 ", "0034-"]), st.sampled_from("01"))
texts = st.text(max_size=20) | st.text('\\"\n\t\x00 \u2028\u200bé,', max_size=8)
rows = st.tuples(
    st.none() | addresses | texts,
    st.none() | texts,
    st.none() | st.floats(),
    st.none() | texts | st.sampled_from(["books", "Music,books"]),
    st.none() | numbers | texts,
    st.sampled_from([None, "ES", "es", "FR", "ZZ"]) | texts,
)
keys = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1), unique=True, max_size=10).map(lambda found: ("BIGINT", found)),
    st.lists(texts, unique=True, max_size=10).map(lambda found: ("VARCHAR", found)),
)


@st.composite
def some_members(draw):
    native, found = draw(keys)
    return native, [(key, *draw(rows)) for key in found]


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> Iterator[Duck]:
    with open_duck(tmp_path_factory.mktemp("duck")) as duck:
        yield duck


def make(session: Duck, native: str, members: list[tuple[object, ...]]) -> Built:
    return built(session, COLUMNS, members, key=native, **MAPPED)


def tidied(text: str | None) -> str | None:
    """The promise of the documentation, character by character."""
    one_line = re.sub("[\t\n\v\f\r\x85\u2028\u2029]+", " ", text or "")
    printable = "".join(c for c in one_line if unicodedata.category(c) != "Cc")
    blanks = {c for c in printable if unicodedata.category(c).startswith("Z")} | set(MARKS)
    return printable.strip("".join(blanks)) or None


@settings(max_examples=30, deadline=None)
@given(some_members())
def test_the_books_balance_and_every_row_is_the_json_that_was_meant(session, members):
    native, said = members
    result = make(session, native, said)
    assert result.counts.members == len(said) == result.counts.wanted + result.counts.invalid
    assert set(result.contacts) | set(result.invalid) == {str(key) for key, *_ in said}
    assert len(result.contacts) + len(result.invalid) == len(said)
    assert {key for key, _, _ in result.warnings} <= set(result.contacts)
    for key, email, name, value, *_ in said:
        if contact := result.contacts.get(str(key)):
            row = json.loads(contact["row"])
            assert row["email"] == contact["email"] == email.strip(f"<> \n{MARKS}").removeprefix("mailto:").lower()
            assert row["attributes"].get("FIRSTNAME") == tidied(name)
            assert row["attributes"].get("LTV") == (value if value is not None and math.isfinite(value) else None)
            assert row["attributes"].get("SMS") == contact["SMS"]
            assert None not in row["attributes"].values()


@settings(max_examples=30, deadline=None)
@given(some_members())
def test_addresses_and_telephone_numbers_stand_on_one_contact(session, members):
    result = make(session, *members)
    emails = [contact["email"] for contact in result.contacts.values()]
    phones = [contact["SMS"] for contact in result.contacts.values() if contact["SMS"]]
    assert len(set(emails)) == len(emails)
    assert len(set(phones)) == len(phones)
    winners = {winner for _, _, winner in result.invalid.values() if winner is not None}
    assert winners <= set(result.contacts)


@settings(max_examples=20, deadline=None)
@given(some_members(), st.randoms(use_true_random=False))
def test_a_second_build_makes_the_same_contacts_whatever_the_order_of_members(session, members, dice):
    native, said = members
    first = make(session, native, said)
    again = make(session, native, dice.sample(said, len(said)))
    assert again == first


@settings(max_examples=30, deadline=None)
@given(some_members())
@example(("BIGINT", [(1, "a@b.cat", *[None] * 5), (2, "a@b.cat", *SPAIN), (3, "c@b.cat", *SPAIN)]))
def test_a_member_more_changes_another_contact_only_by_a_shared_address_or_number(session, members):
    native, said = members
    before, after = make(session, native, said[1:]), make(session, native, said)
    # The newcomer may share a number, or displace a profile that shared one.
    shared = {key for key, reason, _ in before.warnings | after.warnings if reason == "phone-shared"}
    newcomer = str(said[0][0]) if said else ""
    for key, contact in before.contacts.items():
        if key in after.contacts:
            assert after.contacts[key]["fingerprint"] == contact["fingerprint"] or key in shared
        else:
            assert after.invalid[key] == ("email-duplicate", "email", newcomer)
