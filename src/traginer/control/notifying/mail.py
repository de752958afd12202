"""Notices by e-mail, through the server that TRAGINER_SMTP_URL names.

smtp://user:password@host:587?from=traginer@example.org   the connection is encrypted by STARTTLS, or not made
smtps://user:password@host:465?from=…                     encrypted from the beginning
smtp://host:25?tls=none&from=…                            not encrypted; on this machine no tls=none is needed
"""

import os
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from traginer.control.notifying.carriage import SECONDS, Undelivered, is_loopback
from traginer.control.notifying.errors import MailNotSetUp, NoticeAddressInvalid
from traginer.control.notifying.words import Message
from traginer.errors import Phrase
from traginer.i18n import N_

VARIABLE = "TRAGINER_SMTP_URL"
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class Server:
    """A mail server and how it is spoken to."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    encrypts: str
    """From the beginning ("tls"), after a word ("starttls"), or not ("none")."""


def require_address(address: str) -> str:
    """The address, as people may see it: whole. Raises NoticeAddressInvalid."""
    try:
        validate_email(address)
    except ValidationError:
        why = Phrase(N_("it is not an e-mail address"))
        raise NoticeAddressInvalid(kind=Phrase(N_("e-mail")), why=why) from None
    return address


def send(address: str, message: Message, at: datetime) -> None:
    """Hand the message to the mail server. Raises MailNotSetUp, and Undelivered where the server does not take it."""
    server = _server()
    letter = _letter(server.sender, address, message, at)
    try:
        with _connected(server) as smtp:
            smtp.send_message(letter)
    except smtplib.SMTPRecipientsRefused as error:
        codes = {str(code) for code, _ in error.recipients.values()}
        raise Undelivered(f"SMTP {', '.join(sorted(codes))}") from None
    except smtplib.SMTPResponseException as error:
        raise Undelivered(f"SMTP {error.smtp_code}") from None
    except (OSError, smtplib.SMTPException) as error:
        raise Undelivered(type(error).__name__) from None


def _letter(sender: str, address: str, message: Message, at: datetime) -> EmailMessage:
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = sender, address
    letter["Subject"] = f"Traginer: {message.title}"
    letter["Date"] = format_datetime(at)
    # The same at each try, so that a letter which arrives twice can be told.
    letter["Message-ID"] = f"<notice-{message.number}.{at:%Y%m%d}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.text)
    letter.add_alternative(message.html, subtype="html")
    letter["Content-Language"] = message.language
    return letter


@contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    context, name = ssl.create_default_context(), socket.gethostname()
    if server.encrypts == "tls":
        opened: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, name, timeout=SECONDS, context=context)
    else:
        opened = smtplib.SMTP(server.host, server.port, name, timeout=SECONDS)
    with opened as smtp:
        if server.encrypts == "starttls":
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp


def _server() -> Server:
    text = os.environ.get(VARIABLE, "")
    try:
        parts = urlsplit(text)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise MailNotSetUp(
            why=Phrase(N_("TRAGINER_SMTP_URL is not set, or does not begin with smtp:// or smtps://"))
        ) from None
    if not parts.hostname:
        raise MailNotSetUp(why=Phrase(N_("TRAGINER_SMTP_URL names no server")))
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    plain = options.get("tls") == "none" or is_loopback(parts.hostname)
    return Server(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=options.get("from") or f"traginer@{socket.gethostname()}",
        encrypts="tls" if parts.scheme == "smtps" else "none" if plain else "starttls",
    )
