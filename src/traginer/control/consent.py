"""Data privacy and compliance: the text people agree to, by version, and the record that they did."""

import hashlib
from datetime import datetime
from pathlib import Path

from traginer.control.errors import ConsentMissing, ConsentOutdated, ConsentTextUnknown
from traginer.control.models import Connection, Consent

TEXTS = Path(__file__).parent / "consent_texts"
PRESENT_VERSION = "1"


def text(version: str, language: str) -> str:
    """The text of `version` in `language`. Raises ConsentTextUnknown."""
    path = TEXTS / f"{version}.{language}.txt"
    if not version.isdigit() or not path.exists():
        raise ConsentTextUnknown(version=version, present=PRESENT_VERSION)
    return path.read_text(encoding="utf-8")


def text_sha256(version: str) -> str:
    """The hash that stands for a version: of its English and Catalan text together."""
    return hashlib.sha256((text(version, "en") + text(version, "ca")).encode()).hexdigest()


def record(connection: Connection, *, agreed_by: str, recorded_by: str, version: str, at: datetime) -> Consent:
    """Keep that `agreed_by` agreed; the same agreement again is not recorded twice."""
    sha256 = text_sha256(version)
    last = connection.consents.order_by("-at").first()
    if last and (last.agreed_by, last.text_sha256) == (agreed_by, sha256):
        return last
    return Consent.objects.create(
        connection=connection,
        agreed_by=agreed_by,
        recorded_by=recorded_by,
        text_version=version,
        text_sha256=sha256,
        at=at,
    )


def require(connection: Connection) -> Consent:
    """The consent a run stands on. Raises ConsentMissing or ConsentOutdated."""
    last = connection.consents.order_by("-at").first()
    if last is None:
        raise ConsentMissing(connection=connection.name)
    if last.text_sha256 != text_sha256(PRESENT_VERSION):
        raise ConsentOutdated(connection=connection.name, person=last.agreed_by, version=PRESENT_VERSION)
    return last
