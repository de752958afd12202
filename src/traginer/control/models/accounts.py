"""Who may come in: people, the tokens of their programs, and what was tried with a wrong password."""

# allauth has no types, and mypy's plugin for Django looks at its models for their relations to ours.
# mypy: disable-error-code="import-untyped"

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


class Role(models.TextChoices):
    """What a person is here, the least first; each may do all that the ones before it may."""

    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    ADMINISTRATOR = "administrator"


class People(BaseUserManager["User"]):
    """Everybody with an account, found by e-mail in any spelling of its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person: the e-mail, in lower case, is who they are here and in the audit. `language` "" follows the browser.

    Sessions hold the hash of the password and of `session_epoch`: raising it ends them all.
    """

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role)
    language = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[People] = People()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["role"]

    class Meta:
        ordering = ("email",)
        constraints = (models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_in_lower_case"),)

    def __str__(self) -> str:
        return self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's one place for both the hash now and those of the secrets before.
        held = f"{self.session_epoch} {self.password}"
        return salted_hmac("traginer.session", held, secret=secret, algorithm="sha256").hexdigest()


class Token(models.Model):
    """A secret with which a program acts for `owner`, within `scopes`. Only the sha256 of the secret is kept."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    scopes = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Revocation(models.Model):
    """Who made a token worthless, and when."""

    token = models.OneToOneField(Token, on_delete=models.CASCADE, related_name="revocation")
    by = models.CharField(max_length=254)
    at = models.DateTimeField()


class FailedEntry(models.Model):
    """A password or code that was wrong. `account` is the sha256 of the e-mail that was typed, ours or not."""

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("address", "at"), name="failed_entries_of_an_address"),)
