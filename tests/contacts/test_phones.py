"""Which telephone numbers are sent, in one form, and which are left out without losing the contact."""

import random
from collections import Counter

import pytest

from tests.contacts.test_numbering import dialled, library, national_numbers
from traginer.contacts import phones
from traginer.contacts.mapping import KEY, PHONE_ATTRIBUTES, Kind
from traginer.contacts.spelling import Field
from traginer.duck import ident, md5_bits

COLUMNS = {"email": "VARCHAR", "phone": "VARCHAR", "country": "VARCHAR"}
WITH_REGION = {"field": "phone", "region": "country"}


def one(build, phone, country="ES", native="VARCHAR", **sms):
    """The number that is sent for a profile, or the warning."""
    result = build(COLUMNS | {"phone": native}, [(1, "a@b.cat", phone, country)], SMS=WITH_REGION | sms)
    assert result.counts.wanted == 1
    contact = result.contacts["1"]
    assert contact["SMS"] == result.sent(1).get("SMS")
    return contact["SMS"] or {reason for _, reason, _ in result.warnings}


@pytest.mark.parametrize(
    ("phone", "country", "sent"),
    [
        ("612 34 56 78", "ES", "+34612345678"),
        ("612345678", " es ", "+34612345678"),
        ("+34 612-345-678", "FR", "+34612345678"),
        ("(+34) 612.345.678", None, "+34612345678"),
        ("0034612345678", "ES", "+34612345678"),
        ("0034612345678", None, "+34612345678"),
        ("(00) 34 612345678", None, "+34612345678"),
        ("34612345678", "ES", "+34612345678"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "ES", "+33612345678"),
        ("020 7946 0958", "UK", "+442079460958"),
        ("2101234567", "EL", "+302101234567"),
        ("06 698 12345", "IT", "+390669812345"),
        ("011 34 612345678", "US", "+34612345678"),
        ("0 11 15-2345-6789", "AR", "+5491123456789"),
        ("312 345", "AD", "+376312345"),
        ("tel:+34-612-345-678", None, "+34612345678"),
        ("Mòbil: +34 612 345 678", None, "+34612345678"),
        ("\u00a0612\u00a0345\u00a0678\u200e", "ES", "+34612345678"),
        ("\uff0b34612345678", None, "+34612345678"),
        ("٦١٢٣٤٥٦٧٨", "ES", "+34612345678"),
    ],
)
def test_a_valid_number_is_sent_in_e164(build, phone, country, sent):
    assert one(build, phone, country) == sent


@pytest.mark.parametrize(
    ("phone", "country", "reason"),
    [
        ("n/a", "ES", "phone-invalid"),
        ("n/a", None, "phone-invalid"),
        ("12", "ES", "phone-invalid"),
        ("612 34 56", "ES", "phone-invalid"),
        ("+34 112", "ES", "phone-invalid"),
        ("+999 612345678", "ES", "phone-invalid"),
        ("0034", None, "phone-invalid"),
        ("612345678 / 613456789", "ES", "phone-invalid"),
        ("93 123 45 67 ext. 12", "ES", "phone-invalid"),
        ("612" + " " * 300 + "345678", "ES", "phone-invalid"),
        ("612345678", None, "phone-region-unknown"),
        ("612345678", "Spain", "phone-region-unknown"),
        ("612345678", "XX", "phone-region-unknown"),
        ("34612345678", "", "phone-region-unknown"),
    ],
)
def test_an_unusable_number_is_left_out_and_the_contact_is_sent(build, phone, country, reason):
    assert one(build, phone, country) == {reason}


@pytest.mark.parametrize(
    ("country", "sent"),
    [("FR", "+33612345678"), (None, "+34612345678"), ("", "+34612345678"), ("Espanya", "+34612345678")],
)
def test_the_default_region_holds_where_the_column_says_nothing(build, country, sent):
    assert one(build, "612345678", country, default_region="ES") == sent


def test_the_default_region_alone_is_enough(build):
    result = build(COLUMNS, [(1, "a@b.cat", "612345678", "FR")], SMS={"field": "phone", "default_region": "ES"})
    assert result.sent(1) == {"SMS": "+34612345678"}


@pytest.mark.parametrize(
    ("native", "phone", "sent"),
    [
        ("BIGINT", 612345678, "+34612345678"),
        ("BIGINT", 34612345678, "+34612345678"),
        ("BIGINT", -612345678, {"phone-invalid"}),
        ("DOUBLE", 612345678.0, "+34612345678"),
        ("DOUBLE", 6123456.78, {"phone-invalid"}),
        ("DOUBLE", 6.12345678e25, {"phone-invalid"}),
        ("DOUBLE", float("nan"), {"phone-invalid"}),
        ("DECIMAL(18,2)", 612345678, "+34612345678"),
        ("DECIMAL(18,2)", 6123456.78, {"phone-invalid"}),
        ("BIGINT", None, set()),
    ],
)
def test_a_number_column_can_hold_telephone_numbers(build, native, phone, sent):
    assert one(build, phone, "ES", native) == sent


def test_a_number_that_stands_on_several_contacts_is_left_out_of_all_of_them(build):
    rows = [
        (1, "a@b.cat", "612345678", "ES"),
        (2, "b@b.cat", "+34 612 34 56 78", None),
        (3, "c@b.cat", "0034-612345678", None),
        (4, "d@b.cat", "613456789", "ES"),
    ]
    result = build(COLUMNS, rows, SMS=WITH_REGION)
    assert {key: contact["SMS"] for key, contact in result.contacts.items()} == {
        "1": None, "2": None, "3": None, "4": "+34613456789"
    }  # fmt: skip
    assert result.warnings == {(key, "phone-shared", "phone") for key in "123"}


