"""What templates say of the administration: notices, entries of the audit, room on a disk. Built into every template."""

from django import template

from traginer.control.notices import EVENTS
from traginer.control.notices.events import Event
from traginer.i18n import gettext

GIGABYTE, MEGABYTE = 1_000_000_000, 1_000_000
register = template.Library()


@register.filter
def event_words(event: str) -> str:
    """A kind of notice in words; its code where it is none of ours by now."""
    return gettext(EVENTS[Event(event)]) if event in EVENTS else event


@register.filter
def volume(count: int) -> str:
    """Room on a disk for people."""
    return f"{count / GIGABYTE:.1f} GB" if count >= GIGABYTE else f"{count / MEGABYTE:.0f} MB"
