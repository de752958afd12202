"""The audit: a chain that tells when somebody changed, left out, put in or cut off."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database

from tests.control.cast import account, actor, connection
from traginer.control import audit
from traginer.control.errors import NotAllowed
from traginer.control.models import AuditEntry
from traginer.control.rights import Actor

pytestmark = pytest.mark.usefixtures("installation")

BEFORE = {"name": "Newsletter", "list": 7, "guards": {"max_shrink_percent": 30.0}, "segments": ["Catalan spenders"]}
AFTER = {**BEFORE, "list": 8}
EXPORT = audit.Target("export", "Newsletter")


@pytest.fixture
def ada() -> Actor:
    return actor("ada")


@pytest.fixture
def unguarded() -> Callable[[str], None]:
    """What somebody can do who owns the database: take its triggers off and write."""

    def write(statement: str) -> None:
        with database.cursor() as cursor:
            for name in ("audit_no_update", "audit_no_delete", "audit_no_gap"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(statement)

    return write


def filled(who: Actor, entries: int = 5) -> None:
    for n in range(entries):
        audit.note(who, "export:write", EXPORT, before={"list": n}, after={"list": n + 1})


def test_an_entry_tells_who_did_what_to_what_and_what_it_was_before(ada: Actor) -> None:
    audit.changed(ada, "export:write", EXPORT, BEFORE, AFTER)
    told = audit.as_dict(audit.entries(ada)[0])
    assert told["sequence"] == 1
    assert (told["actor"], told["role"], told["door"], told["address"]) == (
        "ada@example.org", "administrator", "api", "203.0.113.7",
    )  # fmt: skip
    assert (told["action"], told["kind"], told["name"], told["result"]) == (
        "export:write", "export", "Newsletter", "done",
    )  # fmt: skip
    assert (told["before"], told["after"]) == (BEFORE, AFTER)
    assert datetime.fromisoformat(told["at"]).utcoffset() == timedelta(0)


def test_what_did_not_change_is_not_told(ada: Actor) -> None:
    audit.changed(ada, "export:write", EXPORT, BEFORE, dict(reversed(BEFORE.items())))
    assert audit.entries(ada) == []


def test_an_entry_stands_or_falls_with_the_change_it_tells_of(ada: Actor) -> None:
    class Stop(Exception):
        pass

    def stop_halfway() -> None:
        with audit.atomic():
            made = connection("administrators")
            audit.changed(ada, "connection:write", made, None, {"name": made.name})
            raise Stop

    with pytest.raises(Stop):
        stop_halfway()
    assert audit.entries(ada) == []
    audit.note(ada, "connection:write", EXPORT)
    assert [entry.sequence for entry in audit.entries(ada)] == [1]


def test_secrets_do_not_get_into_the_audit(ada: Actor) -> None:
    audit.changed(
        ada,
        "connection:write",
        audit.Target("connection", "Newsletter account"),
        None,
        {"api_key": "xkeysib-5ecret", "deep": [{"password": "hunter2"}], "url": "postgresql://ada:hunter2@db/x"},
    )
    (line,) = audit.lines(ada)
    assert "5ecret" not in line
    assert "hunter2" not in line
    assert json.loads(line)["after"] == {
        "api_key": "***",
        "deep": [{"password": "***"}],
        "url": "postgresql://ada:***@db/x",
    }


def test_who_saw_personal_values_is_told_with_how_many_and_without_them(ada: Actor) -> None:
    audit.seen(ada, "rejection:read", audit.Target("run", "12"), 3)
    told = audit.as_dict(audit.entries(ada)[0])
    assert (told["action"], told["kind"], told["name"], told["after"]) == (
        "rejection:read", "run", "12", {"profiles": 3},
    )  # fmt: skip


def test_an_untouched_audit_is_whole_and_gives_its_end(ada: Actor) -> None:
    filled(ada)
    answer = audit.verify(ada)
    last = audit.entries(ada)[0]
    assert answer == audit.Whole(audit.Noted(5, last.hash))
    assert audit.verify(ada, audit.Noted(5, last.hash)) == answer
    assert "whole: 5 entries" in answer.sentence


def test_an_empty_audit_is_whole(ada: Actor) -> None:
    assert audit.verify(ada) == audit.Whole(audit.Noted(0, "0" * 64))


@pytest.mark.parametrize(
    ("statement", "sequence", "says"),
    [
        ("UPDATE control_auditentry SET actor = 'carla@example.org' WHERE sequence = 3", 3, "entry 3 was changed"),
        ("UPDATE control_auditentry SET after = '{\"list\":4 }' WHERE sequence = 4", None, ""),
        ("UPDATE control_auditentry SET after = 'nothing' WHERE sequence = 4", 4, "entry 4 was changed"),
        ("UPDATE control_auditentry SET at = datetime(at, '+1 second') WHERE sequence = 1", 1, "entry 1 was changed"),
        ("UPDATE control_auditentry SET hash = upper(hash) WHERE sequence = 2", 2, "entry 2 was changed"),
        ("DELETE FROM control_auditentry WHERE sequence = 3", 3, "entry 3 is missing"),
        ("DELETE FROM control_auditentry WHERE sequence = 1", 1, "entry 1 is missing"),
        ("UPDATE control_auditentry SET sequence = 6 WHERE sequence = 5", 5, "entry 5 is missing"),
    ],
)
def test_what_was_changed_or_left_out_is_found_and_named(
    ada: Actor, unguarded: Callable[[str], None], statement: str, sequence: int | None, says: str
) -> None:
    filled(ada)
    unguarded(statement)
    answer = audit.verify(ada)
    if sequence is None:
        assert isinstance(answer, audit.Whole)  # the same JSON, spelled otherwise
    else:
        assert isinstance(answer, audit.Broken)
        assert answer.sequence == sequence
        assert says in answer.sentence


def test_an_entry_that_was_replaced_with_a_fitting_hash_breaks_the_next(
    ada: Actor, unguarded: Callable[[str], None]
) -> None:
    filled(ada)
    third = AuditEntry.objects.get(pk=3)
    third.actor = "carla@example.org"
    body = {key: value for key, value in audit.as_dict(third).items() if key != "hash"}
    forged = hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    unguarded(f"UPDATE control_auditentry SET actor = 'carla@example.org', hash = '{forged}' WHERE sequence = 3")
    answer = audit.verify(ada)
    assert isinstance(answer, audit.Broken)
    assert "before entry 4 was changed" in answer.sentence


def test_only_an_end_that_was_written_down_tells_that_the_audit_was_cut_off(
    ada: Actor, unguarded: Callable[[str], None]
) -> None:
    filled(ada)
    end = audit.verify(ada)
    assert isinstance(end, audit.Whole)
    unguarded("DELETE FROM control_auditentry WHERE sequence > 3")
    assert isinstance(audit.verify(ada), audit.Whole)
    answer = audit.verify(ada, end.end)
    assert answer == audit.Broken(5, answer.why)
    assert "cut off" in answer.sentence
    filled(ada, 4)
    answer = audit.verify(ada, end.end)
    assert isinstance(answer, audit.Broken)
    assert "not the one that was written down" in answer.sentence


def test_a_line_of_the_export_can_be_checked_without_us(ada: Actor) -> None:
    audit.note(ada, "export:write", audit.Target("export", "Botiga d'Àvila · €"), before=BEFORE, after=AFTER)
    filled(ada, 2)
    previous = "0" * 64
    for text in audit.lines(ada):
        entry = json.loads(text)
        claimed = entry.pop("hash")
        assert entry["previous"] == previous
        spelled = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(spelled.encode()).hexdigest() == claimed
        previous = claimed


def test_entries_are_found_by_what_they_say(ada: Actor) -> None:
    filled(ada, 3)
    audit.note(actor("bernat"), "run:cancel", audit.Target("run", "4"), result="failed")
    assert [entry.sequence for entry in audit.entries(ada)] == [4, 3, 2, 1]
    assert [entry.sequence for entry in audit.entries(ada, limit=2, before=4)] == [3, 2]
    for filters in (
        audit.Filters(actor="bernat@example.org"),
        audit.Filters(action="run:cancel"),
        audit.Filters(kind="run", name="4"),
        audit.Filters(result="failed"),
    ):
        assert [entry.sequence for entry in audit.entries(ada, filters)] == [4]
    later = datetime.now(UTC) + timedelta(hours=1)
    assert audit.entries(ada, audit.Filters(since=later)) == []
    assert len(list(audit.lines(ada, audit.Filters(until=later)))) == 4


@pytest.mark.parametrize("name", ["bernat", "carla", "dídac"])
@pytest.mark.parametrize("read", [audit.entries, audit.lines, audit.verify])
def test_only_administrators_read_the_audit(name: str, read: Callable[[Actor], object]) -> None:
    read(actor("ada"))
    with pytest.raises(NotAllowed):
        read(actor(name))


def test_the_audit_outlives_the_account_it_tells_of(ada: Actor) -> None:
    audit.note(actor("bernat"), "segment:write", audit.Target("segment", "Catalan spenders"))
    account("bernat").delete()
    assert [entry.actor for entry in audit.entries(ada)] == ["bernat@example.org"]
