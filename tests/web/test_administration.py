"""Admin > Permissions, Audit and System."""

from django.db import connection

from tests.control.cast import PASSWORD
from tests.web.browsers import Browser, Web
from traginer.control.models import AuditEntry, SystemSchedule, User


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
    assert "create and change exports" not in narrowed.texts
    assert "Nothing found" in ada.open("/audit?since=2100-01-01").texts


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
    assert "Off" in ada.open("/system").texts
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
    assert "No scheduler follows the schedules." in ada.open("/system").text


def test_the_installation_is_examined_on_demand(ada: Browser) -> None:
    page = ada.send("/system/examine", {}, 200)
    assert {"Customers", "Newsletter account", "Newsletter"} <= set(page.texts)
