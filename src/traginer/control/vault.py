"""Secrets at rest: encrypted with a key of this installation, versioned so that it can be rotated.

The key is TRAGINER_KEY (one or more Fernet keys, newest first, separated by commas) or the file `key` of TRAGINER_HOME,
made on first use with mode 0600.
"""

import hmac
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from traginer.control.errors import KeyUndecryptable, VaultKeyInvalid
from traginer.durable import replacing, sync_file, sync_folder
from traginer.home import home

# The version byte and the time of this century, in Base64: github.com/fernet/spec.
_FERNET_BEGINS = "gAAAA"


def encrypted(secret: str) -> str:
    """`secret` as it may be stored."""
    return _ring().encrypt(secret.encode()).decode()


def decrypted(token: str, connection: str) -> str:
    """The secret of `connection` behind `token`. Raises KeyUndecryptable."""
    try:
        return _ring().decrypt(token.encode()).decode()
    except InvalidToken:
        raise KeyUndecryptable(connection=connection) from None


def rotated(token: str, owner: str) -> str:
    """The same secret, encrypted with the newest key. Raises KeyUndecryptable, naming `owner`."""
    try:
        return _ring().rotate(token.encode()).decode()
    except InvalidToken:
        raise KeyUndecryptable(connection=owner) from None


def is_token(text: object) -> bool:
    """Whether `text` looks like a secret as `encrypted` gives it."""
    return isinstance(text, str) and text.startswith(_FERNET_BEGINS)


def is_in_environment() -> bool:
    """Whether the keys come from TRAGINER_KEY, which only the operator can change."""
    return bool(os.environ.get("TRAGINER_KEY"))


def keys() -> list[str]:
    """The keys of the installation, newest first. Raises VaultKeyInvalid."""
    _ring()
    return _keys()


def new_key() -> str:
    """A key that nobody has used yet."""
    return Fernet.generate_key().decode()


def keep_keys(kept: Sequence[str]) -> None:
    """Make these the keys in the file, newest first; on disk when it returns."""
    with replacing(home() / "key") as part:
        part.touch(mode=0o600)
        part.write_text("".join(f"{key}\n" for key in kept))


def derived(purpose: str) -> str:
    """A secret for `purpose` alone, always the same while the oldest key stays: a newer one put before it changes nothing."""
    _ring()  # refuses a key that is none
    return hmac.new(_keys()[-1].encode(), f"traginer {purpose}".encode(), "sha256").hexdigest()


def _ring() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in _keys()])
    except ValueError:
        where = "TRAGINER_KEY" if os.environ.get("TRAGINER_KEY") else str(home() / "key")
        raise VaultKeyInvalid(where=where) from None


def _keys() -> list[str]:
    """The keys of the installation, newest first."""
    text = os.environ.get("TRAGINER_KEY") or _key_file(home() / "key")
    return [key.strip() for key in text.replace("\n", ",").split(",") if key.strip()]


def _key_file(path: Path) -> str:
    """The key in the file, made if there is none: of two processes that make it at once, the first one's stays."""
    if not path.exists():
        part = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            part.touch(mode=0o600)
            part.write_bytes(Fernet.generate_key() + b"\n")
            sync_file(part)
            with suppress(FileExistsError):
                os.link(part, path)
            sync_folder(path.parent)
        finally:
            part.unlink(missing_ok=True)
    return path.read_text()
