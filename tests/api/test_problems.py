"""Errors over the API: one shape for all of them, in the language of the one who asks, and never a 5xx for what was sent."""

import json
from typing import Any

import pytest
from django.db import DataError, OperationalError

from tests.api.world import PREFIX, Answer, Asking
from tests.errors_page import all_errors
from traginer.api import door, problems
from traginer.api.examples import EXPORT, SEGMENT, SOURCE
from traginer.api.statuses import STATUSES, TITLES, status_of
from traginer.errors import TraginerError
from traginer.i18n import LANGUAGES, speaking

MEMBERS = {"type", "title", "status", "detail", "code", "turn", "next_step"}
HALF = b'{"name": "\\ud800"}'


def problem_of(error: type[TraginerError]) -> dict[str, Any]:
    facts = dict.fromkeys(error.placeholders(), "7")
    return problems.described(error.from_facts(facts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_status_and_says_what_happened_and_what_to_do(language: str) -> None:
    with speaking(language):
        for error in all_errors():
            problem = problem_of(error)
            assert problem.keys() == MEMBERS
            assert problem["title"]
            assert problem["type"] == f"/api/v1/docs/errors#{error.code}"
            assert problem["next_step"] or error.code == "lease-lost"
    assert set(TITLES) >= {status_of(error) for error in all_errors()} == {*STATUSES.values(), 409}


def test_no_error_but_those_of_the_server_is_a_5xx() -> None:
    ours = {error.code for error in all_errors() if status_of(error) >= 500}
    assert ours == {
        "answer-unexpected", "brevo-account-busy", "brevo-no-answer", "brevo-unavailable", "database-unavailable",
        "memory-short", "server-busy", "too-slow", "unexpected",
    }  # fmt: skip


def test_every_error_that_somebody_must_wait_for_says_how_long() -> None:
    for error in all_errors():
        answer = problems.answer(error.from_facts({**dict.fromkeys(error.placeholders(), "7"), "seconds": 3}))
        assert ("Retry-After" in answer) is (answer.status_code in {429, 503}), error.code


def test_an_error_is_told_in_the_language_of_the_one_who_asks(api: Asking) -> None:
    english, catalan = (api.get("exports/99", Accept_Language=language) for language in ("en-GB,ca;q=0.5", "de, ca-ES"))
    assert english.headers["Content-Language"] == "en"
    assert catalan.headers["Content-Language"] == "ca"
    assert english.headers["Content-Type"] == catalan.headers["Content-Type"] == "application/problem+json"
    assert {key: english.json[key] for key in ("code", "status", "type", "turn")} == {
        "code": "number-unknown", "status": 404, "type": "/api/v1/docs/errors#number-unknown", "turn": "operator",
    }  # fmt: skip
    assert api.get("runs/99", who="carla", Accept_Language="ca").json["detail"] == "No hi ha cap execució 99."


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("ca", "ca"), ("CA", "ca"), ("ca-ES", "ca"), ("es,ca;q=0.3", "ca"), ("ca;q=0, en;q=0.1", "en"),
        ("en;q=0.4, ca;q=0.8", "ca"), ("*", "en"), (";;;,q=,ca;q=x", "en"), ("ca;q=0.001", "ca"), ("," * 1000, "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_most_wanted_of_ours(header: str, language: str) -> None:
    assert door.language_of(header) == language


def test_what_is_wrong_in_a_body_is_pointed_at(api: Asking) -> None:
    """S30: an export without its email is refused, saying where."""
    body = {**EXPORT, "list": "7", "attributes": {"SMS/2": {"field": ""}}, "schedule": {"times": [6]}, "emial": "email"}
    del body["email"]
    answer = api.post("exports", body)
    assert (answer.status, answer.code) == (422, "request-invalid")
    told = {fault["pointer"]: fault["detail"] for fault in answer.json["errors"]}
    assert told["#/list"] == "\"list\" is a whole number, not '7'."
    assert told["#/email"] == '"email" is missing.'
    assert told["#/emial"] == '"emial" is not known here. Did you mean "email"?'
    assert told.keys() == {"#/list", "#/email", "#/emial", "#/attributes/SMS~12/field", "#/schedule"}
    assert answer.json["detail"].startswith("The request is not valid. ")


def test_what_is_wrong_with_rules_is_pointed_at(api: Asking) -> None:
    rules = {"all": [{"field": "language", "is": "ca"}, {"field": "langage", "is": "ca"}]}
    answer = api.post("segments", {**SEGMENT, "name": "New", "rules": rules})
    assert (answer.status, answer.code) == (422, "rule-field-unknown")
    assert [fault["pointer"] for fault in answer.json["errors"]] == ["#/rules/all/1/field"]
    answer = api.put("segments/1", {"name": "New", "source": "Customers", "sql": "DROP TABLE profiles"})
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "#/sql")


@pytest.mark.parametrize(
    ("path", "faults"),
    [
        ("runs?limit=0", [("limit", "query")]),
        ("runs?limit=201&status=done", [("limit", "query"), ("status", "query")]),
        ("runs?limit=1_0", [("limit", "query")]),
        ("exports?serch=x", [("serch", "query")]),
        ("exports?search=%00", [("search", "query")]),
        ("exports?cursor=nonsense", [("cursor", "query")]),
        ("exports?cursor=MQ", [("cursor", "query")]),
        ("exports/0", [("export", "path")]),
        ("exports/9223372036854775808", [("export", "path")]),
        ("exports/" + "9" * 5000, [("export", "path")]),
        ("exports/-1", [("export", "path")]),
        ("exports/Newsletter", [("export", "path")]),
        ("audit?since=yesterday", [("since", "query")]),
        ("audit?since=2026-11-25T00:00:00", [("since", "query")]),
        ("audit?since=1700000000", [("since", "query")]),
        ("segments/1/count?timezone=Nowhere", [("timezone", "query")]),
    ],
)
def test_what_is_wrong_with_a_parameter_is_named(asking: Asking, path: str, faults: list[tuple[str, str]]) -> None:
    answer = asking.get(path)
    assert (answer.status, answer.code) == (422, "request-invalid")
    assert sorted((fault["parameter"], fault["in"]) for fault in answer.json["errors"]) == faults


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b"", 400, "body-unreadable", None),
        (b"   ", 400, "body-unreadable", None),
        (b"{", 400, "body-unreadable", None),
        (b"\xff\xfe", 400, "body-unreadable", None),
        (b'{"name": NaN}', 400, "body-unreadable", None),
        (b'{"name": "a", "name": "b"}', 400, "body-unreadable", None),
        (b"[]", 422, "request-invalid", "#"),
        (b"null", 422, "request-invalid", "#"),
        (b'"text"', 422, "request-invalid", "#"),
        (HALF, 422, "request-invalid", "#/name"),
        (b'{"name": "a\\u0000b"}', 422, "request-invalid", "#/name"),
        (b'{"a\\u0000b": 1}', 422, "request-invalid", "#"),
        (b'{"name": 1e400}', 422, "request-invalid", "#/name"),
        (b'{"name": 9223372036854775808}', 422, "request-invalid", "#/name"),
        (b'{"name": ' + b"9" * 5000 + b"}", 422, "request-invalid", "#"),
        (b"[" * 100_000, 422, "request-invalid", "#"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, 422, "request-invalid", "#" + "/a" * 65),
    ],
    ids=range(17),
)
def test_a_body_that_cannot_be_taken_is_refused_and_never_breaks_anything(
    asking: Asking, body: bytes, status: int, code: str, pointer: str | None
) -> None:
    answer = asking.post("sources", body)
    assert (answer.status, answer.code) == (status, code)
    assert [fault["pointer"] for fault in answer.json.get("errors", [])] == ([] if pointer is None else [pointer])


