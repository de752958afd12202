"""Who holds which telephone number at Brevo because of us, over all lists of an account, and long after people left them.

A number is an identifier there: giving one contact the number of another gets the row refused, or the two merged and one
deleted (brevo-api.md fact 7). So a number stays away from a contact while another one is known to hold it.

A row is (contact, attribute, number), contact and number as 64 bits of md5: no address and no number is kept. Contact 0 is
somebody we did not make, known from a refusal.
"""

from pathlib import Path

from traginer.delivery.journal import Journal, PlanJournal
from traginer.duck import Duck, literal
from traginer.durable import make_folder, replacing

IDENTIFIERS = "identifiers.parquet"
SOMEBODY_ELSE = 0
_COLUMNS = "contact, attribute, number"
_NOBODY = "SELECT NULL::UBIGINT AS contact, NULL::VARCHAR AS attribute, NULL::UBIGINT AS number WHERE false"
# Reports of refused rows name the kind of identifier; these are the attributes they are about.
_ABOUT = (
    ("brevo-duplicate-phone", "SMS"),
    ("brevo-duplicate-whatsapp", "WHATSAPP"),
    ("brevo-duplicate-landline", "LANDLINE_NUMBER"),
)


def open_holders(duck: Duck, journal: PlanJournal) -> None:
    """The view `holders` of the session: what is known before this run."""
    duck.run(f"CREATE OR REPLACE TEMP VIEW holders AS {_read(journal.holders())}")


def freeze_identifiers(duck: Duck, spool: Path) -> None:
    """Keep which numbers the frozen rows give to whom. Reads the tables `identifiers` and `changes`."""
    with replacing(spool / IDENTIFIERS) as part:
        duck.run(
            "COPY (SELECT i.email, md5_number_lower(i.email) AS contact, i.attribute, i.number FROM identifiers i"
            f" JOIN changes c USING (email) WHERE c.change <> 'rekeyed') TO {literal(part)} (FORMAT parquet)"
        )


def advance_holders(duck: Duck, journal: Journal, holders: Path) -> bool:
    """Write who holds what after this run to `holders`; False where nothing changed. Reads the table `fates`.

    A confirmed number replaces the contact's former one; one in doubt stands beside it. An empty field leaves the number
    that Brevo has.
    """
    duck.run(
        f"""CREATE OR REPLACE TABLE given_numbers AS
              SELECT i.contact, i.attribute, i.number, f.state, f.reason
                FROM read_parquet({literal(journal.spool / IDENTIFIERS)}) i JOIN fates f USING (email)
               WHERE f.state IS NOT NULL"""
    )
    if not duck.value("SELECT count(*) FROM given_numbers"):
        return False
    make_folder(holders.parent)
    with replacing(holders) as part:
        duck.run(f"COPY ({_advanced(journal)}) TO {literal(part)} (FORMAT parquet, COMPRESSION zstd)")
    return True


def _advanced(journal: Journal) -> str:
    confirmed = "state = 'settled' AND reason IS NULL"
    about = " OR ".join(f"(reason = '{reason}' AND attribute = '{attribute}')" for reason, attribute in _ABOUT)
    return f"""
SELECT {_COLUMNS} FROM ({_read(journal.holders())}) h
 WHERE NOT EXISTS (SELECT 1 FROM given_numbers g WHERE {confirmed} AND g.contact = h.contact AND g.attribute = h.attribute)
UNION
SELECT {_COLUMNS} FROM given_numbers WHERE {confirmed} OR state IN ('sending', 'sent')
UNION
SELECT {SOMEBODY_ELSE}::UBIGINT, attribute, number FROM given_numbers WHERE state = 'settled' AND ({about})"""


def _read(path: Path | None) -> str:
    return f"SELECT {_COLUMNS} FROM read_parquet({literal(path)})" if path else _NOBODY
