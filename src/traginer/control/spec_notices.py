"""Targets of notices as the configuration file writes them."""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from traginer.control.spec_base import Name, Spec
from traginer.i18n import N_, gettext

SHORTEST_SECRET = 16
"""In characters: what signs requests must not be guessed (RFC 2104, 3, in bytes)."""

NoticeEvent = Literal[
    "failed",
    "held",
    "recovered",
    "shrinking",
    "key-refused",
    "consent-withdrawn",
    "consent-outdated",
    "export-user-lost",
    "scheduler-silent",
]
"""The kinds of `notices.EVENTS`, which cannot be imported here: it stands on what is configured."""


# Editors see the file before its variables are filled in, and the name of a variable may be short.
Secret = Annotated[str, Field(min_length=SHORTEST_SECRET, max_length=200, json_schema_extra={"minLength": 1})]


class NoticeSpec(Spec):
    """Where notices go. The address of a webhook or a service and the secret of a webhook are never dumped.

    Without them, an update keeps those that are there.
    """

    name: Name
    """What the file calls the target."""
    kind: Literal["email", "webhook", "service"]
    """By e-mail, as a signed request to a URL, or by a chat or telephone service."""
    address: str | None = Field(default=None, min_length=1, max_length=2000, repr=False)
    """An e-mail address, a URL (webhook), or a URL of apprise (service)."""
    secret: Secret | None = Field(default=None, repr=False)
    """What requests to a webhook are signed with, best as a ${VARIABLE} of the environment."""
    export: Name | None = None
    """Only notices of this export; without it, of all."""
    events: list[NoticeEvent] = Field(default_factory=list)
    """Only these kinds of notices; without them, every kind."""
    shrink_percent: float = Field(default=10.0, gt=0, le=100)
    """The loss of a list, in percent, from which "shrinking" is told."""
    language: Literal["", "en", "ca"] = ""
    """The language of whoever reads there; without it that of the account with the e-mail, or English."""

    @field_validator("events", mode="after")
    @classmethod
    def _once(cls, value: list[str]) -> list[str]:
        return list(dict.fromkeys(value))

    @model_validator(mode="after")
    def _signed(self) -> "NoticeSpec":
        if self.secret is not None and self.kind != "webhook":
            raise ValueError(gettext(N_("only a webhook has a secret")))
        return self
