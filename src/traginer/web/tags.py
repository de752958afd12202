"""What templates say with: sentences with facts in them, numbers, moments and icons. Built into every template."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from traginer.control import schedules, wording
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext, ngettext
from traginer.web import help_places, markdown, refusals

ICONS = static("vendor/icons-3.52.0/icons.svg")
ROLES = {"administrator": N_("Administrator"), "contributor": N_("Contributor"), "viewer": N_("Viewer")}
NARROW = "\N{NARROW NO-BREAK SPACE}"
register = template.Library()


@register.simple_tag
def say(message: str, **facts: Any) -> SafeString:
    """`message`, marked where it stands, with its {facts}, in the language now spoken."""
    return format_html(gettext(message), **facts) if facts else format_html("{}", gettext(message))


@register.simple_tag
def say_many(singular: str, plural: str, n: int, **facts: Any) -> SafeString:
    """The same for a text about `n` things; {n} is written as `number` does."""
    return format_html(ngettext(singular, plural, n), n=number(n), **facts)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the vendored file; for readers of screens it is nothing, or `label`."""
    if label:
        text = '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>'
        return format_html(text, label, ICONS, name)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', ICONS, name)


@register.filter
def said(message: str) -> str:
    """A text marked elsewhere, in the language now spoken."""
    return gettext(str(message))


@register.filter
def number(value: int | Literal[""] | None) -> str:
    """A whole number with thin groups, the same in every language; "" is what a template makes of a count that there is not yet."""
    return "" if value is None or value == "" else f"{value:,}".replace(",", NARROW)


@register.filter
def size(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1_000:.1f} kB"


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A moment; a script shows it on the reader's own clock."""
    if value is None:
        return "–"
    shown = date_format(value, "DATETIME_FORMAT")
    return format_html('<time datetime="{}">{} {}</time>', value.isoformat(), shown, value.tzname() or "")


@register.filter
def lasting(seconds: float) -> str:
    """A duration for people."""
    return wording.lasting_text(seconds)


@register.filter
def schedule(written: Mapping[str, Any]) -> str:
    """A rule, or an export's choice, in words."""
    return schedules.describe(written or schedules.WITH_SYSTEM).rstrip(".")


@register.filter
def marked_down(text: str) -> SafeString:
    """A text in Markdown."""
    return markdown.as_html(text)


@register.filter
def refusal(error: TraginerError) -> dict[str, str]:
    """An error as parts/refusal.html takes it."""
    return refusals.told(error)


@register.filter
def explained(code: str) -> SafeString:
    """A code that leads to what the guide says about it, where it does."""
    address = help_places.explanation(code)
    if not address:
        return format_html('<span class="code">{}</span>', code)
    return format_html('<a class="code" href="{}">{}</a>', address, code)


@register.filter
def get(values: Mapping[str, Any], key: str) -> Any:
    """The value under `key`; nothing where there is none."""
    return values.get(key, "")


@register.filter
def role(actor: Actor) -> str:
    """The role of an actor in words."""
    return gettext(ROLES.get(actor.role, actor.role))


@register.filter
def percent(share: float) -> str:
    """A share of one as a percentage."""
    return f"{share * 100:g}\N{NO-BREAK SPACE}%"


@register.filter
def plain(value: float) -> str:
    """A number for a machine, whatever the language."""
    return f"{value:g}" if isinstance(value, float) else str(value)


@register.filter
def plus(value: float, other: float) -> str:
    """The sum of two numbers, for a machine."""
    return f"{value + other:.2f}"


@register.filter
def total(values: Mapping[str, float]) -> float:
    """The sum of the values."""
    return sum(values.values())
