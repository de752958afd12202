"""How a value is read from a column and spelled for Brevo: one row per kind of attribute, in the table SPELLINGS.

All functions give SQL. A value passes three columns: `said_N` (the source's value, tidied), `value_N` (what is sent, in a
native type, or NULL) and `flaw_N` (the reason why a said value is not sent, or NULL); N is the field's place.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from traginer.contacts.mapping import Kind
from traginer.contacts.reasons import REASONS
from traginer.duck import ident, literal
from traginer.values import ColumnType

TEXT_LIMIT = 10_000
"""Characters. Brevo states no limit; a text longer than this is a column mapped by mistake."""

# Blanks of every script, control characters, and the marks that copying from web pages and office files leaves behind.
BLANK = r"\s\pZ\p{Cc}\x{AD}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{2066}-\x{2069}\x{FEFF}"
_CONTROL = r"\x{00}-\x{1F}\x{7F}-\x{9F}\x{2028}\x{2029}"
_LINE_BREAKS = r"[\t\n\v\f\r\x{85}\x{2028}\x{2029}]+"
_TIDY = rf"[^{BLANK}](?:[^{_CONTROL}]*[^{BLANK}])?"
_EDGES = rf"^[{BLANK}]+|[{BLANK}]+$"

# Neither can stand in a value: control characters are taken out of every text.
_NULL, _LIST, _END = (f"chr({code})" for code in (26, 29, 30))
FLAW = f"ENUM({', '.join(literal(code) for code in REASONS)})"
"""The type of a column of reasons: one byte a row."""

_FLOATING = frozenset({"FLOAT", "DOUBLE"})
_INTEGERS = frozenset(
    f"{sign}{size}" for sign in ("", "U") for size in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
)
_SCALAR = frozenset({ColumnType.TEXT, ColumnType.NUMBER, ColumnType.BOOLEAN, ColumnType.DATE, ColumnType.TIMESTAMP})


@dataclass(frozen=True)
class Field:
    """One mapped attribute: its place in the row, source column with DuckDB's type name, kind and options."""

    place: int
    attribute: str
    column: str
    native: str
    kind: Kind
    options: tuple[str, ...]
    timezone: str
    region: str | None = None
    default_region: str | None = None

    @property
    def said(self) -> str:
        """The column with the source's tidied value."""
        return f"said_{self.place}"

    @property
    def value(self) -> str:
        """The column with the value that is sent."""
        return f"value_{self.place}"

    @property
    def flaw(self) -> str:
        """The column with the reason why the said value is not sent."""
        return f"flaw_{self.place}"


@dataclass(frozen=True)
class Spelling:
    """What a kind takes, and how its value is read, judged, told apart (`canonical`) and written (`json`)."""

    takes: frozenset[ColumnType]
    said: Callable[[Field], str]
    value: Callable[[Field], str]
    flaw: Callable[[Field], str]
    canonical: Callable[[str], str]
    json: Callable[[str], str]


def tidy(text: str) -> str:
    """`text` without blanks at its ends and without control characters (line breaks become blanks); empty is NULL."""
    one_line = f"regexp_replace({text}, {literal(_LINE_BREAKS)}, ' ', 'g')"
    printable = f"regexp_replace({one_line}, {literal(f'[{_CONTROL}]+')}, '', 'g')"
    trimmed = f"nullif(regexp_replace({printable}, {literal(_EDGES)}, '', 'g'), '')"
    return f"CASE WHEN regexp_full_match({text}, {literal(_TIDY)}) THEN {text} ELSE {trimmed} END"


def fingerprint(fields: Sequence[Field]) -> str:
    """A UUID made of md5 over the attributes' names, the address, and the canonical values in name order, gaps marked.

    Equal for the same contact under any version of this program and of DuckDB; it tells contacts apart by address, too.
    """
    ordered = in_name_order(fields)
    names = hashlib.md5("\x1f".join(field.attribute for field in ordered).encode(), usedforsecurity=False).hexdigest()
    values = [f"coalesce({SPELLINGS[field.kind].canonical(field.value)}, {_NULL})" for field in ordered]
    parts = [literal(names[:16]), "email", *values]
    return f"md5_number(concat({f', {_END}, '.join(parts)}))::UUID"


