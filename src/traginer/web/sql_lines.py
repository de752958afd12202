"""A SELECT line by line, with the line that an error is about."""

import re
from dataclasses import dataclass

from traginer.errors import TraginerError
from traginer.segments import errors


@dataclass(frozen=True)
class Line:
    """A line of a SELECT, by its number from 1; `is_wrong` where the error is about it."""

    number: int
    text: str
    is_wrong: bool


def of(error: TraginerError, sql: str) -> list[Line]:
    """The lines of the SELECT that `error` is about; none where it says of no place."""
    wrong = _line(error, sql) if isinstance(error, errors.SqlError) else None
    if wrong is None:
        return []
    return [Line(n, text, n == wrong) for n, text in enumerate(sql.splitlines() or [""], start=1)]


def _line(error: errors.SqlError, sql: str) -> int | None:
    """The line that the error names; else the first that holds the word it names."""
    if isinstance(error, errors.SqlUnreadable):
        return int(str(error.facts["line"]))
    named = [str(error.facts.get(fact, "")) for fact in ("function", "table", "syntax")]
    words = [word for word in named if word] or re.findall(r'"([^"]+)"', str(error.facts.get("why", "")))
    places = [found.start() for word in words if (found := re.search(rf"\b{re.escape(word)}\b", sql, re.IGNORECASE))]
    return sql.count("\n", 0, places[0]) + 1 if places else None
