"""The little Markdown that texts of consent are written in: a heading, paragraphs, links. All else is shown as it stands."""

import re

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")


def as_html(text: str) -> SafeString:
    """Headings become `h3`; links open elsewhere."""
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    return format_html_join("\n", "{}", ((_block(block),) for block in blocks))


def _block(block: str) -> SafeString:
    if block.startswith("#"):
        return format_html("<h3>{}</h3>", block.lstrip("# "))
    return format_html("<p>{}</p>", _linked(block))


def _linked(text: str) -> SafeString:
    parts, last = [], 0
    for link in _LINK.finditer(text):
        anchor = format_html('<a href="{}" rel="noreferrer" target="_blank">{}</a>', link[2], link[1])
        parts += [conditional_escape(text[last : link.start()]), anchor]
        last = link.end()
    return mark_safe("".join([*parts, conditional_escape(text[last:])]))  # noqa: S308 - every part is escaped above
