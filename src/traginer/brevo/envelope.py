"""The JSON around the rows of an import. Rows are made elsewhere, joined with commas, and never read here."""

import re

BODY_LIMIT = 8_000_000
"""Bytes of an import body as sent: "maximum 10 MB, we recommend 8 MB" (Brevo's OpenAPI file, POST /contacts/import)."""
REMOVE_MAX = 150
"""Addresses per removal: Brevo's OpenAPI file, POST /contacts/lists/{listId}/contacts/remove."""
NEVER_SENT = ("emailBlacklist", "smsBlacklist", "emailBlacklisted", "smsBlacklisted", "forceMerge")
"""Flags that lift a block, set one, or merge contacts away."""

_PREFIX = re.compile(
    rb'\{"listIds":\[[1-9][0-9]*\],"updateExistingContacts":true,"emptyContactsAttributes":(?:true|false),'
    rb'"disableNotification":true,"jsonBody":\[\{'
)
_SUFFIX = b"]}"
# A quote inside a JSON text is always escaped: a quoted name followed by a colon is a key, never what a person wrote.
_MARKS = (b"Blacklist", b"forceMerge")  # one of them is in each name: looked for first, since bodies are large
_KEYS = re.compile(rb'"(?:' + "|".join(NEVER_SENT).encode() + rb')"\s*:')


def import_envelope(list_id: int, *, clear: bool = False) -> tuple[bytes, bytes]:
    """What stands before and after the comma-joined JSON rows of an import into list `list_id`.

    With `clear`, empty values of the rows erase what Brevo holds. The account's owner is never notified by e-mail,
    and no flag says anything about blocks. Raises ValueError for a list id below 1.
    """
    if list_id < 1:
        raise ValueError("list ids start at 1")
    prefix = (
        f'{{"listIds":[{list_id:d}],"updateExistingContacts":true,'
        f'"emptyContactsAttributes":{"true" if clear else "false"},"disableNotification":true,"jsonBody":['
    )
    return prefix.encode(), _SUFFIX


def check_import(body: bytes) -> None:
    """Raise ValueError for a body that is not made with `import_envelope`, or that has a key of NEVER_SENT anywhere."""
    if not _PREFIX.match(body) or not body.endswith(_SUFFIX):
        raise ValueError("an import body is import_envelope() around at least one row")
    if any(mark in body for mark in _MARKS) and (found := _KEYS.search(body)):
        raise ValueError(f"never sent to Brevo: {found[0].decode()}")
