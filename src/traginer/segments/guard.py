"""A SELECT that a user wrote, made safe to run: it is read by SQLGlot, held against allowed.py, and written anew.

What runs is what was checked: the text given to the engine comes from the checked tree, not from the user.
"""

from typing import NewType, overload

import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, SqlglotError

from traginer.errors import Phrase
from traginer.i18n import N_
from traginer.segments import errors
from traginer.segments.allowed import CLOCK_NAMES, CLOCKS, FUNCTIONS, NAMES, NODES, TYPES
from traginer.segments.errors import closest
from traginer.segments.query import TABLE
from traginer.segments.target import Target, day
from traginer.values import AsOf, Column, ColumnType

GuardedSql = NewType("GuardedSql", str)
MAX_LENGTH = 50_000
# Each can double a text, and in a chain of subqueries they multiply.
MAX_CONCATENATIONS = 20
# DuckDB does not look at the clock while it plans: 200 tables took it 23 s, and parts that use the part before twice
# grow as powers of two.
MAX_TABLES = 50


@overload
def guarded(sql: str, key: str, dialect: str = "duckdb", *, as_of: None = None) -> str: ...
@overload
def guarded(sql: str, key: str, dialect: str = "duckdb", *, as_of: AsOf) -> GuardedSql: ...
def guarded(sql: str, key: str, dialect: str = "duckdb", *, as_of: AsOf | None = None) -> str:
    """The SELECT of the distinct keys, not null, that the user's `sql` selects from `profiles`; its one column is `key`.

    With `as_of` the SELECT can be run: the clock it asks for is the run's, as literals. Without, it has only been
    checked. Raises an SqlError.
    """
    try:
        query = _one_query(sql, dialect)
        _require_allowed(query, dialect)
        _require_key(query, key)
        _name_table(query)
        if as_of is not None:
            _tell_time(query, as_of, dialect)
        return GuardedSql(_keys(query, key).sql(dialect=dialect, comments=False))
    except RecursionError:
        raise errors.SqlTooDeep from None


def _one_query(sql: str, dialect: str) -> exp.Query:
    statements = _statements(sql, dialect)
    if len(statements) != 1:
        raise errors.NotOneSelect(found=Phrase(N_("several statements") if statements else N_("nothing")))
    statement = statements[0]
    if not isinstance(statement, exp.Query):
        raise errors.NotOneSelect(found=statement.name if isinstance(statement, exp.Command) else _shown(statement))
    return statement


def _statements(sql: str, dialect: str) -> list[exp.Expr]:
    if len(sql) > MAX_LENGTH:
        raise errors.SqlTooLarge(limit=MAX_LENGTH, unit=Phrase(N_("characters")))
    try:
        return [statement for statement in sqlglot.parse(sql, dialect=dialect) if statement is not None]
    except ParseError as error:
        first = error.errors[0] if error.errors else {}
        why = first.get("description") or str(error).partition("\n")[0]
        raise errors.SqlUnreadable(line=first.get("line", 1), column=first.get("col", 1), why=why) from None
    except SqlglotError:
        raise errors.SqlUnreadable(line=1, column=1, why=Phrase(N_("a quote or comment is not closed."))) from None


def _require_allowed(query: exp.Query, dialect: str) -> None:
    for node in query.walk():
        _require_node(node)
    concatenations = sum(_joined_texts(node) for node in query.find_all(exp.DPipe, exp.Concat))
    if concatenations > MAX_CONCATENATIONS:
        raise errors.SqlTooLarge(limit=MAX_CONCATENATIONS, unit=Phrase(N_("joined texts (|| or CONCAT)")))
    if _tables(query, dialect, {}) > MAX_TABLES:
        raise errors.SqlTooLarge(limit=MAX_TABLES, unit=Phrase(N_("tables, a part counted as often as it is used")))


def _require_node(node: exp.Expr) -> None:
    if type(node) in FUNCTIONS or (isinstance(node, exp.Anonymous) and node.name.upper() in CLOCK_NAMES):
        _require_bounded(node)
    elif isinstance(node, exp.Func) and type(node) not in NODES:
        name = node.name.upper() if isinstance(node, exp.Anonymous) else node.sql_name()
        raise errors.FunctionRefused(function=name, suggestions=closest(name, NAMES))
    elif type(node) not in NODES or (isinstance(node, exp.Literal) and "\x00" in node.name):
        raise errors.SyntaxRefused(syntax=_shown(node))
    elif isinstance(node, exp.DataType) and node.this not in TYPES:
        raise errors.SyntaxRefused(syntax=node.sql())
    elif isinstance(node, exp.With) and node.args.get("recursive"):
        raise errors.SyntaxRefused(syntax="WITH RECURSIVE")


