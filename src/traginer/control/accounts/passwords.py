"""Which passwords are taken: by Django's validators, in our words."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from traginer.control.accounts.errors import PasswordTooWeak
from traginer.control.models import User
from traginer.errors import Phrase
from traginer.i18n import N_

WEAKNESSES = {
    "password_too_short": N_("it is shorter than 12 characters"),
    "password_too_common": N_("it is one that many people use"),
    "password_too_similar": N_("it is too like the e-mail or the name of the account"),
}


def require_strong(password: str, user: User) -> None:
    """Raises PasswordTooWeak, with the first of the reasons in the order of AUTH_PASSWORD_VALIDATORS."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordTooWeak(why=Phrase(WEAKNESSES[error.error_list[0].code or ""])) from None