def row(fields: Sequence[Field]) -> str:
    """The JSON text of one row of Brevo's jsonBody: attributes in name order, those without a value left out."""
    pairs = []
    for field in in_name_order(fields):
        name = literal(json.dumps(field.attribute, ensure_ascii=False) + ":")
        pairs.append(f"{name} || {SPELLINGS[field.kind].json(field.value)}")
    attributes = f"concat_ws(',', {', '.join(pairs)})" if pairs else "''"
    return f"""'{{"email":' || json_quote(email) || ',"attributes":{{' || {attributes} || '}}}}'"""


def largest_row(fields: Sequence[Field]) -> str:
    """SQL for a number of octets that no row of these values exceeds, cheaper than the row: escaping at most doubles."""
    texts = [f"coalesce(strlen({field.value}), 0)" for field in fields if field.kind is Kind.TEXT]
    rest = sum(len(field.attribute) + sum(len(label) + 3 for label in field.options) + 40 for field in fields)
    return f"({' + '.join(['strlen(email)', *texts, str(4 * rest)])}) * 2"


def in_name_order(fields: Sequence[Field]) -> list[Field]:
    """The order in which attributes stand in a row and in a fingerprint."""
    return sorted(fields, key=lambda field: field.attribute)


def _said_as_is(field: Field) -> str:
    return ident(field.column)


def _said_text(field: Field) -> str:
    column = ident(field.column)
    if field.native.startswith("TIMESTAMP"):
        return f"strftime({_on_the_wall(field)}, '%Y-%m-%d %H:%M:%S')"
    if field.native in _FLOATING:
        return _plain_number(column)
    return tidy(column if field.native == "VARCHAR" else f"CAST({column} AS VARCHAR)")


def _said_phone(field: Field) -> str:
    if not _is_number(field.native):
        return _said_text(field)
    column = ident(field.column)
    # Punctuation is no part of a telephone number: a fraction or a minus sign left in the text would make another one.
    whole = f"{column} BETWEEN 0 AND 999999999999999 AND {column} = floor({column})"
    return f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) WHEN {column} IS NOT NULL THEN 'no number' END"


def _is_number(native: str) -> bool:
    return native in _INTEGERS or native in _FLOATING or native.startswith("DECIMAL")


def _said_number(field: Field) -> str:
    # By way of its text, a single-precision 0.1 stays 0.1. Adding zero makes minus zero zero.
    column = f"CAST({ident(field.column)} AS VARCHAR)" if field.native == "FLOAT" else ident(field.column)
    return f"TRY_CAST({column} AS DOUBLE) + 0.0::DOUBLE"


def _said_date(field: Field) -> str:
    if not field.native.startswith("TIMESTAMP"):
        return ident(field.column)
    day = f"coalesce(TRY_CAST({_on_the_wall(field)} AS DATE), 'infinity'::DATE)"
    return f"CASE WHEN {ident(field.column)} IS NOT NULL THEN {day} END"


def _on_the_wall(field: Field) -> str:
    column = ident(field.column)
    if field.native == "TIMESTAMP WITH TIME ZONE":
        return f"TRY(timezone({literal(field.timezone)}, {column}))"
    return f"CAST({column} AS TIMESTAMP)"


def _value_as_said(field: Field) -> str:
    return field.said


def _no_flaw(_field: Field) -> str:
    return "NULL"


def _flaw_if_unsent(reason: str) -> Callable[[Field], str]:
    return lambda field: f"CASE WHEN {field.said} IS NOT NULL AND {field.value} IS NULL THEN {literal(reason)} END"


def _short_text(field: Field) -> str:
    if field.native in _FLOATING:
        return f"CASE WHEN {field.said} NOT IN ('nan', 'inf', '-inf') THEN {field.said} END"
    fits = f"strlen({field.said}) <= {TEXT_LIMIT} OR length({field.said}) <= {TEXT_LIMIT}"
    return f"CASE WHEN {fits} THEN {field.said} END"


def _flaw_of_text(field: Field) -> str:
    return _flaw_if_unsent("number-not-finite" if field.native in _FLOATING else "text-too-long")(field)


def _finite(field: Field) -> str:
    return f"CASE WHEN isfinite({field.said}) THEN {field.said} END"


