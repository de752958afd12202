"""Those whom a contact has to be compared with: of two profiles with one address the first is sent, a shared number is left out.

All who could share an address or a number with the profile are some few, found by a part that no spelling of it changes.
"""

from collections.abc import Iterable, Iterator, Mapping

from traginer.contacts.mapping import PHONE_ATTRIBUTES
from traginer.control.models import Export
from traginer.control.profiles.asking import Look
from traginer.duck import ident
from traginer.values import Column

LAST_DIGITS = 7
"""Fewer than any number has without its country code."""


def take(look: Look, exports: Iterable[Export]) -> None:
    """From here on `profiles` holds the profile, and whoever could share its address or number in one of the exports."""
    source, duck = look.source, look.duck
    key = ident(source.key)
    alike = dict.fromkeys(_alike(exports, look.columns))
    with source.reading():
        itself = f"{key} = (SELECT {key} FROM one)"
        duck.run(f"CREATE TABLE kin AS SELECT * FROM profiles WHERE {' OR '.join([itself, *alike])}")
        duck.run("CREATE OR REPLACE TEMP VIEW profiles AS SELECT * FROM kin")


def _alike(exports: Iterable[Export], columns: Mapping[str, Column]) -> Iterator[str]:
    for export in exports:
        dialled = [item["field"] for name, item in export.attributes.items() if name in PHONE_ATTRIBUTES]
        if export.email in columns:
            yield _same_local_part(export.email)
        yield from (_same_digits(name) for name in dialled if name in columns)


def _same_local_part(column: str) -> str:
    """What stands before the @, which an international domain does not change. The quick look comes first: it spares nearly all the other."""
    text = f"lower({ident(column)}::VARCHAR)"
    local = rf"nullif(split_part(regexp_replace({text}, '[\s<>]|mailto:', '', 'g'), '@', 1), '')"
    own = f"(SELECT {local} FROM one)"
    return f"(contains({text}, {own}) AND {local} = {own})"


def _same_digits(column: str) -> str:
    """The last digits; whatever stands between them, the last one of all is the same."""
    text = f"{ident(column)}::VARCHAR"
    digits = rf"nullif(right(regexp_replace({text}, '\D', '', 'g'), {LAST_DIGITS}), '')"
    own = f"(SELECT {digits} FROM one)"
    return f"(ends_with(trim({text}), right({own}, 1)) AND {digits} = {own})"
