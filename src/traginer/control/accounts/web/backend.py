"""Whose a session is. It takes no password: those are asked for in `accounts.entry` alone, with its throttle and second factor."""

from django.contrib.auth.backends import BaseBackend

from traginer.control.models import User


class Owners(BaseBackend):
    """The owners of sessions, as long as their accounts are active."""

    def get_user(self, user_id: int) -> User | None:
        """Django's question for each request with a session."""
        return User.objects.filter(pk=user_id, is_active=True).first()