def _four_digit_year(field: Field) -> str:
    return f"CASE WHEN {field.said} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {field.said} END"


def _option(field: Field, said: str) -> str:
    labels = f"[{', '.join(map(literal, field.options))}]::VARCHAR[]"
    folded = f"list_transform({labels}, lambda label: lower(label))"
    return f"({labels})[coalesce(list_position({labels}, {said}), list_position({folded}, lower({said})))]"


def _one_option(field: Field) -> str:
    return _option(field, field.said)


def _options(field: Field) -> str:
    known = f"list_transform(string_split({field.said}, ','), lambda part: {_option(field, 'trim(part)')})"
    chosen = f"list_sort(list_distinct(list_filter({known}, lambda label: label IS NOT NULL)))"
    return f"CASE WHEN len({chosen}) > 0 THEN {chosen} END"


def _flaw_if_one_is_unknown(field: Field) -> str:
    unknown = f"lambda part: trim(part) <> '' AND {_option(field, 'trim(part)')} IS NULL"
    return f"CASE WHEN len(list_filter(string_split({field.said}, ','), {unknown})) > 0 THEN 'option-unknown' END"


def _plain_number(number: str) -> str:
    whole = f"{number} = floor({number}) AND abs({number}) < 1e15"
    return f"CASE WHEN {whole} THEN CAST(CAST({number} AS BIGINT) AS VARCHAR) ELSE CAST({number} AS VARCHAR) END"


def _as_text(value: str) -> str:
    return f"CAST({value} AS VARCHAR)"


def _seventeen_digits(value: str) -> str:
    # printf tells all doubles apart and is defined by C, where the shortest spelling is each library's own. A number with up
    # to four decimals is told by a whole one, in half the time: IEEE 754 gives the same product and quotient everywhere.
    exact = f"abs({value}) < 1e11 AND round({value} * 1e4) / 1e4 = {value}"
    return f"CASE WHEN {exact} THEN CAST(CAST(round({value} * 1e4) AS BIGINT) AS VARCHAR) ELSE printf('%.17ge', {value}) END"


def _quoted(value: str) -> str:
    return f"json_quote({value})"


def _quoted_list(value: str) -> str:
    return f"'[' || array_to_string(list_transform({value}, lambda label: json_quote(label)::VARCHAR), ',') || ']'"


def _quoted_plain(value: str) -> str:
    return f"""'"' || {value} || '"'"""


SPELLINGS = {
    Kind.TEXT: Spelling(_SCALAR, _said_text, _short_text, _flaw_of_text, str, _quoted),
    Kind.FLOAT: Spelling(
        frozenset({ColumnType.NUMBER}),
        _said_number,
        _finite,
        _flaw_if_unsent("number-not-finite"),
        _seventeen_digits,
        _plain_number,
    ),
    Kind.BOOLEAN: Spelling(frozenset({ColumnType.BOOLEAN}), _said_as_is, _value_as_said, _no_flaw, _as_text, _as_text),
    Kind.DATE: Spelling(
        frozenset({ColumnType.DATE, ColumnType.TIMESTAMP}),
        _said_date,
        _four_digit_year,
        _flaw_if_unsent("date-out-of-range"),
        _as_text,
        _quoted_plain,
    ),
    Kind.CATEGORY: Spelling(
        frozenset({ColumnType.TEXT, ColumnType.NUMBER, ColumnType.BOOLEAN}),
        _said_text,
        _one_option,
        _flaw_if_unsent("option-unknown"),
        str,
        _quoted,
    ),
    Kind.MULTIPLE_CHOICE: Spelling(
        frozenset({ColumnType.TEXT}),
        _said_text,
        _options,
        _flaw_if_one_is_unknown,
        lambda value: f"array_to_string({value}, {_LIST})",
        _quoted_list,
    ),
    # The value and the flaw of a telephone number are worked out in phones.py, over several columns.
    Kind.PHONE: Spelling(
        frozenset({ColumnType.TEXT, ColumnType.NUMBER}), _said_phone, _value_as_said, _no_flaw, str, _quoted_plain
    ),
}
"""READ_ONLY has no row: nothing is ever spelled for it."""
