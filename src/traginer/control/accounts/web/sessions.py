"""Sessions: how one begins, and that it ends, 7 days after it began at the latest, and after 12 hours without a request."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from traginer.control import accounts
from traginer.control.models import User
from traginer.control.rights import Actor

BEGAN, SEEN = "began_at", "seen_at"
SEEN_EVERY_SECONDS = 5 * 60
"""How precisely the last request is kept: a session is not written for each one."""


def log_in(request: HttpRequest, user: User) -> None:
    """Begin a session of `user`, who came in by `accounts.by_password`."""
    auth.login(request, user)


def log_out(request: HttpRequest) -> None:
    """End the session."""
    auth.logout(request)


def actor(request: HttpRequest) -> Actor | None:
    """Whoever the session of the request is of; None where nobody has logged in.

    Raises SecondFactorMissing where the account must set one up first: as `newcomer`.
    """
    user = request.user
    return accounts.acting(user, "web", address(request)) if isinstance(user, User) else None


def newcomer(request: HttpRequest) -> Actor | None:
    """Whoever has logged in, without any right: for the page where a second factor is set up."""
    user = request.user
    return accounts.without_rights(user, "web", address(request)) if isinstance(user, User) else None


def address(request: HttpRequest) -> str:
    """Where the request came from. Behind proxies of ours, the last of them says so: what a client adds itself stands before that."""
    forwarded = [hop for hop in request.headers.get("X-Forwarded-For", "").replace(" ", "").split(",") if hop]
    count = settings.TRUSTED_PROXIES
    if 0 < count <= len(forwarded):
        return forwarded[-count]
    return str(request.META.get("REMOTE_ADDR") or "")


class SessionLimits:
    """Middleware, after Django's for sessions and log-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End the session if its time is over; otherwise keep that it was used."""
        if request.user.is_authenticated:
            if _is_over(request.session):
                auth.logout(request)
            else:
                _see(request.session)
        return self.get_response(request)


@receiver(user_logged_in)
def _begin(request: HttpRequest, **_: object) -> None:
    now = timezone.now().timestamp()
    request.session[BEGAN] = request.session[SEEN] = now
    request.session.clear_expired()  # of everybody: nothing else looks after them


def _is_over(session: SessionBase) -> bool:
    now = timezone.now().timestamp()
    began, seen = session.get(BEGAN, 0.0), session.get(SEEN, 0.0)
    return bool(now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS)


def _see(session: SessionBase) -> None:
    now = timezone.now().timestamp()
    if now - session[SEEN] > SEEN_EVERY_SECONDS:
        session[SEEN] = now
