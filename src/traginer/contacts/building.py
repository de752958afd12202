"""Members and a mapping become one clean contact per address, and for everyone else the reason why not.

In the session, `members` is read. Made are the table `cleaned`, one row a member, and views of it: `contacts` (place, key,
email, row, fingerprint, and a telephone number or NULL for each of PHONE_ATTRIBUTES), `invalid` (key, reason, field,
winner) and `warnings` (key, reason, field). All are set work: one statement reads every member, the others mend few rows.
"""

import dataclasses
from collections.abc import Mapping as Named
from dataclasses import dataclass, replace

from traginer.contacts import emails, errors, phones, repeats
from traginer.contacts.mapping import KEY, PHONE_ATTRIBUTES, AttributeType, ConsentColumn, Kind, Mapping
from traginer.contacts.spelling import FLAW, SPELLINGS, Field, fingerprint, largest_row, row
from traginer.duck import Duck, ident, literal

ROW_BYTES = 100_000
"""Of one row's JSON. Far above any real contact, and small against a body of 8 MB, so that bodies can be filled well."""


@dataclass(frozen=True)
class Contacts:
    """Counts: `members` = `wanted` (rows of contacts) + `invalid`; `warnings` are values, not contacts. And the fields."""

    members: int
    wanted: int
    invalid: int
    warnings: int
    fields: tuple[Field, ...] = dataclasses.field(default=(), compare=False, repr=False)

    @property
    def dialled(self) -> list[Field]:
        """The fields that hold telephone numbers."""
        return [field for field in self.fields if field.kind is Kind.PHONE]


def build(duck: Duck, mapping: Mapping, attribute_types: Named[str, AttributeType], *, as_of_timezone: str) -> Contacts:
    """Make `contacts`, `invalid` and `warnings` from `members`; moments become days of `as_of_timezone`.

    `members` has the unique column KEY and the columns of `mapping`, which `check_mapping` found good. `contacts.row` is
    spelled when it is read. Raises ContactsDoNotBalance if a member got lost, which is a fault of ours.
    """
    built = Contacts(0, 0, 0, 0, _fields(duck, mapping, attribute_types, as_of_timezone))
    _clean(duck, mapping, built)
    emails.carry_international_domains(duck)
    for field in built.dialled:
        phones.ask_library(duck, field)
    _refuse_large_rows(duck, built)
    _refuse_duplicates(duck)
    for field in built.dialled:
        phones.leave_out_shared(duck, field)
    _mend_fingerprints(duck, built)
    _show_contacts(duck, built)
    _show_invalid(duck, mapping)
    _show_warnings(duck, built)
    return _counted(duck, built)


def leave_out_held(duck: Duck, built: Contacts, holders: str, among: str) -> Contacts:
    """Take numbers off contacts while other contacts of the account are known to hold them; the same where there are none.

    `holders` names a table (contact, attribute, number), contact and number as `md5_bits`; `among` one (place) of
    the contacts that are about to be sent: the others have their number already.
    """
    held = sum(phones.leave_out_held(duck, field, holders, among) for field in built.dialled)
    if not held:
        return built
    _mend_fingerprints(duck, built)
    return _counted(duck, built)


def forget(duck: Duck) -> None:
    """Give the memory of all contacts back."""
    for view in ("contacts", "invalid", "warnings"):
        duck.run(f"DROP VIEW IF EXISTS {view}")
    duck.run("DROP TABLE IF EXISTS cleaned")


def _fields(duck: Duck, mapping: Mapping, types: Named[str, AttributeType], timezone: str) -> tuple[Field, ...]:
    natives = {name: native for name, native, *_ in duck.rows("DESCRIBE members")}
    return tuple(
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
    )


