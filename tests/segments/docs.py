"""The generated tables of the guide's pages of segments, as the code has them now."""

from pathlib import Path

from tests.segments.world import GUIDE
from traginer.i18n import LANGUAGES, gettext, speaking
from traginer.segments import OPERATORS, Operator
from traginer.segments.allowed import NAMES
from traginer.values import ColumnType

HEADS = {
    "en": "| operator | fields | value | example | reads as | empty field | Customer Insights |",
    "ca": "| operador | camps | valor | exemple | es llegeix | camp buit | Customer Insights |",
}
KINDS = {
    "en": {kind: kind.value for kind in ColumnType},
    "ca": {
        ColumnType.TEXT: "text",
        ColumnType.NUMBER: "nombre",
        ColumnType.BOOLEAN: "booleà",
        ColumnType.DATE: "data",
        ColumnType.TIMESTAMP: "moment",
    },
}
FIELD = {"en": "field", "ca": "camp"}
NO_YES = {"en": ("no", "yes"), "ca": ("no", "sí")}


def page(language: str) -> Path:
    """The page of segments in a language."""
    return GUIDE / language / "segments.md"


def operators(language: str) -> str:
    with speaking(language):
        rows = [_row(operator, language) for operator in OPERATORS.values()]
    return "\n".join([HEADS[language], "|---|---|---|---|---|---|---|", *rows])


def functions(_: str) -> str:
    return ", ".join(f"`{name}`" for name in NAMES)


BLOCKS = {"operators": operators, "functions": functions}


def block(name: str, text: str) -> str:
    """The generated block `name` in the text of the page."""
    return _around(name, text)[1]


def write() -> None:
    for language in LANGUAGES:
        text = page(language).read_text(encoding="utf-8")
        for name, now in BLOCKS.items():
            before, _, after = _around(name, text)
            text = before + now(language) + after
        page(language).write_text(text, encoding="utf-8")


def _around(name: str, text: str) -> tuple[str, str, str]:
    begin, end = f"<!-- {name}: written by tests.segments.golden -->\n\n", f"\n\n<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    inside, _, after = rest.partition(end)
    return before + begin, inside, end + after


def _row(operator: Operator, language: str) -> str:
    kinds = ", ".join(KINDS[language][kind] for kind in ColumnType if kind in operator.types)
    reads = gettext(operator.says).format(field=FIELD[language], value="...")
    empty = NO_YES[language][operator.holds_when_empty]
    engine = f"`{operator.engine}`" if operator.engine else ""
    example = f"`{{field: NAME, {operator.name}: {operator.form.example}}}`"
    return (
        f"| `{operator.name}` | {kinds} | {gettext(operator.form.expects)} | {example} | {reads} | {empty} | {engine} |"
    )
