"""Those whom a contact has to be compared with: of two profiles with one address the first is sent, a shared number is left out.

All who could share an address or a number with the profile are some few, found by a part that no spelling of it changes.
"""

from collections.abc import Iterable, Iterator, Mapping

from traginer.contacts.mapping import PHONE_ATTRIBUTES
from traginer.control.models import Export
from traginer.control.profiles import references
from traginer.control.profiles.asking import Look
from traginer.duck import ident
from traginer.values import Column

LAST_DIGITS = 7
"""Fewer than any number has without its country code."""


def take(look: Look, reference: str, exports: Iterable[Export]) -> None:
    """From here on `profiles` holds the profile, and whoever could share its address or number in one of the exports."""
    source, duck = look.source, look.duck
    alike = [f"{part} = (SELECT {part} FROM one)" for part in dict.fromkeys(_parts(exports, look.columns))]
    itself = f"{references.reference(source.key)} = '{reference}'"
    with source.reading():
        duck.run(f"CREATE TABLE kin AS SELECT * FROM profiles WHERE {' OR '.join([itself, *alike])}")
        duck.run("CREATE OR REPLACE TEMP VIEW profiles AS SELECT * FROM kin")


def _parts(exports: Iterable[Export], columns: Mapping[str, Column]) -> Iterator[str]:
    for export in exports:
        dialled = [item["field"] for name, item in export.attributes.items() if name in PHONE_ATTRIBUTES]
        if export.email in columns:
            yield _local_part(export.email)
        yield from (_digits(name) for name in dialled if name in columns)


def _local_part(column: str) -> str:
    """What stands before the @, which an international domain does not change."""
    plain = rf"regexp_replace(lower({ident(column)}::VARCHAR), '[\s<>]|mailto:', '', 'g')"
    return f"nullif(split_part({plain}, '@', 1), '')"


def _digits(column: str) -> str:
    return rf"nullif(right(regexp_replace({ident(column)}::VARCHAR, '\D', '', 'g'), {LAST_DIGITS}), '')"
