"""What the benchmark says: a table for the terminal, and a page with a chart for the documentation."""

import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import duckdb

from bench.measuring import Figures, Repetition

GOALS = {"first send": 2.0, "unchanged": 1.2, "1 % changed, 1 % left": 1.4}
"""Times the limit: design.md, section 8."""
COLOURS = ("#2f5d8a", "#5b8c5a", "#c9a227", "#b5651d", "#7b4b94", "#9a3b3b", "#4a4a4a")
START = "start"


def table(repetitions: Sequence[Repetition]) -> str:
    """Medians over the repetitions, their spread, and the ratio to the limit of the same repetition, as Markdown."""
    limits = [one.limit for one in repetitions]
    lines = [
        "| | wall s | spread | CPU s | peak MB | requests | MB sent | times the limit | goal |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        f"| the limit | {median(limits):.2f} | {min(limits):.2f}-{max(limits):.2f} | | | | | 1 | |",
    ]
    for name, goal in GOALS.items():
        runs = [one.runs[name] for one in repetitions]
        walls = [run.wall for run in runs]
        ratio = median(run.wall / one.limit for run, one in zip(runs, repetitions, strict=True))
        lines.append(
            f"| {name} | {median(walls):.2f} | {min(walls):.2f}-{max(walls):.2f} | {_middle(runs, lambda run: run.cpu):.2f}"
            f" | {_middle(runs, lambda run: run.peak_mb):.0f} | {runs[-1].requests:,} | {runs[-1].bytes / 1e6:.1f}"
            f" | {ratio:.2f} | {goal} |"
        )
    return "\n".join(lines)


def stages(repetitions: Sequence[Repetition]) -> dict[str, dict[str, float]]:
    """Median seconds of each stage by run; what is in no stage is the start and the end of the process."""
    found: dict[str, dict[str, float]] = {}
    for name in GOALS:
        runs = [one.runs[name] for one in repetitions]
        each = {stage: median(run.stages.get(stage, 0.0) for run in runs) for stage in runs[0].stages}
        found[name] = {START: median(run.wall - sum(run.stages.values()) for run in runs)} | each
    return found


def chart(repetitions: Sequence[Repetition]) -> str:
    """The stages of the runs as bars, beside the limit, as SVG."""
    rows = {"the limit": {"limit": median(one.limit for one in repetitions)}, **stages(repetitions)}
    longest = max(sum(parts.values()) for parts in rows.values())
    names = list(dict.fromkeys(stage for name in GOALS for stage in rows[name]))
    colours = dict(zip(names, COLOURS * 2, strict=False)) | {"limit": "#999999"}
    bars, top = [], 34
    for name, parts in rows.items():
        bars.append(f'<text x="152" y="{top + 15}" text-anchor="end">{name}</text>')
        left = 160.0
        for stage, seconds in parts.items():
            width = 500 * seconds / longest
            bars.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="22" fill="{colours[stage]}">'
                f"<title>{stage}: {seconds:.2f} s</title></rect>"
            )
            left += width
        bars.append(f'<text x="{left + 6:.1f}" y="{top + 15}">{sum(parts.values()):.2f} s</text>')
        top += 34
    legend = "".join(
        f'<rect x="{160 + 92 * (n % 6)}" y="{top + 18 * (n // 6)}" width="11" height="11" fill="{colours[stage]}"/>'
        f'<text x="{176 + 92 * (n % 6)}" y="{top + 10 + 18 * (n // 6)}">{stage}</text>'
        for n, stage in enumerate(names)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {top + 40}" font-family="sans-serif" font-size="12"'
        ' role="img" aria-label="Seconds of the limit and of the runs, by stage">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(bars)}{legend}</svg>\n'
    )


def page(profiles: int, repetitions: Sequence[Repetition], picture: str) -> str:
    """The part of docs/benchmarks.md for one number of profiles."""
    per_stage = stages(repetitions)
    names = list(dict.fromkeys(stage for parts in per_stage.values() for stage in parts))
    head = f"| seconds | {' | '.join(names)} |\n|---|{'---:|' * len(names)}"
    rows = [f"| {run} | {' | '.join(f'{parts.get(n, 0):.2f}' for n in names)} |" for run, parts in per_stage.items()]
    machine = (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )
    return "\n".join(
        [
            f"## {profiles:,} profiles\n",
            f"{len(repetitions)} repetitions; {machine}.\n",
            table(repetitions) + "\n",
            f"![Seconds by stage]({picture})\n",
            head,
            *rows,
            "",
        ]
    )


def write(path: Path, profiles: int, repetitions: Sequence[Repetition]) -> None:
    """Put the part for this number of profiles into the page at `path`, and the chart beside it."""
    picture = f"benchmarks-{profiles}.svg"
    (path.parent / picture).write_text(chart(repetitions))
    begin, end = f"<!-- {profiles} -->\n", f"<!-- end of {profiles} -->\n"
    text = path.read_text() if path.exists() else ""
    part = begin + page(profiles, repetitions, picture) + end
    if begin in text:
        head, _, rest = text.partition(begin)
        path.write_text(head + part + rest.partition(end)[2])
    else:
        path.write_text(text + "\n" + part)


def _middle(runs: Sequence[Figures], of: Callable[[Figures], float]) -> float:
    return median(of(run) for run in runs)