def test_a_number_shared_with_a_refused_profile_is_not_shared(build):
    rows = [(1, "a@b.cat", "612345678", "ES"), (2, "A@b.cat", "612345678", "ES"), (3, None, "612345678", "ES")]
    result = build(COLUMNS, rows, SMS=WITH_REGION)
    assert result.sent(1) == {"SMS": "+34612345678"}
    assert result.warnings == set()


def test_each_telephone_attribute_is_unique_within_itself(build):
    columns = COLUMNS | {"mobile": "VARCHAR"}
    rows = [
        (1, "a@b.cat", "+34612345678", None, "+34612345678"),
        (2, "b@b.cat", "+34612345678", None, "+34613456789"),
    ]
    result = build(columns, rows, WHATSAPP={"field": "mobile"}, SMS={"field": "phone"})
    assert result.sent(1) == {"WHATSAPP": "+34612345678"}
    assert result.sent(2) == {"WHATSAPP": "+34613456789"}
    assert result.warnings == {("1", "phone-shared", "phone"), ("2", "phone-shared", "phone")}
    assert [contact["SMS"] for contact in result.contacts.values()] == [None, None]


@pytest.mark.parametrize(
    ("holder", "attribute", "number", "held"),
    [
        ("b@b.cat", "SMS", "+34612345678", True),
        ("a@b.cat", "SMS", "+34612345678", False),
        ("b@b.cat", "WHATSAPP", "+34612345678", False),
        ("b@b.cat", "SMS", "+34613456789", False),
    ],
)
def test_a_number_that_another_contact_of_the_account_holds_is_left_out(build, duck, holder, attribute, number, held):
    duck.run(
        f"CREATE TABLE held_by AS SELECT {md5_bits('?')} AS contact, ? AS attribute, {md5_bits('?')} AS number",
        [holder, attribute, number],
    )
    result = build(COLUMNS, [(1, "a@b.cat", "612345678", "ES")], SMS=WITH_REGION, holders="held_by")
    assert result.sent(1) == ({} if held else {"SMS": "+34612345678"})
    assert result.warnings == ({("1", "phone-held", "phone")} if held else set())


def test_the_numbers_of_a_contact_stand_under_the_names_of_their_attributes(build):
    columns = COLUMNS | {"landline": "VARCHAR"}
    rows = [(1, "a@b.cat", "612345678", "ES", "+34931234567"), (2, "b@b.cat", None, "ES", "x")]
    result = build(columns, rows, LANDLINE_NUMBER="landline", SMS=WITH_REGION)
    numbers = {key: [contact[name] for name in PHONE_ATTRIBUTES] for key, contact in result.contacts.items()}
    assert numbers == {"1": ["+34612345678", None, "+34931234567"], "2": [None, None, None]}


def test_a_contact_whose_held_number_is_left_out_has_the_fingerprint_of_one_without_it(build, duck):
    without = build(COLUMNS, [(1, "a@b.cat", None, "ES")], SMS=WITH_REGION).contacts["1"]["fingerprint"]
    duck.run(
        f"CREATE TABLE held_by AS SELECT 0::UBIGINT AS contact, 'SMS' AS attribute, {md5_bits("'+34612345678'")} AS number"
    )
    result = build(COLUMNS, [(1, "a@b.cat", "612345678", "ES")], SMS=WITH_REGION, holders="held_by")
    assert result.contacts["1"]["fingerprint"] == without
    assert result.counts.warnings == 1


def test_a_column_of_regions_with_as_many_texts_as_profiles_is_no_burden(build, duck):
    duck.run(
        f"CREATE TABLE members AS SELECT i AS {ident(KEY)}, 'm' || i || '@b.cat' AS email, '6123' || lpad(i::VARCHAR, 5, '0') AS phone, i::VARCHAR AS country FROM range(2_000) r(i)"
    )
    field = Field(0, "SMS", "phone", "VARCHAR", Kind.PHONE, (), "UTC", region="country", default_region="ES")
    assert phones.common(duck, field) == phones.Common({}, {"ES"}, set())


def test_common_regions_are_judged_in_sql_as_the_library_judges_them(build):
    dice = random.Random(7)
    regions = ("ES", "FR", "US", "GB", "BR")
    spoken = [
        dialled(r, n, dice, regions) for r in regions for n in national_numbers(r, dice, 5 * phones.WORTH_COMPILING)
    ]
    written = [(_punctuated(number, dice), region) for number, region in spoken]
    numbers = dict(enumerate(dict.fromkeys([*written, ("699" + " " * 300 + "887766", "ES")])))
    result = build(
        COLUMNS, [(key, f"m{key}@b.cat", phone, country) for key, (phone, country) in numbers.items()], SMS=WITH_REGION
    )
    expected = {str(key): library(phone, country) for key, (phone, country) in numbers.items()}
    shared = {phone for phone, contacts in Counter(expected.values()).items() if contacts > 1 or not phone}
    assert {key: contact["SMS"] for key, contact in result.contacts.items()} == {
        key: None if phone in shared else phone for key, phone in expected.items()
    }


def _punctuated(number: str, dice: random.Random) -> str:
    return "".join(digit + dice.choice(("", "", "", " ", "-", ".", " (", ") ")) for digit in number)
