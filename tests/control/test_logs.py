"""Logs: what they look like, what they tell, and what can never stand in them, whoever writes it."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from traginer.control import logs
from traginer.control.configuration_errors import ExportDetached
from traginer.control.logs_web import RequestNumbers
from traginer.control.redaction import redacted

KEY = "xkeysib-" + "5ecret" * 10 + "-a1b2C3d4E5f6G7h8"
Heard = Callable[[], list[dict[str, Any]]]
TOKEN = "trg_QmFzZTY0dXJsLXNhZmU-_tokenAbC123"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Heard]:
    """What was logged since it was asked last, as JSON."""
    with monkeypatch.context() as patch:
        patch.setenv("TRAGINER_LOG", "DEBUG,json")
        logs.configure()
        yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    logs.configure()


@pytest.mark.parametrize(
    "secret",
    [
        "aina.pous+news@example.org",
        "AINA@EXAMPLE.ORG",
        "josé.núñez@exàmple.cat",
        "https://api.brevo.com/v3/contacts/aina%40example.org",
        '"two words"@example.org',
        "postgres://ada:pa55word@db.internal/traginer",
        "+34 600 10 00 01",
        "+34600100001",
        "%2B34600100001",
        "0034600100001",
        "600100001",
        "600 10 00 01",
        "600-100-001",
        "(93) 555 10 20 30",
        KEY,
        TOKEN,
        "trgw_0123456789abcdef",
        f"Authorization: Bearer {TOKEN[4:]}",
        "api-key: 0123456789",
        "api_key='0123456789'",
        '{"password": "four quiet copper kettles"}',
    ],
)
def test_an_address_a_number_a_key_or_a_token_is_masked_wherever_it_stands(secret: str) -> None:
    line = redacted(f"GET {secret} answered 404 after 3 tries")
    personal = ("aina", "josé", "exàmple", "pa55word", "600", "555", "5ecret", "QmFz", "0123456789", "four")
    assert not any(part.lower() in line.lower() for part in personal), line
    assert line.startswith(("GET ", '{"password"')) or "[" in line
    assert line.endswith("answered 404 after 3 tries")


@pytest.mark.parametrize(
    "line",
    [
        "POST /contacts/import 202 sent=7999999 received=23 seconds=0.123 id=3f2b8f0a-7c1d-4f55-9e1a-0123456789ab",
        "run 12 was taken over by another worker",
        "2026-11-25 03:28:24 2026-11-25T03:28:24.123456+00:00",
        "from 192.168.100.200 to 10.0.0.1:8000, 1,000,000 profiles, 45.2 MB",
        "GET /api/v1/exports/7/runs?cursor=12",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "Django 6.1.3, DuckDB 2.0.1",
    ],
)
def test_what_a_log_is_for_stays_readable(line: str) -> None:
    assert redacted(line) == line


def test_every_library_s_lines_come_as_one_json_object_each_and_redacted(
    heard: Heard,
) -> None:
    for name in ("traginer.runs", "django.request", "urllib3.connectionpool", "somebody.else"):
        logging.getLogger(name).critical("no answer for %s with %s", "aina@example.org", KEY)
    lines = heard()
    assert [line["logger"] for line in lines] == [
        "traginer.runs",
        "django.request",
        "urllib3.connectionpool",
        "somebody.else",
    ]
    assert {line["event"] for line in lines} == {"no answer for [address] with [key]"}
    assert all(line["timestamp"].endswith("Z") and line["level"] == "critical" for line in lines)


def test_a_traceback_tells_where_and_what_kind_but_not_the_words_of_an_exception(
    heard: Heard,
) -> None:
    """A database quotes the row that it refuses: no look at the text finds a first name there."""
    row = "the row (Aina, Pous) is not unique"

    def fail() -> None:
        try:
            int(row)
        except ValueError as cause:
            raise ExportDetached(export="Newsletter") from cause

    try:
        fail()
    except ExportDetached:
        logging.getLogger("traginer.web").exception("a page failed")
    [line] = heard()
    assert "Aina" not in json.dumps(line)
    assert "ExportDetached (export-detached)" in line["exception"]
    assert "ValueError" in line["exception"]
    assert __file__ in line["exception"]


def test_a_traceback_that_somebody_writes_as_text_loses_its_words_too(heard: Heard) -> None:
    """granian's own lines are so."""
    place = 'Traceback (most recent call last):\n  File "views.py", line 7, in show\n    int(row)\n'
    text = f"a callable failed\n{place}builtins.ValueError: the row (Aina, Pous)\nAina again: twice\n"
    logging.getLogger("_granian").error(text)
    [line] = heard()
    assert line["event"].rstrip() == f"a callable failed\n{place}builtins.ValueError"


def test_what_is_known_of_run_and_request_stands_in_every_line_inside_and_none_outside(
    heard: Heard,
) -> None:
    log = logging.getLogger("traginer.runs")
    with logs.about(run=7, export="Newsletter"), logs.about(connection="Account of ada@example.org"):
        log.info("begun")
    log.info("after")
    inside, outside = heard()
    assert (inside["run"], inside["export"], inside["connection"]) == (7, "Newsletter", "Account of [address]")
    assert not {"run", "export", "connection"} & outside.keys()


def test_a_request_has_a_number_in_its_lines_and_in_its_answer_its_proxy_s_where_it_has_one(
    heard: Heard,
) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        logging.getLogger("django.request").warning("looked at")
        return HttpResponse("ok")

    given = RequestNumbers(answer)(RequestFactory().get("/", headers={"X-Request-ID": "proxy-0123-4567"}))
    own = RequestNumbers(answer)(RequestFactory().get("/", headers={"X-Request-ID": "aina@example.org"}))
    assert given.headers["X-Request-ID"] == "proxy-0123-4567"
    assert [line["request"] for line in heard()] == ["proxy-0123-4567", own.headers["X-Request-ID"]]
    assert len(own.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    ("setting", "serving", "heard_levels", "is_json"),
    [
        ("", False, [], True),
        ("", True, ["warning"], True),
        ("WARNING", False, ["warning"], True),
        ("info text", True, ["info", "warning"], False),
        ("warning, text", True, ["warning"], False),
    ],
)
def test_the_setting_chooses_level_and_form(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    setting: str,
    serving: bool,
    heard_levels: list[str],
    is_json: bool,
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TRAGINER_LOG", setting)
        logs.configure(serving=serving)
        log = logging.getLogger("traginer.runs")
        log.info("an info to aina@example.org")
        log.warning("a warning to aina@example.org")
    logs.configure()
    said = capsys.readouterr().err
    assert [level for level in ("info", "warning") if f"a{'n' * (level == 'info')} {level}" in said] == heard_levels
    assert all(line.startswith("{") is is_json for line in said.splitlines())
    assert "example" not in said


def test_to_configure_again_neither_doubles_a_line_nor_leaves_a_plain_writer_beside_ours(
    heard: Heard,
) -> None:
    logging.getLogger().addHandler(logging.StreamHandler())
    logs.configure()
    logging.getLogger("traginer.runs").info("once")
    assert [line["event"] for line in heard()] == ["once"]
