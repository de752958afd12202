"""Why a member is not on the list, or is there with something left out: the one table of reasons.

Refusals leave the whole contact out, warnings only a value. The doors, the history, the guide (contacts) and the
translations read this table; tests hold them equal to it.
"""

from dataclasses import dataclass
from enum import StrEnum

from traginer.errors import Turn
from traginer.i18n import N_

WINNER_RULE = N_(
    "One contact per address: when several profiles have the same e-mail address, the first by profile key is sent; "
    "the others are listed as duplicates that name it."
)
PHONE_WARNING = N_(
    "Brevo treats a telephone number as an identifier: when it finds one number on two contacts it may merge them and "
    "delete one. So only numbers that are valid and stand on one contact are sent; all others are left out, with a "
    "warning. If you only want to show the number in messages, map it to a plain text attribute instead."
)


class By(StrEnum):
    """Who refused."""

    US = "us"
    BREVO = "brevo"


class Effect(StrEnum):
    """What was left out."""

    REFUSAL = "refusal"
    """The whole contact."""
    WARNING = "warning"
    """One value; the contact is sent without it."""


@dataclass(frozen=True)
class Reason:
    """`sentence` and `next_step` are English source texts: translate where they are shown."""

    code: str
    by: By
    effect: Effect
    turn: Turn
    sentence: str
    next_step: str


def _refused(code: str, turn: Turn, sentence: str, next_step: str) -> Reason:
    return Reason(code, By.US, Effect.REFUSAL, turn, sentence, next_step)


def _left_out(code: str, turn: Turn, sentence: str, next_step: str) -> Reason:
    return Reason(code, By.US, Effect.WARNING, turn, sentence, next_step)


def _by_brevo(code: str, turn: Turn, sentence: str, next_step: str) -> Reason:
    return Reason(code, By.BREVO, Effect.REFUSAL, turn, sentence, next_step)


_ALL = (
    _refused(
        "no-consent",
        Turn.SOURCE,
        N_("The profile has not agreed to receive messages, by the field that says so."),
        N_("Nothing, unless the field is wrong: correct it in the source, or choose another one in the export."),
    ),
    _refused(
        "email-missing",
        Turn.SOURCE,
        N_("The profile has no e-mail address."),
        N_("Add the address in the source, or leave such profiles out of the segment."),
    ),
    _refused(
        "email-invalid",
        Turn.SOURCE,
        N_("The e-mail address is not written as one: no mail could reach it."),
        N_("Correct the address in the source."),
    ),
    _refused(
        "email-several",
        Turn.SOURCE,
        N_("The field holds more than one e-mail address."),
        N_("Keep one address per profile in that field."),
    ),
    _refused(
        "email-too-long",
        Turn.SOURCE,
        N_("The e-mail address, or a part of it, is longer than mail allows."),
        N_("Correct the address in the source."),
    ),
    _refused(
        "email-international",
        Turn.SOURCE,
        N_("The e-mail address has letters that mail servers do not generally accept."),
        N_("Use an address in plain letters, or write its domain in the xn-- form."),
    ),
    _refused(
        "email-duplicate",
        Turn.SOURCE,
        N_("Another profile with the same e-mail address was chosen: the first by profile key."),
        N_("Merge the two profiles in the source, or correct the address of one of them."),
    ),
    _refused(
        "contact-too-large",
        Turn.MAPPING,
        N_("The contact's values together are larger than one contact may be (100 kB)."),
        N_("Map fewer long texts."),
    ),
    _left_out(
        "phone-invalid",
        Turn.SOURCE,
        N_("The telephone number is not valid, so the contact was sent without it."),
        N_("Correct the number in the source."),
    ),
    _left_out(
        "phone-region-unknown",
        Turn.MAPPING,
        N_("The telephone number has no country code and the profile's country is not known; it was left out."),
        N_("Choose a column with two-letter country codes, or a default country, in the data matching."),
    ),
    _left_out(
        "phone-shared",
        Turn.SOURCE,
        N_("Several contacts have this telephone number, so all of them were sent without it."),
        N_("Give each profile its own number in the source, or map the number to a plain text attribute."),
    ),
    _left_out(
        "phone-held",
        Turn.SOURCE,
        N_("Another contact of the Brevo account has this telephone number, so the contact was sent without it."),
        N_("Correct the number in the source, or take it off the other contact in Brevo."),
    ),
    _left_out(
        "number-not-finite",
        Turn.SOURCE,
        N_("The value is not a finite number; it was left out."),
        N_("Correct the value in the source."),
    ),
    _left_out(
        "date-out-of-range",
        Turn.SOURCE,
        N_("The date is not between the years 1 and 9999; it was left out."),
        N_("Correct the date in the source."),
    ),
    _left_out(
        "text-too-long",
        Turn.MAPPING,
        N_("The text has more than 10,000 characters; it was left out."),
        N_("Map a shorter column, or shorten the text in the source."),
    ),
    _left_out(
        "option-unknown",
        Turn.MAPPING,
        N_("The value is none of the options of the Brevo attribute; it was left out."),
        N_("Add the option in Brevo, or correct the value in the source."),
    ),
    _by_brevo(
        "brevo-email-invalid",
        Turn.SOURCE,
        N_("Brevo does not accept the e-mail address."),
        N_("Correct the address in the source."),
    ),
    _by_brevo(
        "brevo-duplicate-email",
        Turn.BREVO,
        N_("Brevo found the e-mail address twice, or on another contact."),
        N_("Look for the address in Brevo and merge its contacts."),
    ),
    _by_brevo(
        "brevo-duplicate-phone",
        Turn.BREVO,
        N_("Brevo found the telephone number on another contact."),
        N_("Correct the number in Brevo or in the source, or map it to a plain text attribute."),
    ),
    _by_brevo(
        "brevo-duplicate-whatsapp",
        Turn.BREVO,
        N_("Brevo found the WhatsApp number on another contact."),
        N_("Correct the number in Brevo or in the source, or map it to a plain text attribute."),
    ),
    _by_brevo(
        "brevo-duplicate-landline",
        Turn.BREVO,
        N_("Brevo found the landline number on another contact."),
        N_("Correct the number in Brevo or in the source, or map it to a plain text attribute."),
    ),
    _by_brevo(
        "brevo-duplicate-ext-id",
        Turn.BREVO,
        N_("Brevo found the contact's external identifier on another contact."),
        N_("Look for the identifier in Brevo and correct one of the contacts."),
    ),
    _by_brevo(
        "brevo-duplicate-contact",
        Turn.BREVO,
        N_("Brevo found the contact's own number on another contact."),
        N_("Look for the contact in Brevo and merge its copies."),
    ),
    _by_brevo(
        "brevo-other",
        Turn.BREVO,
        N_("Brevo refused the contact for a reason of its own."),
        N_("Look at the report file of the run, and at the contact in Brevo."),
    ),
    _by_brevo(
        "brevo-contract-full",
        Turn.OPERATOR,
        N_("The Brevo contract has no room for another contact."),
        N_("Extend the contract, or make the segment smaller, and run again: only what is missing is sent."),
    ),
)

REASONS = {reason.code: reason for reason in _ALL}
