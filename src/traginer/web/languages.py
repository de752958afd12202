"""The language and the look of the pages: what a person has chosen, and the browser's preference otherwise."""

from django.http import HttpRequest

from traginer.i18n import LANGUAGES

LANGUAGE_COOKIE = "traginer_language"
THEME_COOKIE = "traginer_theme"
THEMES = ("auto", "light", "dark")
YEAR_SECONDS = 365 * 24 * 60 * 60


def spoken(request: HttpRequest) -> str:
    """What the account says, or the cookie of somebody who has not logged in; else as the browser prefers; else English."""
    chosen = getattr(request.user, "language", "") or request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else preferred(request.headers.get("Accept-Language", ""))


def preferred(accepted: str) -> str:
    """The first of our languages in a header Accept-Language, by preference (RFC 9110, 12.5.4); English where none is."""
    ranked = sorted(accepted.split(","), key=lambda part: -_preference(part))
    spoken = [part.strip()[:2].lower() for part in ranked if _preference(part) > 0]
    return next((language for language in spoken if language in LANGUAGES), "en")


def theme(request: HttpRequest) -> str:
    """One of THEMES: the cookie's, or as the browser's system is set."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def _preference(part: str) -> float:
    _, _, weight = part.partition(";q=")
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
