"""Processes: the asynchronous work of an account, as it stands in the database and as Brevo shows it."""

import json
from collections.abc import Mapping
from typing import Any

from traginer.sandbox.clock import Clock, iso
from traginer.sandbox.store import Store
from traginer.sandbox.switches import Switches

IMPORT = "IMPORTUSER"
EXPORT = "SEARCH_EXPORT_USERS"
REMOVAL = "LIST_REMOVE_CONTACTS"  # Brevo's name for it is not known; clients must take the names as an open set
REPORTS = (
    "invalid_emails",
    "duplicate_contact_id",
    "duplicate_ext_id",
    "duplicate_email_id",
    "duplicate_phone_id",
    "duplicate_whatsapp_id",
    "duplicate_landline_number_id",
)
_UNFINISHED = "finished_at IS NULL"


class ProcessFailed(Exception):
    """A process can't go on; the text is for its `error`."""


class ProcessGone(ProcessFailed):
    """There is no such process any more."""


class Processes:
    """Start, follow and show processes."""

    def __init__(self, store: Store, clock: Clock, switches: Switches) -> None:
        self.store, self.clock, self.switches = store, clock, switches

    def add(
        self,
        name: str,
        options: Mapping[str, Any],
        *,
        rows: int,
        request_id: str,
        payload: bytes = b"",
        stuck: bool = False,
    ) -> int:
        """Queue a process; its id. Durable when this returns: a crash afterwards resumes it."""
        now = self.clock.now()
        until = (now + self.switches.stuck_seconds if self.switches.stuck_seconds else 1e18) if stuck else None
        return self.store.insert(
            "INSERT INTO process (name, status, options, payload, rows, created_at, stuck_until, request_id) "
            "VALUES (?, 'queued', ?, ?, ?, ?, ?, ?)",
            (name, json.dumps(options), payload, rows, now, until, request_id),
        )

    def find(self, process_id: int) -> Any:
        """A visible process's row, or None."""
        where, values = self._visible()
        return self.store.row(f"SELECT * FROM process WHERE id = ? AND {where}", (process_id, *values))

    def page(self, *, limit: int, offset: int, descending: bool) -> tuple[list[Any], int]:
        """Visible processes by age, and how many there are."""
        where, values = self._visible()
        order = "DESC" if descending else "ASC"
        columns = "id, name, status, rows, next_row, created_at, started_at, finished_at, error, file, request_id"
        rows = self.store.rows(
            f"SELECT {columns} FROM process WHERE {where} ORDER BY id {order} LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return rows, int(self.store.value(f"SELECT count(*) FROM process WHERE {where}", values))

    def _visible(self) -> tuple[str, tuple[float, ...]]:
        seconds = self.switches.processes_live_seconds
        if not seconds:
            return "1", ()
        return "(finished_at IS NULL OR finished_at >= ?)", (self.clock.now() - seconds,)

    def imports_in_flight(self) -> int:
        """How many imports are not finished."""
        sql = f"SELECT count(*) FROM process WHERE {_UNFINISHED} AND name = ?"
        return int(self.store.value(sql, (IMPORT,)))

    def next_unfinished(self) -> Any:
        """The oldest process that is not finished and not stuck, or None."""
        return self.store.row(
            f"SELECT * FROM process WHERE {_UNFINISHED} AND (stuck_until IS NULL OR stuck_until <= ?) "
            "ORDER BY id LIMIT 1",
            (self.clock.now(),),
        )

    def next_release(self) -> float | None:
        """When the first stuck process comes loose, if ever."""
        sql = f"SELECT min(stuck_until) FROM process WHERE {_UNFINISHED} AND stuck_until < 1e18"
        found: float | None = self.store.value(sql)
        return found

    def begins_at(self, process: Any) -> float:
        """When a queued process may start: after its time in the queue, and after its predecessor."""
        last_finish: float = self.store.value("SELECT max(finished_at) FROM process") or 0.0
        loose: float = process["stuck_until"] or 0.0
        waited: float = process["created_at"] + self.switches.queue_delay_seconds
        return max(waited, last_finish, loose)

    def begin(self, process_id: int, at: float) -> None:
        """The process leaves the queue."""
        sql = "UPDATE process SET status = ?, started_at = ? WHERE id = ?"
        self.store.run(sql, (self.switches.running_status, at, process_id))

    def progress(self, process_id: int, next_row: int) -> None:
        """Rows before `next_row` are done. Raises ProcessGone when a reset took the process away meanwhile."""
        if self.store.run("UPDATE process SET next_row = ? WHERE id = ?", (next_row, process_id)) != 1:
            raise ProcessGone(f"Process {process_id} is gone")

    def finish(self, process_id: int, at: float, *, error: str | None = None, file: str | None = None) -> None:
        """The process is over: completed, or failed with an error. Its payload is let go."""
        status = "failed" if error else "completed"
        self.store.run(
            "UPDATE process SET status = ?, finished_at = ?, error = ?, file = ?, payload = NULL WHERE id = ?",
            (status, at, error, file, process_id),
        )

    def as_json(self, row: Any, url: str) -> dict[str, Any]:
        """The process as GET /processes shows it; `url` is where this sandbox serves its files."""
        shown: dict[str, Any] = {"id": row["id"], "name": row["name"], "status": row["status"]}
        if row["status"] == "completed" and row["name"] == IMPORT:
            shown["info"] = {"import": self._reports(row["id"], url)}
        if row["file"]:
            shown["export_url"] = f"{url}/sandbox/files/{row['file']}"
        if self.switches.process_times:
            finished = iso(row["finished_at"]) if row["finished_at"] else None
            shown |= {"error": row["error"], "created_at": iso(row["created_at"]), "completed_at": finished}
        return shown

    def _reports(self, process_id: int, url: str) -> dict[str, str | None]:
        rows = self.store.rows("SELECT DISTINCT kind FROM reject WHERE process_id = ?", (process_id,))
        present = {row["kind"] for row in rows}
        return {kind: f"{url}/sandbox/files/{process_id}-{kind}.csv" if kind in present else None for kind in REPORTS}
