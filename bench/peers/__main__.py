"""`python -m bench.peers [--profiles N] [--repeat N] [--only NAME] [--write docs/benchmarks.md]`: the peers side by side."""

import argparse
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import platformdirs

from bench.peers import report
from bench.peers.environments import PEERS, python_of
from bench.peers.measuring import Runner, limit_seconds
from bench.peers.scenarios import Course, Found
from bench.peers.truth import Truth
from bench.sink import open_sink
from traginer.demo.samples import write_profiles
from traginer.duck import open_duck

TODAY = date(2026, 11, 1)
LEAVES_ONE_IN = 100
DUCK_BYTES = 1 << 30  # for the truth, not for anybody who is measured


def main() -> None:
    """Measure, print, and write the page and its JSON where asked."""
    options = _options()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    peers = [peer for peer in PEERS if not options.only or peer.name in options.only]
    runners = [Runner(peer, python_of(peer, options.environments)) for peer in peers]
    with tempfile.TemporaryDirectory(prefix="traginer-peers-", dir=options.folder) as name:
        summary, found = measure(Path(name), runners, options.profiles, options.repeat)
    table = report.table(summary, found)
    print(table)
    if options.write:
        report.write(options.write, table, summary, found)


def measure(folder: Path, runners: list[Runner], profiles: int, repeat: int) -> tuple[report.Summary, dict[str, Found]]:
    """The course with each peer in turn."""
    with open_duck(folder / "duck", memory_bytes=DUCK_BYTES) as duck, open_sink() as sink_url:
        truth = Truth(duck, folder / "before.parquet", folder / "after.parquet")
        write_profiles(duck, truth.before, profiles, TODAY)
        truth.leave(one_in=LEAVES_ONE_IN)
        truth.read()
        rows, json_bytes = truth.json_bytes()
        limit = limit_seconds(truth.before, folder, sink_url)
        summary = report.Summary(profiles, rows, json_bytes, truth.wanted(), truth.leavers(), limit, repeat)
        course = Course(folder, truth, rows, json_bytes)
        found: dict[str, Found] = {}
        for runner in runners:
            started = time.perf_counter()
            found[runner.peer.name] = course.run(runner, sink_url, repeat)
            print(f"{runner.peer.name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
        return summary, found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--profiles", type=int, default=1_000_000)
    parser.add_argument(
        "--repeat", type=int, default=3, help="first sends against the sink, of which the median counts"
    )
    parser.add_argument(
        "--only", action="append", choices=[peer.name for peer in PEERS], help="may be given several times"
    )
    parser.add_argument(
        "--write", type=Path, help="put the table into this page, between its marks, and the JSON beside it"
    )
    parser.add_argument("--folder", type=Path, help="work below this folder instead of the system's temporary one")
    cache = platformdirs.user_cache_path("traginer") / "bench-peers"
    parser.add_argument("--environments", type=Path, default=cache, help="keep the peers' environments here")
    return parser.parse_args()


if __name__ == "__main__":
    main()
