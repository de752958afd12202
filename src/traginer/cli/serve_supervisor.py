"""The parent of the processes of `traginer serve`: starts them, starts again what dies, and ends them all together.

It loads no Django and holds no connection, so there is little in it that could fail.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from traginer.control.worker_shift import Shift
from traginer.control.worker_supervised import SUPERVISED

WATCH_SECONDS = 0.1
GRACE_SECONDS = 20.0
"""How long a worker may take to its next safe point. It is killed afterwards, which loses nothing."""
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
"""A process that has lived so long and dies is started again at once."""


@dataclass
class Part:
    """One process: its name for people, and the arguments of the Python that runs it."""

    name: str
    arguments: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    quick_deaths: int = 0
    start_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it, in a session of its own: a Ctrl-C at the terminal reaches it by way of the supervisor only."""
        self.process = subprocess.Popen(  # noqa: S603 - our own modules, by this Python
            [sys.executable, *self.arguments],
            stdin=subprocess.PIPE,  # it ends with this process, and the part with it
            env={**os.environ, SUPERVISED: "1"},
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs, or before its start."""
        return self.process.poll() if self.process else None

    def died(self) -> float:
        """Take note of its death; the seconds until it is to be started again."""
        lived = time.monotonic() - self.started_at
        self.quick_deaths = 0 if lived > STEADY_SECONDS else self.quick_deaths + 1
        pause = (
            min(FIRST_PAUSE_SECONDS * 2 ** (self.quick_deaths - 1), LONGEST_PAUSE_SECONDS) if self.quick_deaths else 0
        )
        self.close()
        self.start_at = time.monotonic() + pause
        return pause

    def close(self) -> None:
        """Let go of the process that has ended."""
        if self.process and self.process.stdin:
            self.process.stdin.close()
        self.process = None


class Supervisor:
    """Looks after its parts as long as its shift; `told` hears of each death: which part, its exit code, the pause."""

    def __init__(self, shift: Shift, told: Callable[[Part, int, float], None]) -> None:
        self.shift = shift
        self.told = told
        self.parts: list[Part] = []

    def add(self, part: Part) -> None:
        """Start a part and look after it."""
        self.parts.append(part)
        part.start()

    def watch(self) -> None:
        """Start again what dies, until the end is asked for."""
        while self.shift.rest(WATCH_SECONDS):
            for part in self.parts:
                self._look_at(part)

    def end(self) -> None:
        """End all parts together; those that do not end in time are killed."""
        running = [part.process for part in self.parts if part.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(deadline - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for part in self.parts:
            part.close()

    def _look_at(self, part: Part) -> None:
        exit_code = part.exit_code
        if exit_code is not None:
            self.told(part, exit_code, part.died())
        elif part.process is None and time.monotonic() >= part.start_at:
            part.start()
