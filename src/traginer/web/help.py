"""The guide, in the reader's language: for everybody, since nothing in it is of this installation."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from traginer import guide
from traginer.control.accounts.errors import SecondFactorMissing
from traginer.control.accounts.web import sessions
from traginer.web import door, languages
from traginer.web.errors import PageUnknown

LONGEST_SEARCH = 100
A_DAY_SECONDS = 24 * 60 * 60


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """All pages, or those that a search finds."""
    asked, language = request.GET.get("search", "")[:LONGEST_SEARCH], languages.spoken(request)
    chapters = [(chapter.title, [guide.page(name, language) for name in chapter.pages]) for chapter in guide.CHAPTERS]
    return _shown(request, "help.html", chapters=chapters, search=asked, found=guide.search(asked, language))


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page. Raises PageUnknown."""
    language = languages.spoken(request)
    try:
        shown = guide.page(name, language)
    except KeyError:
        raise PageUnknown from None
    before, after = (guide.page(near, language) if near else None for near in guide.beside(name))
    body = mark_safe(shown.html)  # noqa: S308 - made from our own Markdown, in which HTML is off
    return _shown(request, "help_page.html", page=shown, body=body, before=before, after=after)


@require_safe
def picture(_: HttpRequest, language: str, name: str) -> HttpResponse:
    """A picture of a page. Raises PageUnknown."""
    try:
        content = guide.picture(language, name).read_bytes()
    except KeyError:
        raise PageUnknown from None
    return HttpResponse(
        content, content_type="image/webp", headers={"Cache-Control": f"public, max-age={A_DAY_SECONDS}"}
    )


def _shown(request: HttpRequest, template: str, **facts: Any) -> HttpResponse:
    """In the frame of whoever has logged in; with nothing around it for all others."""
    with suppress(SecondFactorMissing):
        request.actor = sessions.actor(request)  # type: ignore[attr-defined] # for what every page shows
    return door.show(request, template, **facts)
