"""An installation as a person has it: a `traginer serve` process with its worker, on an empty home, beside a local Brevo."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.control.cast import PASSWORD, ROLES
from tests.web.conftest import SHARED
from tests.world import SCHEMA, STRANGERS, TRAGINER, people, profile
from traginer.sandbox import Sandbox

START_SECONDS = 40
PROFILES = [*people(range(10)), *STRANGERS, profile(11, email="no address")]


@dataclass(frozen=True)
class Installation:
    """Where its pages are, its folder, and the Brevo that its connections lead to."""

    url: str
    folder: Path
    sandbox: Sandbox


@contextmanager
def serving(folder: Path, *, is_filled: bool = False) -> Iterator[Installation]:
    """An installation inside the block: empty, or with the shared world of the pages, its people, and one run done."""
    with Sandbox(tier="unlimited") as sandbox:
        environment = _environment(folder, sandbox)
        pq.write_table(pa.Table.from_pylist(PROFILES, schema=SCHEMA), folder / "profiles.parquet")
        if is_filled:
            _fill(folder, environment)
        port = _free_port()
        process = subprocess.Popen(
            [TRAGINER, "serve", "--port", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(process, port)
            yield Installation(f"http://127.0.0.1:{port}", folder, sandbox)
        finally:
            process.terminate()
            process.wait(30)


def _environment(folder: Path, sandbox: Sandbox) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRAGINER_")}
    return {
        **kept,
        "TRAGINER_HOME": str(folder / "home"),
        "TRAGINER_SOURCES": str(folder),
        "TRAGINER_LANGUAGE": "en",
        "BREVO_API_KEY": sandbox.api_key,
        "BREVO_URL": sandbox.base_url,
    }


def _fill(folder: Path, environment: dict[str, str]) -> None:
    (folder / "traginer.yml").write_text(SHARED, encoding="utf-8")
    for name, role in ROLES.items():
        who = ["--role", role, "--name", name.title(), "--password-stdin"]
        _command(environment, "user", "add", f"{name}@example.org", *who, typed=PASSWORD)
    _command(environment, "apply", str(folder / "traginer.yml"))
    _command(environment, "run", "Newsletter")


def _command(environment: dict[str, str], *words: str, typed: str = "") -> None:
    done = subprocess.run(
        [TRAGINER, *words], env=environment, input=typed, capture_output=True, text=True, timeout=60, check=False
    )
    # 3 is a run completed with warnings: one profile has no address.
    assert done.returncode in {0, 3}, (words, done.stdout, done.stderr)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Return once the pages answer."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError(f"traginer serve does not answer (exit code {process.poll()})")
