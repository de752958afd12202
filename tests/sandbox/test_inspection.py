import json
from html.parser import HTMLParser

import pytest

from tests.sandbox.api import Api, row
from traginer.sandbox import Sandbox

ANNA = "anna@example.com"


class _Reader(HTMLParser):
    """Notes the text of a page, its tags, and whether every opened one is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _page(api: Api, path: str = "/") -> _Reader:
    told = api.ask("GET", path)
    assert (told.status, told.headers["content-type"]) == (200, "text/html; charset=utf-8")
    reader = _Reader()
    reader.feed(told.body.decode())
    assert reader.open == []
    return reader


def test_the_page_shows_lists_contacts_processes_requests_faults_and_switches(api: Api, sandbox: Sandbox) -> None:
    api.bring_in(row(ANNA, FIRSTNAME="Anna"), row("bad"))
    sandbox.faults.add("524:path=/contacts/import,when=after")
    text = " ".join(_page(api).text)
    for words in ("Newsletter", ANNA, "IMPORTUSER", "completed", "/contacts/import", "524", "rows_per_second"):
        assert words in text
    assert "What should not happen" in text


def test_the_page_of_one_list_shows_its_members_only(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA, list_ids=[7])
    sandbox.add_contact("biel@example.com")
    text = " ".join(_page(api, "/?list=7").text)
    assert ANNA in text
    assert "biel@example.com" not in text


def test_nothing_that_was_sent_becomes_part_of_the_page(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA, {"FIRSTNAME": "<script>alert(1)</script>"})
    sandbox.create_list("<img src=x>")
    api.get("/contacts/<script>")
    reader = _page(api)
    assert not reader.tags & {"script", "img"}
    assert "default-src 'none'" in api.ask("GET", "/").headers["content-security-policy"]


def test_the_members_of_a_list_come_as_json_lines(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA, {"FIRSTNAME": "Núria", "SMS": "34600111222"}, list_ids=[7])
    sandbox.add_contact("biel@example.com", list_ids=[7])
    lines = [json.loads(line) for line in api.ask("GET", "/sandbox/lists/7/emails").body.splitlines()]
    assert lines == [
        {"email": ANNA, "attributes": {"FIRSTNAME": "Núria", "SMS": "34600111222"}},
        {"email": "biel@example.com", "attributes": {}},
    ]
    assert api.ask("GET", "/sandbox/lists/8/emails").body == b""
    assert api.ask("GET", "/sandbox/lists/99/emails").status == 404


def test_the_request_log_shows_bodies_only_on_demand(api: Api, sandbox: Sandbox) -> None:
    started = api.start_import(row(ANNA), row("b@example.com"))
    sandbox.settle()
    api.get("/contacts?limit=1")
    seen = api.ask("GET", "/sandbox/requests?prefix=/contacts/import").json
    assert [(each["method"], each["path"], each["status"], each["rows"], each["bucket"]) for each in seen] == [
        ("POST", "/contacts/import", 202, 2, "contacts")
    ]
    assert (seen[0]["request_id"], seen[0]["body"]) == (started.headers["sib-request-id"], None)
    assert seen[0]["request_bytes"] > 50
    assert ANNA in api.ask("GET", "/sandbox/requests?bodies=1").json[0]["body"]
    assert [each["query"] for each in api.ask("GET", "/sandbox/requests?last=1").json] == ["limit=1"]


def test_looking_is_not_logged_and_needs_no_key_and_meets_no_fault(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.add(times=0)
    for path in ("", "/contacts", "/lists", "/processes", "/requests", "/callbacks", "/switches", "/clock", "/key"):
        assert api.ask("GET", f"/sandbox{path}").status == 200
    assert sandbox.requests() == []


def test_the_state_sums_up_what_there_is_and_what_should_not_be(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA)
    sandbox.block(ANNA)
    api.put(f"/contacts/{ANNA}", {"emailBlacklisted": False})
    state = api.ask("GET", "/sandbox").json
    assert (state["contacts"], state["lists"], state["requests"], state["tier"]) == (1, 2, 1, "unlimited")
    assert state["invariants"]["blocks_lifted"] == 1


def test_switches_are_read_and_set_over_http_all_or_none(api: Api, sandbox: Sandbox) -> None:
    told = api.ask("PATCH", "/sandbox/switches", {"tier": "general", "rows_per_second": 5})
    assert (told.status, told.json["tier"], told.json["rows_per_second"]) == (200, "general", 5.0)
    for bad in ({"tier": "free", "queue_delay_seconds": 1}, {"no_such": 1}, {"report_header": "yes"}, {"tier": 1}):
        refused = api.ask("PATCH", "/sandbox/switches", bad)
        assert refused.status == 400
        assert refused.json["message"]
    assert sandbox.switches.queue_delay_seconds == 0.0


def test_faults_are_armed_and_disarmed_over_http(api: Api) -> None:
    one = api.ask("POST", "/sandbox/faults", {"status": 502, "path": "/account"}).json["id"]
    assert api.ask("POST", "/sandbox/faults", {"fault": "524:path=/contacts"}).status == 201
    assert [fault["status"] for fault in api.ask("GET", "/sandbox/faults").json] == [502, 524]
    assert api.ask("DELETE", f"/sandbox/faults/{one}").status == 204
    assert api.ask("DELETE", f"/sandbox/faults/{one}").status == 404
    assert api.get("/account").status == 200
    assert api.ask("DELETE", "/sandbox/faults").status == 204
    assert api.get("/contacts").status == 200
    for bad in ({"kind": "none"}, {"odd": 1}, {"status": "x"}, {"fault": "x"}):
        assert api.ask("POST", "/sandbox/faults", bad).status == 400


def test_the_clock_is_moved_frozen_and_let_go_over_http(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.queue_delay_seconds = 60.0
    api.start_import(row(ANNA))
    told = api.ask("POST", "/sandbox/clock", {"advance": 60})
    assert (told.status, told.json["frozen"], sandbox.emails()) == (200, True, {ANNA})
    assert api.ask("POST", "/sandbox/clock", {"frozen": False}).json["frozen"] is False
    for bad in (-1, "60", True, 1e12):
        assert api.ask("POST", "/sandbox/clock", {"advance": bad}).status == 400


def test_the_key_is_switched_and_addresses_are_listed_over_http(api: Api) -> None:
    assert api.ask("PATCH", "/sandbox/key", {"switched_off": True}).json["switched_off"] is True
    assert api.get("/account").status == 401
    api.ask("PATCH", "/sandbox/key", {"switched_off": False, "recognised_ips": ["10.0.0.0/8"]})
    assert api.get("/account").status == 401
    api.ask("PATCH", "/sandbox/key", {"recognised_ips": None})
    assert api.get("/account").status == 200
    assert api.ask("PATCH", "/sandbox/key", {"recognised_ips": ["here"]}).status == 400


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_page_of_another_site_can_not_change_the_sandbox(api: Api, sandbox: Sandbox, method: str) -> None:
    path = {"POST": "/sandbox/reset", "PATCH": "/sandbox/switches", "DELETE": "/sandbox/faults"}[method]
    sandbox.add_contact(ANNA)
    told = api.ask(method, path, {}, headers={"origin": "http://evil.example"})
    assert (told.status, sandbox.emails()) == (403, {ANNA})
    assert api.ask(method, path, {}, headers={"origin": sandbox.url}).status < 300
