"""The rows of an import body, whether JSON or CSV: what they name and what they carry."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from traginer.sandbox.contacts import split_identifiers
from traginer.sandbox.identifiers import IDENTIFIERS, PHONES, clean, clean_email
from traginer.sandbox.refusals import refuse
from traginer.sandbox.switches import Switches

SEPARATORS = (";", ",", "\t")  # help article 208729849; a blank is not one
CONTACT_ID_NAMES = ("CONTACT ID", "CONTACT_ID", "ID")

RawRow = Any
"""A row as sent: a JSON value, or the cells of a CSV line by column name."""


class Row(NamedTuple):
    """A row as read. `fault` names the report it belongs into; `emptied` the identifiers sent without a value."""

    identifiers: dict[str, str]
    values: dict[str, Any]
    contact_id: int | None = None
    fault: str | None = None
    sent_email: str | None = None
    emptied: tuple[str, ...] = ()

    @property
    def is_named(self) -> bool:
        """Whether the row says which contact it is about."""
        return bool(self.identifiers) or self.contact_id is not None


def csv_rows(text: str, *, quotes: bool = True) -> list[dict[str, str]]:
    """The lines of a CSV text below its header, cells by column name. Missing cells are absent."""
    first_line = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first_line.count)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting))
    except csv.Error:
        raise refuse("field-invalid", name="fileBody") from None
    header = [name.strip().upper() for name in lines[0]] if lines else []
    return [dict(zip(header, line, strict=False)) for line in lines[1:] if any(line)]


def parse(kind: str, payload: bytes, switches: Switches) -> list[RawRow]:
    """The raw rows of an accepted body: `kind` is json (the request), json-file or csv."""
    if kind == "csv":
        return csv_rows(_decode(payload), quotes=switches.csv_quotes)
    value = json.loads(payload)
    rows = value["jsonBody"] if kind == "json" else value
    return rows if isinstance(rows, list) else []


def _decode(payload: bytes) -> str:
    try:
        return payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        return payload.decode("cp1252", "replace")


def read_row(raw: RawRow, switches: Switches) -> Row:
    """What a raw row names, and the values it carries."""
    if not isinstance(raw, dict):
        return Row({}, {})
    email, attributes = raw.get("email"), raw.get("attributes")
    if attributes is None and "email" not in raw:
        attributes = raw
    values = attributes if isinstance(attributes, dict) else {}
    if email is not None and not _is_tagged(values):
        return _plain_row(email, values)
    return _full_row(email, values, switches)


_TAGS = frozenset({"EMAIL", "SMS", "WHATSAPP", "LANDLINE_NUMBER", "EXT_ID", *CONTACT_ID_NAMES})


def _is_tagged(values: Mapping[str, Any]) -> bool:
    return not _TAGS.isdisjoint(values) or (bool(values) and not "".join(values).isupper())


def _plain_row(email: object, values: dict[str, Any]) -> Row:
    cleaned = clean_email(email)
    if cleaned is None:
        return Row({}, values, fault="invalid_emails" if email else None, sent_email=str(email))
    return Row({"email": cleaned}, values)


def _full_row(email: object, attributes: Mapping[str, Any], switches: Switches) -> Row:
    sent, values = split_identifiers(attributes)
    contact_id = _contact_id(values)
    if email is not None:
        sent["email"] = email
    given = {column: value for column, value in sent.items() if value not in ("", None)}
    cleaned = {column: clean(column, value, phone_rule=switches.phone_rule) for column, value in given.items()}
    identifiers = {column: value for column, value in cleaned.items() if value is not None}
    bad = given.keys() - identifiers.keys()
    fault = "invalid_emails" if "email" in bad else None
    if switches.invalid_phone == "drop-row" and not bad.isdisjoint(PHONES):
        fault = "dropped"
    emptied = tuple(column for column in sent if column not in given)
    return Row(identifiers, values, contact_id, fault, str(given.get("email", "")), emptied)


def _contact_id(values: dict[str, Any]) -> int | None:
    text = next((str(values.pop(name)) for name in CONTACT_ID_NAMES if name in values), "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def has_identifier(rows: list[RawRow], switches: Switches) -> bool:
    """Whether any row names a contact Brevo could use."""
    return any(row.is_named and not row.fault for row in (read_row(raw, switches) for raw in rows))


class Winners:
    """Which row of a file keeps each identifier, when several rows share one."""

    def __init__(self, rows: list[RawRow], switches: Switches) -> None:
        self._columns = tuple((each.column, each.report) for each in IDENTIFIERS)
        self._winner: dict[str, dict[str, int]] = {column: {} for column, _ in self._columns}
        last = switches.duplicate_rows == "last"
        for index, raw in enumerate(rows):
            row = read_row(raw, switches)
            if row.fault:
                continue
            for column, value in row.identifiers.items():
                winners = self._winner[column]
                if last or value not in winners:
                    winners[value] = index

    def lost(self, index: int, row: Row) -> list[tuple[str, str]]:
        """The identifiers of a row that another row keeps: column and report."""
        return [
            (column, report)
            for column, report in self._columns
            if column in row.identifiers and self._winner[column][row.identifiers[column]] != index
        ]
