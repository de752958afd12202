"""The SQL of a positive question to a field. May be unknown (NULL) where the field is; query.py makes that a no."""

from collections.abc import Callable
from itertools import groupby

from sqlglot import exp

from traginer.segments import moments
from traginer.segments.forms import items
from traginer.segments.target import Stretch, Target, day
from traginer.segments.tree import Scalar, Span, Value
from traginer.values import ColumnType

Build = Callable[[Target, Value], exp.Expr]


def equals(target: Target, value: Value) -> exp.Expr:
    return target.stretch(_single(value)).at(target.this)


def is_one_of(target: Target, value: Value) -> exp.Expr:
    stretches = sorted((target.stretch(item) for item in items(value)), key=lambda found: found.family)
    alike = [list(group) for _, group in groupby(stretches, key=lambda found: found.family)]
    return _any([answer for group in alike for answer in _among(target, group)])


def contains(target: Target, value: Value) -> exp.Expr:
    found = exp.StrPosition(this=target.this, substr=target.text(str(value)))
    return exp.GT(this=found, expression=exp.Literal.number(0))


def starts_with(target: Target, value: Value) -> exp.Expr:
    return exp.StartsWith(this=target.this, expression=target.text(str(value)))


def ends_with(target: Target, value: Value) -> exp.Expr:
    """By the last letters: PostgreSQL has no ENDS_WITH, and LIKE would need escapes that differ between engines."""
    ending = target.text(str(value))
    return exp.EQ(this=exp.Right(this=target.this, expression=exp.Length(this=ending.copy())), expression=ending)


def is_empty(target: Target, _: Value) -> exp.Expr:
    return exp.Is(this=target.this, expression=exp.Null())


def greater_than(target: Target, value: Value) -> exp.Expr:
    return target.stretch(_single(value)).after(target.this)


def at_least(target: Target, value: Value) -> exp.Expr:
    return target.stretch(_single(value)).at_or_after(target.this)


def less_than(target: Target, value: Value) -> exp.Expr:
    return target.stretch(_single(value)).before(target.this)


def at_most(target: Target, value: Value) -> exp.Expr:
    return target.stretch(_single(value)).at_or_before(target.this)


def is_between(target: Target, value: Value) -> exp.Expr:
    low, high = (target.stretch(item) for item in items(value))
    return exp.and_(low.at_or_after(target.this), high.at_or_before(target.this), copy=False)


def within_last(target: Target, value: Value) -> exp.Expr:
    if not isinstance(value, Span):
        raise TypeError(f"not a span: {type(value)}")
    if target.column.type is ColumnType.DATE:
        return _until_now(target, day(moments.days_back(value, target.as_of)))
    return _until_now(target, target.moment(moments.moments_back(value, target.as_of, zoned=target.column.zoned)))


def year_to_date(target: Target, _: Value) -> exp.Expr:
    new_year = target.as_of.local.date().replace(month=1, day=1)
    return _until_now(target, target.stretch(new_year.isoformat()).first)


def year_of(target: Target, value: Value) -> exp.Expr:
    """As ranges, not as a part of the date, so that zone maps and indexes help."""
    years = [int(item) for item in items(value)]
    return _any([is_between(target, (f"{year:04}-01-01", f"{year:04}-12-31")) for year in years])


def day_of(target: Target, value: Value) -> exp.Expr:
    return _is_part(target.part("DAY"), [int(item) for item in items(value)])


def month_of(target: Target, value: Value) -> exp.Expr:
    return _is_part(target.part("MONTH"), [int(item) for item in items(value)])


def day_of_week(target: Target, value: Value) -> exp.Expr:
    part, number = target.weekday()
    return _is_part(part, [number(int(item)) for item in items(value)])


def time_at(target: Target, value: Value) -> exp.Expr:
    """By the second of the day. A pair whose first time is the later one goes past midnight."""
    times = [moments.seconds_of(str(item)) for item in items(value)]
    begin, end = times[0][0], times[-1][1]
    from_begin = exp.GTE(this=_second_of_day(target), expression=exp.Literal.number(begin))
    until_end = exp.LT(this=_second_of_day(target), expression=exp.Literal.number(end))
    return exp.and_(from_begin, until_end, copy=False) if begin < end else exp.or_(from_begin, until_end, copy=False)


def _single(value: Value) -> Scalar:
    return items(value)[0]


def _any(answers: list[exp.Expr]) -> exp.Expr:
    return exp.or_(*answers, copy=False)


def _among(target: Target, alike: list[Stretch]) -> list[exp.Expr]:
    if len(alike) == 1 or alike[0].end is not None:
        return [stretch.at(target.this) for stretch in alike]
    return [exp.In(this=target.this, expressions=[stretch.first for stretch in alike])]


def _is_part(part: exp.Expr, numbers: list[int]) -> exp.Expr:
    literals = [exp.Literal.number(number) for number in numbers]
    return exp.EQ(this=part, expression=literals[0]) if len(literals) == 1 else exp.In(this=part, expressions=literals)


def _until_now(target: Target, begin: exp.Expr) -> exp.Expr:
    as_of = target.as_of
    now = day(as_of.local.date()) if target.column.type is ColumnType.DATE else target.moment(as_of.instant)
    from_begin = exp.GTE(this=target.this, expression=begin)
    return exp.and_(from_begin, exp.LTE(this=target.this, expression=now), copy=False)


def _second_of_day(target: Target) -> exp.Expr:
    """Hours and minutes in seconds, plus seconds, which some engines give with their fraction: we compare by ranges."""
    hours = exp.Mul(this=target.part("HOUR"), expression=exp.Literal.number(3600))
    minutes = exp.Mul(this=target.part("MINUTE"), expression=exp.Literal.number(60))
    return exp.Add(this=exp.Add(this=hours, expression=minutes), expression=target.part("SECOND"))
