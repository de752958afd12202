"""One repetition of the benchmark: the limit and the three runs, each in a process of its own, in a fresh installation."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traginer.duck import literal, open_duck
from traginer.durable import replacing

CONFIGURATION = """
sources: [{{name: Customers, type: parquet, path: profiles.parquet, key: customer_id}}]
connections:
  - {{name: Sink, type: brevo, api_key: xkeysib-bench, base_url: "{url}/v3", tier: unlimited,
     consent: {{agreed_by: bench@example.org, text: "1"}}}}
segments: [{{name: Everybody, source: Customers, rules: {{all: [{{field: customer_id, is_not_empty: true}}]}}}}]
exports:
  - {{name: Bench, connection: Sink, list: 7, email: email, segments: [Everybody], attributes: {{
       FIRSTNAME: first_name, LASTNAME: last_name, CITY: city, LIFETIME_VALUE: lifetime_value,
       LAST_PURCHASE: last_purchase_at, SMS: {{field: phone, region: country, default_region: ES}}}}}}
"""
RUN = """
import json, resource, sys, time
started = time.perf_counter()
from traginer.cli.main import main
try: main(['run', 'Bench', '--json'])
except SystemExit: pass
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({'wall': time.perf_counter() - started, 'cpu': time.process_time(), 'peak_mb': used.ru_maxrss / 1024}), file=sys.stderr)
"""
DONE = ("successful", "completed_with_warnings")


@dataclass(frozen=True)
class Figures:
    """Of one run: wall and CPU seconds of the whole process, its peak memory in MB, and what the run itself reports."""

    wall: float
    cpu: float
    peak_mb: float
    requests: int
    bytes: int
    stages: dict[str, float]


@dataclass(frozen=True)
class Repetition:
    """Seconds of the limit, and the figures by the name of the run."""

    limit: float
    runs: dict[str, Figures]


def repetition(master: Path, url: str) -> Repetition:
    """All figures once."""
    with tempfile.TemporaryDirectory(dir=master.parent) as name:
        folder = Path(name)
        profiles = folder / "profiles.parquet"
        shutil.copy(master, profiles)
        (folder / "traginer.yml").write_text(CONFIGURATION.format(url=url))
        _python(folder, "-m", "traginer", "apply", str(folder / "traginer.yml"))
        limit = float(_python(folder, "-m", "bench.limit", str(profiles), str(folder), url).stdout)
        runs = {"first send": _run(folder), "unchanged": _run(folder)}
        _change(profiles, folder)
        return Repetition(limit, runs | {"1 % changed, 1 % left": _run(folder)})


def _run(folder: Path) -> Figures:
    done = _python(folder, "-c", RUN)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
        process = json.loads(done.stderr.strip().splitlines()[-1])
    except ValueError:
        raise RuntimeError(done.stdout + done.stderr) from None
    if answer["status"] not in DONE:
        raise RuntimeError(done.stdout)
    stages = {name: seconds for name, seconds in answer["seconds"].items() if name != "total"}
    return Figures(**process, requests=answer["requests"], bytes=answer["bytes"], stages=stages)


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # An installation has its modules compiled; a workplace that forbids it would measure the compiler.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = inherited | {"TRAGINER_HOME": str(folder / "home")}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done


def _change(profiles: Path, folder: Path) -> None:
    """One profile in a hundred gets another name, another one in a hundred is gone."""
    die = "md5_number_lower(customer_id || 'bench') % 100"
    with open_duck(folder / "duck") as duck, replacing(profiles) as part:
        duck.run(
            f"COPY (SELECT * REPLACE (CASE WHEN {die} = 1 THEN last_name || ' x' ELSE last_name END AS last_name)"
            f" FROM read_parquet({literal(profiles)}) WHERE {die} <> 2) TO {literal(part)} (FORMAT parquet, COMPRESSION zstd)"
        )
