"""What a contact carries, how it is written for Brevo, and what its fingerprint depends on."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from traginer.contacts import AttributeType, Kind
from traginer.contacts.spelling import TEXT_LIMIT

INFINITE_DATE = "infinity"


def value(build, attribute, native, said, **options):
    """What is sent of `said`, a value of type `native`: the value, or the warning, or None."""
    result = build({"email": "VARCHAR", "column": native}, [(1, "a@b.cat", said)], **{attribute: "column"}, **options)
    assert result.counts.wanted == 1
    warned = {reason for _, reason, _ in result.warnings}
    return result.sent(1).get(attribute, warned or None)


def test_a_row_is_the_json_that_brevo_reads_with_attributes_in_name_order(build):
    columns = {"email": "VARCHAR", "name": "VARCHAR", "phone": "VARCHAR", "value": "DOUBLE", "vip": "BOOLEAN"}
    result = build(
        columns, [(1, "Aina@b.cat", "Aïna", "+34612345678", 1234.5, True)],
        VIP="vip", SMS="phone", LTV="value", FIRSTNAME="name", LASTNAME="name",
    )  # fmt: skip
    assert result.contacts["1"]["row"] == (
        '{"email":"aina@b.cat","attributes":'
        '{"FIRSTNAME":"Aïna","LASTNAME":"Aïna","LTV":1234.5,"SMS":"+34612345678","VIP":true}}'
    )


def test_a_contact_without_values_has_no_attributes_and_erases_none(build):
    columns = {"email": "VARCHAR", "name": "VARCHAR", "value": "DOUBLE"}
    empty = build(columns, [(1, "a@b.cat", " \u00a0", None)], FIRSTNAME="name", LTV="value")
    bare = build(columns, [(1, "a@b.cat", "Aina", 1)])
    assert empty.contacts["1"]["row"] == bare.contacts["1"]["row"] == '{"email":"a@b.cat","attributes":{}}'
    assert empty.warnings == set()


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("  Aina \u200b\u3000", "Aina"),
        ('a "b" \\ c / d', 'a "b" \\ c / d'),
        ("Carrer Major, 1\r\nBaixos", "Carrer Major, 1 Baixos"),
        ("a\tb\u2028c\x00\x07\x1b\x7f\x9fd", "a b cd"),
        ("\x00\x01", None),
        ("👩‍👩‍👧 é e\u0301 \U0010ffff", "👩‍👩‍👧 é e\u0301 \U0010ffff"),
        ("</script>&amp;", "</script>&amp;"),
        ("NULL", "NULL"),
        ("x" * TEXT_LIMIT, "x" * TEXT_LIMIT),
        ("é" * TEXT_LIMIT, "é" * TEXT_LIMIT),
        ("x" * TEXT_LIMIT + "x", {"text-too-long"}),
    ],
)
def test_a_text_is_sent_tidied_and_otherwise_as_it_is(build, said, sent):
    assert value(build, "FIRSTNAME", "VARCHAR", said) == sent


@pytest.mark.parametrize(
    ("native", "said", "sent"),
    [
        ("BIGINT", 9007199254740993, "9007199254740993"),
        ("DECIMAL(10,2)", Decimal("5.00"), "5.00"),
        ("DOUBLE", 5.0, "5"),
        ("DOUBLE", 0.1, "0.1"),
        ("DOUBLE", float("inf"), {"number-not-finite"}),
        ("FLOAT", float("nan"), {"number-not-finite"}),
        ("BOOLEAN", False, "false"),
        ("DATE", date(2026, 1, 31), "2026-01-31"),
        ("TIMESTAMP", "2026-01-31 23:59:01", "2026-01-31 23:59:01"),
        ("TIMESTAMPTZ", datetime(2026, 1, 31, 23, 30, tzinfo=UTC), "2026-02-01 00:30:00"),
        ("UUID", "6f9619ff-8b86-d011-b42d-00c04fc964ff", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        ("ENUM('gold ', 'silver')", "gold ", "gold"),
    ],
)
def test_any_single_value_can_fill_a_text_attribute(build, native, said, sent):
    assert value(build, "FIRSTNAME", native, said) == sent


@pytest.mark.parametrize(
    ("native", "said", "sent"),
    [
        ("DOUBLE", 1234.5, "1234.5"),
        ("DOUBLE", 5.0, "5"),
        ("DOUBLE", -0.0, "0"),
        ("DOUBLE", 0.1 + 0.2, "0.30000000000000004"),
        ("DOUBLE", 1e300, "1e+300"),
        ("FLOAT", 0.1, "0.1"),
        ("INTEGER", -7, "-7"),
        ("HUGEINT", "100000000000000000000", "100000000000000000000.0"),
        ("DECIMAL(10,2)", Decimal("12.30"), "12.3"),
    ],
)
def test_a_number_is_written_as_the_shortest_that_reads_back_the_same(build, native, said, sent):
    result = build({"email": "VARCHAR", "column": native}, [(1, "a@b.cat", said)], LTV="column")
    written = result.contacts["1"]["row"].removeprefix('{"email":"a@b.cat","attributes":{"LTV":').removesuffix("}}")
    assert json.loads(written) == json.loads(sent)
    assert len(written) <= len(sent)


@pytest.mark.parametrize("said", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_cannot_write_is_left_out(build, said):
    assert value(build, "LTV", "DOUBLE", said) == {"number-not-finite"}


@pytest.mark.parametrize(
    ("native", "said", "timezone", "sent"),
    [
        ("DATE", date(2026, 1, 31), "UTC", "2026-01-31"),
        ("DATE", date(1, 1, 1), "UTC", "0001-01-01"),
        ("DATE", date(9999, 12, 31), "UTC", "9999-12-31"),
        ("TIMESTAMP", "2026-01-31 23:59:00", "Asia/Tokyo", "2026-01-31"),
        ("TIMESTAMPTZ", datetime(2026, 1, 31, 23, 30, tzinfo=UTC), "Europe/Madrid", "2026-02-01"),
        ("TIMESTAMPTZ", datetime(2026, 7, 31, 22, 30, tzinfo=UTC), "Europe/Madrid", "2026-08-01"),
        ("TIMESTAMPTZ", datetime(2026, 1, 31, 23, 30, tzinfo=UTC), "America/Lima", "2026-01-31"),
        ("TIMESTAMP_NS", "2026-01-31 00:00:00", "UTC", "2026-01-31"),
        ("DATE", "10000-01-01", "UTC", {"date-out-of-range"}),
        ("DATE", "0044-03-15 (BC)", "UTC", {"date-out-of-range"}),
        ("DATE", INFINITE_DATE, "UTC", {"date-out-of-range"}),
        ("TIMESTAMP", INFINITE_DATE, "UTC", {"date-out-of-range"}),
        ("TIMESTAMPTZ", INFINITE_DATE, "UTC", {"date-out-of-range"}),
        ("TIMESTAMPTZ", "294246-12-31 00:00:00+00", "Asia/Tokyo", {"date-out-of-range"}),
        ("TIMESTAMPTZ", None, "UTC", None),
    ],
)
def test_a_date_is_the_day_of_the_moment_in_the_runs_zone(build, native, said, timezone, sent):
    assert value(build, "LAST_PURCHASE", native, said, timezone=timezone) == sent


@pytest.mark.parametrize("said", [True, False, None])
def test_a_boolean_is_sent_as_one(build, said):
    assert value(build, "VIP", "BOOLEAN", said) is said


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("Gold", "Gold"),
        (" gold ", "Gold"),
        ('BRONZE "b"', 'Bronze "B"'),
        ("Golden", {"option-unknown"}),
        ("", None),
    ],
)
def test_a_category_takes_its_options_only_and_spells_them_as_the_account_does(build, said, sent):
    assert value(build, "TIER", "VARCHAR", said) == sent


@pytest.mark.parametrize(
    ("said", "sent", "warned"),
    [
        ("Books", ["Books"], False),
        ("music, books,Music ,", ["Books", "Music"], False),
        ("HISTÒRIA, chess", ["Història"], True),
        ("chess", None, True),
        (" , ", None, False),
    ],
)
def test_a_multiple_choice_is_split_at_commas_and_keeps_what_is_an_option(build, said, sent, warned):
    result = build({"email": "VARCHAR", "likes": "VARCHAR"}, [(1, "a@b.cat", said)], INTERESTS="likes")
    assert result.sent(1).get("INTERESTS") == sent
    assert result.warnings == ({("1", "option-unknown", "likes")} if warned else set())


def wide(build, rows):
    """Contacts with as many text attributes as the rows have values after the address."""
    names = [f"T{place}" for place in range(len(rows[0]) - 2)]
    types = {name: AttributeType(name, Kind.TEXT) for name in names}
    return build(
        {"email": "VARCHAR"} | dict.fromkeys(names, "VARCHAR"), rows, types=types, **{name: name for name in names}
    )


@pytest.mark.parametrize(("texts", "refused"), [(["x" * 9_985] * 10, False), (['"' * 9_999] * 5, True)])
def test_a_row_over_a_hundred_kilobytes_is_refused(build, texts, refused):
    result = wide(build, [(1, "a@b.cat", *texts), (2, "b@b.cat", *["x"] * len(texts))])
    assert result.invalid == ({"1": ("contact-too-large", None, None)} if refused else {})
    assert "2" in result.contacts


def test_a_refused_giant_does_not_take_the_place_of_a_profile_with_the_same_address(build):
    result = wide(build, [(1, "a@b.cat", *["x" * 9_999] * 11), (2, "a@b.cat", *["x"] * 11)])
    assert result.reasons == {"1": "contact-too-large"}
    assert result.emails == {"2": "a@b.cat"}


EVERY_KIND = {
    "email": "VARCHAR", "first": "VARCHAR", "value": "DOUBLE", "vip": "BOOLEAN", "bought": "DATE", "tier": "VARCHAR",
    "likes": "VARCHAR", "phone": "VARCHAR",
}  # fmt: skip
MAPPED = {
    "FIRSTNAME": "first", "LTV": "value", "VIP": "vip", "LAST_PURCHASE": "bought", "TIER": "tier", "INTERESTS": "likes",
    "SMS": "phone",
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "canonical", "golden"),
    [
        (
            ("aina@b.cat", 'Aïna "A"', 0.1, True, date(2026, 1, 31), "gold", "music,books", "+34612345678"),
            'aina@b.cat␞Aïna "A"␞Books␝Music␞2026-01-31␞1000␞+34612345678␞Gold␞true',
            "5764e65d-13b4-39a2-3f10-4a20d1315ecd",
        ),
        (
            ("bernat@b.cat", None, None, None, None, None, None, None),
            "bernat@b.cat␞␚␞␚␞␚␞␚␞␚␞␚␞␚",
            "40e2a7cc-640c-ab06-485c-54ae72fd9d36",
        ),
        (
            ("carme@b.cat", "👩‍👧", 1e300, False, date(1, 1, 1), None, None, None),
            "carme@b.cat␞👩‍👧␞␚␞0001-01-01␞1.0000000000000001e+300e␞␚␞␚␞false",
            "d63d6113-8de9-825d-e429-179ceed95029",
        ),
    ],
)
def test_fingerprints_are_those_that_ledgers_already_hold(build, values, canonical, golden):
    # A ledger outlives versions: if this test fails, every contact of every list would be sent again.
    separators = str.maketrans("␚␝␞␟", "\x1a\x1d\x1e\x1f")
    names = hashlib.md5("\x1f".join(sorted(MAPPED)).encode()).hexdigest()[:16]
    digest = hashlib.md5(f"{names}␞{canonical}".translate(separators).encode()).digest()
    assert UUID(bytes=digest[::-1]) == UUID(golden)
    result = build(EVERY_KIND, [(1, *values)], **MAPPED)
    assert result.contacts["1"]["fingerprint"] == UUID(golden)


def fingerprint(build, *, email="a@b.cat", columns=EVERY_KIND, mapped=MAPPED, **values):
    said = [email, *(values.get(name) for name in columns if name != "email")]
    return build(columns, [(1, *said)], **mapped).contacts["1"]["fingerprint"]


@pytest.mark.parametrize(
    "values",
    [
        {"email": "b@b.cat"},
        {"first": "Aina"},
        {"value": 0.1},
        {"value": 0.1 + 2**-56},
        {"value": 0},
        {"vip": False},
        {"bought": date(2026, 1, 1)},
        {"tier": "Gold"},
        {"likes": "Books"},
        {"likes": "Books,Music"},
        {"phone": "+34612345678"},
    ],
)
def test_a_changed_value_changes_the_fingerprint(build, values):
    others = ({"first": "aina"}, {"value": 0.2}, {"vip": True}, {"tier": "Silver"}, {"likes": "Music"}, {})
    assert all(fingerprint(build, **values) != fingerprint(build, **other) for other in others)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"first": "Aina"}, {"first": " Aina\n"}),
        ({"email": "A@B.cat"}, {"email": "a@b.cat"}),
        ({"value": -0.0}, {"value": 0.0}),
        ({"likes": "Books,Music"}, {"likes": "music, books, chess"}),
        ({"phone": "+34 612 34 56 78"}, {"phone": "0034612345678"}),
        ({"phone": "n/a"}, {}),
    ],
)
def test_what_sends_the_same_has_the_same_fingerprint(build, one, other):
    assert fingerprint(build, **one) == fingerprint(build, **other)


def test_the_order_of_a_mapping_and_the_type_of_a_number_do_not_change_the_fingerprint(build):
    backwards = dict(reversed(MAPPED.items()))
    whole = EVERY_KIND | {"value": "INTEGER"}
    expected = fingerprint(build, value=7, first="Aina")
    assert fingerprint(build, value=7, first="Aina", mapped=backwards) == expected
    assert fingerprint(build, value=7, first="Aina", columns=whole) == expected


def test_a_value_cannot_pass_for_another_attribute(build):
    columns = {"email": "VARCHAR", "first": "VARCHAR", "last": "VARCHAR"}
    both = {"FIRSTNAME": "first", "LASTNAME": "last"}
    spread = [
        ("Aina", None),
        (None, "Aina"),
        ("AinaLASTNAME", None),
        ("Aina\x1eLASTNAME\x1fPous", None),
        ("Aina", "Pous"),
    ]
    prints = {
        fingerprint(build, columns=columns, mapped=both, first=first, last=last)
        for first, last in [*spread, (None, None)]
    }
    assert len(prints) == len(spread) + 1
