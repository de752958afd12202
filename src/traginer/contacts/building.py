"""Members and a mapping become one clean contact per address, and for everyone else the reason why not.

Tables of the session: `members` is read; `contacts` (key, email, phone, row, fingerprint), `invalid` (key, reason, field,
winner), `warnings` (key, reason, field) and `identifiers` (email, attribute, number as 64 bits of md5) are made. All are set work: each step is one statement over all members.
"""

from collections.abc import Mapping as Named
from dataclasses import dataclass

from traginer.contacts import emails, errors, phones
from traginer.contacts.mapping import KEY, AttributeType, Kind, Mapping
from traginer.contacts.spelling import FLAW, SPELLINGS, Field, fingerprint, largest_row, row
from traginer.duck import Duck, ident, literal

ROW_BYTES = 100_000
"""Of one row's JSON. Far above any real contact, and small against a body of 8 MB, so that bodies can be filled well."""


@dataclass(frozen=True)
class Contacts:
    """Counts of the tables: `members` = `wanted` (rows of contacts) + `invalid`; `warnings` are values, not contacts."""

    members: int
    wanted: int
    invalid: int
    warnings: int


def build(
    duck: Duck,
    mapping: Mapping,
    attribute_types: Named[str, AttributeType],
    *,
    as_of_timezone: str,
    holders: str | None = None,
) -> Contacts:
    """Make `contacts`, `invalid` and `warnings` from `members`; moments become days of `as_of_timezone`.

    `members` has the unique column KEY and the columns of `mapping`, which `check_mapping` found good. `holders` names
    a table (contact, attribute, number) of numbers that contacts of the account are known to have, contact and number as
    `md5_number_lower`: what another one holds is left out. `contacts.row` is spelled
    when it is read. Raises ContactsDoNotBalance if a member got lost, which is a fault of ours.
    """
    fields = _fields(duck, mapping, attribute_types, as_of_timezone)
    dialled = [field for field in fields if field.kind is Kind.PHONE]
    _clean(duck, mapping, fields)
    emails.carry_international_domains(duck)
    for field in dialled:
        phones.ask_library(duck, field)
    _refuse_large_rows(duck, fields)
    _refuse_duplicates(duck)
    for field in dialled:
        phones.leave_out_shared(duck, field)
        if holders:
            phones.leave_out_held(duck, field, holders)
    _write_contacts(duck, fields)
    _write_identifiers(duck, dialled)
    _write_invalid(duck, mapping)
    _write_warnings(duck, fields)
    duck.run("DROP TABLE cleaned")
    return _counted(duck)


def _fields(duck: Duck, mapping: Mapping, types: Named[str, AttributeType], timezone: str) -> list[Field]:
    natives = {name: native for name, native, *_ in duck.rows("DESCRIBE members")}
    return [
        Field(
            place=place,
            attribute=one.attribute,
            column=one.field,
            native=natives[one.field],
            kind=Kind(types[one.attribute].kind),
            options=types[one.attribute].options,
            region=one.region,
            default_region=one.default_region,
            timezone=timezone,
        )
        for place, one in enumerate(mapping.attributes)
    ]


def _clean(duck: Duck, mapping: Mapping, fields: list[Field]) -> None:
    said = [f"{SPELLINGS[field.kind].said(field)} AS {field.said}" for field in fields]
    regions = [
        f"{phones.region_of(field)} AS {phones.region_column(field)}" for field in fields if field.kind is Kind.PHONE
    ]
    columns = [f"{ident(KEY)} AS key", f"{ident(mapping.email)} AS email_said", *said, *regions]
    relation = emails.read(f"SELECT {', '.join(columns)} FROM members")
    made = ["key", "email", f"reason::{FLAW} AS reason", "NULL::VARCHAR AS winner"]
    for field in fields:
        if field.kind is Kind.PHONE:
            relation = phones.read(relation, field, *phones.worth_compiling(duck, field))
            made.append(phones.open_column(field))
        else:
            relation = f"SELECT *, {SPELLINGS[field.kind].value(field)} AS {field.value} FROM ({relation})"
            relation = f"SELECT *, {SPELLINGS[field.kind].flaw(field)} AS {field.flaw} FROM ({relation})"
        made += [field.value, f"{field.flaw}::{FLAW} AS {field.flaw}"]
    duck.run(f"CREATE OR REPLACE TABLE cleaned AS SELECT {', '.join(made)} FROM ({relation})")


