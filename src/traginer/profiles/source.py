"""A source: where profiles live. The one port of this room, with what every kind of source promises."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from traginer.duck import Duck
from traginer.values import Column


class Source(Protocol):
    """Profiles under one unique key. Reading never changes the source.

    `open` must have been called in a session before `load` is. Raises the errors of `profiles.errors` only.
    """

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def key(self) -> str:
        """The column that tells profiles apart."""

    def open(self, duck: Duck) -> None:
        """Make the profiles readable in the session, under the name `profiles`."""

    def stamp(self) -> object:
        """Something that is equal as long as the profiles are the same, for what is read in several passes."""

    def columns(self, duck: Duck) -> dict[str, Column]:
        """The columns by name, in the source's order. Raises KeyColumnMissing where `key` is not among them."""

    def check(self, duck: Duck) -> int:
        """The number of profiles. Raises SourceEmpty, KeyNotUnique or KeyMissingOnProfiles, naming offending keys."""

    def load(self, duck: Duck, query: str, table: str) -> None:
        """Make the rows of `query`, a SELECT over `profiles` that we wrote, readable as `table` of the session.

        It may read the source each time it is read, which is done inside `reading`.
        """

    def reading(self) -> AbstractContextManager[None]:
        """What goes wrong with the source inside the block is raised as SourceUnreadable."""

    def apart(self) -> AbstractContextManager[tuple[Duck, Sequence[Path]]]:
        """A session of its own that holds `profiles` and nothing else, and the files it reads: for a user's SELECT."""
