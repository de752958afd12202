"""The peers, and for each an environment of its own with exactly the versions of its requirements file."""

import hashlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import traginer

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@dataclass(frozen=True)
class Peer:
    """One of those compared. `package` is what its version is read from; `has_cursor`: it can go by an `updated_at` column."""

    name: str
    package: str
    has_cursor: bool = False

    @property
    def script(self) -> Path:
        """The file with its three functions."""
        return HERE / self.name / "peer.py"

    @property
    def requirements(self) -> Path:
        """Its pinned packages."""
        return HERE / self.name / "requirements.txt"

    @property
    def version(self) -> str:
        """The version under test."""
        if self.package == "traginer":
            return traginer.__version__
        found = re.search(rf"^{self.package}==(\S+)", self.requirements.read_text(encoding="utf-8"), re.MULTILINE)
        if found is None:
            raise LookupError(f"{self.requirements} does not pin {self.package}")
        return found[1]


PEERS = (
    Peer("traginer", "traginer"),
    Peer("drt", "drt-core", has_cursor=True),
    Peer("dlt", "dlt", has_cursor=True),
    Peer("singer", "singer-sdk", has_cursor=True),
    Peer("brevo_python", "brevo-python"),
)


def python_of(peer: Peer, folder: Path) -> Path:
    """The interpreter with the peer's packages; the environment is made below `folder` if it is not there yet."""
    if peer.package == "traginer":
        return Path(sys.executable)
    digest = hashlib.sha256(peer.requirements.read_bytes() + sys.version.encode()).hexdigest()[:8]
    environment = folder / f"{peer.name}-{digest}"
    python = environment / "bin" / "python"
    stamp = environment / "complete"
    if not stamp.exists():
        _uv("venv", "--clear", "--python", sys.executable, str(environment))
        _uv("pip", "sync", "--python", str(python), str(peer.requirements))
        stamp.touch()
    return python


def _uv(*arguments: str) -> None:
    local = ROOT / ".tools" / "bin" / "uv"
    program = str(local) if local.exists() else shutil.which("uv")
    if program is None:
        raise FileNotFoundError("uv is needed to make the peers' environments: make setup fetches it into .tools")
    if subprocess.run([program, "--quiet", *arguments], check=False).returncode:
        # Behind a company's proxy only the system's certificates are right.
        subprocess.run([program, "--quiet", "--system-certs", *arguments], check=True)
