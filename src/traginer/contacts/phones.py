"""Telephone numbers as E.164: numbering plans in SQL for nearly all, libphonenumber for each distinct number they leave open.

Accepted is what `phonenumbers.is_valid_number` accepts. A number is *open* while its column `open_N` holds the region and
the text, the key under which the library's answer is looked up.
"""

import re
from collections.abc import Iterable

import phonenumbers
import pyarrow as pa

from traginer.contacts import numbering
from traginer.contacts.spelling import Field
from traginer.duck import Duck, ident, literal

NO_REGION = "ZZ"
"""What CLDR and libphonenumber call a region that is not known."""

ALIASES = {"UK": "GB", "EL": "GR"}
"""Codes that stand for another in everyday use: ISO 3166 reserves UK, the European Union writes EL."""

WORTH_COMPILING = 500
"""Numbers. Compiling a region's plan takes as long as asking the library about some hundred numbers."""

_WRITTEN = r"[ (]*[+]?[0-9 ().\x{A0}-]+"
_LONGEST = 250  # characters the library reads: _MAX_INPUT_STRING_LENGTH of phonenumbers/phonenumberutil.py
_PUNCTUATION = (" ", "(", ")", ".", "-", "\xa0")
_FROM_ANYWHERE = r"^[^0-9]*(?:[+＋]|00)"


def region_of(field: Field) -> str:
    """SQL for the region a number is dialled in: the column's code if it is one, else the default, else NO_REGION."""
    fallback = literal(field.default_region or NO_REGION)
    if field.region is None:
        return fallback
    code = f"upper(trim({ident(field.region)}))"
    aliases = " ".join(f"WHEN {literal(alias)} THEN {literal(known)}" for alias, known in ALIASES.items())
    known = f"regexp_full_match({code}, {literal('|'.join(sorted(numbering.REGIONS)))})"
    return f"CASE {code} {aliases} ELSE CASE WHEN {known} THEN {code} ELSE {fallback} END END"


def worth_compiling(duck: Duck, field: Field) -> tuple[list[str], list[str]]:
    """The regions and the calling codes that are common enough among the members to be worth their SQL."""
    code = rf"^[ (]*(?:[+]|00)[ (]*({'|'.join(numbering.CALLING_CODES)})"
    counts = duck.rows(
        f"""SELECT region, NULL FROM (SELECT {region_of(field)} AS region FROM members WHERE {ident(field.column)} IS NOT NULL)
             GROUP BY region HAVING count(*) >= {WORTH_COMPILING} AND region <> '{NO_REGION}'
            UNION ALL
            SELECT NULL, code FROM (SELECT regexp_extract(CAST({ident(field.column)} AS VARCHAR), '{code}', 1) AS code FROM members)
             GROUP BY code HAVING count(*) >= {WORTH_COMPILING} AND code <> ''"""
    )
    return [region for region, _ in counts if region], [code for _, code in counts if code]


def read(relation: str, field: Field, regions: Iterable[str], codes: Iterable[str]) -> str:
    """The relation with `value_N`, `flaw_N` and `open_N`, from its `said_N` and `region_N`."""
    said, region, number, fast = (f"{name}_{field.place}" for name in ("said", "region", "number", "fast"))
    numbered = f"SELECT *, {_number(said, region)} AS {number} FROM ({relation})"
    judged = numbering.e164(numbered, number=number, region=region, into=fast, regions=regions, codes=codes)
    nowhere = f"{region} = '{NO_REGION}' AND NOT regexp_matches({said}, {literal(_FROM_ANYWHERE)})"
    return f"""
        SELECT * EXCLUDE ({number}, {fast}), nullif({fast}, '') AS {field.value},
               CASE WHEN {fast} = '' THEN 'phone-invalid'
                    WHEN {fast} IS NOT NULL OR {said} IS NULL OR NOT ({nowhere}) THEN NULL
                    WHEN regexp_matches({said}, '(?:[0-9][^0-9]*){{3}}') THEN 'phone-region-unknown'
                    ELSE 'phone-invalid' END AS {field.flaw},
               CASE WHEN {fast} IS NULL AND {said} IS NOT NULL AND NOT ({nowhere})
                    THEN {region} || {said} END AS {open_column(field)}
          FROM ({judged})"""


def region_column(field: Field) -> str:
    """The column with the region a number is dialled in."""
    return f"region_{field.place}"


def open_column(field: Field) -> str:
    """The column with region and text of a number that only the library can judge."""
    return f"open_{field.place}"


def ask_library(duck: Duck, field: Field) -> None:
    """Settle the open numbers of `cleaned`, each distinct one once."""
    column = open_column(field)
    duck.run("CREATE OR REPLACE TABLE answers (open VARCHAR, phone VARCHAR)")
    writer = duck.connection.cursor()
    for batch in duck.stream(f"SELECT DISTINCT {column} FROM cleaned WHERE {column} IS NOT NULL"):
        phones = pa.array([_answer(asked[:2], asked[2:]) for asked in batch.column(0).to_pylist()], pa.string())
        writer.from_arrow(pa.table({"open": batch.column(0), "phone": phones})).insert_into("answers")
    duck.run(
        f"""UPDATE cleaned
               SET {field.value} = answers.phone, {field.flaw} = CASE WHEN answers.phone IS NULL THEN 'phone-invalid' END
              FROM answers WHERE cleaned.{column} = answers.open"""
    )
    duck.run("DROP TABLE answers")


def leave_out_shared(duck: Duck, field: Field) -> None:
    """Take a number that stands on several wanted contacts of `cleaned` off all of them."""
    duck.run(
        f"""UPDATE cleaned SET {field.value} = NULL, {field.flaw} = 'phone-shared'
             WHERE {field.value} IN (SELECT {field.value} FROM cleaned WHERE reason IS NULL AND {field.value} IS NOT NULL
                                      GROUP BY {field.value} HAVING count(*) > 1)"""
    )


def leave_out_held(duck: Duck, field: Field, holders: str) -> None:
    """Take a number off a contact of `cleaned` while another contact of the account is known to hold it."""
    duck.run(
        f"""UPDATE cleaned SET {field.value} = NULL, {field.flaw} = 'phone-held' FROM {holders} h
             WHERE reason IS NULL AND h.attribute = {literal(field.attribute)}
               AND h.number = md5_number_lower({field.value}) AND h.contact <> md5_number_lower(email)"""
    )


def _number(said: str, region: str) -> str:
    digits = said
    for sign in _PUNCTUATION:
        digits = f"replace({digits}, {literal(sign)}, '')"
    # Nothing tells which prefix leads abroad when the region is unknown; ITU-T E.164 recommends 00.
    international = f"CASE WHEN {region} = '{NO_REGION}' THEN regexp_replace({digits}, '^00', '+') ELSE {digits} END"
    return f"CASE WHEN strlen({said}) <= {_LONGEST} AND regexp_full_match({said}, {literal(_WRITTEN)}) THEN {international} END"


def _answer(region: str, text: str) -> str | None:
    known = None if region == NO_REGION else region
    dialled = text if known else re.sub(r"^[^0-9+]*00", "+", text)
    try:
        number = phonenumbers.parse(dialled, known)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
