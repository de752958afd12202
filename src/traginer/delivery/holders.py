"""Who holds which telephone number at Brevo because of us, over all lists of an account, and long after people left them.

A number is an identifier there: giving one contact the number of another gets the row refused, or the two merged and one
deleted (brevo-api.md fact 7). So a number stays away from a contact while another one is known to hold it.

A row is (contact, attribute, number), contact and number as 64 bits of md5: no address and no number is kept. Contact 0 is
somebody we did not make, known from a refusal. The name of a file ends in the sha256 of its content, as that of a ledger.
"""

from collections.abc import Sequence
from pathlib import Path

from traginer.delivery import ledger
from traginer.delivery.errors import NumbersDamaged
from traginer.delivery.journal import Journal, PlanJournal
from traginer.duck import Duck, literal, md5_bits
from traginer.durable import make_folder, replacing

SOMEBODY_ELSE = 0
_COLUMNS = "contact, attribute, number"
_NOBODY = "SELECT NULL::UBIGINT AS contact, NULL::VARCHAR AS attribute, NULL::UBIGINT AS number WHERE false"
REFUSED_FOR = {
    "SMS": "brevo-duplicate-phone",
    "WHATSAPP": "brevo-duplicate-whatsapp",
    "LANDLINE_NUMBER": "brevo-duplicate-landline",
}
"""The attributes that hold numbers, columns of `outgoing` and of the plan, and the reason of a row refused for one."""


def open_holders(duck: Duck, journal: PlanJournal) -> None:
    """The view `holders` of the session: what is known before this run. Raises NumbersDamaged."""
    duck.run(f"CREATE OR REPLACE TEMP VIEW holders AS {_read(journal.holders())}")


def advance_holders(duck: Duck, journal: Journal, holders: Path) -> Path | None:
    """Write who holds what after this run, sealed, as `holders`; gives its name, None where nothing changed. Reads the table `fates`.

    A confirmed number replaces the contact's former one; one in doubt stands beside it. An empty field leaves the number
    that Brevo has.
    """
    open_holders(duck, journal)
    _write_given(duck)
    if not duck.value("SELECT count(*) FROM given_numbers WHERE NOT is_known OR (replaces AND has_another)"):
        return None
    make_folder(holders.parent)
    with replacing(holders) as part:
        duck.run(f"COPY ({_ADVANCED}) TO {literal(part)} (FORMAT parquet, COMPRESSION snappy)")
    return ledger.seal(holders)


def _write_given(duck: Duck) -> None:
    """The table `given_numbers`: the numbers of the run, whether each is new to us, and whether it takes the place of another."""
    given = " UNION ALL ".join(_given(attribute, reason) for attribute, reason in REFUSED_FOR.items())
    same = "SELECT 1 FROM holders h WHERE h.contact = g.contact AND h.attribute = g.attribute"
    duck.run(
        f"""CREATE OR REPLACE TABLE given_numbers AS
              SELECT g.*, EXISTS ({same} AND h.number = g.number) AS is_known,
                     EXISTS ({same} AND h.number <> g.number) AS has_another FROM ({given}) g"""
    )


def _given(attribute: str, reason: str) -> str:
    theirs = f"state = 'settled' AND reason = '{reason}'"
    return f"""
SELECT CASE WHEN {theirs} THEN {SOMEBODY_ELSE}::UBIGINT ELSE {md5_bits("email")} END AS contact,
       '{attribute}' AS attribute, {md5_bits(attribute)} AS number, state = 'settled' AND reason IS NULL AS replaces
  FROM fates WHERE {attribute} IS NOT NULL AND ((state = 'settled' AND reason IS NULL) OR state IN ('sending', 'sent') OR ({theirs}))"""


_ADVANCED = f"""
SELECT {_COLUMNS} FROM holders h ANTI JOIN (SELECT contact, attribute FROM given_numbers WHERE replaces) g USING (contact, attribute)
UNION ALL SELECT DISTINCT ON (contact, attribute, number) {_COLUMNS} FROM given_numbers WHERE replaces OR NOT is_known"""


def _read(files: Sequence[Path]) -> str:
    for path in files:
        if not ledger.is_whole(path):
            raise NumbersDamaged(path=path)
    read = [f"SELECT {_COLUMNS} FROM read_parquet({literal(path)})" for path in files]
    return " UNION ".join(read) or _NOBODY
