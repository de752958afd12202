"""What stands for a profile, or for what somebody typed to find one, in addresses: those are written down by others.

Browsers keep addresses in their history and proxies in their logs, and a key may be an e-mail address.
"""

import hashlib
import re

from traginer.control import vault
from traginer.control.audit import Target
from traginer.control.errors import ControlError, KeyUndecryptable
from traginer.duck import Duck, ident, literal
from traginer.i18n import N_

LENGTH = 16
"""Hexadecimal digits of the md5 of a key: two of ten million profiles share them with a probability of 0.000003."""
_REFERENCE = re.compile(rf"[0-9a-f]{{{LENGTH}}}")


class ProfileUnknown(ControlError):
    code = "profile-unknown"
    what = N_('The source "{source}" has no such profile.')
    next_step = N_("Look for it by its key, its e-mail address or its name. It may have left the source since.")


class PlaceUnknown(ControlError):
    code = "profile-source-unknown"
    what = N_("There is no source {number} to look for profiles in.")
    next_step = N_("Choose one of those that the page Profiles offers.")


def reference_of(key: str) -> str:
    """What stands for the profile with this key."""
    return hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()[:LENGTH]


def reference(key_column: str) -> str:
    """SQL for the reference of each profile."""
    return f"left(md5({ident(key_column)}::VARCHAR), {LENGTH})"


def take_one(duck: Duck, key_column: str, wanted: str, source: str) -> None:
    """The one profile that `wanted` stands for, as the table `one` of the session. Raises ProfileUnknown."""
    is_it = f"{reference(key_column)} = {literal(wanted)}" if _REFERENCE.fullmatch(wanted) else "false"
    duck.run(f"CREATE OR REPLACE TABLE one AS SELECT * FROM profiles WHERE {is_it} LIMIT 1")
    if not duck.value("SELECT count(*) FROM one"):
        raise ProfileUnknown(source=source)


def target(wanted: str) -> Target:
    """The profile as the audit names it."""
    return Target("profile", wanted)


def sealed(text: str) -> str:
    """What somebody typed, for an address: only this installation can read it."""
    return vault.encrypted(text)


def unsealed(token: str) -> str:
    """What was typed; "" where this is none of ours."""
    try:
        return vault.decrypted(token, "")
    except KeyUndecryptable:
        return ""
