"""Lists, folders and segments: who is on what."""

from collections.abc import Iterable, Mapping
from typing import Any

from traginer.sandbox.clock import Clock
from traginer.sandbox.contacts import Selection, ids_as_json
from traginer.sandbox.store import Store

_JSON_IDS = "(SELECT value FROM json_each(?))"


class Lists:
    """Lists live in folders; contacts are members of lists."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock

    def create_folder(self, name: str, *, folder_id: int | None = None) -> int:
        """A new folder's id."""
        return self.store.insert("INSERT INTO folder VALUES (?, ?)", (folder_id, name))

    def folder(self, folder_id: int) -> Any:
        """A folder's row, or None."""
        return self.store.row("SELECT * FROM folder WHERE id = ?", (folder_id,))

    def delete_folder(self, folder_id: int) -> None:
        """Remove a folder and, as Brevo does, every list in it."""
        with self.store.transaction():
            for row in self.store.rows("SELECT id FROM list WHERE folder_id = ?", (folder_id,)):
                self.delete(row["id"])
            self.store.run("DELETE FROM folder WHERE id = ?", (folder_id,))

    def create(self, name: str, folder_id: int, *, list_id: int | None = None, dynamic: bool = False) -> int:
        """A new list's id."""
        return self.store.insert(
            "INSERT INTO list VALUES (?, ?, ?, ?, ?)", (list_id, name, folder_id, self.clock.now(), dynamic)
        )

    def find(self, list_id: int) -> Any:
        """A list's row, or None."""
        return self.store.row("SELECT * FROM list WHERE id = ?", (list_id,))

    def existing(self, list_ids: Iterable[int]) -> list[int]:
        """Those of the ids that are lists now."""
        rows = self.store.rows(f"SELECT id FROM list WHERE id IN {_JSON_IDS}", (ids_as_json(list_ids),))
        return [row["id"] for row in rows]

    def delete(self, list_id: int) -> bool:
        """Remove a list; its contacts survive. Whether there was one."""
        with self.store.transaction():
            self.store.run("DELETE FROM membership WHERE list_id = ?", (list_id,))
            self.store.run("DELETE FROM list_block WHERE list_id = ?", (list_id,))
            return self.store.run("DELETE FROM list WHERE id = ?", (list_id,)) == 1

    def add(self, list_ids: Iterable[int], contact_ids: Iterable[int]) -> None:
        """Make contacts members of lists; those who are already stay so."""
        people = list(contact_ids)
        for list_id in list_ids:
            pairs = ((list_id, contact_id) for contact_id in people)
            self.store.many("INSERT OR IGNORE INTO membership VALUES (?, ?)", pairs)

    def remove(self, list_id: int, contact_ids: Iterable[int]) -> None:
        """Take contacts off a list."""
        sql = f"DELETE FROM membership WHERE list_id = ? AND contact_id IN {_JSON_IDS}"
        self.store.run(sql, (list_id, ids_as_json(contact_ids)))

    def members(self, list_id: int, contact_ids: Iterable[int]) -> set[int]:
        """Those of the contacts who are on the list."""
        sql = f"SELECT contact_id FROM membership WHERE list_id = ? AND contact_id IN {_JSON_IDS}"
        return {row[0] for row in self.store.rows(sql, (list_id, ids_as_json(contact_ids)))}

    def blocked(self, list_id: int) -> int:
        """How many members are blocked for e-mail."""
        sql = (
            "SELECT count(*) FROM contact c JOIN membership m ON m.list_id = ? AND m.contact_id = c.id "
            "WHERE c.email_blocked = 1"
        )
        return int(self.store.value(sql, (list_id,)))

    def create_segment(self, name: str, category: str, contact_ids: Iterable[int]) -> int:
        """A new segment's id. Segments can only be read through the API."""
        with self.store.transaction():
            segment_id = self.store.insert(
                "INSERT INTO segment (name, category, updated_at) VALUES (?, ?, ?)", (name, category, self.clock.now())
            )
            self.store.many("INSERT INTO segment_member VALUES (?, ?)", ((segment_id, one) for one in contact_ids))
        return segment_id

    def segment(self, segment_id: int) -> Any:
        """A segment's row, or None."""
        return self.store.row("SELECT * FROM segment WHERE id = ?", (segment_id,))

    def page(
        self, table: str, *, limit: int, offset: int, descending: bool, folder_id: int | None = None
    ) -> tuple[list[Mapping[str, Any]], int]:
        """A page of lists, folders or segments, by age, and how many there are."""
        where, values = ("folder_id = ?", (folder_id,)) if folder_id is not None else ("1", ())
        order = "DESC" if descending else "ASC"
        rows = self.store.rows(
            f"SELECT * FROM {table} WHERE {where} ORDER BY id {order} LIMIT ? OFFSET ?", (*values, limit, offset)
        )
        return [dict(row) for row in rows], int(self.store.value(f"SELECT count(*) FROM {table} WHERE {where}", values))


def members_of(list_id: int) -> Selection:
    """The contacts on a list."""
    return Selection("membership", "contact_id", "list_id = ?", (list_id,))
