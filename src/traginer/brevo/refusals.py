"""Brevo's refusals by status and words, as errors of the tree.

Statuses and words: the OpenAPI file's errorModel, and answers captured from live accounts, where only the words tell
one 401 from another.
"""

import json
import re
from typing import Any

from traginer.brevo.errors import (
    BrevoError,
    Invalid,
    IPNotRecognised,
    KeyMissing,
    KeyOff,
    KeyUnknown,
    MethodNotAllowed,
    NotFound,
    PaymentRequired,
    PermissionDenied,
    RateLimited,
    Stop,
    Unavailable,
)
from traginer.brevo.limits import LEAST_SECONDS, reset_seconds
from traginer.brevo.transport import Response

TOO_EARLY = 425
"""The account is being processed, and the call was not done; Brevo's code for it is account_in_process."""
_BY_STATUS: dict[int, type[Stop]] = {402: PaymentRequired, 403: PermissionDenied, 404: NotFound, 405: MethodNotAllowed}
_UNAUTHORISED: tuple[tuple[str, type[Stop]], ...] = (
    ("authentication not found", KeyMissing),
    ("key not found", KeyUnknown),
    ("unrecognised ip", IPNotRecognised),
    ("unrecognized ip", IPNotRecognised),
)
_IP = re.compile(r"IP address:?\s+([0-9a-f]*[.:][0-9a-f.:]*[0-9a-f])", re.IGNORECASE)
_SIZE = re.compile(r"\b(?:size|too (?:large|big)|\d+ ?mb|megabytes?|payload)\b", re.IGNORECASE)
_NOTHING_TO_REMOVE = "already in list and/or does not exist"


def is_fault(status: int) -> bool:
    """Whether a status says nothing about what became of the request: the server, or a proxy before it, broke down."""
    return status >= 500 or status == 408


def refusal(response: Response) -> BrevoError:
    """The error that an answer other than 2xx stands for: Later if time heals it, a Stop otherwise.

    A fault is Unavailable; for a request that changes something the caller makes it an OutcomeUnknown.
    """
    status = response.status
    code, message = _words(response.body)
    if status == 429:
        seconds = reset_seconds(response)
        return RateLimited(None if seconds is None else max(seconds, LEAST_SECONDS), status=status, code=code)
    if is_fault(status) or status == TOO_EARLY or code == "account_in_process":
        return Unavailable(message, status=status, code=code)
    if 300 <= status < 400:
        return Invalid("the base URL redirects elsewhere", status=status, code="redirected")
    if status == 401:
        return _unauthorised(message, code)
    return _BY_STATUS.get(status, Invalid)(message, status=status, code=code)


def is_about_size(error: BrevoError) -> bool:
    """Whether Brevo refused a body because it is too big. It documents the limit, but neither status nor words."""
    return error.status == 413 or (error.status == 400 and bool(_SIZE.search(error.message)))


def is_nothing_to_remove(error: BrevoError) -> bool:
    """Whether Brevo says that none of the addresses is on the list: a removal that was already done."""
    return error.status == 400 and _NOTHING_TO_REMOVE in error.message.lower()


def _unauthorised(message: str, code: str) -> Stop:
    kind = next((kind for words, kind in _UNAUTHORISED if words in message.lower()), KeyOff)
    if kind is IPNotRecognised:
        ip = _IP.search(message)
        return IPNotRecognised(message, status=401, code=code, ip=ip[1] if ip else "")
    return kind(message, status=401, code=code)


def _words(body: bytes) -> tuple[str, str]:
    """Code and message of a refusal; both empty where the body is a page of HTML, or nothing."""
    try:
        answer: Any = json.loads(body)
    except ValueError:
        return "", ""
    if not isinstance(answer, dict):
        return "", ""
    return str(answer.get("code") or ""), str(answer.get("message") or "")
