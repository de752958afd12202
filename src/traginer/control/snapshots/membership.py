"""Who belongs to a segment, as a sorted file of 64-bit numbers: enough to compare with, and nothing to read a profile from.

Each number is half the md5 of a profile's key. Two keys of ten million share one with a probability of 0.000003.
The name of a file ends in the sum of its content, as that of a ledger does, and the database names the file: what is torn,
or another segment's, is noticed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from traginer import home, pipeline
from traginer import segments as room
from traginer.delivery import ledger
from traginer.duck import Duck, ident, literal, md5_bits
from traginer.durable import make_folder, replacing
from traginer.profiles.source import Source
from traginer.values import AsOf, Column

PLACE = "memberships"


@dataclass(frozen=True)
class Change:
    """How many members there are, and how they differ from those of the file before; None is not known."""

    members: int
    joined: int | None = None
    left: int | None = None


def folder() -> Path:
    """Where memberships are kept."""
    return home.home() / PLACE


def load(duck: Duck, source: Source, columns: Mapping[str, Column], segment: room.Segment, as_of: AsOf) -> None:
    """Make the members readable as the table `belonging`. Raises the errors of the source, the rules and the SELECT."""
    if isinstance(segment, room.RuleSegment):
        room.check(segment.rules, columns)
    for table, written in room.member_tables([segment]).items():
        pipeline.take_selected(duck, source, written, as_of, table)
    source.load(duck, room.members_query([segment], columns, source.key, [], as_of), "members")
    with source.reading():
        bits = md5_bits(f"{ident(source.key)}::VARCHAR")
        duck.run(f"CREATE OR REPLACE TABLE belonging AS SELECT {bits} AS member FROM members")


def compared(duck: Duck, before: str) -> Change:
    """`belonging` against the file named `before` ("" where there is none). A file that cannot be believed tells nothing."""
    members = duck.value("SELECT count(*) FROM belonging")
    if not before or not ledger.is_whole(folder() / before):
        return Change(members)
    both = f"belonging AS now FULL JOIN read_parquet({literal(folder() / before)}) AS before USING (member)"
    [(joined, left)] = duck.rows(
        f"SELECT count(*) FILTER (before.member IS NULL), count(*) FILTER (now.member IS NULL) FROM {both}"
    )
    return Change(members, joined, left)


def keep(duck: Duck, name: str) -> Path:
    """Write `belonging` under a name that begins with `name`; gives the file, which is on disk."""
    path = make_folder(folder()) / f"{name}.parquet"
    with replacing(path) as part:
        duck.run(f"COPY (FROM belonging ORDER BY member) TO {literal(part)} (FORMAT parquet, COMPRESSION zstd)")
    return ledger.seal(path)
