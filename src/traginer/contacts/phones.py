"""Telephone numbers as E.164: numbering plans in SQL for nearly all, libphonenumber for each distinct number they leave open.

Accepted is what `phonenumbers.is_valid_number` accepts. A number is *open* while its column `open_N` holds the region and
the text, the key under which the library's answer is looked up.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import phonenumbers
import pyarrow as pa

from traginer.contacts import numbering, repeats
from traginer.contacts.spelling import Field
from traginer.duck import Duck, ident, literal, md5_bits

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


@dataclass(frozen=True)
class Common:
    """What is common enough among the members' numbers to be worth its SQL: `spelled` is the region by the column's text."""

    spelled: Mapping[str, str]
    regions: Collection[str]
    codes: Collection[str]


def region_of(field: Field, common: Common) -> str:
    """SQL for the region a number is dialled in: the column's code if it is one, else the default, else NO_REGION."""
    if field.region is None:
        return _fallback(field)
    column = ident(field.region)
    spelled = " ".join(f"WHEN {literal(text)} THEN {literal(region)}" for text, region in common.spelled.items())
    return f"CASE {column} {spelled} ELSE {_judged(column, field)} END" if spelled else _judged(column, field)


def common(duck: Duck, field: Field) -> Common:
    """The regions and calling codes of the members' numbers that at least WORTH_COMPILING of them have."""
    said, abroad = (
        f"CAST({ident(field.column)} AS VARCHAR)",
        rf"^[ (]*(?:[+]|00)[ (]*({'|'.join(numbering.CALLING_CODES)})",
    )
    # What leads abroad begins with a sign or a zero, and those sort before the other digits.
    code = f"CASE WHEN {said} < '1' THEN regexp_extract({said}, '{abroad}', 1) ELSE '' END"
    spelled = ident(field.region) if field.region else "NULL::VARCHAR"
    rows = duck.rows(
        f"""SELECT spelled, region, code
              FROM (SELECT *, {_judged("spelled", field)} AS region
                      FROM (SELECT {spelled} AS spelled, {code} AS code, count(*) AS numbers FROM members
                             WHERE {said} IS NOT NULL GROUP BY ALL))
             GROUP BY GROUPING SETS ((spelled, region), (region), (code)) HAVING sum(numbers) >= {WORTH_COMPILING}"""
    )
    return Common(
        spelled={text: region for text, region, _ in rows if text is not None},
        regions={region for text, region, _ in rows if text is None and region not in {None, NO_REGION}},
        codes={code for _, _, code in rows if code},
    )


def read(relation: str, field: Field, common: Common) -> str:
    """The relation with `value_N`, `flaw_N` and `open_N`, from its `said_N` and `region_N`."""
    said, region, number, fast = (f"{name}_{field.place}" for name in ("said", "region", "number", "fast"))
    numbered = f"SELECT *, {_number(said, region)} AS {number} FROM ({relation})"
    judged = numbering.e164(
        numbered, number=number, region=region, into=fast, regions=common.regions, codes=common.codes
    )
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
    flaw = "CASE WHEN answers.phone IS NULL THEN 'phone-invalid' END"
    duck.run(
        f"""UPDATE cleaned SET {field.value} = answers.phone, {field.flaw} = {flaw}, fingerprint = NULL
              FROM answers WHERE cleaned.{column} = answers.open"""
    )
    duck.run("DROP TABLE answers")


def leave_out_shared(duck: Duck, field: Field) -> None:
    """Take a number that stands on several wanted contacts of `cleaned` off all of them."""
    if repeats.write(duck, field.value, "shared"):
        duck.run(
            f"""UPDATE cleaned SET {field.value} = NULL, {field.flaw} = 'phone-shared', fingerprint = NULL
                 WHERE {field.value} IN (SELECT value FROM shared)"""
        )
    duck.run("DROP TABLE shared")


def leave_out_held(duck: Duck, field: Field, holders: str, among: str) -> int:
    """Take a number off a contact of `cleaned` while another of the account is known to hold it; how many times.

    Only the contacts of `among` (place, email) are looked at.
    """
    number, contact = md5_bits(field.value), md5_bits("email")
    duck.run(
        f"""CREATE OR REPLACE TABLE held AS SELECT DISTINCT place
              FROM (SELECT place, {number} AS number, {contact} AS contact
                      FROM (SELECT rowid AS place, email, {field.value} FROM cleaned
                             WHERE {field.value} IS NOT NULL AND rowid IN (SELECT place FROM {among}))) given
              JOIN {holders} h ON h.attribute = {literal(field.attribute)} AND h.number = given.number AND h.contact <> given.contact"""
    )
    held = int(duck.value("SELECT count(*) FROM held"))
    if held:
        duck.run(
            f"""UPDATE cleaned SET {field.value} = NULL, {field.flaw} = 'phone-held', fingerprint = NULL
                 WHERE rowid IN (SELECT place FROM held)"""
        )
    duck.run("DROP TABLE held")
    return held


def _judged(column: str, field: Field) -> str:
    code = f"upper(trim({column}))"
    aliases = " ".join(f"WHEN {literal(alias)} THEN {literal(known)}" for alias, known in ALIASES.items())
    known = f"regexp_full_match({code}, {literal('|'.join(sorted(numbering.REGIONS)))})"
    return f"CASE {code} {aliases} ELSE CASE WHEN {known} THEN {code} ELSE {_fallback(field)} END END"


def _fallback(field: Field) -> str:
    return literal(field.default_region or NO_REGION)


def _number(said: str, region: str) -> str:
    digits = said
    for sign in _PUNCTUATION:
        digits = f"replace({digits}, {literal(sign)}, '')"
    written = f"""CASE WHEN strlen({said}) > {_LONGEST} THEN NULL
                       WHEN regexp_full_match({said}, '[+]?[0-9]+') THEN {said}
                       WHEN regexp_full_match({said}, {literal(_WRITTEN)}) THEN {digits} END"""
    # Nothing tells which prefix leads abroad when the region is unknown; ITU-T E.164 recommends 00.
    return f"CASE WHEN {region} = '{NO_REGION}' THEN regexp_replace({written}, '^00', '+') ELSE {written} END"


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
