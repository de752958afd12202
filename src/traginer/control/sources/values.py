"""The values of a column to choose from in a rule: what several profiles have in common, and nobody's alone."""

from traginer.control.models import Source
from traginer.control.rights import Actor
from traginer.control.sources.reading import looked_at, opened
from traginer.duck import ident
from traginer.values import ColumnType

MOST = 20
SHARED_BY = 2
"""Profiles at least: a value that one profile alone has is that person's, such as an address or a name."""
LONGEST = 100
CHOSEN_FROM = (ColumnType.TEXT, ColumnType.NUMBER, ColumnType.DATE)


def values(actor: Actor, source: Source, column: str, begins: str = "") -> list[str]:
    """Up to MOST values of the column that begin so, in any case and without accents, the most frequent first.

    None of a column that the source does not have, or that has nothing to choose from. Raises `profiles.errors`.
    """
    actor.require("segment:write")
    found = opened(source)
    with looked_at(found) as (duck, columns):
        if column not in columns or columns[column].type not in CHOSEN_FROM:
            return []
        text = f"{ident(column)}::VARCHAR"
        with found.reading():
            rows = duck.rows(
                f"""SELECT {text} AS value, count(*) AS n FROM profiles
                     WHERE starts_with(lower(strip_accents({text})), lower(strip_accents($1))) AND strlen({text}) <= {LONGEST}
                     GROUP BY 1 HAVING n >= {SHARED_BY} ORDER BY n DESC, value LIMIT {MOST}""",
                [begins],
            )
    return [value for value, _ in rows if value]
