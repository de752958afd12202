"""Notices as signed requests to a URL, so that whoever receives one knows that it is ours and new.

The header X-Traginer-Signature is `t=<seconds since 1970>,v1=<hex>`, where the hex is the HMAC-SHA256, with the secret of the
target, of the same seconds, a dot, and the body as it was sent. X-Traginer-Notice numbers the notice: it stays the same at
each try.
"""

import hashlib
import hmac
import json
from datetime import datetime
from urllib.parse import urlsplit

import urllib3

from traginer import __version__
from traginer.control.notifying.carriage import SECONDS, Undelivered, is_loopback
from traginer.control.notifying.errors import NoticeAddressInvalid
from traginer.control.notifying.words import Message
from traginer.errors import Phrase
from traginer.i18n import N_

SIGNATURE = "X-Traginer-Signature"
NUMBER = "X-Traginer-Notice"
TOO_LONG = 2000


def require_address(url: str) -> str:
    """As much of the URL as people may see: its path can be as good as a password. Raises NoticeAddressInvalid."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or len(url) > TOO_LONG or any(character.isspace() for character in url):
        raise _invalid(N_("it is not a URL"))
    if parts.username or parts.password:
        raise _invalid(N_("a URL with a password in it ends up in logs"))
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise _invalid(N_("only https is encrypted; http is for this machine"))
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}/{'…' if parts.path.strip('/') or parts.query else ''}"


def send(url: str, secret: str, message: Message, at: datetime) -> None:
    """Send the message, signed at this moment. Raises Undelivered for every answer but 2xx: no redirect is followed."""
    body = json.dumps(message.as_dict(), ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"Traginer/{__version__}",
        NUMBER: str(message.number),
        SIGNATURE: signature(secret, int(at.timestamp()), body),
    }
    try:
        with urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(SECONDS)) as pool:
            answer = pool.request("POST", url, body=body, headers=headers, redirect=False, preload_content=False)
            answer.close()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Undelivered(type(error).__name__) from None
    if not 200 <= answer.status < 300:
        raise Undelivered(f"HTTP {answer.status}")


def signature(secret: str, seconds: int, body: bytes) -> str:
    """What the header holds for `body`, sent at that second."""
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"


def _invalid(why: str) -> NoticeAddressInvalid:
    return NoticeAddressInvalid(kind=Phrase(N_("webhook")), why=Phrase(why))
