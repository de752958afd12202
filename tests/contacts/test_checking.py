"""A mapping that Brevo would silently ignore is refused before the run, with what may have been meant."""

import pytest

from tests.contacts.conftest import TYPES
from traginer.contacts import AttributeMapping, Mapping, attribute_type, check_mapping, faults, fields
from traginer.contacts.errors import (
    AttributeIsIdentifier,
    AttributeNotWritable,
    AttributeTwice,
    AttributeTypeMismatch,
    AttributeUnknown,
    ColumnNotUsable,
    ColumnUnknown,
    EmailNotText,
    MappingError,
    RegionNotText,
    RegionUnknown,
    RegionWithoutPhone,
)
from traginer.contacts.mapping import Kind
from traginer.contacts.spelling import SPELLINGS
from traginer.errors import every_error
from traginer.values import Column, ColumnType

COLUMNS = {
    name: Column(name, kind, kind.value.upper())
    for name, kind in {
        "email": ColumnType.TEXT,
        "first_name": ColumnType.TEXT,
        "phone": ColumnType.TEXT,
        "country": ColumnType.TEXT,
        "value": ColumnType.NUMBER,
        "vip": ColumnType.BOOLEAN,
        "born": ColumnType.DATE,
        "seen": ColumnType.TIMESTAMP,
        "tags": ColumnType.OTHER,
    }.items()
}


def found(*attributes, email="email", types=TYPES):
    """The classes of the faults of a mapping."""
    return [type(fault) for fault in faults(Mapping(email, tuple(attributes)), COLUMNS, types)]


def mapped(attribute, field, **region):
    return AttributeMapping(attribute, field, **region)


def test_a_good_mapping_has_no_faults():
    good = Mapping(
        "email",
        (
            mapped("FIRSTNAME", "first_name"),
            mapped("SMS", "phone", region="country", default_region="ES"),
            mapped("LTV", "value"),
        ),
    )
    assert faults(good, COLUMNS, TYPES) == []
    check_mapping(good, COLUMNS, TYPES)
    check_mapping(good, COLUMNS, None)


@pytest.mark.parametrize(
    ("attribute", "types", "expected"),
    [
        (mapped("FIRSTNAME", "name"), TYPES, [ColumnUnknown]),
        (mapped("FIRSTNAME", "tags"), TYPES, [ColumnNotUsable]),
        (mapped("FIRSTNAM", "first_name"), TYPES, [AttributeUnknown]),
        (mapped("firstname", "first_name"), TYPES, [AttributeUnknown]),
        (mapped("TOTAL", "value"), TYPES, [AttributeNotWritable]),
        (mapped("EMAIL", "first_name"), TYPES, [AttributeIsIdentifier]),
        (mapped("EXT_ID", "first_name"), TYPES, [AttributeIsIdentifier]),
        (mapped("ext_id", "first_name"), None, [AttributeIsIdentifier]),
        (mapped("FIRSTNAM", "first_name"), None, []),
        (mapped("SMS", "vip"), None, [AttributeTypeMismatch]),
        (mapped("SMS", "phone", region="land"), TYPES, [ColumnUnknown]),
        (mapped("SMS", "phone", region="value"), TYPES, [RegionNotText]),
        (mapped("SMS", "phone", default_region="Spain"), TYPES, [RegionUnknown]),
        (mapped("SMS", "phone", default_region="XX"), None, [RegionUnknown]),
        (mapped("FIRSTNAME", "phone", region="country"), TYPES, [RegionWithoutPhone]),
        (mapped("FIRSTNAME", "phone", default_region="ES"), TYPES, [RegionWithoutPhone]),
    ],
)
def test_a_fault_is_found(attribute, types, expected):
    assert found(attribute, types=types) == expected


@pytest.mark.parametrize(
    ("email", "expected"),
    [("email", []), ("mail", [ColumnUnknown]), ("value", [EmailNotText]), ("tags", [EmailNotText])],
)
def test_the_address_needs_a_text_column(email, expected):
    assert found(email=email) == expected


FITS = {
    "FIRSTNAME": {"first_name", "value", "vip", "born", "seen"},
    "LTV": {"value"},
    "VIP": {"vip"},
    "LAST_PURCHASE": {"born", "seen"},
    "TIER": {"first_name", "value", "vip"},
    "INTERESTS": {"first_name"},
    "SMS": {"first_name", "value"},
}


