"""What counts as an e-mail address, as SQL over whole columns, and the one address two spellings share.

Accepted is what RFC 5321 §4.5.3.1 and RFC 5322 §3.2.3 call a dot-atom local part of at most 64 octets at a domain of LDH
labels (RFC 1123 §2.1) of at most 63, 254 octets in all, under a top-level domain that is not numeric (RFC 3696 §2).
Quoted local parts and address literals are allowed by the RFCs and reach no consumer's mailbox; they are invalid here.
Letters outside ASCII: a domain is carried in its xn-- form (RFC 5891); a local part would need SMTPUTF8 (RFC 6531), which
Brevo nowhere says it speaks, so it is refused.
"""

import re

import pyarrow as pa

from traginer.contacts.spelling import BLANK
from traginer.duck import Duck, literal

LOCAL_OCTETS = 64
LABEL_OCTETS = 63
ADDRESS_OCTETS = 254

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = rf"{_ATOM}(?:\.{_ATOM})*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_TOP = r"(?:[0-9][0-9-]*)?[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN = rf"(?:{_LABEL}\.)+{_TOP}"
_ADDRESS = rf"{_LOCAL}@{_DOMAIN}"
_EDGES = rf"^[{BLANK}<]+|[{BLANK}>]+$"
_SEVERAL = r"@[^@]*[\s\pZ,;|/][^@]*@"
_INTERNATIONAL_DOMAIN = rf"{_LOCAL}@[^@\s]+"
_NOT_ASCII = r"[^\x00-\x7F]"
# ß, final sigma and the joiners are letters in IDNA2008 and something else in Python's IDNA2003: a guess would be a
# different domain, so there is none.
_DEVIATIONS = re.compile("[ßẞς\u200c\u200d]")


def read(relation: str) -> str:
    """The relation with `email` (lower-case, or the untouched rest if refused) and `reason`, from its `email_said`."""
    # Nearly all addresses need no cleaning: they pay for one match.
    return f"""
        SELECT * EXCLUDE (email_said, plain, trimmed, refusal),
               CASE WHEN refusal IS NULL THEN lower(trimmed) ELSE trimmed END AS email, refusal AS reason
          FROM (SELECT *, CASE WHEN plain THEN NULL ELSE {_refusal("trimmed")} END AS refusal
                  FROM (SELECT *, CASE WHEN plain THEN email_said ELSE {_trimmed("email_said")} END AS trimmed
                          FROM (SELECT *, {_is_short_and_good("email_said")} AS plain FROM ({relation}))))"""


def carry_international_domains(duck: Duck) -> None:
    """Give addresses of `cleaned` whose domain alone has letters outside ASCII their xn-- form, and judge them by it."""
    duck.run("CREATE OR REPLACE TABLE domains (written VARCHAR, carried VARCHAR)")
    writer = duck.connection.cursor()
    for batch in duck.stream(
        f"""SELECT DISTINCT split_part(email, '@', 2) FROM cleaned
             WHERE reason = 'email-international' AND regexp_full_match(email, {literal(_INTERNATIONAL_DOMAIN)})"""
    ):
        written = batch.column(0).to_pylist()
        carried = pa.array([_carried(domain) for domain in written], pa.string())
        writer.from_arrow(pa.table({"written": batch.column(0), "carried": carried})).insert_into("domains")
    address = "(split_part(email, '@', 1) || '@' || carried)"
    duck.run(
        f"""UPDATE cleaned SET email = lower({address}), reason = {_refusal(address)}, fingerprint = NULL
              FROM domains
             WHERE reason = 'email-international' AND carried IS NOT NULL AND split_part(email, '@', 2) = written
               AND regexp_full_match(email, {literal(_INTERNATIONAL_DOMAIN)})"""
    )
    duck.run("DROP TABLE domains")


def _carried(domain: str) -> str | None:
    if _DEVIATIONS.search(domain):
        return None
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None


def _is_short_and_good(address: str) -> str:
    # No address of at most 64 octets breaks a limit of length.
    return f"(strlen({address}) <= {LOCAL_OCTETS} AND regexp_full_match({address}, {literal(_ADDRESS)}))"


def _trimmed(said: str) -> str:
    addressed = f"regexp_replace({_without_edges(said)}, '(?i)^mailto:', '')"
    return f"nullif({_without_edges(addressed)}, '')"


def _without_edges(text: str) -> str:
    return f"regexp_replace({text}, {literal(_EDGES)}, '', 'g')"


def _refusal(address: str) -> str:
    at = f"position('@' IN {address})"
    return f"""CASE WHEN {_is_short_and_good(address)} THEN NULL
                    WHEN {address} IS NULL THEN 'email-missing'
                    WHEN regexp_matches({address}, {literal(_SEVERAL)}) THEN 'email-several'
                    WHEN regexp_matches({address}, {literal(_NOT_ASCII)}) AND regexp_full_match({address}, '[^@\\s]+@[^@\\s]+')
                    THEN 'email-international'
                    WHEN NOT regexp_full_match({address}, {literal(_ADDRESS)}) THEN 'email-invalid'
                    WHEN {at} > {LOCAL_OCTETS + 1} OR strlen({address}) > {ADDRESS_OCTETS}
                      OR regexp_matches(substr({address}, {at}), '[^.@]{{{LABEL_OCTETS + 1}}}') THEN 'email-too-long' END"""
