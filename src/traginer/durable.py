"""Files that are on disk when the call returns: written, synced, renamed into place, and the folder synced too."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


def make_folder(path: Path) -> Path:
    """`path` as a folder that only its owner can enter, its name on disk."""
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync_folder(path.parent)
    return path


def sync_file(path: Path) -> None:
    """The content of `path` is on disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """The names in `path` are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Write to the path given; it takes the place of `path` at the end of the block, whole or not at all. Mode 0600."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.chmod(0o600)
        sync_file(part)
        part.replace(path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)
