"""Finding sections of the guide by words, whatever their case and accents."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from traginer.guide.pages import every
from traginer.guide.rendering import Section

SHOWN = 20
WORDS = 8
BEFORE, AFTER = 60, 140


@dataclass(frozen=True)
class Found:
    """A section that holds all words. `excerpt` is a piece of its text, cut where a word begins or ends: (text, is a word)."""

    page: str
    title: str
    anchor: str
    heading: str
    excerpt: tuple[tuple[str, bool], ...]


def search(asked: str, language: str) -> list[Found]:
    """The sections that hold all words of `asked`, at most 20, best first: those with the words in their heading."""
    words = list(dict.fromkeys(folded(asked).split()))[:WORDS]
    if not words:
        return []
    found = [(_rank(words, row), n, row) for n, row in enumerate(_folded(language)) if _holds(words, row)]
    return [_found(words, row) for _, _, row in sorted(found, key=lambda one: one[:2])[:SHOWN]]


def folded(text: str) -> str:
    """Small letters without accents, one for each letter, so that places in the text stay the same."""
    return "".join((unicodedata.normalize("NFKD", letter)[0].lower() or letter)[0] for letter in text)


@dataclass(frozen=True)
class _Row:
    page: str
    title: str
    section: Section
    heading: str
    text: str


@cache
def _folded(language: str) -> list[_Row]:
    return [
        _Row(one.name, one.title, part, folded(f"{one.title} {part.heading}"), folded(part.text))
        for one in every(language)
        for part in one.sections
    ]


def _holds(words: Sequence[str], row: _Row) -> bool:
    return all(word in row.heading or word in row.text for word in words)


def _rank(words: Sequence[str], row: _Row) -> tuple[int, int]:
    """Words that the heading lacks, and then how often the text holds them, the more the better."""
    return sum(word not in row.heading for word in words), -sum(row.text.count(word) for word in words)


def _found(words: Sequence[str], row: _Row) -> Found:
    section = row.section
    places = [place for word in words if (place := row.text.find(word)) >= 0]
    begin = max(min(places, default=0) - BEFORE, 0)
    end = min(begin + BEFORE + AFTER, len(section.text))
    if begin:
        begin = section.text.find(" ", begin, end) + 1
    if end < len(section.text):
        end = max(section.text.rfind(" ", begin, end), begin)
    pieces = tuple(_pieces(words, section.text[begin:end], row.text[begin:end]))
    return Found(row.page, row.title, section.anchor, section.heading, pieces)


def _pieces(words: Sequence[str], text: str, plain: str) -> Iterator[tuple[str, bool]]:
    last = 0
    for begin, end in _spans(words, plain):
        if begin > last:
            yield text[last:begin], False
        yield text[begin:end], True
        last = end
    if last < len(text):
        yield text[last:], False


def _spans(words: Sequence[str], plain: str) -> list[tuple[int, int]]:
    """Where the words stand, none over another; the longest first where two begin at one place."""
    spans: list[tuple[int, int]] = []
    place = 0
    while place < len(plain):
        here = max((len(word) for word in words if plain.startswith(word, place)), default=0)
        if here:
            spans.append((place, place + here))
        place += here or 1
    return spans
