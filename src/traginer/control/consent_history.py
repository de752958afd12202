"""What was agreed to for a connection, and by whom, for people who look: the text word for word, and what it is worth today."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from traginer.control import consent, consent_versions
from traginer.control.configuration_errors import ConsentTextIncomplete
from traginer.control.models import Connection, Consent, ConsentText
from traginer.control.rights import Actor

Worth = Literal["valid", "outdated", "withdrawn", "replaced"]


@dataclass(frozen=True)
class Agreement:
    """A consent. `worth` is "replaced" where a newer one counts; `text` is what was agreed to, in the language asked for.

    `address` is where it was given from, "" at the command line. `sha256` stands for the text in all its languages.
    """

    agreed_by: str
    recorded_by: str
    address: str
    at: datetime
    version: str
    sha256: str
    text: str
    worth: Worth
    withdrawn_by: str
    withdrawn_at: datetime | None
    reason: str


def agreements(actor: Actor, connection: Connection, language: str) -> list[Agreement]:
    """All consents for the connection, the newest first, with their texts in `language`, one of LANGUAGES."""
    actor.require("connection:inspect")
    kept = list(connection.consents.select_related("withdrawal").order_by("-at", "-pk"))
    texts = {text.sha256: text for text in ConsentText.objects.filter(sha256__in=[one.text_sha256 for one in kept])}
    return [_agreement(one, texts.get(one.text_sha256), language, is_newest=not n) for n, one in enumerate(kept)]


def _agreement(one: Consent, text: ConsentText | None, language: str, *, is_newest: bool) -> Agreement:
    taken_back = consent.withdrawal_of(one)
    return Agreement(
        agreed_by=one.agreed_by,
        recorded_by=one.recorded_by,
        address=one.address,
        at=one.at,
        version=one.text_version,
        sha256=one.text_sha256,
        text=_worded(text, language),
        worth=_worth(one, is_newest=is_newest),
        withdrawn_by=taken_back.by if taken_back else "",
        withdrawn_at=taken_back.at if taken_back else None,
        reason=taken_back.reason if taken_back else "",
    )


def _worth(one: Consent, *, is_newest: bool) -> Worth:
    if consent.withdrawal_of(one):
        return "withdrawn"
    if not is_newest:
        return "replaced"
    return "valid" if one.text_sha256 == _present() else "outdated"


def _present() -> str:
    """What stands for the present text; nothing where the operator's own is not complete."""
    try:
        return consent_versions.newest().sha256
    except ConsentTextIncomplete:
        return ""


def _worded(text: ConsentText | None, language: str) -> str:
    if text is None:
        return ""
    return text.catalan if language == "ca" else text.english
