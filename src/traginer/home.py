"""Where this installation keeps its state: TRAGINER_HOME, or the platform's data directory. Folders 0700, files 0600.

traginer.sqlite3   the control plane (unless TRAGINER_DATABASE_URL says otherwise)
key                the key that connection keys are encrypted with (unless TRAGINER_KEY holds it)
ledgers/           what each list holds because of us: identity and fingerprint only
spool/             frozen batches of runs under way, and what was refused in past ones
"""

import os
from pathlib import Path

import platformdirs

from traginer.durable import make_folder


def place() -> Path:
    """Where the state folder is, or will be."""
    configured = os.environ.get("TRAGINER_HOME")
    return (Path(configured) if configured else platformdirs.user_data_path("traginer")).resolve()


def home() -> Path:
    """The state folder, made on first use."""
    return make_folder(place())


def ledgers(export: int) -> Path:
    """The folder of one export's ledgers."""
    return home() / "ledgers" / f"export-{export}"


def holders(connection: int) -> Path:
    """The folder of who holds which number in an account."""
    return home() / "ledgers" / f"connection-{connection}"


def spool(run: int) -> Path:
    """The folder of one run."""
    return home() / "spool" / f"run-{run}"
