"""The numbering plans in SQL never judge a number otherwise than the library does."""

import random
from collections.abc import Iterator, Sequence

import phonenumbers
import pyarrow as pa
import pytest
from phonenumbers import PhoneMetadata, PhoneNumberFormat

from traginer.contacts import numbering
from traginer.duck import Duck

REGIONS = sorted(numbering.REGIONS)
DIGITS = "0123456789"
SHARE_LEFT_TO_THE_LIBRARY = 0.03


def national_numbers(region: str, dice: random.Random, count: int) -> Iterator[str]:
    """Numbers near the plan of `region`: examples of each kind with some digits changed, added or dropped."""
    metadata = PhoneMetadata.metadata_for_region(region)
    examples = [
        d.example_number for kind in numbering.KINDS_OF_NUMBER if (d := getattr(metadata, kind)) and d.example_number
    ]
    for _ in range(count):
        digits = list(dice.choice(examples))
        for _ in range(dice.choice((0, 1, 2, 4, 7))):
            digits[dice.randrange(len(digits))] = dice.choice(DIGITS)
        if dice.random() < 0.15:
            digits.insert(dice.randrange(len(digits)), dice.choice(DIGITS))
        if dice.random() < 0.15:
            digits.pop(dice.randrange(len(digits)))
        yield "".join(digits)


def dialled(region: str, national: str, dice: random.Random, regions: Sequence[str] = REGIONS) -> tuple[str, str]:
    """`national` as somebody in some region may dial it: (digits and plus sign, region)."""
    metadata = PhoneMetadata.metadata_for_region(region)
    code, prefix = str(metadata.country_code), metadata.national_prefix or "0"
    elsewhere = dice.choice(regions)
    ways = (
        (national, region),
        (prefix + national, region),
        (code + national, region),
        (code + prefix + national, region),
        ("+" + code + national, elsewhere),
        ("+" + code + prefix + national, elsewhere),
        ("00" + code + national, elsewhere),
        ("011" + code + national, elsewhere),
        (national, elsewhere),
        (dice.choice(DIGITS) + national, region),
    )
    return dice.choice(ways)


def library(number: str, region: str) -> str:
    """What the library makes of a number: E.164, or empty if it is not valid."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    valid = phonenumbers.is_valid_number(parsed)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164) if valid else ""


def judged(
    duck: Duck,
    numbers: list[tuple[str, str]],
    regions: Sequence[str] = REGIONS,
    codes: Sequence[str] = numbering.CALLING_CODES,
) -> list[tuple[str, str, str | None]]:
    """What the compiled plans make of the numbers."""
    duck.connection.register(
        "dialled", pa.table({"number": [n for n, _ in numbers], "region": [r for _, r in numbers]})
    )
    sql = numbering.e164(
        "SELECT * FROM dialled",
        number="number",
        region="region",
        into="phone",
        regions=regions,
        codes=codes,
    )
    return [
        (number, region, phone) for number, region, phone in duck.rows(f"SELECT number, region, phone FROM ({sql})")
    ]


def disagreements(found: list[tuple[str, str, str | None]]) -> list[tuple[str, str, str, str]]:
    return [
        (number, region, phone, expected)
        for number, region, phone in found
        if phone is not None and phone != (expected := library(number, region))
    ]


def test_a_number_that_only_the_library_can_judge_is_left_to_it(duck):
    rewritten, unknown_code = ("0111523456789", "AR"), ("+80012345678", "ES")
    assert {phone for _, _, phone in judged(duck, [rewritten, unknown_code], ["AR", "ES"], [])} == {None}


@pytest.mark.slow
def test_no_number_of_any_region_is_judged_otherwise_than_by_the_library(duck):
    dice = random.Random(20260101)
    found = judged(duck, [dialled(r, n, dice) for r in REGIONS for n in national_numbers(r, dice, 1250)])
    assert len(found) > 300_000
    assert disagreements(found) == []
    accepted = sum(bool(phone) for _, _, phone in found)
    left = sum(phone is None and bool(library(number, region)) for number, region, phone in found)
    assert accepted > 80_000
    assert left < SHARE_LEFT_TO_THE_LIBRARY * accepted
