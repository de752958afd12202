"""Numbering plans as SQL: what libphonenumber knows of each region, compiled into expressions that DuckDB runs on whole columns.

An expression judges a number only where it is certain what the library (`phonenumbers.parse` and `is_valid_number`) makes
of it, and otherwise answers NULL, which means "ask the library", never "not valid". The steps mirror
`_maybe_extract_country_code`, `_maybe_strip_national_prefix_carrier_code` and `region_code_for_number` of
phonenumbers/phonenumberutil.py; tests/contacts/test_numbering.py holds the two equal on generated numbers.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

from traginer.duck import literal

REGIONS = frozenset(SUPPORTED_REGIONS)
"""ISO 3166 alpha-2 codes whose numbering plans are known."""

_NON_GEOGRAPHIC = "001"
CALLING_CODES = tuple(
    str(code) for code, regions in COUNTRY_CODE_TO_REGION_CODE.items() if _NON_GEOGRAPHIC not in regions
)
"""Calling codes of REGIONS; those of satellites and freephone services have no plan here."""

KINDS_OF_NUMBER = (
    "mobile",
    "fixed_line",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)


@dataclass(frozen=True)
class Plan:
    """The numbering plan of one region; each method gives SQL over an expression that holds bare digits."""

    metadata: PhoneMetadata
    general: PhoneNumberDesc

    @property
    def calling_code(self) -> str:
        """The country calling code, such as 34."""
        return str(self.metadata.country_code)

    def fits(self, digits: str) -> str:
        """Whether the digits match the region's general pattern and one of its lengths."""
        return f"({_full(digits, self.general.national_number_pattern or '')} AND {self._length(digits)})"

    def valid(self, digits: str) -> str:
        """Whether the digits are a valid national number of this region, as `is_valid_number_for_region` has it."""
        by_length: dict[tuple[int, ...], list[str]] = {}
        for kind in KINDS_OF_NUMBER:
            if (desc := getattr(self.metadata, kind)) and desc.national_number_pattern:
                by_length.setdefault(tuple(desc.possible_length or self.general.possible_length), []).append(
                    desc.national_number_pattern
                )
        kinds = [f"(length({digits}) IN {_in(lens)} AND {_full(digits, '|'.join(p))})" for lens, p in by_length.items()]
        return f"({self.fits(digits)} AND ({' OR '.join(kinds)}))" if kinds else "false"

    def claims(self, digits: str) -> str | None:
        """Whether the leading digits alone make the number this region's, for regions that share a calling code."""
        return _starts(digits, self.metadata.leading_digits) if self.metadata.leading_digits else None

    def stripped(self, digits: str) -> str:
        """The digits without the national prefix; NULL where the library would rewrite them, or might not strip."""
        prefix = self.metadata.national_prefix_for_parsing
        if not prefix:
            return digits
        rest = f"regexp_replace({digits}, {literal(f'^(?:{prefix})')}, '')"
        rewritten = ""
        if self.metadata.national_prefix_transform_rule:
            group = re.compile(prefix).groups
            rewritten = f"WHEN regexp_extract({digits}, {literal(f'^(?:{prefix})')}, {group}) <> '' THEN NULL "
        return (
            f"CASE WHEN NOT {_starts(digits, prefix)} THEN {digits} {rewritten}WHEN {self.fits(rest)} THEN {rest} END"
        )

    def abroad(self, digits: str) -> str:
        """What follows the region's international prefix, from the calling code on; NULL where there is none."""
        idd = self.metadata.international_prefix
        rest = f"regexp_replace({digits}, {literal(f'^(?:{idd})')}, '')"
        return f"CASE WHEN {_starts(digits, idd)} THEN {rest} END" if idd else "NULL"

    def home(self, digits: str) -> str:
        """Calling code and national number of digits dialled inside the region; NULL where that is not certain.

        Digits that start with the region's own calling code and are no national number are taken as written without
        the plus sign. The library strips that remainder twice, so only one that a second strip leaves alone is certain.
        """
        code = self.calling_code
        own = f"substr({digits}, {len(code) + 1})"
        rest = self.stripped(own)
        certain = f"{self.fits(rest)} AND {rest} = {_main_plan(code).stripped(rest)}"
        return (
            f"CASE WHEN starts_with({digits}, '{code}') AND NOT {self.fits(digits)} THEN CASE WHEN {certain} THEN '{code}' || {rest} END"
            f" ELSE '{code}' || {self.stripped(digits)} END"
        )

    def _length(self, digits: str) -> str:
        return f"length({digits}) IN {_in(self.general.possible_length)}"


