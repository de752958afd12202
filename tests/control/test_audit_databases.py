"""What the two databases promise alike: the audit only grows, and what is counted or chained is not raced."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from tests.control.cast import PASSWORD, QUICK, hashed
from tests.control.postgres import serving, using_postgres
from traginer.control import accounts, audit, start
from traginer.control.accounts import errors, throttle
from traginer.control.models import AuditEntry, FailedEntry, User
from traginer.control.rights import Actor

ADA = Actor("ada@example.org", "administrator")
AT_ONCE = 8


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A server with all tables."""
    folder = tmp_path_factory.mktemp("postgres")
    with serving(folder / "pg") as socket:
        with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), using_postgres(socket):
            patch.setenv("TRAGINER_HOME", str(folder / "home"))
            start()
        yield socket


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Each of the two databases, with nothing in it."""
    if request.param == "sqlite":
        request.getfixturevalue("installation")
        yield "sqlite"
        return
    request.getfixturevalue("home")
    with django_db_blocker.unblock(), using_postgres(request.getfixturevalue("postgres")):
        emptied()
        yield "postgresql"


def emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE control_auditentry DISABLE TRIGGER USER")
        cursor.execute("TRUNCATE control_auditentry, control_failedentry, control_user CASCADE")
        cursor.execute("ALTER TABLE control_auditentry ENABLE TRIGGER USER")


def at_once(deed: Callable[[int], object]) -> list[object]:
    """What came of the deed, done by several threads that begin together, each with its own connection."""
    line = threading.Barrier(AT_ONCE)

    def one(n: int) -> object:
        line.wait()
        try:
            return deed(n)
        except errors.ControlError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_the_tests_speak_to_the_database_they_name(database: str) -> None:
    assert connection.vendor == database


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE control_auditentry SET actor = 'carla@example.org' WHERE sequence = 2",
        "DELETE FROM control_auditentry WHERE sequence = 2",
        "DELETE FROM control_auditentry",
        "INSERT INTO control_auditentry SELECT * FROM control_auditentry WHERE sequence = 2",
        "INSERT OR REPLACE INTO control_auditentry SELECT * FROM control_auditentry WHERE sequence = 2",
        "TRUNCATE control_auditentry",
    ],
)
def test_the_database_refuses_whatever_does_not_add_at_the_end(database: str, statement: str) -> None:
    for n in range(3):
        audit.note(ADA, "export:write", audit.Target("export", str(n)))
    told = list(audit.lines(ADA))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(audit.lines(ADA)) == told


def test_an_entry_with_a_gap_before_it_is_refused(database: str) -> None:
    entry = audit.note(ADA, "export:write", audit.Target("export", "1"))
    entry.sequence = 3
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save(force_insert=True)
    assert AuditEntry.objects.count() == 1


def test_entries_added_at_once_by_many_make_one_chain(database: str) -> None:
    at_once(lambda n: [audit.note(ADA, "export:write", audit.Target("export", f"{n}.{i}")) for i in range(5)])
    answer = audit.verify(ADA)
    assert isinstance(answer, audit.Whole)
    assert answer.end.sequence == 5 * AT_ONCE


def test_the_values_of_an_entry_come_back_as_they_were_hashed(database: str) -> None:
    strange = {"share": 0.8, "whole": 1.0, "large": 1e20, "small": 1e-7, "text": "a\u0000b · €", "none": None}
    audit.note(ADA, "connection:write", audit.Target("connection", "Ünï"), before=strange, after=[True, 2**60])
    assert isinstance(audit.verify(ADA), audit.Whole)
    told = audit.as_dict(audit.entries(ADA)[0])
    assert told["before"] == strange
    assert told["after"] == [True, 2**60]


def test_of_many_who_set_up_at_once_one_becomes_the_administrator(database: str, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = QUICK
    said = at_once(lambda n: accounts.set_up(f"person{n}@example.org", "", PASSWORD))
    assert sum(isinstance(answer, User) for answer in said) == 1
    assert sum(isinstance(answer, errors.AlreadySetUp) for answer in said) == AT_ONCE - 1
    assert User.objects.get().role == "administrator"


def test_an_address_that_the_database_would_refuse_is_nobodys(database: str, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = QUICK
    for email in ("a\u0000@example.org", "\ud800@example.org"):
        with pytest.raises(errors.EntryRefused):
            accounts.by_password(email, PASSWORD, "203.0.113.7")


def test_of_two_administrators_who_demote_each_other_at_once_one_stays(database: str) -> None:
    people = [User(email=f"{name}@example.org", role="administrator", password=hashed()) for name in ("ada", "eva")]
    User.objects.bulk_create(people)
    at_once(lambda n: accounts.change_role(ADA, people[n % 2].email, "viewer"))
    assert User.objects.filter(role="administrator").count() == 1


def test_many_attempts_at_once_are_no_more_than_the_throttle_lets_pass(database: str) -> None:
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    said = at_once(lambda _: throttle.begin("ada@example.org", "203.0.113.7", at))
    assert sum(isinstance(answer, FailedEntry) for answer in said) == throttle.PER_ACCOUNT
