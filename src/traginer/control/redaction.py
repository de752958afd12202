"""What may never stand in a log or a notice, found by its look: addresses, telephone numbers, keys and tokens.

The last of several walls: what we write ourselves names neither. Libraries quote what they were given.
"""

import re
from collections.abc import Mapping
from typing import Any

MASK = "***"
SECRET_NAMES = frozenset(
    {"api_key", "api-key", "authorization", "cookie", "encrypted_key", "password", "secret", "token"}
)

_RULES = (
    # Brevo's keys, our tokens and secrets, and what a header says of one.
    (re.compile(r"x(?:keys|smtps)ib-[\w-]+"), "[key]"),
    (re.compile(r"\btrgw?_[\w-]+"), "[token]"),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]+", re.IGNORECASE), r"\1 [token]"),
    (
        re.compile(
            r"\b(api[-_]?key|authorization|password|passwd|secret|token)(['\"]?\s*[:=]\s*['\"]?)(?!\[)[^\s'\",;&)]+",
            re.IGNORECASE,
        ),
        r"\1\2[secret]",
    ),
    # Both sides of an @ that touches them, in a URL also as %40; the user and the password in a URL among them.
    (re.compile(r"[^\s\"'<>()\[\]{},;=/?&|]+(?:@|%40)[^\s\"'<>()\[\]{},;:=/?&|]+", re.IGNORECASE), "[address]"),
    # With a country code: spaces, dots and brackets between the digits as people write them.
    (re.compile(r"(?<![\w.])(?:\+|%2B|00)\d(?:[ .()/-]{0,2}\d){6,14}(?!\d)", re.IGNORECASE), "[number]"),
    # Without one: nine digits or more in a row, or in groups that are no date.
    (re.compile(r"(?<![\w.:+-])\d{9,15}(?![\w:-])"), "[number]"),
    (re.compile(r"(?<![\w.:+-])(?!\d{4}-\d\d-\d\d)\(?\d{2,4}\)?(?:[ -]\d{2,4}){2,5}(?![\w:.-])"), "[number]"),
)


def redacted(text: str) -> str:
    """`text` without anything that looks like an address, a telephone number, a key or a token."""
    for look, instead in _RULES:
        text = look.sub(instead, text)
    return text


def redacted_value(value: Any, name: str = "") -> Any:
    """A value of a log entry, redacted inside too; whole where `name` says that it is a secret. Numbers stay."""
    if name.lower() in SECRET_NAMES:
        return MASK
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, Mapping):
        return {redacted(str(key)): redacted_value(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted_value(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return redacted(str(value))
