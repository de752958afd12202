"""Find profiles by key, e-mail address or name, in the source itself: a bounded number of them, the surest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from traginer.control import audit, masking, sources
from traginer.control.models import Export, Source
from traginer.control.naming import by_name
from traginer.control.profiles import references
from traginer.control.profiles.references import PlaceUnknown, ProfileUnknown
from traginer.control.rights import Actor
from traginer.control.sources import naming
from traginer.duck import Duck, ident
from traginer.values import Column, ColumnType

MOST = 50
LONGEST = 200
FOLDED_KEY = "folded_key"
SAME_KEY = "key = $1::VARCHAR"
ASKED = "lower(strip_accents($1::VARCHAR))"


@dataclass(frozen=True)
class Found:
    """A profile: what stands for it, and its key, name and address, each "" where it has none."""

    reference: str
    key: str
    name: str
    email: str


@dataclass(frozen=True)
class Search:
    """The profiles found; whether there are more of them, and whether their values are masked."""

    rows: tuple[Found, ...]
    has_more: bool
    is_masked: bool


@dataclass(frozen=True)
class Who:
    """The columns that say who a profile is: its key, its addresses, and its first and last name; "" for none."""

    key: str
    emails: tuple[str, ...]
    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        """SQL for the whole name."""
        parts = [f"{ident(name)}::VARCHAR" for name in (self.first_name, self.last_name) if name]
        return f"concat_ws(' ', {', '.join(parts)})" if parts else "''"

    @property
    def email(self) -> str:
        """SQL for the address; for the first one that is there, of several."""
        parts = [f"nullif({ident(name)}, '')" for name in self.emails]
        return f"coalesce({', '.join([*parts, "''"])})"


def places(actor: Actor) -> list[Source]:
    """The sources that profiles are looked for in, by name."""
    actor.require("profile:search")
    return list(Source.objects.order_by("name"))


def place(actor: Actor, name: str) -> Source:
    """The source named `name`, to look for profiles in. Raises NotFound."""
    actor.require("profile:search")
    return by_name(Source, sources.KIND, name)


def place_numbered(actor: Actor, number: int) -> Source:
    """The source with this number, to look for profiles in. Raises PlaceUnknown."""
    found = next((one for one in places(actor) if one.pk == number), None)
    if found is None:
        raise PlaceUnknown(number=number)
    return found


def search(actor: Actor, source: Source, text: str, limit: int = MOST) -> Search:
    """The profiles whose key, e-mail address or name is `text`, and after them those where one begins with it.

    In any case and without accents. Those who may not see profiles get them masked, and find nobody by a beginning: letter by letter,
    it would spell out what is masked. That real values were seen is in the audit. Raises `profiles.errors`.
    """
    actor.require("profile:search")
    is_clear, text = actor.may("profile:read"), " ".join(text.split())[:LONGEST]
    if not text:
        return Search((), has_more=False, is_masked=not is_clear)
    found = sources.opened(source)
    with sources.looked_at(found) as (duck, columns), found.reading():
        rows = _rows(duck, who(source, columns), text, limit + 1, by_beginning=is_clear)
    if is_clear and rows:
        audit.seen(actor, "profile:read", source, len(rows[:limit]))
    kind = columns[found.key].type
    told = [
        Found(
            reference,
            masking.seen(key, kind, is_clear=is_clear),
            *(masking.seen(value, ColumnType.TEXT, is_clear=is_clear) if value else "" for value in (name, email)),
        )
        for reference, key, name, email in rows[:limit]
    ]
    return Search(tuple(told), has_more=len(rows) > limit, is_masked=not is_clear)


def find(actor: Actor, source: Source, text: str) -> str:
    """The reference of the profile with exactly this key, else of the first by key with this e-mail address.

    Raises ProfileUnknown, and `profiles.errors`.
    """
    actor.require("profile:search")
    found = sources.opened(source)
    with sources.looked_at(found) as (duck, columns), found.reading():
        rows = _same(duck, who(source, columns), " ".join(text.split()))
    if not rows:
        raise ProfileUnknown(source=source.name)
    return str(rows[0][0])


def who(source: Source, columns: Mapping[str, Column]) -> Who:
    """The columns that say who somebody is: by their names, and by what exports take the address from."""
    guessed = naming.text_column(naming.EMAIL_COLUMNS, columns)
    used = Export.objects.filter(segments__source=source).order_by("email").values_list("email", flat=True).distinct()
    emails = [name for name in dict.fromkeys([*used, guessed]) if name in columns]
    return Who(
        source.key,
        tuple(name for name in emails if columns[name].type is ColumnType.TEXT),
        naming.text_column(naming.FIRST_NAME_COLUMNS, columns),
        naming.text_column(naming.LAST_NAME_COLUMNS, columns),
    )


def _same(duck: Duck, told: Who, text: str) -> Sequence[tuple[str, str, str, str]]:
    """The first profile with exactly this key or address."""
    compared = _compared(told, with_names=False)
    same = [SAME_KEY, *(f"{name} = {ASKED}" for name in compared if name != FOLDED_KEY)]
    return _ranked(duck, told, compared, same, text, 1)


def _rows(duck: Duck, told: Who, text: str, limit: int, *, by_beginning: bool) -> Sequence[tuple[str, str, str, str]]:
    compared = _compared(told, with_names="@" not in text)
    exact = [SAME_KEY, *(f"{name} = {ASKED}" for name in compared if name != FOLDED_KEY)]
    begun = [f"starts_with({name}, {ASKED})" for name in compared]
    return _ranked(duck, told, compared, [*exact, *(begun if by_beginning else ())], text, limit)


def _ranked(
    duck: Duck, told: Who, compared: Mapping[str, str], questions: Sequence[str], text: str, limit: int
) -> Sequence[tuple[str, str, str, str]]:
    """The profiles for which one of the questions holds, in the order of the questions, then of the keys.

    What is compared is folded once for each profile, however many questions are about it.
    """
    key = ident(told.key)
    folded = ", ".join(f"{sql} AS {name}" for name, sql in compared.items())
    rank = " ".join(f"WHEN {question} THEN {n}" for n, question in enumerate(questions))
    return duck.rows(
        f"""SELECT {references.reference("sorted")}, key, name, email
              FROM (SELECT *, CASE {rank} END AS place
                      FROM (SELECT {key} AS sorted, {key}::VARCHAR AS key, {told.name} AS name, {told.email} AS email,
                                   {folded} FROM profiles WHERE {key} IS NOT NULL))
             WHERE place IS NOT NULL ORDER BY place, sorted LIMIT {limit:d}""",
        [text],
    )


def _compared(told: Who, *, with_names: bool) -> dict[str, str]:
    """What a text is compared with, by a name for it: lower case, and names without accents. No name holds an @."""
    found = {FOLDED_KEY: f"lower({ident(told.key)}::VARCHAR)"}
    found |= {f"email_{n}": f"lower(trim({ident(name)}))" for n, name in enumerate(told.emails)}
    if with_names and (told.first_name or told.last_name):
        found["whole_name"] = f"lower(strip_accents({told.name}))"
        found["last_name"] = f"lower(strip_accents({ident(told.last_name)}::VARCHAR))" if told.last_name else "NULL"
    return found
