"""The processes: a worker that stops when it is asked to, a server that looks after all of them."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.world import ADA, TRAGINER, World, addresses
from traginer.control import exports, leases, runs
from traginer.control.models import Heartbeat, Run, RunStatus
from traginer.sandbox import Sandbox

PATIENCE_SECONDS = 30.0


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process of its own, killed at the end of the block if it still runs."""
    with subprocess.Popen(
        [TRAGINER, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as started:
        try:
            yield started
        finally:
            started.kill()


def answer(port: int) -> int | None:
    """The status of /healthz; None where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def children(pid: int) -> dict[int, str]:
    """The processes below one, with their command lines; those that are dead and not yet buried left out."""
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_text().replace("\0", " ")
        except (OSError, IndexError):
            continue
        if folder.name.isdigit() and int(fields[1]) == pid and fields[0] != "Z":
            found[int(folder.name)] = command
    return {**found, **{k: v for child in found for k, v in children(child).items()}}


def test_a_worker_that_is_asked_to_end_leaves_its_run_to_the_next(world: World, sandbox: Sandbox) -> None:
    sandbox.switches.queue_delay_seconds = 3600.0
    run = runs.request(ADA, exports.get(ADA, "Newsletter"))
    with process("worker") as worker:
        until(lambda: runs.get(ADA, run.pk).stage == "follow")
        worker.send_signal(signal.SIGTERM)
        output, _ = worker.communicate(timeout=PATIENCE_SECONDS)
    assert (worker.returncode, output) == (0, "")
    left = runs.get(ADA, run.pk)
    assert (left.status, left.owner) == (RunStatus.PROCESSING, "")
    assert runs.is_interrupted(left)


def test_a_worker_tells_what_became_of_each_run(world: World) -> None:
    run = runs.request(ADA, exports.get(ADA, "Newsletter"))
    with process("worker") as worker:
        until(lambda: runs.get(ADA, run.pk).status == RunStatus.SUCCESSFUL)
        time.sleep(0.1)
        worker.send_signal(signal.SIGINT)
        output, _ = worker.communicate(timeout=PATIENCE_SECONDS)
    assert f"Run {run.pk} of the export Newsletter: Successful." in output
    assert world.on_list() == addresses(range(10))


@contextmanager
def serving(port: int) -> Iterator[subprocess.Popen[str]]:
    with process("serve", "--port", str(port)) as server:
        until(lambda: answer(port) == 200)
        until(lambda: len(children(server.pid)) == 4)
        yield server


def test_serve_answers_works_on_the_queue_starts_again_what_dies_and_ends_it_all(world: World) -> None:
    """S37: what the pages ask for is carried by the worker that serve has with it."""
    port = free_port()
    with serving(port) as server:
        run = runs.request(ADA, exports.get(ADA, "Newsletter"))
        until(lambda: runs.get(ADA, run.pk).status == RunStatus.SUCCESSFUL)
        assert world.on_list() == addresses(range(10))

        before = children(server.pid)
        [worker] = [pid for pid, command in before.items() if command.endswith("traginer worker ")]
        os.kill(worker, signal.SIGKILL)
        until(lambda: any(c.endswith("traginer worker ") for p, c in children(server.pid).items() if p != worker))

        web = next(pid for pid, command in before.items() if "traginer.web.server" in command)
        os.kill(web, signal.SIGKILL)
        until(lambda: any("web.server" in c for p, c in children(server.pid).items() if p not in before))
        until(lambda: answer(port) == 200)

        server.send_signal(signal.SIGTERM)
        output, _ = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 0
    assert f"Traginer answers at http://127.0.0.1:{port}/" in output
    assert "worker 1 ended (code -9)" in output
    assert "web server ended (code -9)" in output
    until(lambda: answer(port) is None)


def test_what_serve_has_started_ends_with_it_even_when_it_is_killed(installation: Path) -> None:
    port = free_port()
    with serving(port) as server:
        below = children(server.pid)
        server.kill()
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in below))
    assert answer(port) is None


def test_serve_on_a_port_that_is_taken_says_so_and_starts_nothing(home: Path, world: World) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = world.command("serve", "--port", str(taken.getsockname()[1]))
    assert (said.exit_code, said.out) == (1, "")
    assert "(port-taken)" in said.err
    assert "Address already in use" in said.err


def test_serve_on_a_database_that_cannot_be_used_says_so_and_ends(world: World) -> None:
    said = world.command("serve", "--port", str(free_port()), TRAGINER_DATABASE=str(world.folder))
    assert said.exit_code == 1
    assert "(database-unavailable)" in said.err


def test_a_dead_process_that_nobody_has_buried_is_dead(world: World) -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as sleeper:
        alive = leases.owner().split("/")[0] + f"/{sleeper.pid}/" + _start_of(sleeper.pid)
        assert leases.may_live(alive)
        sleeper.kill()
        until(lambda: " Z " in Path(f"/proc/{sleeper.pid}/stat").read_text())
        assert not leases.may_live(alive)
    assert Run.objects.count() == 0


def _start_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


@pytest.mark.parametrize("command", ["worker", "scheduler"])
def test_a_worker_and_a_scheduler_end_at_once_when_there_is_nothing_to_do(world: World, command: str) -> None:
    with process(command) as started:
        until(lambda: started.poll() is not None or _has_beaten(command))
        started.send_signal(signal.SIGTERM)
        started.communicate(timeout=PATIENCE_SECONDS)
    assert started.returncode == 0
    assert not _has_beaten(command)


def _has_beaten(role: str) -> bool:
    return Heartbeat.objects.filter(role=role).exists()
