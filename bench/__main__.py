"""`python -m bench [--profiles N] [--repeat N]`: the whole pipeline against the physical limit measured in the same run.

Four figures per repetition, each in a process of its own so that memory peaks are honest: the first send, an unchanged run,
and a run with 1 % changed and 1 % left. Everything goes to a sink on loopback that takes all and keeps nothing.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median

from bench import limit
from bench.sink import open_sink
from traginer.demo.samples import write_profiles
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
TODAY = date(2026, 11, 1)
GOALS = {"first send": 2.0, "unchanged": 1.2, "1 % changed, 1 % left": 1.4}


def run_once(folder: Path) -> dict[str, object]:
    """One `traginer run` in a process of its own: its answer, with wall seconds and peak memory added."""
    code = (
        "import json, resource, sys, time; started = time.perf_counter()\n"
        "from traginer.cli.main import main\n"
        "try: main(['run', 'Bench', '--json'])\n"
        "except SystemExit: pass\n"
        "print(json.dumps({'wall': time.perf_counter() - started, 'cpu': time.process_time(),"
        " 'peak_mb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), file=sys.stderr)"
    )
    environment = {**os.environ, "TRAGINER_HOME": str(folder / "home")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(done.stdout + done.stderr) from None
    if answer["status"] not in ("successful", "completed_with_warnings"):
        raise RuntimeError(done.stdout)
    return answer | json.loads(done.stderr.strip().splitlines()[-1])


def change(profiles: Path, folder: Path) -> None:
    """One profile in a hundred gets another name, another one in a hundred is gone."""
    die = "md5_number_lower(customer_id || 'bench') % 100"
    with open_duck(folder / "duck") as duck, replacing(profiles) as part:
        duck.run(
            f"COPY (SELECT * REPLACE (CASE WHEN {die} = 1 THEN last_name || ' x' ELSE last_name END AS last_name)"
            f" FROM read_parquet({literal(profiles)}) WHERE {die} <> 2) TO {literal(part)} (FORMAT parquet, COMPRESSION zstd)"
        )


def repetition(master: Path, url: str) -> dict[str, dict[str, object]]:
    """All figures once, in a fresh installation."""
    with tempfile.TemporaryDirectory(dir=master.parent) as name:
        folder = Path(name)
        shutil.copy(master, folder / "profiles.parquet")
        (folder / "traginer.yml").write_text(CONFIGURATION.format(url=url))
        environment = {**os.environ, "TRAGINER_HOME": str(folder / "home")}
        subprocess.run(
            [sys.executable, "-m", "traginer", "apply", str(folder / "traginer.yml")],
            env=environment,
            check=True,
            capture_output=True,
        )
        figures: dict[str, dict[str, object]] = {
            "limit": {"wall": limit.measure(folder / "profiles.parquet", folder, url)}
        }
        figures["first send"] = run_once(folder)
        figures["unchanged"] = run_once(folder)
        change(folder / "profiles.parquet", folder)
        figures["1 % changed, 1 % left"] = run_once(folder)
        return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--profiles", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="traginer-bench-") as name, open_sink() as url:
        master = Path(name) / "master.parquet"
        with open_duck(Path(name) / "duck") as duck:
            write_profiles(duck, master, options.profiles, TODAY)
        runs = [repetition(master, url) for _ in range(options.repeat)]
    show(options.profiles, runs)


def show(profiles: int, runs: list[dict[str, dict[str, object]]]) -> None:
    """The table: medians, spread, and the ratio to the limit of the same repetition."""
    limits = [float(str(run["limit"]["wall"])) for run in runs]
    print(
        f"{profiles:,} profiles, {len(runs)} repetitions; limit {median(limits):.2f} s ({min(limits):.2f}-{max(limits):.2f})"
    )
    print(f"{'':24}{'wall s':>8}{'spread':>14}{'cpu s':>8}{'peak MB':>9}{'requests':>10}{'ratio':>7}{'goal':>6}")
    for name, goal in GOALS.items():
        walls = [float(str(run[name]["wall"])) for run in runs]
        ratios = [wall / least for wall, least in zip(walls, limits, strict=True)]
        cpu, peak = (median(float(str(run[name][figure])) for run in runs) for figure in ("cpu", "peak_mb"))
        spread = f"{min(walls):.2f}-{max(walls):.2f}"
        print(
            f"{name:24}{median(walls):8.2f}{spread:>14}{cpu:8.2f}{peak:9.0f}{runs[0][name]['requests']:>10}{median(ratios):7.2f}{goal:6}"
        )
    for name in GOALS:
        print(f"{name}: {runs[-1][name]['seconds']}")


if __name__ == "__main__":
    main()
