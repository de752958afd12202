"""The navigation, and what else every page shows: only pages that exist, and that the reader may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from traginer.control.rights import Actor
from traginer.i18n import LANGUAGES, N_
from traginer.web import help_places, languages
from traginer.web.door import actor_of


@dataclass(frozen=True)
class Entry:
    """A page of the navigation: its name, the name of its address, its icon, and the right that it takes.

    `also` are first words of other names of addresses that belong to it.
    """

    text: str
    address: str
    icon: str
    action: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Some entries under a heading."""

    text: str
    entries: tuple[Entry, ...]


SECTIONS = (
    Section(
        N_("Data"),
        (
            Entry(N_("Exports"), "exports", "send", "export:read", ("export", "run", "runs")),
            Entry(N_("Segments"), "segments", "users-group", "segment:read", ("segment",)),
            Entry(N_("Sources"), "sources", "database", "source:read", ("source",)),
            Entry(N_("Profiles"), "profiles", "user", "profile:search", ("profile",)),
        ),
    ),
    Section(
        N_("Admin"),
        (
            Entry(N_("Connections"), "connections", "plug-connected", "connection:read", ("connection",)),
            Entry(N_("Notices"), "notices", "bell", "system:write", ("notice",)),
            Entry(N_("System"), "system", "heartbeat", "system:read"),
            Entry(N_("Permissions"), "permissions", "shield-lock", "user:read", ("permission",)),
            Entry(N_("Audit"), "audit", "history", "audit:read"),
        ),
    ),
)
LANGUAGE_NAMES = dict(settings.LANGUAGES)


def around(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame of a page."""
    actor = actor_of(request)
    return {
        "actor": actor,
        "language": languages.spoken(request),
        "languages": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        "theme": languages.theme(request),
        "here": request.get_full_path(),
        "help_address": help_places.address(_route(request)),
        "navigation": list(_seen_by(actor, request)) if actor else [],
    }


def _seen_by(actor: Actor, request: HttpRequest) -> Iterator[dict[str, Any]]:
    name = _route(request)
    for section in SECTIONS:
        entries = [
            {"entry": entry, "is_current": name.partition("-")[0] in (entry.address, *entry.also)}
            for entry in section.entries
            if actor.may(entry.action)
        ]
        if entries:
            yield {"text": section.text, "entries": entries}


def _route(request: HttpRequest) -> str:
    return (request.resolver_match and request.resolver_match.url_name) or ""
