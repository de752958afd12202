"""The guide: pages in Markdown, English and Catalan beside each other, which each door shows in its own design."""

from traginer.guide.pages import AS_FILES, CHAPTERS, IN_PRODUCT, NAMES, Chapter, Page, beside, page, picture, written
from traginer.guide.searching import Found, search

__all__ = [
    "AS_FILES",
    "CHAPTERS",
    "IN_PRODUCT",
    "NAMES",
    "Chapter",
    "Found",
    "Page",
    "beside",
    "page",
    "picture",
    "search",
    "written",
]
