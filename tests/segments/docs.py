"""The generated tables of docs/segments.md, as the code has them now."""

from tests.segments.world import DOCS
from traginer.segments import OPERATORS, Operator
from traginer.segments.allowed import NAMES
from traginer.values import ColumnType


def operators() -> str:
    head = "| operator | fields | value | example | reads as | empty field | Customer Insights |\n|---|---|---|---|---|---|---|\n"
    return head + "\n".join(_row(operator) for operator in OPERATORS.values())


def functions() -> str:
    return ", ".join(f"`{name}`" for name in NAMES)


BLOCKS = {"operators": operators, "functions": functions}


def block(name: str, text: str) -> str:
    """The generated block `name` in the text of the page."""
    return _around(name, text)[1]


def write() -> None:
    text = DOCS.read_text()
    for name, now in BLOCKS.items():
        before, _, after = _around(name, text)
        text = before + now() + after
    DOCS.write_text(text)


def _around(name: str, text: str) -> tuple[str, str, str]:
    begin, end = f"<!-- {name}: written by tests.segments.golden -->\n\n", f"\n\n<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    inside, _, after = rest.partition(end)
    return before + begin, inside, end + after


def _row(operator: Operator) -> str:
    kinds = ", ".join(kind.value for kind in ColumnType if kind in operator.types)
    reads = operator.says.format(field="field", value="...")
    empty = "yes" if operator.holds_when_empty else "no"
    engine = f"`{operator.engine}`" if operator.engine else ""
    example = f"`{{field: NAME, {operator.name}: {operator.form.example}}}`"
    return f"| `{operator.name}` | {kinds} | {operator.form.expects} | {example} | {reads} | {empty} | {engine} |"
