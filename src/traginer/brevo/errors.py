"""What can go wrong between us and Brevo. Facts and Brevo's codes only; the sentences for people are written
elsewhere.

    BrevoError
     +- Stop                  somebody has to act: the same request would be refused again
     |   +- KeyMissing        no key was given, or none arrived
     |   +- KeyMalformed      the key holds characters that no header can carry; nothing was sent
     |   +- KeyUnknown        a wrong or deleted key, or one for SMTP
     |   +- KeyOff            any other 401: the key is switched off or not accepted
     |   +- IPNotRecognised   the key is good; the account's list of authorised addresses lacks ours
     |   +- PaymentRequired   402: credits, or the contract's limits
     |   +- PermissionDenied  403
     |   +- NotFound          404
     |   +- MethodNotAllowed  405: also what the account's plan does not include
     |   +- Invalid           400, 406, 422 and every other refusal, by code and message
     |   +- ReportGone        a report or export file is no longer there
     |   +- ReportTooLarge    a file is bigger than we are ready to take
     +- Later                 nobody has to act: certainly not done, and may be asked again
     |   +- RateLimited       the account's budget of calls is used up for so many seconds
     |   +- Unavailable       no connection, a fault of the server, or an answer that cannot be read
     +- OutcomeUnknown        a request that changes something may have worked, and no answer says so
     +- WriteAttempted        a read-only client was asked to change something: a mistake of the caller

No error carries a key, an address, a value of a contact or a body: messages of Brevo pass through `masked` first.
"""

import re

MESSAGE_MAX = 300
_KEYS = re.compile(r"\bx(?:keysib|smtpsib)-[\w-]+", re.IGNORECASE)
_ADDRESSES = re.compile(r"""[^\s"'<>;,:()\[\]{}=]+(?:@|%40)[^\s"'<>;,:()\[\]{}]+""", re.IGNORECASE)
_PHONES = re.compile(r"\+?\d{7,}")


def masked(text: str) -> str:
    """`text` without API keys, e-mail addresses and phone numbers, cut to MESSAGE_MAX characters.

    IP addresses stay: without ours nobody could authorise it.
    """
    for pattern, stand_in in ((_KEYS, "<key>"), (_ADDRESSES, "<address>"), (_PHONES, "<number>")):
        text = pattern.sub(stand_in, text)
    return text[:MESSAGE_MAX]


class BrevoError(Exception):
    """`status` is the HTTP status (0 where there was no answer), `code` Brevo's own, `message` Brevo's, masked."""

    def __init__(self, message: str = "", *, status: int = 0, code: str = "") -> None:
        self.message = masked(message)
        self.status = status
        self.code = masked(code)
        super().__init__(" ".join(filter(None, (str(status or ""), self.code, self.message))))


class Stop(BrevoError):
    """Somebody has to act: the same request would be refused again."""


class KeyMissing(Stop):
    """No key was given, or none arrived."""


class KeyMalformed(Stop):
    """The key holds characters that no header can carry. Nothing was sent."""


class KeyUnknown(Stop):
    """401 "Key not found": a wrong or deleted key, or one for SMTP."""


class KeyOff(Stop):
    """A 401 of any other text: the key is switched off or not accepted."""


class IPNotRecognised(Stop):
    """The key is good, but the account's list of authorised addresses lacks ours: `ip` as Brevo sees it, or ""."""

    def __init__(self, message: str = "", *, status: int = 0, code: str = "", ip: str = "") -> None:
        super().__init__(message, status=status, code=code)
        self.ip = ip


class PaymentRequired(Stop):
    """402: not enough credits, or the contract does not allow for more."""


class PermissionDenied(Stop):
    """403: the account or the key may not do this."""


class NotFound(Stop):
    """404: the list, folder, process or contact does not exist."""


class MethodNotAllowed(Stop):
    """405: also what the account's plan does not include."""


class Invalid(Stop):
    """400, 406, 422 and every other refusal: `code` and `message` say what is wrong."""


class ReportGone(Stop):
    """A report or export file is no longer there, or its link is no longer valid."""


class ReportTooLarge(Stop):
    """A file, or an answer, is bigger than `limit_bytes`."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"more than {limit_bytes // 1_000_000} MB")
        self.limit_bytes = limit_bytes


class Later(BrevoError):
    """Nobody has to act: certainly not done, and may be asked again."""


class RateLimited(Later):
    """The account's budget of calls is used up; there is room again in `seconds` (None: Brevo did not say)."""

    def __init__(self, seconds: float | None, *, status: int = 0, code: str = "") -> None:
        super().__init__("" if seconds is None else f"for {seconds:.0f} s", status=status, code=code)
        self.seconds = seconds


class Unavailable(Later):
    """No connection, a fault of the server, or an answer that cannot be read."""


class OutcomeUnknown(BrevoError):
    """A request that changes something may have worked, and no answer says so. Look before asking again."""


class WriteAttempted(BrevoError):
    """A read-only client was asked to change something. Nothing was sent."""
