"""The file of a backup: a tar, compressed, with the sums of everything in it at its end.

manifest.json is the last member: who wrote it has written all the others. Nothing is believed before it has been compared.
"""

import hashlib
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Self, cast

import pyarrow as pa

from traginer.control.backup.errors import BackupDamaged, BackupNameUnknown
from traginer.durable import make_folder, sync_file, sync_folder
from traginer.errors import Phrase
from traginer.i18n import N_

FORMAT = 1
MANIFEST = "manifest.json"
COMPRESSIONS = {".tar.zst": "zstd", ".tar.gz": "gzip"}
PIECE = 1 << 20
PLACES = ("ledgers", "memberships", "spool", "consent")
FILES = ("traginer.sqlite3", "key")


@dataclass(frozen=True)
class Manifest:
    """What a backup is of. `files` are path -> [bytes, sha256]; `missing` those that the database names and nobody found."""

    made_at: str
    traginer: str
    database: str
    migrations: list[str]
    runs_under_way: list[int]
    missing: list[str]
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    format: int = FORMAT

    @classmethod
    def read(cls, content: bytes) -> Self:
        """From its JSON. Raises ValueError or TypeError for what is none; of a later format only the version is known."""
        values = json.loads(content)
        if values["format"] > FORMAT:
            return cls("", values["traginer"], "", [], [], [], format=values["format"])
        values["files"] = {path: (size, digest) for path, (size, digest) in values["files"].items()}
        return cls(**values)


def compression_of(path: Path) -> str:
    """How the archive of this name is compressed. Raises BackupNameUnknown."""
    for ending, name in COMPRESSIONS.items():
        if path.name.endswith(ending):
            return name
    raise BackupNameUnknown(endings=Phrase(N_(".tar.zst or .tar.gz")), name=path.name)


def write(path: Path, compression: str, files: Mapping[str, Path], manifest: Manifest) -> None:
    """Write the files, each under its name, and then the manifest with their sums. Raises OSError."""
    with (
        pa.output_stream(str(path), compression=compression) as stream,
        tarfile.open(fileobj=cast("BinaryIO", stream), mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, file in sorted(files.items()):
            manifest.files[name] = _add(tar, name, file)
        content = json.dumps(asdict(manifest), indent=1).encode()
        tar.addfile(_member(MANIFEST, len(content)), BytesIO(content))


def unpack(path: Path, folder: Path) -> Manifest:
    """Write the members into `folder`, synced, mode 0600; gives the manifest. Raises BackupDamaged unless all is as it was."""
    compression = compression_of(path)
    found: dict[str, tuple[int, str]] = {}
    manifest = None
    with _reading(path), pa.input_stream(str(path), compression=compression) as stream:
        with tarfile.open(fileobj=cast("BinaryIO", stream), mode="r|") as tar:
            for member in tar:
                if manifest is not None or not member.isreg() or member.name in found:
                    raise ValueError(member.name)
                content = cast("BinaryIO", tar.extractfile(member))
                if member.name == MANIFEST:
                    manifest = Manifest.read(content.read())
                else:
                    found[member.name] = _extract(content, folder / _safe(member.name))
        while stream.read(PIECE):  # to the end of the compressed stream, which has a sum of its own
            pass
    if manifest is None or (manifest.format == FORMAT and manifest.files != found):
        raise BackupDamaged(path=path, why=Phrase(N_("its content is not what its manifest says")))
    return manifest


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (tarfile.TarError, ValueError, TypeError, KeyError, EOFError, pa.ArrowException) as error:
        raise BackupDamaged(path=path, why=type(error).__name__) from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise BackupDamaged(path=path, why=Phrase(N_("it cannot be unpacked"))) from None


class _Summing:
    """A file that is read once, and what was read of it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.sha256.update(piece)
        return piece


def _add(tar: tarfile.TarFile, name: str, file: Path) -> tuple[int, str]:
    with file.open("rb") as opened:
        summing, size = _Summing(opened), file.stat().st_size
        tar.addfile(_member(name, size), cast("BinaryIO", summing))
    return size, summing.sha256.hexdigest()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _extract(content: BinaryIO, path: Path) -> tuple[int, str]:
    make_folder(path.parent)
    summing, size = _Summing(content), 0
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as file:
        while piece := summing.read(PIECE):
            size += file.write(piece)
    sync_file(path)
    sync_folder(path.parent)
    return size, summing.sha256.hexdigest()


def _safe(name: str) -> PurePosixPath:
    """The path of a member inside a home. Raises ValueError for one that would lie anywhere else."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(name)
    if name not in FILES and (len(path.parts) < 2 or path.parts[0] not in PLACES):
        raise ValueError(name)
    return path


def as_dict(manifest: Manifest) -> dict[str, Any]:
    """The manifest for machines, without the sums."""
    return {name: value for name, value in asdict(manifest).items() if name != "files"}