def _clean(duck: Duck, mapping: Mapping, built: Contacts) -> None:
    common = {field: phones.common(duck, field) for field in built.dialled}
    said = [f"{SPELLINGS[field.kind].said(field)} AS {field.said}" for field in built.fields]
    regions = [f"{phones.region_of(field, common[field])} AS {phones.region_column(field)}" for field in built.dialled]
    columns = [f"{ident(KEY)} AS key", f"{ident(mapping.email)} AS email_said", *said, *regions]
    if mapping.consent:
        columns.append(f"{_agreed(mapping.consent)} AS agreed")
    relation = emails.read(f"SELECT {', '.join(columns)} FROM members")
    if mapping.consent:
        refused = "CASE WHEN agreed THEN reason ELSE 'no-consent' END"
        relation = f"SELECT * EXCLUDE (agreed) REPLACE ({refused} AS reason) FROM ({relation})"
    made = ["key", "email", f"reason::{FLAW} AS reason", "NULL::VARCHAR AS winner"]
    for field in built.fields:
        if field.kind is Kind.PHONE:
            relation = phones.read(relation, field, common[field])
            made.append(phones.open_column(field))
        else:
            relation = f"SELECT *, {SPELLINGS[field.kind].value(field)} AS {field.value} FROM ({relation})"
            relation = f"SELECT *, {SPELLINGS[field.kind].flaw(field)} AS {field.flaw} FROM ({relation})"
        made += [field.value, f"{field.flaw}::{FLAW} AS {field.flaw}"]
    made.append(f"CASE WHEN reason IS NULL THEN {fingerprint(built.fields)} END AS fingerprint")
    duck.run(f"CREATE OR REPLACE TABLE cleaned AS SELECT {', '.join(made)} FROM ({relation})")


def _agreed(consent: ConsentColumn) -> str:
    column = ident(consent.field)
    if not consent.values:
        return f"{column} IS TRUE"
    yes = ", ".join(f"lower(trim({literal(value)}))" for value in consent.values)
    return f"coalesce(lower(trim({column})) IN ({yes}), false)"


def _refuse_large_rows(duck: Duck, built: Contacts) -> None:
    largest, exact = largest_row(built.fields), row(built.fields)
    duck.run(
        f"""UPDATE cleaned SET reason = 'contact-too-large'
             WHERE reason IS NULL AND {largest} > {ROW_BYTES} AND strlen({exact}) > {ROW_BYTES}"""
    )


def _refuse_duplicates(duck: Duck) -> None:
    if repeats.write(duck, "email", "repeated"):
        duck.run(
            """UPDATE cleaned SET reason = 'email-duplicate', winner = first.winner::VARCHAR FROM repeated first
                WHERE cleaned.reason IS NULL AND cleaned.email = first.value AND cleaned.key <> first.winner"""
        )
    duck.run("DROP TABLE repeated")


def _mend_fingerprints(duck: Duck, built: Contacts) -> None:
    duck.run(
        f"UPDATE cleaned SET fingerprint = {fingerprint(built.fields)} WHERE fingerprint IS NULL AND reason IS NULL"
    )


def _show_contacts(duck: Duck, built: Contacts) -> None:
    by_attribute = {field.attribute: field.value for field in built.dialled}
    numbers = [f"{by_attribute.get(name, 'NULL::VARCHAR')} AS {name}" for name in PHONE_ATTRIBUTES]
    duck.run(
        f"""CREATE OR REPLACE VIEW contacts AS
            SELECT rowid AS place, key::VARCHAR AS key, email, {", ".join(numbers)}, {row(built.fields)} AS row, fingerprint
              FROM cleaned WHERE reason IS NULL"""
    )


def _show_invalid(duck: Duck, mapping: Mapping) -> None:
    no_consent = f"WHEN 'no-consent' THEN {literal(mapping.consent.field)}" if mapping.consent else ""
    duck.run(
        f"""CREATE OR REPLACE VIEW invalid AS
            SELECT key::VARCHAR AS key, reason::VARCHAR AS reason,
                   CASE reason WHEN 'contact-too-large' THEN NULL {no_consent} ELSE {literal(mapping.email)} END AS field, winner
              FROM cleaned WHERE reason IS NOT NULL"""
    )


def _show_warnings(duck: Duck, built: Contacts) -> None:
    flawed = [
        f"""SELECT key::VARCHAR AS key, {field.flaw}::VARCHAR AS reason, {literal(field.column)} AS field
              FROM cleaned WHERE reason IS NULL AND {field.flaw} IS NOT NULL"""
        for field in built.fields
    ]
    none = "SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS reason, NULL::VARCHAR AS field WHERE false"
    duck.run(f"CREATE OR REPLACE VIEW warnings AS {' UNION ALL '.join([none, *flawed])}")


def _counted(duck: Duck, built: Contacts) -> Contacts:
    members, wanted, invalid, warnings = (
        duck.value(f"SELECT count(*) FROM {counted}")
        for counted in ("members", "cleaned WHERE reason IS NULL", "invalid", "warnings")
    )
    if members != wanted + invalid:
        raise errors.ContactsDoNotBalance(members=members, wanted=wanted, invalid=invalid)
    return replace(built, members=members, wanted=wanted, invalid=invalid, warnings=warnings)
