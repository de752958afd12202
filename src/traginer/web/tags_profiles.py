"""What templates say of profiles: what an export makes of one, in words. Built into every template."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from traginer.control import rejections, wording
from traginer.control.profiles import Carried
from traginer.control.profiles.exported import NEXT, WANTED
from traginer.i18n import gettext

register = template.Library()


@register.filter
def wanted_words(one: Carried) -> str:
    """Whether an export wants a profile."""
    return gettext(WANTED[one.wanted])


@register.filter
def next_words(one: Carried) -> str:
    """What a run would do now."""
    return gettext(NEXT[one.next])


@register.filter
def reason_words(code: str) -> str:
    """A reason of a rejection."""
    return wording.reason_sentence(code)


@register.filter
def kind_words(kind: str) -> str:
    """A kind of rejection."""
    return gettext(rejections.KINDS[kind])


@register.filter
def run_link(run: int) -> SafeString:
    """The number of a run, leading to it."""
    return format_html('<a href="{}">{}</a>', reverse("run", args=[run]), run)


@register.filter
def share(part: int, whole: int) -> str:
    """A part of a whole as a percentage; what is nearly all or nearly none is not said to be it."""
    percent = 100 * part / whole if whole else 0.0
    rounded = min(99, max(1, round(percent))) if 0 < part < whole else round(percent)
    return f"{rounded}\N{NO-BREAK SPACE}%"
