"""The five ways to name a contact besides its id: e-mail, external id and three phones; their spelling and validity."""

import re
from typing import NamedTuple


class Identifier(NamedTuple):
    """One kind of identifier: its column here, its name among attributes, in reports, in paths and in messages."""

    column: str
    attribute: str
    report: str
    path_type: str
    spoken: str


# In Brevo's order of priority (help article 32331116133522): when a row names two contacts, the earlier kind survives.
IDENTIFIERS = (
    Identifier("ext_id", "EXT_ID", "duplicate_ext_id", "ext_id", "EXT_ID"),
    Identifier("email", "EMAIL", "duplicate_email_id", "email_id", "email"),
    Identifier("sms", "SMS", "duplicate_phone_id", "phone_id", "SMS"),
    Identifier("whatsapp", "WHATSAPP", "duplicate_whatsapp_id", "whatsapp_id", "WHATSAPP"),
    Identifier("landline", "LANDLINE_NUMBER", "duplicate_landline_number_id", "landline_number_id", "LANDLINE_NUMBER"),
)
BY_ATTRIBUTE = {each.attribute: each for each in IDENTIFIERS}
COLUMNS = tuple(each.column for each in IDENTIFIERS)
PHONES = ("sms", "whatsapp", "landline")

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]")

# Digits after the country code, least and most: ITU national numbering plans, mobile and fixed together.
NATIONAL_DIGITS = {
    "1": (10, 10), "7": (10, 10), "20": (8, 10), "27": (9, 9), "30": (10, 10), "31": (9, 9),
    "32": (8, 9), "33": (9, 9), "34": (9, 9), "36": (8, 9), "39": (6, 11), "40": (9, 9),
    "41": (9, 9), "43": (4, 13), "44": (9, 10), "45": (8, 8), "46": (7, 10), "47": (8, 8),
    "48": (9, 9), "49": (5, 13), "51": (8, 9), "52": (10, 10), "54": (10, 11), "55": (10, 11),
    "56": (9, 9), "57": (10, 10), "61": (9, 9), "81": (9, 10), "86": (10, 11), "90": (10, 10),
    "91": (10, 10), "212": (9, 9), "213": (8, 9), "216": (8, 8), "351": (9, 9), "352": (5, 11),
    "353": (7, 9), "354": (7, 9), "356": (8, 8), "357": (8, 8), "358": (5, 12), "359": (7, 9),
    "370": (8, 8), "371": (8, 8), "372": (7, 8), "376": (6, 9), "380": (9, 9), "385": (8, 9),
    "386": (8, 8), "420": (9, 9), "421": (9, 9), "423": (7, 9), "593": (8, 9), "598": (8, 8),
    "971": (8, 9),
}  # fmt: skip


def clean_email(value: object) -> str | None:
    """An address as it is stored, in lower case; None when it is not one."""
    if not isinstance(value, str) or len(value) > 254:
        return None
    email = value.strip()
    if not _EMAIL.fullmatch(email) or email.index("@") > 64:
        return None
    return email.lower()


def clean_phone(value: object, *, rule: str = "country") -> str | None:
    """A phone as it is stored, digits from the country code on; None when it is not plausible under `rule`.

    Brevo takes 91xxxxxxxxxx, +91xxxxxxxxxx and 0091xxxxxxxxxx (openapi, createContact).
    """
    text = re.sub(r"[\s().-]", "", str(value)) if isinstance(value, (str, int)) else ""
    digits = text.removeprefix("+") if text.startswith("+") else text.removeprefix("00")
    if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 19) or digits.startswith("0"):
        return None
    return digits if rule == "digits" or _fits_its_country(digits) else None


def _fits_its_country(digits: str) -> bool:
    for length in (1, 2, 3):
        limits = NATIONAL_DIGITS.get(digits[:length])
        if limits:
            return limits[0] <= len(digits) - length <= limits[1]
    return len(digits) >= 8


def clean(column: str, value: object, *, phone_rule: str = "country") -> str | None:
    """Any identifier as it is stored; None when it is not a usable one."""
    if column == "email":
        return clean_email(value)
    if column in PHONES:
        return clean_phone(value, rule=phone_rule)
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return text.encode("utf-8", "replace").decode() if 0 < len(text) <= 255 else None


def made_up_email(phone: str) -> str:
    """The address Brevo shows for a contact that only has a phone (openapi, getContacts example)."""
    return f"{phone}@mailin-sms.com"