def _refuse_large_rows(duck: Duck, fields: list[Field]) -> None:
    duck.run(
        f"""UPDATE cleaned SET reason = 'contact-too-large'
             WHERE reason IS NULL AND {largest_row(fields)} > {ROW_BYTES} AND strlen({row(fields)}) > {ROW_BYTES}"""
    )


def _refuse_duplicates(duck: Duck) -> None:
    duck.run(
        """UPDATE cleaned SET reason = 'email-duplicate', winner = first.key::VARCHAR
             FROM (SELECT email, min(key) AS key FROM cleaned WHERE reason IS NULL GROUP BY email HAVING count(*) > 1) first
            WHERE cleaned.reason IS NULL AND cleaned.email = first.email AND cleaned.key <> first.key"""
    )


def _write_contacts(duck: Duck, fields: list[Field]) -> None:
    values = [field.value for field in fields]
    identifying = [field for field in fields if field.kind is Kind.PHONE]
    phone = (
        min(identifying, key=lambda field: (field.attribute != "SMS", field.place)).value
        if identifying
        else "NULL::VARCHAR"
    )
    duck.run(
        f"""CREATE OR REPLACE TABLE wanted AS
            SELECT {", ".join(["key::VARCHAR AS key", "email", *values])}, {fingerprint(fields)} AS fingerprint
              FROM cleaned WHERE reason IS NULL"""
    )
    duck.run(
        f"CREATE OR REPLACE VIEW contacts AS SELECT key, email, {phone} AS phone, {row(fields)} AS row, fingerprint FROM wanted"
    )


def _write_identifiers(duck: Duck, dialled: list[Field]) -> None:
    given = [
        f"SELECT email, {literal(field.attribute)} AS attribute, md5_number_lower({field.value}) AS number"
        f" FROM wanted WHERE {field.value} IS NOT NULL"
        for field in dialled
    ]
    nobody = "SELECT NULL::VARCHAR AS email, NULL::VARCHAR AS attribute, NULL::UBIGINT AS number WHERE false"
    duck.run(f"CREATE OR REPLACE VIEW identifiers AS {' UNION ALL '.join([nobody, *given])}")


def _write_invalid(duck: Duck, mapping: Mapping) -> None:
    duck.run(
        """CREATE OR REPLACE TABLE invalid AS
           SELECT key::VARCHAR AS key, reason::VARCHAR AS reason,
                  CASE WHEN reason <> 'contact-too-large' THEN ?::VARCHAR END AS field, winner
             FROM cleaned WHERE reason IS NOT NULL""",
        [mapping.email],
    )


def _write_warnings(duck: Duck, fields: list[Field]) -> None:
    flawed = [
        f"""SELECT key::VARCHAR AS key, {field.flaw}::VARCHAR AS reason, {literal(field.column)} AS field
              FROM cleaned WHERE reason IS NULL AND {field.flaw} IS NOT NULL"""
        for field in fields
    ]
    none = "SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS reason, NULL::VARCHAR AS field WHERE false"
    duck.run(f"CREATE OR REPLACE TABLE warnings AS {' UNION ALL '.join([none, *flawed])}")


def _counted(duck: Duck) -> Contacts:
    tables = ("members", "wanted", "invalid", "warnings")
    counts = Contacts(*(duck.value(f"SELECT count(*) FROM {table}") for table in tables))
    if counts.members != counts.wanted + counts.invalid:
        raise errors.ContactsDoNotBalance(members=counts.members, wanted=counts.wanted, invalid=counts.invalid)
    return counts
