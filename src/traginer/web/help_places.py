"""Which page of the guide helps on which page of the product, by the name of an address or by its first word; and with a code."""

from functools import cache

from django.urls import reverse

from traginer import guide
from traginer.contacts import REASONS
from traginer.control.wording import HOLDS

PLACES = {
    "set-up": "get-started#make-the-first-account",
    "begin": "get-started",
    "account": "permissions#log-in",
    "second": "permissions#log-in",
    "exports": "exports",
    "export": "exports",
    "export-add": "exports#add-an-export",
    "export-edit": "exports#data-matching",
    "export-plan": "exports#look-before-you-run",
    "export-schedule": "schedules#the-schedule-of-an-export",
    "export-remove": "exports#stop-it",
    "runs": "runs",
    "run": "runs#what-to-do",
    "segments": "segments",
    "segment": "segments",
    "segment-add": "segments#the-builder",
    "segment-edit": "segments#the-builder",
    "sources": "sources",
    "source": "sources",
    "source-add": "sources#add-a-source",
    "profiles": "sources#look-a-profile-up",
    "profile": "sources#look-a-profile-up",
    "connections": "connect",
    "connection": "connect",
    "connection-add": "connect#add-a-connection",
    "connection-remove": "connect#change-or-remove-it",
    "system": "operations#is-it-well",
    "system-schedule": "schedules#the-system-refresh",
    "permissions": "permissions",
    "permission": "permissions#accounts",
    "audit": "privacy#who-did-what",
    "account-tokens": "api#who-asks",
    "permission-tokens": "api#who-asks",
    "token": "api#who-asks",
    "notices": "notices",
    "notice": "notices",
    "export-ledger": "runs#the-ledger",
}


def address(route: str) -> str:
    """The address of the help for the page with an address of this name; the guide's where none is named, none in the guide."""
    if route.partition("-")[0] == "help":
        return ""
    return _address(PLACES.get(route) or PLACES.get(route.partition("-")[0], "")) or reverse("help")


def explanation(code: str) -> str:
    """The address of what the guide says about a code: of an error, of a hold, or of why a profile was left out; "" for others."""
    if code in HOLDS:
        return _address("runs#held-runs")
    if code in REASONS:
        return _address("contacts#reasons")
    return _address(f"troubleshooting#{code}") if code in _errors() else ""


@cache
def _errors() -> frozenset[str]:
    return frozenset(section.anchor for section in guide.page("troubleshooting", "en").contents)


def _address(place: str) -> str:
    name, _, anchor = place.partition("#")
    if not name:
        return ""
    return reverse("help-page", args=[name]) + (f"#{anchor}" if anchor else "")
