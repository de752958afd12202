"""Notices on their way: letters, signed requests, other services, and what becomes of one that does not arrive."""

import hashlib
import hmac
import json
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.control.receivers import MailServer, WebServer, mail_server, web_server
from tests.world import ADA, World, now
from traginer.control import notifying, vault_rotation, worker
from traginer.control.models import Notice, NoticeState, NoticeTarget
from traginer.control.notices import Event, writing
from traginer.control.notifying import Wish, errors, targets, webhook
from traginer.control.notifying.delivering import AT_ONCE, PAUSES
from traginer.control.worker_shift import Shift


@pytest.fixture
def hooks() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server, and ours set up for it."""
    with mail_server() as server:
        monkeypatch.setenv("TRAGINER_SMTP_URL", server.url)
        yield server


def hook(url: str) -> tuple[NoticeTarget, str]:
    return notifying.add(ADA, Wish("webhook", url), now())


def happen(target: NoticeTarget, at: datetime, change: str = "1") -> Notice:
    """A list shrinks."""
    facts = {"export": "Newsletter", "run": 7, "percent": 20.0, "before": 10, "after": 8}
    return writing.write(target, Event.SHRINKING, change, facts, at)


def state(notice: Notice) -> tuple[str, int, str]:
    notice.refresh_from_db()
    return notice.state, notice.tries, notice.problem


# By webhook


def test_a_webhook_is_sent_what_happened_and_can_tell_by_the_signature_that_it_is_ours_and_new(
    installation: Path, hooks: WebServer
) -> None:
    target, secret = hook(f"{hooks.url}/in?for=us")
    at = now()
    notice = happen(target, at)
    assert notifying.deliver_due(at) == 1
    [came] = hooks.received
    moment, _, digest = came.headers["X-Traginer-Signature"].partition(",v1=")
    expected = hmac.new(secret.encode(), f"{moment[2:]}.".encode() + came.body, hashlib.sha256).hexdigest()
    assert (came.path, moment, digest) == ("/in?for=us", f"t={int(at.timestamp())}", expected)
    assert came.headers["X-Traginer-Notice"] == str(notice.pk)
    assert json.loads(came.body) == {
        "notice": notice.pk,
        "event": "shrinking",
        "at": at.isoformat(timespec="seconds"),
        "title": 'The list of the export "Newsletter" shrank by 20 %',
        "text": f"Contacts on the list because of the export: 10 before run 7, 8 after it.\n\nSeen at {at:%Y-%m-%d %H:%M} (UTC).",
        "code": "",
        "export": "Newsletter",
        "run": 7,
        "before": 10,
        "after": 8,
        "percent": 20.0,
    }
    assert state(notice) == (NoticeState.SENT, 1, "")
    assert notifying.deliver_due(at + timedelta(days=1)) == 0
    assert webhook.signature(secret, 1, b"x") != webhook.signature(secret, 2, b"x")


def test_a_redirect_is_not_followed(installation: Path, hooks: WebServer) -> None:
    target, _ = hook(hooks.url)
    hooks.statuses = [302]
    notice = happen(target, now())
    assert notifying.deliver_due(now()) == 0
    assert len(hooks.received) == 1
    assert state(notice) == (NoticeState.DUE, 1, "HTTP 302")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/in",
        "http://127.0.0.1.example.org/",
        "http://2130706433.example.org/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://",
        "https://ada:pa55word@hooks.example.org/",
        "https://hooks.example.org/ in",
        "https://[::1",
        "https://hooks.example.org:x/",
        "",
    ],
)
def test_a_url_that_is_neither_encrypted_nor_on_this_machine_is_refused(installation: Path, url: str) -> None:
    with pytest.raises(errors.NoticeAddressInvalid) as refusal:
        hook(url)
    assert "pa55word" not in str(refusal.value)
    assert not NoticeTarget.objects.exists()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.example.org/services/T0/B0/s3cr3t", "https://hooks.example.org/…"),
        ("https://hooks.example.org:8443/?token=s3cr3t", "https://hooks.example.org:8443/…"),
        ("http://[::1]:9000", "http://[::1]:9000/"),
        ("http://localhost/in", "http://localhost/…"),
    ],
)
def test_what_may_be_a_password_in_a_url_is_encrypted_and_not_shown(installation: Path, url: str, shown: str) -> None:
    target, secret = hook(url)
    assert notifying.every(ADA)[0].shown == shown
    assert (targets.address_of(target), targets.secret_of(target)) == (url, secret)
    connection.close()  # what is in the write-ahead log goes into the file
    kept = b"".join(path.read_bytes() for path in installation.glob("traginer.sqlite3*"))
    assert b"s3cr3t" not in kept
    assert secret.encode() not in kept


def test_a_new_key_of_the_installation_opens_the_addresses_too(installation: Path, hooks: WebServer) -> None:
    target, secret = hook(hooks.url)
    assert vault_rotation.rotate(ADA).secrets == 2
    target.refresh_from_db()
    assert (targets.address_of(target), targets.secret_of(target)) == (hooks.url, secret)
    (installation / "key").unlink()
    with pytest.raises(errors.NoticeSecretLost):
        targets.address_of(target)


# Again and again


def test_a_notice_that_does_not_arrive_is_tried_five_times_over_an_hour_and_then_given_up(
    installation: Path, hooks: WebServer
) -> None:
    target, _ = hook(hooks.url)
    hooks.statuses = [500]
    began = now()
    notice, at = happen(target, began), began
    for pause in PAUSES:
        notifying.deliver_due(at)
        assert notifying.deliver_due(at + pause - timedelta(seconds=1)) == 0
        at += pause
    assert len(hooks.received) == len(PAUSES)
    notifying.deliver_due(at)
    assert at - began == timedelta(hours=1)
    assert state(notice) == (NoticeState.FAILED, 5, "HTTP 500")
    notifying.deliver_due(at + timedelta(days=1))
    assert len(hooks.received) == 5
    assert len({came.headers["X-Traginer-Notice"] for came in hooks.received}) == 1


def test_a_notice_that_arrives_at_a_later_try_is_sent_once(installation: Path, hooks: WebServer) -> None:
    target, _ = hook(hooks.url)
    hooks.statuses = [503, 204]
    at = now()
    notice = happen(target, at)
    assert [notifying.deliver_due(at + sum(PAUSES[:n], timedelta())) for n in range(3)] == [0, 1, 0]
    assert state(notice) == (NoticeState.SENT, 2, "")


def test_nobody_there_is_no_answer_and_keeps_no_other_notice_from_going(installation: Path, hooks: WebServer) -> None:
    gone, _ = hook("http://127.0.0.1:1/")
    there, _ = hook(hooks.url)
    lost, arrives = happen(gone, now()), happen(there, now())
    assert notifying.deliver_due(now()) == 1
    assert state(lost) == (NoticeState.DUE, 1, "NewConnectionError")
    assert state(arrives)[0] == NoticeState.SENT


def test_a_worker_that_dies_while_it_carries_a_notice_leaves_it_due(installation: Path, hooks: WebServer) -> None:
    target, _ = hook(hooks.url)
    at = now()
    notice = happen(target, at)
    Notice.objects.update(tries=1, due_at=at + PAUSES[0])  # it had the first try, and did not say how that ended
    assert notifying.deliver_due(at) == 0
    assert notifying.deliver_due(at + PAUSES[0]) == 1
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.DUE, tries=len(PAUSES) + 1)
    notifying.deliver_due(at + timedelta(days=1))
    assert (state(notice)[0], len(hooks.received)) == (NoticeState.FAILED, 1)


def test_workers_that_share_the_notices_carry_each_once(installation: Path, hooks: WebServer) -> None:
    target, _ = hook(hooks.url)
    for n in range(12):
        happen(target, now(), str(n))
    arrived: list[int] = []
    barrier = threading.Barrier(3)

    def carry() -> None:
        try:
            barrier.wait()
            while count := notifying.deliver_due(now()):
                arrived.append(count)
        finally:
            connection.close()

    threads = [threading.Thread(target=carry) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while count := notifying.deliver_due(now()):
        arrived.append(count)
    assert (sum(arrived), len(hooks.received)) == (12, 12)
    assert max(arrived) <= AT_ONCE


def test_a_worker_carries_what_is_due_between_two_runs(world: World, hooks: WebServer) -> None:
    hook(hooks.url)
    world.sandbox.delete_list(7)
    world.run()
    shift = Shift()
    threading.Timer(0.3, shift.ring).start()
    worker.work(shift, lambda _: None)
    assert [json.loads(came.body)["code"] for came in hooks.received] == ["brevo-list-not-found"]


# By e-mail


def test_a_letter_holds_the_same_as_text_and_as_html_in_the_language_of_its_reader(
    world: World, post: MailServer
) -> None:
    notifying.add(ADA, Wish("email", "ada@example.org", language="ca"), now())
    world.sandbox.delete_list(7)
    world.run()
    assert notifying.deliver_due(now()) == 1
    [letter] = post.letters
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text
    assert html
    sentence = "La llista 7 no existeix al compte de Brevo de la connexió"
    assert sentence in " ".join(text.get_content().split())
    assert sentence in html.get_content()
    assert (letter["From"], letter["To"]) == ("traginer@example.org", "ada@example.org")
    assert letter["Subject"].startswith("Traginer: ")
    assert (letter["Auto-Submitted"], letter["Content-Language"]) == ("auto-generated", "ca")
    assert "aina" not in letter.as_string()


def test_a_name_is_no_markup_and_no_header_in_a_letter(installation: Path, post: MailServer) -> None:
    target, _ = notifying.add(ADA, Wish("email", "ada@example.org"), now())
    facts = {"export": "<b>Bold</b>\r\nBcc: all@example.org", "run": 7, "percent": 20.0, "before": 10, "after": 8}
    writing.write(target, Event.SHRINKING, "1", facts, now())
    assert notifying.deliver_due(now()) == 1
    [letter] = post.letters
    assert letter["Bcc"] is None
    html = letter.get_body(("html",))
    assert html
    assert "<b>Bold" not in html.get_content()
    assert "&lt;b&gt;Bold" in html.get_content()


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "mail-not-set-up"),
        ("http://127.0.0.1", "mail-not-set-up"),
        ("smtp://", "mail-not-set-up"),
        ("smtp://127.0.0.1:1", "ConnectionRefusedError"),
    ],
)
def test_a_letter_that_cannot_go_says_why(
    installation: Path, monkeypatch: pytest.MonkeyPatch, url: str, problem: str
) -> None:
    target, _ = notifying.add(ADA, Wish("email", "ada@example.org"), now())
    monkeypatch.setenv("TRAGINER_SMTP_URL", url)
    notice = happen(target, now())
    assert notifying.deliver_due(now()) == 0
    assert state(notice) == (NoticeState.DUE, 1, problem)


def test_a_reader_whom_the_mail_server_does_not_know_is_told_by_its_code(installation: Path, post: MailServer) -> None:
    post.refused = ["ada@"]
    target, _ = notifying.add(ADA, Wish("email", "ada@example.org"), now())
    notice = happen(target, now())
    assert notifying.deliver_due(now()) == 0
    assert state(notice)[2] == "SMTP 550"


def test_a_server_on_another_machine_that_does_not_encrypt_gets_no_letter(
    installation: Path, monkeypatch: pytest.MonkeyPatch, post: MailServer
) -> None:
    """The name of this machine is not known to be this machine: what goes there could go anywhere."""
    target, _ = notifying.add(ADA, Wish("email", "ada@example.org"), now())
    monkeypatch.setenv("TRAGINER_SMTP_URL", post.url.replace("127.0.0.1", "127.1"))
    notice = happen(target, now())
    assert notifying.deliver_due(now()) == 0
    assert state(notice)[2] == "SMTPNotSupportedError"
    assert post.letters == []
    monkeypatch.setenv("TRAGINER_SMTP_URL", post.url.replace("127.0.0.1", "127.1") + "&tls=none")
    assert notifying.deliver_due(now() + PAUSES[0]) == 1


@pytest.mark.parametrize("address", ["", "ada", "ada@", "ada@example.org\r\nBcc: eva@example.org", "a b@example.org"])
def test_what_is_no_address_is_refused(installation: Path, address: str) -> None:
    with pytest.raises(errors.NoticeAddressInvalid):
        notifying.add(ADA, Wish("email", address), now())


# By other services


def test_any_service_that_apprise_knows_can_be_told(installation: Path, hooks: WebServer) -> None:
    target, secret = notifying.add(ADA, Wish("service", hooks.url.replace("http", "json") + "/t0ken"), now())
    assert (secret, target.shown) == ("", "json://…")
    notice = happen(target, now())
    assert notifying.deliver_due(now()) == 1
    [came] = hooks.received
    assert "shrank by 20 %" in json.loads(came.body)["title"]
    hooks.statuses = [500]
    notice = happen(target, now(), "2")
    assert notifying.deliver_due(now()) == 0
    assert state(notice) == (NoticeState.DUE, 1, "apprise")


def test_a_service_that_apprise_does_not_know_is_refused(installation: Path) -> None:
    with pytest.raises(errors.NoticeAddressInvalid):
        notifying.add(ADA, Wish("service", "carrierpigeon://roof"), now())


def test_without_apprise_it_is_said_what_to_install(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(errors.NoticeServiceMissing) as refusal:
        notifying.add(ADA, Wish("service", "json://127.0.0.1"), now())
    assert "traginer[notify]" in refusal.value.advice


# By hand


def test_the_commands_add_a_target_try_it_list_it_and_remove_it(world: World, hooks: WebServer) -> None:
    added = world.cli("notice", "add", "webhook", hooks.url, "--export", "Newsletter", "--on", "held", "--json")
    number = added.json["number"]
    assert added.json["secret"].startswith("trgw_")
    assert world.cli("notice", "test", str(number)).exit_code == 0
    [came] = hooks.received
    assert json.loads(came.body)["event"] == "test"
    [listed] = world.cli("notice", "list", "--json").json
    assert (listed["export"], listed["events"], listed["state"]) == ("Newsletter", ["held"], "sent")
    assert added.json["secret"] not in world.cli("notice", "list", "--json").out
    hooks.statuses = [500]
    refused = world.cli("notice", "test", str(number))
    assert refused.exit_code == 1
    assert "(notice-not-delivered)" in refused.err
    assert "HTTP 500" in world.cli("notice", "list").out
    assert world.cli("notice", "remove", str(number)).exit_code == 2
    assert world.cli("notice", "remove", str(number), "--yes").exit_code == 0
    assert world.cli("notice", "list", "--json").json == []
    assert "(notice-target-unknown)" in world.cli("notice", "test", str(number)).err


def test_an_unknown_kind_of_notice_is_refused(installation: Path) -> None:
    with pytest.raises(errors.NoticeEventUnknown):
        notifying.add(ADA, Wish("email", "ada@example.org", events=["rain"]), now())
