"""Setting up the second factor of one's own account, and taking it off: always with the password again."""

# allauth has no types, and mypy's plugin for Django looks at its models for their relations to ours.
# mypy: disable-error-code="import-untyped"

from dataclasses import dataclass

from django.db import transaction

from traginer.control import audit
from traginer.control.accounts import second_factor
from traginer.control.accounts.entry import own, reenter
from traginer.control.accounts.errors import SecondFactorExists, SecondFactorWrong
from traginer.control.rights import Actor

WRITE = "user:write"


@dataclass(frozen=True)
class Proposal:
    """A new secret for an authenticator app: as text to type, as a link, and as a QR code (SVG). Kept nowhere yet."""

    secret: str
    url: str
    svg: str


def propose_second_factor(actor: Actor) -> Proposal:
    """What to show while the actor sets up an app. Raises PersonNeeded."""
    from allauth.mfa.adapter import get_adapter  # noqa: PLC0415 - only the web process has it installed
    from allauth.mfa.totp.internal.auth import generate_totp_secret  # noqa: PLC0415

    secret = generate_totp_secret()
    url = get_adapter().build_totp_url(own(actor), secret)
    return Proposal(secret, url, get_adapter().build_totp_svg(url))


def set_up_second_factor(actor: Actor, password: str, secret: str, code: str) -> list[str]:
    """The account asks for codes of `secret` from now on; `code` proves that the app has it. Gives the recovery codes.

    Raises as `reenter` does, SecondFactorWrong, and SecondFactorExists where there is one already.
    """
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415 - as above
    from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code  # noqa: PLC0415

    reenter(actor, password)
    user = own(actor)
    if second_factor.has_second_factor(user):
        raise SecondFactorExists
    if not validate_totp_code(secret, code.strip()):
        raise SecondFactorWrong
    with transaction.atomic():
        TOTP.activate(user, secret)
        recovery: list[str] = RecoveryCodes.activate(user).get_unused_codes()
        audit.note(actor, WRITE, user, before={"factors": 0}, after={"factors": 1})
    return recovery


def remove_second_factor(actor: Actor, password: str, code: str) -> None:
    """The account asks for the password alone again. Raises as `reenter` does, and SecondFactorWrong."""
    reenter(actor, password)
    user = own(actor)
    if not second_factor.is_code_right(user, code.strip()):
        raise SecondFactorWrong
    with transaction.atomic():
        second_factor.authenticators(user).delete()
        audit.note(actor, WRITE, user, before={"factors": 1}, after={"factors": 0})