@pytest.mark.parametrize("attribute", FITS)
@pytest.mark.parametrize("field", ["first_name", "value", "vip", "born", "seen"])
def test_which_columns_fit_which_attributes(attribute, field):
    assert found(mapped(attribute, field)) == ([] if field in FITS[attribute] else [AttributeTypeMismatch])


def test_an_attribute_is_mapped_once():
    twice = mapped("FIRSTNAME", "first_name"), mapped("FIRSTNAME", "phone"), mapped("FIRSTNAME", "country")
    assert found(*twice) == [AttributeTwice]


def test_all_faults_are_listed_and_the_first_is_raised():
    mapping = Mapping("mail", (mapped("FIRSTNAM", "nom"), mapped("SMS", "phone", region="land")))
    listed = faults(mapping, COLUMNS, TYPES)
    assert [type(fault) for fault in listed] == [ColumnUnknown, ColumnUnknown, AttributeUnknown, ColumnUnknown]
    with pytest.raises(ColumnUnknown) as stopped:
        check_mapping(mapping, COLUMNS, TYPES)
    assert stopped.value.facts == listed[0].facts


@pytest.mark.parametrize(
    ("mapping", "closest"),
    [
        (Mapping("e-mail"), '"email"'),
        (Mapping("Email"), '"email"'),
        (Mapping("xyz"), '"email", "first_name", "phone"'),
        (Mapping("email", (mapped("FIRST_NAME", "first_name"),)), '"FIRSTNAME"'),
        (Mapping("email", (mapped("PRENOM", "first_name"),)), '"FIRSTNAME", "LASTNAME", "LTV"'),
    ],
)
def test_a_fault_says_what_may_have_been_meant(mapping, closest):
    (fault,) = faults(mapping, COLUMNS, TYPES)
    assert fault.facts["closest"].startswith(closest)
    assert closest in str(fault)


def test_every_fault_of_a_mapping_can_be_read():
    facts = dict.fromkeys(
        ("column", "native", "attribute", "kind", "region", "closest", "members", "wanted", "invalid"), "x"
    )
    ours = [error for error in every_error() if issubclass(error, MappingError)]
    assert len({error.code for error in ours}) == len(ours) == 12
    assert all("{" not in str(error(**facts)) for error in ours)


def test_the_members_bring_each_mapped_column_once():
    mapping = Mapping(
        "email", (mapped("SMS", "phone", region="country"), mapped("WHATSAPP", "phone", region="country"))
    )
    assert fields(mapping) == ("email", "phone", "country")


@pytest.mark.parametrize(
    ("described", "kind"),
    [
        (("FIRSTNAME", "normal", "text"), Kind.TEXT),
        (("LTV", "normal", "float"), Kind.FLOAT),
        (("VIP", "normal", "boolean"), Kind.BOOLEAN),
        (("BORN", "normal", "date"), Kind.DATE),
        (("LIKES", "normal", "multiple-choice"), Kind.MULTIPLE_CHOICE),
        (("TIER", "category", None), Kind.CATEGORY),
        (("TIER", "category", "text"), Kind.CATEGORY),
        (("SMS", "normal", "text"), Kind.PHONE),
        (("WHATSAPP", "normal", "text"), Kind.PHONE),
        (("LANDLINE_NUMBER", "normal", "text"), Kind.PHONE),
        (("PLAIN", "normal", None), Kind.TEXT),
        (("OWNER", "normal", "user"), Kind.READ_ONLY),
        (("NEW", "normal", "hologram"), Kind.READ_ONLY),
        (("ORDER_ID", "transactional", "id"), Kind.READ_ONLY),
        (("AVERAGE", "calculated", "float"), Kind.READ_ONLY),
        (("AVERAGE", "global", None), Kind.READ_ONLY),
    ],
)
def test_an_attribute_is_read_from_what_brevo_says_of_it(described, kind):
    assert attribute_type(*described).kind is kind


def test_options_are_kept_for_choices():
    assert attribute_type("TIER", "category", None, ["Gold", "Silver"]).options == ("Gold", "Silver")
    assert attribute_type("LIKES", "normal", "multiple-choice", ["Books"]).options == ("Books",)


def test_every_kind_that_can_be_written_has_a_spelling():
    assert set(SPELLINGS) == set(Kind) - {Kind.READ_ONLY}
