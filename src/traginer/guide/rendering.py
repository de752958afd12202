"""Markdown as HTML: CommonMark with tables, no HTML of its own, and links that lead where a door keeps its pages."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_COMMENT = re.compile(r"<!--.*?-->\n*", re.DOTALL)
_PAGE = re.compile(r"(?P<name>[a-z-]+)\.md(?P<anchor>#.*)?")
_PICTURES = "../pictures/"
_LINE_ENDS = {"softbreak", "hardbreak"}


@dataclass(frozen=True)
class Links:
    """Where links of a page lead: what follows a page's name in an address, and where pictures are, seen from a page."""

    suffix: str
    pictures: str


@dataclass(frozen=True)
class Section:
    """A heading, its level (1 is the page's title) and anchor, and the plain text below it up to the next heading."""

    level: int
    anchor: str
    heading: str
    text: str


def parsed(text: str) -> list[Token]:
    """The tokens of a page. Comments are for those who write it, so they are left out."""
    return _READER.parse(_COMMENT.sub("", text))


def headings(tokens: Sequence[Token]) -> list[str]:
    """The texts of all headings, in their order."""
    return [_plain(tokens[n + 1]) for n, token in enumerate(tokens) if token.type == "heading_open"]


def anchors(names: Sequence[str]) -> list[str]:
    """What the headings of these texts are called in addresses: small letters, digits and hyphens."""
    return [re.sub(r"[^a-z0-9]+", "-", unicodedata.normalize("NFKD", name).lower()).strip("-") for name in names]


def sections(tokens: Sequence[Token], names: Sequence[str]) -> list[Section]:
    """The page cut at its headings, which are called `names` in addresses, in their order."""
    found: list[Section] = []
    starts = [n for n, token in enumerate(tokens) if token.type == "heading_open"]
    for name, start, end in zip(names, starts, [*starts[1:], len(tokens)], strict=True):
        text = _joined(_texts(tokens[start + 3 : end]))
        found.append(Section(int(tokens[start].tag[1]), name, _plain(tokens[start + 1]), text))
    return found


def html(tokens: Sequence[Token], names: Sequence[str], links: Links) -> str:
    """The page without its title. `names` as `sections` takes them."""
    name_of = iter(names)
    for token in tokens:
        if token.type == "heading_open":
            token.attrSet("id", next(name_of))
        elif token.type in {"th_open", "td_open"}:
            token.attrs.pop("style", None)
        for child in token.children or ():
            _lead(child, links)
    return str(_READER.renderer.render(tokens[3:], _READER.options, {}))


def lead(tokens: Sequence[Token]) -> str:
    """The plain text of the first paragraph."""
    return next((_plain(tokens[n + 1]) for n, token in enumerate(tokens) if token.type == "paragraph_open"), "")


def pictures(tokens: Sequence[Token]) -> list[str]:
    """The pictures that a page shows, as `<language>/<name>.webp`."""
    sources = [str(child.attrGet("src")) for token in tokens for child in token.children or () if child.type == "image"]
    return [source.removeprefix(_PICTURES) for source in sources]


def targets(tokens: Sequence[Token]) -> list[str]:
    """Where the links of a page lead, as they are written."""
    return [str(one.attrGet("href")) for token in tokens for one in token.children or () if one.type == "link_open"]


def _lead(token: Token, links: Links) -> None:
    if token.type == "image":
        source = str(token.attrGet("src"))
        token.attrSet("src", source.replace(_PICTURES, links.pictures, 1))
        token.attrSet("loading", "lazy")
    elif token.type == "link_open":
        target = str(token.attrGet("href"))
        if found := _PAGE.fullmatch(target):
            token.attrSet("href", f"{found['name']}{links.suffix}{found['anchor'] or ''}")
        elif "://" in target:
            token.attrSet("rel", "noreferrer")


def _texts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield _plain(token)
        elif token.type == "fence":
            yield " ".join(token.content.split())


def _joined(texts: Iterator[str]) -> str:
    """In one line; where a text ends without a full stop, as cells of tables do, a dot keeps it from the next."""
    pieces = [text for text in texts if text]
    return " ".join(
        text if text[-1] in ".:;!?," or n + 1 == len(pieces) else f"{text} ·" for n, text in enumerate(pieces)
    )


def _plain(token: Token) -> str:
    return "".join(" " if one.type in _LINE_ENDS else one.content for one in token.children or ())


def _table_open(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, _____: EnvType) -> str:
    """Wide tables scroll by themselves, for the keyboard too."""
    return '<div class="scroll" tabindex="0"><table class="table">\n'


def _table_close(_: RendererHTML, __: Sequence[Token], ___: int, ____: OptionsDict, _____: EnvType) -> str:
    return "</table></div>\n"


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("table_open", _table_open)
    reader.add_render_rule("table_close", _table_close)
    return reader


_READER = _reader()
