"""Admin > Permissions, Audit and System."""

import os
import re
import socket
from datetime import timedelta

from django.db import connection

from tests.control.cast import PASSWORD
from tests.web.browsers import Browser, Web
from tests.web.reading import Page
from tests.world import ADA, now
from traginer import __version__
from traginer.control import audit, backup
from traginer.control.models import AuditEntry, Heartbeat, SystemSchedule, User
from traginer.control.rights import ACTIONS
from traginer.control.worker_heartbeats import WORKER, Pulse
from traginer.i18n import gettext


def test_an_administrator_adds_people_and_changes_what_they_are(ada: Browser) -> None:
    new = {"email": "eva@example.org", "name": "Eva", "role": "viewer", "password": PASSWORD}
    assert "eva@example.org has an account now." in ada.send("/permissions/add", new).text
    assert "user-exists" in ada.send("/permissions/add", new, 422).text
    eva = User.objects.get(email="eva@example.org")
    ada.send(f"/permissions/{eva.pk}", {"do": "role", "role": "contributor"})
    ada.send(f"/permissions/{eva.pk}", {"do": "deactivate"})
    eva.refresh_from_db()
    assert (eva.role, eva.is_active) == ("contributor", False)
    ada.send(f"/permissions/{eva.pk}", {"do": "activate"})
    assert "password-too-weak" in ada.send(f"/permissions/{eva.pk}", {"do": "password", "password": "x"}, 422).text
    assert ada.send(f"/permissions/{eva.pk}", {"do": "password", "password": "five loud silver kettles"})


def test_the_last_administrator_stays_one(ada: Browser) -> None:
    number = User.objects.get(email="ada@example.org").pk
    assert "last-administrator" in ada.send(f"/permissions/{number}", {"do": "role", "role": "viewer"}, 422).text


def test_the_audit_tells_who_did_what_and_who_was_refused(ada: Browser, web: Web) -> None:
    web.browser("carla").open("/connections/add", 403)
    ada.send("/exports/1/deed", {"do": "disable"})
    texts = ada.open("/audit").texts
    assert {"carla@example.org", "create and change connections", "denied", "Newsletter"} <= set(texts)
    narrowed = ada.open("/audit?actor=Carla@example.org&result=denied")
    assert "carla@example.org" in narrowed.texts
    assert "Newsletter" not in narrowed.texts
    assert "Nothing found" in ada.open("/audit?since=2100-01-01").texts


def test_the_audit_says_field_by_field_what_was_and_is(ada: Browser) -> None:
    number = User.objects.get(email="carla@example.org").pk
    ada.send(f"/permissions/{number}", {"do": "role", "role": "contributor"})
    page = ada.open("/audit?kind=user&name=carla@example.org")
    assert page.texts[page.texts.index("After") + 1 :][:3] == ["role", "Viewer", "Contributor"]
    assert "is_active" not in page.html, "what stayed as it was"
    assert "connection" not in ada.open("/audit?kind=user").html.partition("<tbody>")[2]


def test_the_audit_is_read_page_by_page(ada: Browser) -> None:
    for number in range(130):
        audit.note(ADA, "export:write", audit.Target("export", f"Export {number}"))
    newest = ada.open("/audit?kind=export")
    earlier = next(link for link in newest.links if "before=" in link)
    assert "kind=export" in earlier
    page = ada.open(f"/audit{earlier}")
    assert "Newest entries" in page.texts
    assert (len(sequences(newest)), len(sequences(page)) >= 30) == (100, True)
    assert not set(sequences(newest)) & set(sequences(page))


def test_an_end_that_was_written_down_shows_that_entries_were_cut_off(ada: Browser) -> None:
    ada.send("/exports/1/deed", {"do": "disable"})
    last = AuditEntry.objects.latest("sequence")
    held = ada.send("/audit/verify", {"noted": f"{last.sequence}:{last.hash}"}, 200)
    assert "It still holds the end that was written down." in held.texts
    cut = ada.send("/audit/verify", {"noted": f"{last.sequence + 1}:{last.hash}"}, 200)
    assert "it was cut off" in cut.text
    assert "form-invalid" in ada.send("/audit/verify", {"noted": "nonsense"}, 422).text