def _require_bounded(node: exp.Expr) -> None:
    """Refuse a function that could make a text longer than its literals say, and a clock of another zone."""
    if isinstance(node, exp.Replace):
        parts = [node.expression, node.args.get("replacement") or exp.Literal.string("")]
        if not all(part.is_string for part in parts) or len(parts[1].name) > len(parts[0].name):
            raise errors.SyntaxRefused(syntax=Phrase(N_("REPLACE by something longer, or by a field")))
    if isinstance(node, exp.TimeToStr) and not node.args["format"].is_string:
        raise errors.SyntaxRefused(syntax=Phrase(N_("STRFTIME with a format that is not written out")))
    if _is_clock(node) and (node.this if type(node) in CLOCKS else node.expressions):
        raise errors.SyntaxRefused(syntax=Phrase(N_("a clock with a zone or precision of its own")))


def _tables(node: exp.Expr, dialect: str, counted: dict[int, int]) -> int:
    """How many tables the engine sees below `node` once each WITH part stands where it is used. Refuses foreign ones."""
    tables = 0
    for table in node.find_all(exp.Table):
        part = _meant(table, dialect)
        if part is not None and id(part) not in counted:
            counted[id(part)] = _tables(part, dialect, counted)
        tables += counted[id(part)] if part is not None else 1
    return tables


def _meant(table: exp.Table, dialect: str) -> exp.CTE | None:
    """The WITH part that `table` means; None for the profiles. Raises TableRefused for any other."""
    name = table.this
    if not isinstance(name, exp.Identifier) or table.args.get("db") or table.args.get("catalog"):
        raise errors.TableRefused(table=table.sql())
    if _is_profiles(table):
        return None
    part = _parts_in_sight(table, dialect).get(_folded(name, dialect))
    if part is None:
        raise errors.TableRefused(table=table.sql())
    return part


def _parts_in_sight(table: exp.Table, dialect: str) -> dict[str, exp.CTE]:
    """The parts that `table` can mean, by name: those of the queries around it, up to the part it stands in."""
    around: list[exp.Expr] = []
    node: exp.Expr | None = table
    while node is not None:
        around.append(node)
        node = node.parent
    inside = {id(outer) for outer in around}
    parts: dict[str, exp.CTE] = {}
    for outer in around:
        own = outer.args.get("with_")
        for part in own.expressions if own else ():
            if id(part) in inside:
                break
            parts.setdefault(_folded(part.args["alias"].this, dialect), part)
    return parts


def _folded(identifier: exp.Identifier, dialect: str) -> str:
    """An identifier as its dialect compares it: a quoted one may differ from an unquoted one of the same letters."""
    return Dialect.get_or_raise(dialect).normalize_identifier(identifier.copy()).name


def _require_key(query: exp.Query, key: str) -> None:
    for part in query.find_all(exp.CTE):
        if part.alias.lower() == TABLE:
            raise errors.SyntaxRefused(syntax=f"WITH {part.alias}")
    if not query.is_star and key.lower() not in {name.lower() for name in query.named_selects}:
        raise errors.KeyNotSelected(key=key)


def _is_profiles(table: exp.Table) -> bool:
    return table.name.lower() == TABLE


def _name_table(query: exp.Query) -> None:
    """Make all mean the one table by its exact name, while columns go on naming it as the user spelled it."""
    for table in query.find_all(exp.Table):
        if _is_profiles(table):
            if not table.alias:
                table.set("alias", exp.TableAlias(this=table.this.copy()))
            table.set("this", exp.to_identifier(TABLE, quoted=True))


def _tell_time(query: exp.Query, as_of: AsOf, dialect: str) -> None:
    """Replace each clock that the query asks by the run's."""
    instant = Target(Column("", ColumnType.TIMESTAMP, "", zoned=True), as_of, dialect).moment(as_of.instant)
    wall = Target(Column("", ColumnType.TIMESTAMP, ""), as_of, dialect).moment(as_of.instant)
    times: dict[type[exp.Expr], exp.Expr] = {
        exp.CurrentDate: day(as_of.local.date()),
        exp.CurrentTimestamp: instant,
        exp.CurrentDatetime: wall,
    }
    for node in list(query.walk()):
        if _is_clock(node):
            node.replace(times[CLOCK_NAMES.get(node.name.upper(), type(node))].copy())


def _is_clock(node: exp.Expr) -> bool:
    return type(node) in CLOCKS or (isinstance(node, exp.Anonymous) and node.name.upper() in CLOCK_NAMES)


def _keys(query: exp.Query, key: str) -> exp.Select:
    column = exp.column(key, table="selected", quoted=True)
    keys = exp.select(exp.alias_(column, key, quoted=True), copy=False).distinct(copy=False)
    selected = query.subquery("selected", copy=False)
    selected.args["alias"].this.set("quoted", True)
    return keys.from_(selected, copy=False).where(
        exp.not_(exp.Is(this=column.copy(), expression=exp.null())), copy=False
    )


def _joined_texts(node: exp.Expr) -> int:
    return 1 if isinstance(node, exp.DPipe) else len(node.expressions) - 1


def _shown(node: exp.Expr) -> str:
    return node.key.upper().replace("_", " ")
