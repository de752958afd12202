"""`python -m bench [--profiles N] [--repeat N] [--write PAGE]`: the whole pipeline against the limit of the same minute.

Everything goes to a sink on loopback that takes all and keeps nothing.
"""

import argparse
import tempfile
from datetime import date
from pathlib import Path

from bench import report
from bench.measuring import repetition
from bench.sink import open_sink
from traginer.demo.samples import write_profiles
from traginer.duck import open_duck

TODAY = date(2026, 11, 1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--profiles", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", type=Path, help="a Markdown page that keeps the figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="traginer-bench-") as name, open_sink() as url:
        master = Path(name) / "master.parquet"
        with open_duck(Path(name) / "duck") as duck:
            write_profiles(duck, master, options.profiles, TODAY)
        repetitions = [repetition(master, url) for _ in range(options.repeat)]
    print(f"{options.profiles:,} profiles, {options.repeat} repetitions\n\n{report.table(repetitions)}\n")
    for run, seconds in report.stages(repetitions).items():
        print(f"{run}: " + ", ".join(f"{stage} {value:.2f}" for stage, value in seconds.items()))
    if options.write:
        report.write(options.write, options.profiles, repetitions)


if __name__ == "__main__":
    main()
