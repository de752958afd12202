"""The doctor, and the two questions that machines ask: does it live, and can it do its work."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory

from tests.control.receivers import web_server
from tests.world import ADA, CAST, World, now, people, using_database
from traginer.control import consent, doctor, exports, notifying, runs
from traginer.control.doctor import Finding, Level
from traginer.control.errors import NotAllowed
from traginer.control.models import Connection, Heartbeat, Ledger, Notice, Timer
from traginer.control.notifying import Wish
from traginer.control.notifying.errors import NoticeNotDelivered
from traginer.home import ledgers
from traginer.web import health


def bad() -> dict[str, Level]:
    """What is not well, by code."""
    return {finding.code: finding.level for finding in doctor.examine(ADA, now()) if not finding.is_good}


def about(name: str) -> list[Finding]:
    return [finding for finding in doctor.examine(ADA, now()) if finding.about == name]


def alive(role: str) -> None:
    Heartbeat.objects.create(role=role, owner=f"{role} of a test", started_at=now(), at=now())


def test_a_good_installation_is_well_in_every_respect(world: World) -> None:
    world.run()
    found = doctor.examine(ADA, now())
    assert [finding for finding in found if not finding.is_good] == []
    named = [finding.about for finding in found]
    assert {"Database", "Tables", "Key", "State folder", "Disk", "Clock", "Scheduler", "Workers"} < set(named)
    assert {"Customers", "Newsletter account", "Newsletter"} < set(named)
    sentences = " ".join(finding.sentence for finding in found)
    assert "Profiles: 12" in sentences
    assert "Botiga Pous" in sentences
    assert "has 10 contacts, 10 of them by the ledger" in sentences


def test_an_installation_with_nothing_in_it_is_well(installation: Path) -> None:
    assert bad() == {}


# What can be wrong


def _open_key(world: World) -> None:
    (world.home / "key").chmod(0o644)


def _open_file(world: World) -> None:
    (world.home / "ledgers").mkdir()
    (world.home / "ledgers").chmod(0o755)


def _damaged_ledger(world: World) -> None:
    world.run()
    row = Ledger.objects.get()
    with (ledgers(row.export_id) / row.file).open("r+b") as file:
        file.seek(100)
        file.write(b"\x00\x01\x02")


def _lost_ledger(world: World) -> None:
    world.run()
    shutil.rmtree(world.home / "ledgers")


def _held(world: World) -> None:
    world.run()
    world.put_profiles(people(range(5), lifetime_value=1.0))
    world.run()


def _interrupted_but_cared_for(world: World) -> None:
    world.cut_run()
    alive("worker")


def _waiting(world: World) -> None:
    runs.request(ADA, exports.get(ADA, "Newsletter"))


def _silent(world: World) -> None:
    Timer.objects.create(name="system", rule={}, next_run_at=now() + timedelta(days=1))


def _withdrawn(world: World) -> None:
    consent.withdraw(ADA, Connection.objects.get(), now())


def _nobody_answers(world: World) -> None:
    Connection.objects.get().export_users.all().delete()


def _twice_in_the_source(world: World) -> None:
    world.put_profiles(people([40]))
    rows = [*world.profiles.values()]
    world.profiles = {str(n): row for n, row in enumerate([*rows, rows[0]])}
    world._write()


def _mail(world: World) -> None:
    notifying.add(ADA, Wish("email", "ada@example.org"), now())


@pytest.mark.parametrize(
    ("break_it", "code", "level"),
    [
        (_open_key, "key-open", Level.WRONG),
        (lambda world: (world.home / "key").unlink(), "key-missing", Level.WRONG),
        (lambda world: (world.home / "key").write_text("no key"), "vault-key-invalid", Level.WRONG),
        (lambda world: world.home.chmod(0o755), "home-open", Level.WRONG),
        (_open_file, "files-open", Level.ATTENTION),
        (lambda world: world.profiles_file.unlink(), "source-missing", Level.WRONG),
        (_twice_in_the_source, "source-key-not-unique", Level.WRONG),
        (_withdrawn, "consent-withdrawn", Level.WRONG),
        (_nobody_answers, "export-user-missing", Level.WRONG),
        (lambda world: world.sandbox.switch_off_key(), "brevo-key-off", Level.WRONG),
        (lambda world: world.sandbox.delete_list(7), "brevo-list-not-found", Level.WRONG),
        (lambda world: world.sandbox.delete_attribute("LASTNAME"), "attribute-unknown", Level.WRONG),
        (_damaged_ledger, "ledger-damaged", Level.WRONG),
        (_lost_ledger, "ledger-missing", Level.WRONG),
        (_held, "run-held", Level.ATTENTION),
        (lambda world: world.cut_run(), "run-interrupted", Level.WRONG),
        (_interrupted_but_cared_for, "run-interrupted", Level.ATTENTION),
        (_waiting, "no-worker", Level.WRONG),
        (_silent, "scheduler-silent", Level.WRONG),
        (_mail, "mail-not-set-up", Level.WRONG),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    world: World, break_it: Callable[[World], object], code: str, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRAGINER_SMTP_URL", raising=False)
    break_it(world)
    found = [finding for finding in doctor.examine(ADA, now()) if not finding.is_good]
    assert {finding.code: finding.level for finding in found}[code] is level
    assert all(finding.sentence and finding.advice for finding in found)


def test_a_refused_key_is_told_of_the_connection_and_not_again_of_each_export(world: World) -> None:
    world.sandbox.switch_off_key()
    assert list(bad()) == ["brevo-key-off"]
    assert [finding.is_good for finding in about("Newsletter")] == []


def test_notices_that_did_not_arrive_are_told_and_how_to_try(world: World) -> None:
    with web_server() as hooks:
        hooks.statuses = [500]
        target, _ = notifying.add(ADA, Wish("webhook", hooks.url), now())
        with pytest.raises(NoticeNotDelivered):
            notifying.test(ADA, target, now())
    [finding] = about("Notices")
    assert (finding.code, finding.level) == ("notices-failed", Level.ATTENTION)
    assert "HTTP 500" in finding.sentence
    assert f"traginer notice test {target.pk}" in finding.advice
    Notice.objects.update(at=now() - timedelta(days=8))
    assert about("Notices") == []


def test_clocks_that_are_far_apart_are_told(world: World) -> None:
    found = {finding.code: finding for finding in doctor.examine(ADA, now() - timedelta(minutes=3))}
    assert "180 s apart" in found["clock-skewed"].sentence


def test_a_key_in_the_environment_need_not_be_in_the_folder(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAGINER_KEY", (world.home / "key").read_text().strip())
    (world.home / "key").unlink()
    assert bad() == {}


@pytest.mark.parametrize(("who", "may"), [("Ada", True), ("Bernat", False), ("Carla", False)])
def test_who_may_examine_the_installation(installation: Path, who: str, may: bool) -> None:
    try:
        doctor.examine(CAST[who], now())
    except NotAllowed:
        assert not may
    else:
        assert may


def test_the_command_ends_with_one_where_something_is_wrong_and_with_zero_where_it_only_deserves_attention(
    world: World,
) -> None:
    _held(world)
    said = world.cli("doctor")
    assert (said.exit_code, "Nothing is wrong." in said.out) == (0, True)
    assert "(run-held)" in said.out
    _withdrawn(world)
    said = world.cli("doctor", "--json")
    assert said.exit_code == 1
    assert {"ok", "attention", "wrong"} == {finding["level"] for finding in said.json}


# For machines


def _asked(view: Callable[..., object]) -> tuple[int, bytes]:
    answer = view(RequestFactory().get("/"))
    return answer.status_code, answer.content  # type: ignore[attr-defined]


def test_the_process_says_that_it_lives_whatever_is_wrong(world: World) -> None:
    world.home.chmod(0o755)
    assert _asked(health.healthz) == (200, b"ok\n")


def test_it_is_ready_where_database_tables_scheduler_folder_and_disk_are_well(world: World) -> None:
    status, content = _asked(health.readyz)
    checks = b'{"database": "ok", "migrations": "ok", "scheduler": "ok", "home": "ok", "disk": "ok"}'
    assert (status, content) == (200, b'{"ready": true, "checks": ' + checks + b"}")


def test_it_is_not_ready_where_nobody_follows_the_schedules(world: World) -> None:
    _silent(world)
    status, content = _asked(health.readyz)
    assert (status, b'"scheduler": "wrong"' in content) == (503, True)
    alive("scheduler")
    assert _asked(health.readyz)[0] == 200


def test_it_is_not_ready_where_the_tables_are_those_of_another_version(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'control'")
    status, content = _asked(health.readyz)
    assert (status, b'"migrations": "wrong"' in content) == (503, True)


def test_it_is_not_ready_where_the_folder_is_gone_or_its_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAGINER_HOME", "/proc/1")
    with using_database(world.folder / "nowhere" / "traginer.sqlite3"):
        status, content = _asked(health.readyz)
    assert status == 503
    assert b'{"database": "wrong", "migrations": "wrong", "scheduler": "wrong", "home": "wrong"' in content
