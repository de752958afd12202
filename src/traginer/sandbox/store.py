"""Everything the sandbox remembers, in one SQLite database: a file when a home is given, else memory."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folder (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS list (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, folder_id INTEGER NOT NULL, created_at REAL NOT NULL,
    dynamic INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS segment (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, category TEXT NOT NULL, updated_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS attribute (
    name TEXT PRIMARY KEY, category TEXT NOT NULL, type TEXT, options TEXT NOT NULL DEFAULT '[]', value TEXT,
    place INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS contact (
    id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT UNIQUE, ext_id TEXT, sms TEXT, whatsapp TEXT, landline TEXT,
    attributes TEXT NOT NULL DEFAULT '{}',
    email_blocked INTEGER NOT NULL DEFAULT 0, sms_blocked INTEGER NOT NULL DEFAULT 0,
    whatsapp_blocked INTEGER NOT NULL DEFAULT 0, created_at REAL NOT NULL, modified_at REAL NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS contact_ext_id ON contact(ext_id) WHERE ext_id IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS contact_sms ON contact(sms) WHERE sms IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS contact_whatsapp ON contact(whatsapp) WHERE whatsapp IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS contact_landline ON contact(landline) WHERE landline IS NOT NULL;
CREATE INDEX IF NOT EXISTS contact_blocked ON contact(id) WHERE email_blocked = 1;
CREATE TABLE IF NOT EXISTS membership (
    list_id INTEGER NOT NULL, contact_id INTEGER NOT NULL, PRIMARY KEY (list_id, contact_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS membership_contact ON membership(contact_id);
CREATE TABLE IF NOT EXISTS segment_member (
    segment_id INTEGER NOT NULL, contact_id INTEGER NOT NULL, PRIMARY KEY (segment_id, contact_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS list_block (
    contact_id INTEGER NOT NULL, list_id INTEGER NOT NULL, PRIMARY KEY (contact_id, list_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS consent (
    contact_id INTEGER NOT NULL, group_id INTEGER NOT NULL, PRIMARY KEY (contact_id, group_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS process (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, status TEXT NOT NULL, options TEXT NOT NULL,
    payload BLOB, rows INTEGER NOT NULL DEFAULT 0, next_row INTEGER NOT NULL DEFAULT 0, created_at REAL NOT NULL,
    started_at REAL, finished_at REAL, stuck_until REAL, error TEXT, file TEXT, request_id TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS process_unfinished ON process(id) WHERE finished_at IS NULL;
CREATE TABLE IF NOT EXISTS reject (
    process_id INTEGER NOT NULL, kind TEXT NOT NULL, email TEXT, ext_id TEXT, sms TEXT, whatsapp TEXT, landline TEXT);
CREATE INDEX IF NOT EXISTS reject_process ON reject(process_id, kind);
CREATE TABLE IF NOT EXISTS file (name TEXT PRIMARY KEY, created_at REAL NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS webhook (
    id INTEGER PRIMARY KEY AUTOINCREMENT, settings TEXT NOT NULL, created_at REAL NOT NULL, modified_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS blocked (
    id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL, sender TEXT NOT NULL, code TEXT NOT NULL,
    message TEXT NOT NULL, blocked_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS incident (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at REAL NOT NULL, request_id TEXT NOT NULL,
    contact_id INTEGER, process_id INTEGER);
"""
TABLES = tuple(line.split()[5] for line in SCHEMA.splitlines() if line.startswith("CREATE TABLE"))


class Store:
    """One connection, one lock. Statements are short (a page, a chunk of rows), so callers hardly wait."""

    def __init__(self, home: Path | None) -> None:
        self._lock = RLock()
        self._depth = 0
        self.generation = 0
        """Grows with every write to contacts or memberships: what was counted or remembered before it is stale."""
        path = _database_file(home) if home else ":memory:"
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, cached_statements=256)
        self._connection.row_factory = sqlite3.Row
        # A killed process loses nothing in WAL mode with NORMAL; a power cut may lose the last commits of a sandbox.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "temp_store=MEMORY", "cache_size=-65536"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside take effect together, or not at all. May be nested: the outermost decides."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth == 1:
                    self._connection.execute("BEGIN IMMEDIATE")
                yield
            except BaseException:
                if self._depth == 1:
                    self._connection.execute("ROLLBACK")
                    self.generation += 1
                raise
            else:
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        with self._lock:
            found: sqlite3.Row | None = self._connection.execute(sql, parameters).fetchone()
            return found

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The first value of the first row, or None."""
        found = self.row(sql, parameters)
        return found[0] if found else None

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Write; the number of rows changed."""
        with self._lock:
            self.generation += 1
            return self._connection.execute(sql, parameters).rowcount

    def insert(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Write one row; its id."""
        with self._lock:
            self.generation += 1
            return int(self._connection.execute(sql, parameters).lastrowid or 0)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Write many rows with one statement."""
        with self._lock:
            self.generation += 1
            self._connection.executemany(sql, rows)

    def note(self, name: str) -> str | None:
        """A remembered text."""
        found: str | None = self.value("SELECT value FROM note WHERE name = ?", (name,))
        return found

    def remember(self, name: str, value: str) -> None:
        """Remember a text under a name."""
        self.run("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    def last_id(self, table: str) -> int:
        """The highest id a table ever gave out."""
        return int(self.value("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)) or 0)

    def clear(self) -> None:
        """Forget everything, ids included; only process ids go on: one under way must not pass for a new one."""
        with self.transaction():
            for table in TABLES:
                self.run(f"DELETE FROM {table}")
            self.run("DELETE FROM sqlite_sequence WHERE name <> 'process'")

    def close(self) -> None:
        """Close the database; the store can't be used afterwards."""
        with self._lock:
            self._connection.close()


def _database_file(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home / "sandbox.sqlite3"
    path.touch(mode=0o600)
    return path
