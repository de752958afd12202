"""Print the size figures of our own code, and exit 1 where one is over its budget: median, p90 and longest function, files, comments."""

import ast
import io
import sys
import tokenize
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parent.parent
BUDGET = {"function median": 9, "function p90": 35, "function max": 80, "file p90": 400}


def functions(tree: ast.AST) -> list[int]:
    """Lines of each function, its signature and docstring included."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [(node.end_lineno or node.lineno) - node.lineno + 1 for node in found]


def comment_lines(text: str) -> int:
    """Lines that end in a comment."""
    return sum(token.type == tokenize.COMMENT for token in tokenize.generate_tokens(io.StringIO(text).readline))


def p90(values: list[int]) -> float:
    """The 90th percentile."""
    return quantiles(values, n=10)[-1] if len(values) > 1 else float(values[0])


def shape(folder: Path) -> dict[str, float]:
    """The figures of all Python files below `folder`, migrations left out."""
    texts = [
        path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts
    ]
    lengths = [length for text in texts for length in functions(ast.parse(text))]
    lines = [text.count("\n") for text in texts]
    code = sum(1 for text in texts for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))
    return {
        "files": len(texts),
        "code lines": code,
        "file median": median(lines),
        "file p90": p90(lines),
        "file max": max(lines),
        "functions": len(lengths),
        "function median": median(lengths),
        "function p90": p90(lengths),
        "function max": max(lengths),
        "comments per 100 lines": round(100 * sum(map(comment_lines, texts)) / code, 1),
    }


def main() -> int:
    """Print ours and the tests'."""
    ours, tests = shape(ROOT / "src" / "traginer"), shape(ROOT / "tests")
    print(f"{'':24}{'src':>8}{'tests':>8}{'budget':>8}")
    for name, value in ours.items():
        print(f"{name:24}{value:8g}{tests[name]:8g}{BUDGET.get(name, ''):>8}")
    over = [name for name, most in BUDGET.items() if ours[name] > most]
    print(f"over budget: {', '.join(over)}" if over else "all within budget")
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