def test_the_audit_is_verified_and_taken_along(ada: Browser) -> None:
    ada.send("/exports/1/deed", {"do": "disable"})
    assert "The audit is whole" in ada.send("/audit/verify", {}, 200).text
    answer = ada.get("/audit/audit.jsonl?action=export:write")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == AuditEntry.objects.filter(action="export:write").count()
    with connection.cursor() as cursor:
        for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("DELETE FROM control_auditentry WHERE sequence = 2")
    assert "Somebody has changed or taken away entries" in ada.send("/audit/verify", {}, 200).text


def test_the_system_refresh_is_off_until_an_administrator_chooses_its_times(ada: Browser, web: Web) -> None:
    """L6, S36: weekly or daily, several times a day, a time zone; the next five times are shown."""
    assert "Off" in ada.open("/system/schedule").texts
    times = {"kind": "times", "times": "06:00, 18:30", "days": ["mon", "fri"], "timezone": "Europe/Madrid"}
    page = ada.send("/system/schedule", times)
    assert "On Monday and Friday at 06:00, 18:30 (Europe/Madrid)" in page.text.replace(" and 18:30", ", 18:30")
    assert page.html.count("<li><time") == 5
    assert "schedule-times-missing" in ada.send("/system/schedule", {"kind": "times"}, 422).text
    assert "Off" in ada.send("/system/schedule", {"kind": "none"}).texts
    assert SystemSchedule.objects.count() == 2
    assert "not-allowed" in web.browser("bernat").send("/system/schedule", times, 403).text


def test_nobody_following_the_schedules_is_an_alarm(ada: Browser) -> None:
    ada.send("/system/schedule", {"kind": "cron", "cron": "0 6 * * *"})
    for path in ("/system", "/system/schedule"):
        assert "No scheduler follows the schedules." in ada.open(path).text


def test_everybody_sees_the_schedule_and_what_it_runs(web: Web) -> None:
    for who in ("bernat", "carla"):
        page = web.browser(who).open("/system/schedule")
        assert {"Off", "Newsletter", "1 export follows the system refresh:"} <= set(page.texts)
        assert "Save" not in page.texts


def test_the_status_tells_who_works_and_what_waits(ada: Browser, web: Web) -> None:
    assert (
        "No worker and no scheduler has given a sign of life. traginer serve starts both." in ada.open("/system").texts
    )
    ada.send("/exports/1/deed", {"do": "run"})
    assert "1 run waits, and no worker is there." in ada.open("/system").texts
    Pulse(WORKER).beat()
    page = ada.open("/system")
    assert {"Worker", "ready"} <= set(page.texts)
    machine = f"{socket.gethostname()} · {os.getpid()}"
    assert machine in page.texts
    assert machine not in web.browser("carla").open("/system").text, "which machine it is, is for administrators"
    assert "1 run waits, and no worker is there." not in page.texts
    Heartbeat.objects.update(at=now() - timedelta(minutes=5))
    assert "silent" in ada.open("/system").texts


def test_the_status_tells_of_the_last_backup(ada: Browser, web: Web) -> None:
    assert "none in the last 30 days" in ada.open("/system").texts
    backup.make(ADA, web.world.folder / "kept.tar.gz", now())
    assert "kept.tar.gz" in ada.open("/system").texts


def test_about_says_what_works_here_and_where_only_to_administrators(ada: Browser, web: Web) -> None:
    page = ada.open("/system/about")
    assert {__version__, "Apache-2.0", str(web.world.home), "duckdb", "Django"} <= set(page.texts)
    assert {"/api/v1/docs", "/api/v1/openapi.json"} <= set(page.links)
    assert str(web.world.home) not in web.browser("carla").open("/system/about").html


def test_the_table_of_rights_says_what_each_role_may(ada: Browser) -> None:
    page = ada.open("/permissions")
    assert {gettext(row.deed) for row in ACTIONS.values()} <= set(page.texts)
    assert "on shared connections" in page.texts


def test_who_answers_for_connections_is_told_before_the_account_is_closed(ada: Browser) -> None:
    ada.send("/connections/1/deed", {"do": "answer", "password": PASSWORD})
    assert "Newsletter account" in ada.open("/permissions").texts
    page = ada.open(f"/permissions/{User.objects.get(email='ada@example.org').pk}")
    assert {"Export user of:", "Newsletter account"} <= set(page.texts)


def sequences(page: Page) -> list[str]:
    return re.findall(r'<br><span class="code">(\d+)</span>', page.html)


def test_the_installation_is_examined_on_demand(ada: Browser) -> None:
    page = ada.send("/system/examine", {}, 200)
    assert {"Customers", "Newsletter account", "Newsletter"} <= set(page.texts)
