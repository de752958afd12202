"""The local Brevo of the sample: a process beside the pages, which ends with them and begins with them.

`python -m traginer.web.sample_brevo ARGUMENTS` is that process: `traginer sandbox`, under supervision.
"""

import logging
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from traginer.control.worker_supervised import SUPERVISED, end_with_supervisor
from traginer.durable import make_folder
from traginer.errors import Phrase
from traginer.home import home, place
from traginer.i18n import N_
from traginer.web.errors import SampleUnavailable

FOLDER = "sample-brevo"
PORT_FILE = "port"
PATIENCE_SECONDS = 20.0
_URL, _KEY = re.compile(r"http://[^\s/]+:(\d+)/v3"), re.compile(r"xkeysib-\S+")

log = logging.getLogger("traginer.web")


@dataclass(frozen=True)
class Address:
    """Where the local Brevo answers, and the key that it takes."""

    base_url: str
    api_key: str


_processes: "list[subprocess.Popen[str]]" = []
_beginning = threading.Lock()


def begun() -> Address:
    """The local Brevo, begun where it does not run, at the port that it had before. Raises SampleUnavailable."""
    with _beginning:
        end()
        folder = make_folder(home() / FOLDER)
        process = _started(folder, _port(folder))
        _processes.append(process)
        address = _announced(process)
        (folder / PORT_FILE).write_text(_URL.search(address.base_url)[1], encoding="utf-8")  # type: ignore[index]
    return address


def keep() -> None:
    """Begin it again where the sample has been loaded; for the start of the pages' process, which goes on without it."""
    if SUPERVISED in os.environ and (place() / FOLDER / PORT_FILE).exists():
        try:
            begun()
        except SampleUnavailable as error:
            log.warning("the local Brevo of the sample does not run: %s", error.facts["why"])


def end() -> None:
    """End it, if this process has begun it."""
    while _processes:
        process = _processes.pop()
        with process, suppress(ProcessLookupError):
            process.terminate()


def forget() -> None:
    """End it, and throw away what it held: the next one begins empty."""
    end()
    shutil.rmtree(place() / FOLDER, ignore_errors=True)


def _port(folder: Path) -> int:
    """The port in the connection that the sample made; any free one before there is one."""
    file = folder / PORT_FILE
    return int(file.read_text(encoding="utf-8")) if file.exists() else 0


def _started(folder: Path, port: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - our own module, by this Python
        [sys.executable, "-m", "traginer.web.sample_brevo", "--home", str(folder), "--port", str(port)],
        stdin=subprocess.PIPE,  # it ends with this process, and the local Brevo with it
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, SUPERVISED: "1"},
    )


def _announced(process: "subprocess.Popen[str]") -> Address:
    """What it prints once it answers. Raises SampleUnavailable with its last line where it ends instead."""
    impatience = threading.Timer(PATIENCE_SECONDS, process.kill)
    impatience.start()
    said = ""
    try:
        for line in process.stdout or ():
            said += line
            if (url := _URL.search(said)) and (key := _KEY.search(said)):
                return Address(url[0], key[0])
    finally:
        impatience.cancel()
    raise SampleUnavailable(why=(said.strip().splitlines() or [Phrase(N_("it said nothing"))])[-1])


if __name__ == "__main__":
    end_with_supervisor()
    sys.argv[0:1] = ["traginer", "sandbox"]
    runpy.run_module("traginer", run_name="__main__", alter_sys=True)
