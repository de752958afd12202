"""The guide as plain HTML files, both languages, with relative links: to publish it, or to read it without the product."""

import html
import shutil
from collections.abc import Iterator
from pathlib import Path
from string import Template

from traginer.guide.pages import AS_FILES, CHAPTERS, PICTURES, Page, beside, every, page
from traginer.i18n import LANGUAGES, N_, gettext, speaking

LAYOUT = Path(__file__).parent / "copy"
LANGUAGE_NAMES = {"en": "English", "ca": "Català"}


def write(folder: Path) -> list[Path]:
    """Write `index.html`, `guide.css`, `pictures/`, and a folder of pages for each language; the files, in that order.

    What is there under the same names is replaced. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [_text(folder / "index.html", _entrance()), Path(shutil.copy(LAYOUT / "guide.css", folder))]
    shutil.copytree(PICTURES, folder / "pictures", dirs_exist_ok=True)
    written += sorted((folder / "pictures").rglob("*.webp"))
    for language in LANGUAGES:
        with speaking(language):
            written += list(_language(folder / language, language))
    return written


def _language(folder: Path, language: str) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    yield _text(folder / "index.html", _contents(language))
    for one in every(language, AS_FILES):
        yield _text(folder / f"{one.name}.html", _page(one))


def _page(one: Page) -> str:
    before, after = (page(name, one.language, AS_FILES) if name else None for name in beside(one.name))
    turns = [
        _link(f"{near.name}.html", f"{arrow}{near.title}") for arrow, near in (("← ", before), ("→ ", after)) if near
    ]
    on_page = _list(_link(f"#{part.anchor}", part.heading) for part in one.contents)
    aside = f"<h2>{_say(N_('On this page'))}</h2>{on_page}" if one.contents else ""
    return _laid_out(one.language, f"{one.name}.html", one.title, f"{one.html}<nav>{' · '.join(turns)}</nav>", aside)


def _contents(language: str) -> str:
    chapters = []
    for chapter in CHAPTERS:
        ones = [page(name, language, AS_FILES) for name in chapter.pages]
        rows = [f"{_link(f'{one.name}.html', one.title)}<br>{html.escape(one.lead)}" for one in ones]
        chapters.append(f"<h2>{_say(chapter.title)}</h2>{_list(rows)}")
    return _laid_out(language, "index.html", gettext(GUIDE), "".join(chapters), "")


def _entrance() -> str:
    rows = [_link(f"{language}/index.html", LANGUAGE_NAMES[language]) for language in LANGUAGES]
    return _laid_out("en", "", GUIDE, _list(rows), "")


def _laid_out(language: str, here: str, title: str, body: str, aside: str) -> str:
    """`here` is the name of the file in its folder; "" for the file above the languages."""
    up = "../" if here else ""
    others = [_link(f"{up}{other}/{here}", LANGUAGE_NAMES[other]) for other in LANGUAGES if here and other != language]
    return Template((LAYOUT / "page.html").read_text(encoding="utf-8")).substitute(
        language=language,
        title=html.escape(title),
        style=f"{up}guide.css",
        top=" · ".join([_link("index.html", gettext(GUIDE)), *others]),
        body=body,
        aside=aside,
    )


def _link(target: str, text: str) -> str:
    return f'<a href="{html.escape(target)}">{html.escape(text)}</a>'


def _list(rows: Iterator[str] | list[str]) -> str:
    return f"<ul>{''.join(f'<li>{row}</li>' for row in rows)}</ul>"


def _say(text: str) -> str:
    return html.escape(gettext(text))


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


GUIDE = N_("Guide to Traginer")
