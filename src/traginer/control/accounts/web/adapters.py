"""What allauth asks of us: no sign-up, no stages of its own, and secrets encrypted with the key of the installation."""

# allauth has no types, and mypy's plugin for Django looks at its models for their relations to ours.
# mypy: disable-error-code="import-untyped"

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from traginer.control import vault
from traginer.control.accounts.errors import SecondFactorUnreadable
from traginer.control.errors import KeyUndecryptable


class Entrance(DefaultAccountAdapter):  # type: ignore[misc]
    """How somebody gets from the identity provider to a session."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Accounts are made by administrators and by single sign-on."""
        return False

    def get_login_stages(self) -> list[str]:
        """None: the provider has asked for what it wants of them, and our own factor goes with our own password."""
        return []


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Seeds of authenticator apps and recovery codes, encrypted at rest."""

    def encrypt(self, text: str) -> str:
        """As it may be stored."""
        return vault.encrypted(text)

    def decrypt(self, encrypted_text: str) -> str:
        """In clear. Raises SecondFactorUnreadable."""
        try:
            return vault.decrypted(encrypted_text, "")
        except KeyUndecryptable:
            raise SecondFactorUnreadable from None
