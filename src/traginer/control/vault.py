"""API keys at rest: encrypted with a key of this installation, versioned so that it can be rotated.

The key is TRAGINER_KEY (one or more Fernet keys, newest first, separated by commas) or the file `key` of TRAGINER_HOME,
made on first use with mode 0600.
"""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from traginer.control.errors import KeyUndecryptable, VaultKeyInvalid
from traginer.durable import sync_file, sync_folder
from traginer.home import home


def encrypted(secret: str) -> str:
    """`secret` as it may be stored."""
    return _ring().encrypt(secret.encode()).decode()


def decrypted(token: str, connection: str) -> str:
    """The secret of `connection` behind `token`. Raises KeyUndecryptable."""
    try:
        return _ring().decrypt(token.encode()).decode()
    except InvalidToken:
        raise KeyUndecryptable(connection=connection) from None


def _ring() -> MultiFernet:
    where = "TRAGINER_KEY" if os.environ.get("TRAGINER_KEY") else str(home() / "key")
    text = os.environ.get("TRAGINER_KEY") or _key_file(home() / "key")
    try:
        return MultiFernet([Fernet(key.strip()) for key in text.replace("\n", ",").split(",") if key.strip()])
    except ValueError:
        raise VaultKeyInvalid(where=where) from None


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
