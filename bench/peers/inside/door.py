"""What runs in a peer's own environment: `python -P -m door PEER.py prepare|send ERRAND.json`; the standard library alone.

A peer is a file with three functions: `prepare(errand)` writes its configuration, `send(errand)` brings the profiles to the
list, `told(errand)` gives what the peer itself says of it afterwards.
"""

import importlib.util
import json
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType


@dataclass(frozen=True)
class Errand:
    """What a peer is to do: bring the profiles of a Parquet file to list 7 of the account at `url`.

    `rows_per_body` rows make about `body_bytes` of JSON, for peers that count in rows. `cursor`: send only what the column
    `updated_at` says is new. The peer keeps whatever it wants to remember in `folder`, which is its home as well.
    """

    profiles: str
    folder: str
    url: str
    key: str
    rows_per_body: int
    body_bytes: int
    cursor: bool = False


@dataclass(frozen=True)
class Told:
    """What a peer said: rows it calls sent, rows it says did not arrive (None: it has no word for that), and its last word.

    `failed`: it says that the run as a whole went wrong.
    """

    sent: int
    refused: int | None = None
    says: str = ""
    failed: bool = False


def main(peer_path: str, verb: str, errand_path: str) -> int:
    """Do one thing, and leave what the peer told in `told.json`; 1 when it failed."""
    errand = Errand(**json.loads(Path(errand_path).read_text(encoding="utf-8")))
    peer = _load(Path(peer_path))
    if verb == "prepare":
        peer.prepare(errand)
        return 0
    try:
        peer.send(errand)
        told = peer.told(errand)
    except Exception as error:
        traceback.print_exc()
        told = Told(0, says=f"{type(error).__name__}: {error}", failed=True)
    (Path(errand.folder) / "told.json").write_text(json.dumps(vars(told)), encoding="utf-8")
    return int(told.failed)


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("peer", path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    # Under `-m` this file is `__main__`; peers import it as `door`, and must meet the same classes.
    sys.modules["door"] = sys.modules["__main__"]
    sys.exit(main(*sys.argv[1:]))