def test_a_body_of_another_type_or_size_is_refused(api: Asking) -> None:
    as_form = api.post("sources", SOURCE, Content_Type="application/x-www-form-urlencoded")
    assert (as_form.status, as_form.code) == (415, "media-type-refused")
    assert api.post("sources", {**SOURCE, "name": "New"}, Content_Type="application/vnd.traginer+json").status == 201
    large = api.post("sources", json.dumps({**SOURCE, "name": "x" * 1_000_001}).encode())
    assert (large.status, large.code) == (413, "body-too-large")


def test_an_address_or_a_method_that_does_not_exist_is_a_problem_too(api: Asking) -> None:
    for who in ("ada", ""):
        nowhere = api.get("exports/1/nothing", who=who)
        assert (nowhere.status, nowhere.code) == (404, "address-unknown")
        method = api.ask("PATCH", "exports/1", {}, who=who)
        assert (method.status, method.code, method.headers["Allow"]) == (405, "method-unknown", "DELETE, GET, PUT")
    assert api.post("docs", {}).code in {"", "method-unknown"}


def test_what_is_asked_for_too_early_or_too_late_is_a_conflict(api: Asking) -> None:
    """L10: a connection or a segment in use cannot be removed; the answer names what uses it."""
    for path, code in [
        ("connections/1", "connection-in-use"),
        ("segments/1", "still-used"),
        ("sources/1", "still-used"),
    ]:
        answer = api.delete(path)
        assert (answer.status, answer.code) == (409, code)
    assert '"Catalan spenders"' in answer.json["detail"]
    taken = api.post("sources", SOURCE)
    assert (taken.status, taken.code) == (409, "name-taken")


def test_a_database_that_is_away_is_worth_another_try_and_a_value_that_does_not_fit_is_not() -> None:
    assert door.failed(OperationalError("database is locked")).status_code == 503
    assert door.failed(DataError("value too long")).status_code == 422
    assert door.failed(OverflowError("int too large")).status_code == 422


def test_what_nobody_expected_tells_and_logs_its_kind_and_no_value(caplog: pytest.LogCaptureFixture) -> None:
    secret = "carme@example.org"
    answer = door.failed(RuntimeError(f"{secret} has no name"))
    assert answer.status_code == 500
    assert json.loads(answer.content)["detail"] == "Something unexpected stopped the request: RuntimeError."
    assert "RuntimeError" in caplog.text
    assert secret not in caplog.text + answer.content.decode()


def test_the_page_of_errors_has_what_the_type_of_a_problem_leads_to(api: Asking) -> None:
    for language in LANGUAGES:
        page = api.get("docs/errors", who="", Accept_Language=language)
        assert page.status == 200
        assert all(f'id="{error.code}"' in page.text for error in all_errors())
        assert f'<html lang="{language}">' in page.text


def test_no_answer_is_kept_by_anybody_on_its_way(api: Asking) -> None:
    answers: list[Answer] = [api.get("exports"), api.get("exports/99"), api.get("nothing"), api.get("exports", who="")]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers
    assert PREFIX == "/api/v1"