@cache
def plan(region: str) -> Plan:
    """The plan of one of REGIONS."""
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None or metadata.general_desc is None:
        raise ValueError(f"no numbering plan for {region}")
    return Plan(metadata, metadata.general_desc)


def calling_codes(regions: Iterable[str]) -> set[str]:
    """The calling codes of the regions."""
    return {plan(region).calling_code for region in regions}


def e164(relation: str, *, number: str, region: str, into: str, regions: Iterable[str], codes: Iterable[str]) -> str:
    """The relation with a column `into`: `number` in E.164, empty if it is not valid, NULL where only the library can tell.

    `number` holds digits, with a plus sign in front if the text had one; `region` the region it was dialled in. Numbers
    dialled in other regions than `regions`, or that lead to other calling codes than `codes`, are NULL.
    """
    regions, codes = sorted(regions), sorted({*codes, *calling_codes(regions)})
    if not codes:
        return f"SELECT *, NULL::VARCHAR AS {into} FROM ({relation})"
    steps = (
        ("digits", f"ltrim({number}, '+')"),
        ("abroad", f"CASE WHEN starts_with({number}, '+') THEN digits ELSE {_by(region, regions, _abroad)} END"),
        ("home", f"CASE WHEN abroad IS NULL THEN {_by(region, regions, _home)} END"),
        ("code", f"regexp_extract(coalesce(abroad, home), '^({'|'.join(codes)})', 1)"),
        ("rest", "substr(coalesce(abroad, home), length(code) + 1)"),
        ("national", f"CASE WHEN home IS NOT NULL THEN rest ELSE {_by('code', codes, _stripped)} END"),
        (
            into,
            f"CASE WHEN {_by('code', codes, _valid)} THEN '+' || code || national WHEN national IS NOT NULL THEN '' END",
        ),
    )
    for name, sql in steps:
        relation = f"SELECT *, {sql} AS {name} FROM ({relation})"
    return f"SELECT * EXCLUDE ({', '.join(name for name, _ in steps[:-1])}) FROM ({relation})"


def _by(column: str, cases: list[str], then: Callable[[str], str]) -> str:
    whens = " ".join(f"WHEN {literal(case)} THEN {then(case)}" for case in cases)
    return f"CASE {column} {whens} END" if whens else "NULL"


def _abroad(region: str) -> str:
    return plan(region).abroad("digits")


def _home(region: str) -> str:
    return plan(region).home("digits")


def _stripped(calling_code: str) -> str:
    return _main_plan(calling_code).stripped("rest")


def _main_plan(calling_code: str) -> Plan:
    return plan(COUNTRY_CODE_TO_REGION_CODE[int(calling_code)][0])


def _valid(calling_code: str) -> str:
    whens = []
    for region in COUNTRY_CODE_TO_REGION_CODE[int(calling_code)]:
        valid, claims = plan(region).valid("national"), plan(region).claims("national")
        whens.append(f"WHEN {claims} THEN {valid}" if claims else f"WHEN {valid} THEN true")
    return f"CASE {' '.join(whens)} END"


def _in(numbers: Iterable[int]) -> str:
    return f"({', '.join(map(str, numbers))})"


def _full(digits: str, pattern: str) -> str:
    return f"regexp_full_match({digits}, {literal(pattern)})"


def _starts(digits: str, pattern: str) -> str:
    return f"regexp_matches({digits}, {literal(f'^(?:{pattern})')})"
