"""Which pages there are, in which order, and each of them read and made ready to be shown."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from traginer.guide import rendering
from traginer.guide.rendering import Links, Section
from traginer.i18n import N_

FOLDER = Path(__file__).parent
PICTURES = FOLDER / "pictures"
IN_PRODUCT = Links(suffix="", pictures="pictures/")
"""For pages whose addresses are siblings: /help/segments."""
AS_FILES = Links(suffix=".html", pictures="../pictures/")
"""For a folder of files for each language: en/segments.html."""


@dataclass(frozen=True)
class Chapter:
    """Some pages under a heading."""

    title: str
    pages: tuple[str, ...]


CHAPTERS = (
    Chapter(N_("The first day"), ("get-started", "connect", "exports")),
    Chapter(N_("Who is carried"), ("sources", "segments", "contacts")),
    Chapter(N_("Every day"), ("schedules", "runs", "notices")),
    Chapter(N_("People and their profiles"), ("permissions", "privacy")),
    Chapter(N_("For whoever operates it"), ("operations", "configuration", "cli")),
    Chapter(N_("For whoever writes programs"), ("api", "sandbox")),
    Chapter(N_("When something is wrong"), ("troubleshooting",)),
)
NAMES = tuple(name for chapter in CHAPTERS for name in chapter.pages)


@dataclass(frozen=True)
class Page:
    """A page in one language. `html` is without the title; `lead` is the plain text of its first paragraph."""

    name: str
    language: str
    title: str
    lead: str
    html: str
    sections: tuple[Section, ...]

    @property
    def contents(self) -> list[Section]:
        """The headings below the title, for a table of contents."""
        return [section for section in self.sections if section.level == 2]


@cache
def page(name: str, language: str, links: Links = IN_PRODUCT) -> Page:
    """The page of this name, one of NAMES. Raises KeyError for any other.

    An anchor is made of the English heading in the same place, so that an address holds in every language.
    """
    if name not in NAMES:
        raise KeyError(name)
    tokens = rendering.parsed(written(name, language))
    names = rendering.anchors(rendering.headings(rendering.parsed(written(name, "en"))))
    found = tuple(rendering.sections(tokens, names))
    return Page(
        name=name,
        language=language,
        title=found[0].heading,
        lead=rendering.lead(tokens),
        html=rendering.html(tokens, names, links),
        sections=found,
    )


def every(language: str, links: Links = IN_PRODUCT) -> list[Page]:
    """All pages, in their order."""
    return [page(name, language, links) for name in NAMES]


def beside(name: str) -> tuple[str, str]:
    """The names of the page before and the page after; "" where there is none."""
    n = NAMES.index(name)
    return NAMES[n - 1] if n else "", NAMES[n + 1] if n + 1 < len(NAMES) else ""


def written(name: str, language: str) -> str:
    """The Markdown of a page."""
    return (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")


def picture(language: str, name: str) -> Path:
    """The file of a picture. Raises KeyError where there is none of this name."""
    known = {path.stem: path for path in (PICTURES / language).glob("*.webp")}
    return known[name]
