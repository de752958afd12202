"""Run a peer in a process of its own: how long, how much memory, what it says; or kill it at a given moment."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from bench.peers.environments import HERE, ROOT, Peer
from bench.peers.inside.door import Errand, Told

SAMPLE_SECONDS = 0.02
SESSION_FIELD = 3  # of /proc/PID/stat, after the name in brackets: proc(5)
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# No peer reports its use to its makers from here.
QUIET = {"DO_NOT_TRACK": "1", "RUNTIME__DLTHUB_TELEMETRY": "false"}


@dataclass(frozen=True)
class Measured:
    """One run of a peer: seconds from start to exit of its process, peak of the memory of all its processes together."""

    seconds: float
    peak_mb: float
    told: Told


@dataclass(frozen=True)
class Runner:
    """Starts a peer with the interpreter that has its packages."""

    peer: Peer
    python: Path

    def prepare(self, errand: Errand) -> None:
        """Let it write its configuration."""
        process = self._start("prepare", errand)
        if process.wait():
            raise RuntimeError(f"{self.peer.name} cannot be prepared:\n{_output(errand)}")

    def send(self, errand: Errand) -> Measured:
        """One run to its end, whether the peer calls it a success or not."""
        told_path = Path(errand.folder) / "told.json"
        told_path.unlink(missing_ok=True)
        started = time.perf_counter()
        process = self._start("send", errand)
        peak = _Peak(process.pid)
        process.wait()
        seconds = time.perf_counter() - started
        if not told_path.exists():
            raise RuntimeError(f"{self.peer.name} ended without a word:\n{_output(errand)}")
        return Measured(seconds, peak.stop_mb(), Told(**json.loads(told_path.read_text(encoding="utf-8"))))

    def send_well(self, errand: Errand) -> Measured:
        """One run to its end; a failure is ours: RuntimeError."""
        measured = self.send(errand)
        if measured.told.failed:
            raise RuntimeError(f"{self.peer.name} failed: {measured.told.says}\n{_output(errand)}")
        return measured

    def send_and_kill(self, errand: Errand, moment: Callable[[], bool]) -> None:
        """Start a run, and kill -9 it with all its children once `moment` has come."""
        process = self._start("send", errand)
        while not moment():
            if process.poll() is not None:
                raise RuntimeError(f"{self.peer.name} ended before it could be killed:\n{_output(errand)}")
            time.sleep(SAMPLE_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _start(self, verb: str, errand: Errand) -> subprocess.Popen[bytes]:
        folder = Path(errand.folder)
        path = folder / "errand.json"
        path.write_text(json.dumps(vars(errand)), encoding="utf-8")
        ways = [str(HERE / "inside")]
        if self.peer.package == "traginer":
            ways.append(str(ROOT / "src"))
        environment = {
            **os.environ,
            **QUIET,
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join(ways),
        }
        command = [str(self.python), "-P", "-m", "door", str(self.peer.script), verb, str(path)]
        with (folder / "output.txt").open("ab") as output:
            return subprocess.Popen(
                command, cwd=folder, env=environment, stdout=output, stderr=output, start_new_session=True
            )


def limit_seconds(profiles: Path, folder: Path, sink_url: str) -> float:
    """What `bench.limit` needs for the same profiles, in a process of its own as well."""
    command = [sys.executable, "-m", "bench.limit", str(profiles), str(folder), sink_url]
    return float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def _output(errand: Errand) -> str:
    return (Path(errand.folder) / "output.txt").read_text(encoding="utf-8", errors="replace")[-3000:]


class _Peak:
    """Watches the memory of all processes of a session, which a peer's children share with it."""

    def __init__(self, session: int) -> None:
        self._session, self._peak, self._over = session, 0, Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop_mb(self) -> float:
        """The highest sum seen, in MiB."""
        self._over.set()
        self._thread.join()
        return self._peak * PAGE_BYTES / (1 << 20)

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, _session_pages(self._session))


def _session_pages(session: int) -> int:
    """Resident pages of a session's processes; those of files, which they share, as many as the one with most has."""
    own, of_files = 0, [0]
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[SESSION_FIELD]) == session:
                resident, shared = (folder / "statm").read_text(encoding="utf-8").split()[1:3]
                own += int(resident) - int(shared)
                of_files.append(int(shared))
        except OSError:
            continue  # it ended meanwhile
    return own + max(of_files)
