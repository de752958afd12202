"""The kinds of sources, each with a way to write rows as one: a new kind adds a line to KINDS."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from traginer.profiles.files import FileSource

KEY = "customer_id"
SCHEMA = pa.schema(
    [
        (KEY, pa.string()),
        ("email", pa.string()),
        ("postcode", pa.string()),
        ("lifetime_value", pa.float64()),
        ("newsletter", pa.bool_()),
        ("joined_on", pa.date32()),
        ("last_purchase_at", pa.timestamp("us")),
    ]
)


def write_parquet(rows: pa.Table, path: Path) -> None:
    pq.write_table(rows, path)


def write_csv(rows: pa.Table, path: Path) -> None:
    pa.csv.write_csv(rows, path)


def write_duckdb(rows: pa.Table, path: Path) -> None:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.register("given", rows)
        connection.execute("CREATE TABLE profiles AS SELECT * FROM given")


@dataclass(frozen=True)
class Kind:
    """A kind of source in a folder."""

    type: str
    write: Callable[[pa.Table, Path], None]
    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / f"profiles.{self.type}"

    def source(self, rows: pa.Table | None = None, *, key: str = KEY) -> FileSource:
        """A source of these rows; without rows, of whatever lies at the path."""
        if rows is not None:
            self.write(rows, self.path)
        return FileSource("Customers", self.type, str(self.path), key)


KINDS = {"parquet": write_parquet, "csv": write_csv, "duckdb": write_duckdb}
