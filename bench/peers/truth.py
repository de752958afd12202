"""What the list should hold, worked out from the profiles by a query of its own, and how a list differs from that."""

from dataclasses import dataclass
from pathlib import Path

from traginer.demo.samples import PHONES
from traginer.duck import Duck, literal

# What is meant by an address of the samples: blanks, capitals and `mailto:` are spelling, all else is the address.
_ADDRESS = "lower(regexp_replace(trim(email), '^mailto:', ''))"
_IS_ADDRESS = rf"regexp_full_match({_ADDRESS}, '[a-z0-9._-]+@[a-z0-9-]+(\.[a-z0-9-]+)+')"
_CODES = " ".join(f"WHEN '{country}' THEN '{code}'" for country, (code, _, _) in PHONES.items())
_DIGITS = "regexp_replace(phone, '[^0-9]', '', 'g')"
_NUMBER = f"""CASE WHEN phone LIKE '+%' OR phone LIKE '(+%' THEN {_DIGITS} WHEN phone LIKE '00%' THEN {_DIGITS}[3:]
    ELSE CASE coalesce(country, 'ES') {_CODES} END || {_DIGITS} END"""
_ROW = """to_json({'email': email, 'attributes': {'FIRSTNAME': first_name, 'LASTNAME': last_name, 'CITY': city,
    'LIFETIME_VALUE': lifetime_value, 'LAST_PURCHASE': last_purchase_at::DATE, 'SMS': phone}})"""


@dataclass(frozen=True)
class Difference:
    """How a list differs from what is wanted: contacts there, wanted ones missing, telephone numbers, those of nobody there."""

    contacts: int
    missing: int
    numbers: int
    wrong_numbers: int
    without_value: int


@dataclass(frozen=True)
class Truth:
    """The people of two Parquet files, before and after some left."""

    duck: Duck
    before: Path
    after: Path

    def read(self) -> None:
        """Work out who is wanted, with all numbers that profiles of the address give."""
        for name, path in (("wanted", self.before), ("wanted_after", self.after)):
            self.duck.run(
                f"CREATE TABLE {name} AS SELECT {_ADDRESS} AS email, list({_NUMBER}) AS numbers"
                f" FROM read_parquet({literal(path)}) WHERE {_IS_ADDRESS} GROUP BY ALL"
            )

    def leave(self, *, one_in: int) -> None:
        """Write `after`: one profile in `one_in` is gone."""
        self.duck.run(
            f"COPY (SELECT * FROM read_parquet({literal(self.before)}) WHERE md5_number_lower(customer_id || 'left') % {one_in} <> 0)"
            f" TO {literal(self.after)} (FORMAT parquet, COMPRESSION zstd)"
        )

    def json_bytes(self) -> tuple[int, int]:
        """Rows with something in the e-mail field, and the bytes of JSON they make, commas included."""
        source = f"FROM read_parquet({literal(self.before)}) WHERE email <> ''"
        ((rows, size),) = self.duck.rows(f"SELECT count(*), sum(strlen({_ROW}) + 1)::BIGINT {source}")
        return int(rows), int(size)

    def wanted(self) -> int:
        """How many addresses are wanted."""
        return int(self.duck.value("SELECT count(*) FROM wanted"))

    def leavers(self) -> int:
        """How many addresses are wanted no more."""
        return int(self.duck.value("SELECT count(*) FROM wanted ANTI JOIN wanted_after USING (email)"))

    def leavers_on(self, listed: Path) -> int:
        """How many of those are still on a list."""
        self._take(listed)
        return int(
            self.duck.value(
                "SELECT count(*) FROM wanted ANTI JOIN wanted_after USING (email) SEMI JOIN listed USING (email)"
            )
        )

    def compare(self, listed: Path) -> Difference:
        """A list against what was wanted before anybody left."""
        self._take(listed)
        ((contacts, numbers, without_value),) = self.duck.rows(
            "SELECT count(*), count(number), count(*) FILTER (value IS NULL) FROM listed"
        )
        missing = self.duck.value("SELECT count(*) FROM wanted ANTI JOIN listed USING (email)")
        wrong = self.duck.value(
            "SELECT count(*) FROM listed LEFT JOIN wanted USING (email) WHERE number IS NOT NULL"
            " AND NOT coalesce(list_contains(numbers, number), false)"
        )
        return Difference(contacts, int(missing), numbers, int(wrong), without_value)

    def _take(self, listed: Path) -> None:
        self.duck.run(
            "CREATE OR REPLACE TABLE listed AS SELECT email, attributes->>'SMS' AS number, attributes->>'LIFETIME_VALUE' AS value"
            f" FROM read_json({literal(listed)}, format = 'newline_delimited', columns = {{email: 'VARCHAR', attributes: 'JSON'}})"
        )
