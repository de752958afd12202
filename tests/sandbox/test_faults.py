import http.client
import json
import socket
import time

import pytest

from tests.sandbox.api import Api, row
from traginer.sandbox import Fault, Sandbox

ANNA = "anna@example.com"


@pytest.mark.parametrize(("when", "arrived"), [("before", set()), ("after", {ANNA})])
@pytest.mark.parametrize(
    ("body", "begins"),
    [("json", b'{"code":'), ("html", b"<html>\n<head><title>524: A timeout occurred"), ("empty", b"")],
)
def test_an_import_answered_by_524_was_accepted_or_not(
    api: Api, sandbox: Sandbox, when: str, arrived: set[str], body: str, begins: bytes
) -> None:
    sandbox.faults.add(path="/contacts/import", status=524, when=when, body=body)
    told = api.start_import(row(ANNA))
    assert told.status == 524
    assert told.body.startswith(begins)
    sandbox.settle()
    assert sandbox.emails_on(7) == arrived
    assert api.get("/processes").json["count"] == len(arrived)
    assert api.start_import(row(ANNA)).status == 202


@pytest.mark.parametrize(("when", "arrived"), [("before", set()), ("after", {ANNA})])
@pytest.mark.parametrize("at", [0, 1, 20, 150])
def test_a_connection_is_cut_at_any_byte_of_the_answer(
    api: Api, sandbox: Sandbox, when: str, arrived: set[str], at: int
) -> None:
    sandbox.faults.add(kind="cut", path="/contacts/import", when=when, at=at)
    body = json.dumps({"listIds": [7], "jsonBody": [row(ANNA)]}).encode()
    with socket.create_connection(api.sandbox.url.removeprefix("http://").split(":"), timeout=5) as wire:
        head = f"POST /v3/contacts/import HTTP/1.1\r\nHost: x\r\napi-key: {sandbox.api_key}\r\n"
        wire.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        received = b"".join(iter(lambda: wire.recv(4096), b""))
    assert len(received) == at
    assert b"HTTP/1.1".startswith(received[:8])
    sandbox.settle()
    assert sandbox.emails_on(7) == arrived


def test_after_a_cut_the_next_connection_is_answered(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.add("cut")
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        api.get("/account")
    api.connection.close()
    assert api.get("/account").status == 200


def test_a_fault_strikes_from_the_nth_matching_request_on_and_so_many_times(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.add("502:method=GET,path=/contacts/lists,nth=2,times=2")
    assert [api.get("/contacts/lists").status for _ in range(5)] == [200, 502, 502, 200, 200]
    assert api.get("/account").status == 200
    assert api.ask("GET", "/sandbox/faults").json[0] | {"id": 0} == {
        **Fault(status=502, method="GET", path="/contacts/lists", nth=2, times=2).__dict__,
        "id": 0,
        "seen": 5,
        "fired": 2,
    }


def test_a_fault_by_chance_strikes_the_same_requests_with_the_same_seed(api: Api, sandbox: Sandbox) -> None:
    def run() -> list[int]:
        fault = sandbox.faults.add(status=500, probability=0.5, times=0, seed=3)
        answered = [api.get("/account").status for _ in range(40)]
        sandbox.faults.remove(fault)
        return answered

    first = run()
    assert set(first) == {200, 500}
    assert first == run()


def test_a_slow_answer_takes_its_real_seconds(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.add("slow:seconds=0.2,path=/account")
    started = time.monotonic()
    assert api.get("/account").status == 200
    assert time.monotonic() - started >= 0.2


def test_stopping_does_not_wait_for_a_slow_answer() -> None:
    with Sandbox(faults=["slow:seconds=600"]) as sandbox:
        wire = socket.create_connection(sandbox.url.removeprefix("http://").split(":"))
        wire.sendall(f"GET /v3/account HTTP/1.1\r\nHost: x\r\napi-key: {sandbox.api_key}\r\n\r\n".encode())
        time.sleep(0.05)
        started = time.monotonic()
    wire.close()
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(("when", "first"), [("before", 401), ("after", 200)])
@pytest.mark.parametrize(
    ("kind", "words"), [("switch-off-key", "API Key is not enabled"), ("arm-ip-list", "unrecognised IP address")]
)
def test_the_key_or_the_address_is_locked_out_in_the_middle(
    api: Api, sandbox: Sandbox, when: str, first: int, kind: str, words: str
) -> None:
    sandbox.faults.add(kind=kind, when=when, nth=2)
    assert api.get("/contacts").status == 200
    assert api.get("/contacts").status == first
    told = api.get("/contacts")
    assert told.status == 401
    assert words in told.json["message"]


def test_a_list_disappears_in_the_middle(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.add("delete-list:list_id=7,path=/contacts/import,when=after")
    api.bring_in(row(ANNA))
    assert 7 not in sandbox.lists()
    assert api.start_import(row(ANNA)).status == 400


def test_faults_can_be_disarmed(api: Api, sandbox: Sandbox) -> None:
    fault = sandbox.faults.add(times=0)
    sandbox.faults.add(times=0)
    assert sandbox.faults.remove(fault)
    assert not sandbox.faults.remove(fault)
    assert api.get("/account").status == 500
    sandbox.faults.clear()
    assert api.get("/account").status == 200


@pytest.mark.parametrize(
    "text",
    ["", "explode", "500:when=never", "500:nth=0", "500:color=red", "99", "cut:at=-1", "slow:seconds=x", "500:nth"],
)
def test_a_fault_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Fault.read(text)


def test_the_log_tells_what_was_done_to_a_request(api: Api, sandbox: Sandbox) -> None:
    sandbox.faults.add("524:when=after")
    told = api.start_import(row(ANNA), row("b@example.com"))
    entry = sandbox.requests("/contacts/import")[0]
    assert (entry.status, entry.fault, entry.rows) == (524, "status after", 2)
    assert entry.request_id == told.headers["sib-request-id"]
