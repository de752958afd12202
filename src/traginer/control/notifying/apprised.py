"""Notices to chat and telephone services, by any URL that apprise knows: github.com/caronc/apprise/wiki.

With the extra `notify` only, and loaded when one is used: it costs a third of a second and 40 MB.
"""

import importlib
import logging
from typing import Any

from traginer.control.notifying.carriage import Undelivered
from traginer.control.notifying.errors import NoticeAddressInvalid, NoticeServiceMissing
from traginer.control.notifying.words import Message
from traginer.errors import Phrase
from traginer.i18n import N_


def require_address(url: str) -> None:
    """Raises NoticeServiceMissing without apprise, NoticeAddressInvalid for what is no service's URL."""
    if not _apprise().Apprise().add(url):
        kind, why = Phrase(N_("chat or telephone service")), Phrase(N_("no service is known by this URL"))
        raise NoticeAddressInvalid(kind=kind, why=why)


def send(url: str, message: Message) -> None:
    """Hand the message to the service. Raises NoticeServiceMissing, Undelivered."""
    library = _apprise()
    service = library.Apprise()
    service.add(url)
    try:
        is_taken = service.notify(title=message.title, body=message.text, body_format=library.NotifyFormat.TEXT)
    except Exception as error:  # a hundred services, each with errors of its own
        raise Undelivered(type(error).__name__) from None
    if not is_taken:
        raise Undelivered("apprise")


def _apprise() -> Any:
    # It tells URLs, which hold tokens, and what was sent.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    try:
        return importlib.import_module("apprise")
    except ImportError:
        raise NoticeServiceMissing from None
