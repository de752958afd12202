"""`python -m bench.web [--times N] [--postgres] [--write PAGE]`: every page of a database that has grown, and what it costs.

Ends with 1 where a page breaks or takes longer, or a first load weighs more, than the goals say.
"""

import argparse
import contextlib
import http
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.postgres.server import running

from bench.web.walking import PATHS, Costs, Reader, at
from traginer.sandbox import Sandbox

GOAL_MILLISECONDS, GOAL_BYTES = 100, 200_000
"""At p95 in the server, and compressed."""
LANGUAGES = ("en", "ca")
SEED = "200 exports, 500 segments with 30 snapshots each, 10,000 runs, 2,000 lines of audit"


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(prog="make bench-web")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--write", type=Path, help="a Markdown page that keeps the figures")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="traginer-bench-web-")))
        environment = os.environ | {
            "TRAGINER_HOME": str(folder / "home"),
            "TRAGINER_SOURCES": str(folder),
            "DJANGO_SETTINGS_MODULE": "bench.web.settings",
        }
        if options.postgres:
            server = stack.enter_context(running())
            environment["TRAGINER_DATABASE_URL"] = server.url(server.create())
        box = stack.enter_context(Sandbox(tier="unlimited"))
        cookies = _seeded(folder, box, environment)
        port = stack.enter_context(_serving(environment))
        readers = [Reader(port, who, cookie, language) for who, cookie in cookies.items() for language in LANGUAGES]
        costs = [reader.walk(path, options.times) for path in PATHS for reader in readers]
        weight = max(readers[0].first_load(path) for path in ("/exports", "/runs/1", "/segments"))
    database = "PostgreSQL" if options.postgres else "SQLite"
    said = _page(database, options.times, costs, weight)
    print(said)
    if options.write:
        _write(options.write, database, said)
    broken = [one.path for one in costs if one.status >= http.HTTPStatus.INTERNAL_SERVER_ERROR]
    return 1 if _slow(costs) or broken or weight > GOAL_BYTES else 0


def _seeded(folder: Path, box: Sandbox, environment: Mapping[str, str]) -> dict[str, str]:
    """The cookie of each person, by role."""
    command = [sys.executable, "-m", "bench.web.seeding", str(folder), box.base_url, box.api_key]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    cookies: dict[str, str] = json.loads(done.stdout)
    return cookies


@contextlib.contextmanager
def _serving(environment: Mapping[str, str]) -> Iterator[int]:
    """The port of the product's own web process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "traginer.web.server", "127.0.0.1", str(port)]
    with subprocess.Popen(command, env=environment) as process:
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _slow(costs: Sequence[Costs]) -> list[Costs]:
    return [one for one in costs if at(0.95, one.server) > GOAL_MILLISECONDS]


def _page(database: str, times: int, costs: Sequence[Costs], weight: int) -> str:
    """All figures as Markdown."""
    lines = [
        f"## {database}\n",
        f"{SEED}; each page {times} times, warm; {os.cpu_count()} cores, Python {platform.python_version()}.\n",
        "| page | reader | status | server p50 ms | p95 | max | client p95 ms | queries | KB as sent |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in costs:
        server = " | ".join(f"{value:.0f}" for value in (at(0.5, one.server), at(0.95, one.server), max(one.server)))
        rest = f"{at(0.95, one.client):.0f} | {one.queries} | {one.bytes / 1000:.1f}"
        lines.append(f"| `{one.path}` | {one.reader} | {one.status} | {server} | {rest} |")
    lines += ["", f"A first load weighs {weight / 1000:.0f} KB at most (goal {GOAL_BYTES / 1000:.0f})."]
    lines += [f"{len(_slow(costs))} of {len(costs)} take longer than {GOAL_MILLISECONDS} ms at p95."]
    return "\n".join(lines) + "\n"


def _write(path: Path, database: str, said: str) -> None:
    """Put the figures for this database into the page at `path`."""
    begin, end = f"<!-- {database} -->\n", f"<!-- end of {database} -->\n"
    text = path.read_text() if path.exists() else "# How fast the pages are\n\n`make bench-web` measures them.\n\n"
    head, _, rest = text.partition(begin)
    path.write_text(head + begin + said + end + rest.partition(end)[2])


if __name__ == "__main__":
    sys.exit(main())
