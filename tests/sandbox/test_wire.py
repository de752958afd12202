"""HTTP as it is on the wire: keep-alive, framing, and bodies that are too much."""

import json
import socket

import pytest

from tests.sandbox.api import Api, row
from traginer.sandbox import DEFAULT_API_KEY, Sandbox

ANNA = "anna@example.com"


def _talk(sandbox: Sandbox, *pieces: bytes) -> bytes:
    """Send raw bytes on one connection and read until it is closed."""
    with socket.create_connection(sandbox.url.removeprefix("http://").split(":"), timeout=5) as wire:
        for piece in pieces:
            wire.sendall(piece)
        return b"".join(iter(lambda: wire.recv(65536), b""))


def _head(sandbox: Sandbox, line: str, *headers: str) -> bytes:
    return "\r\n".join([line, "Host: x", f"api-key: {sandbox.api_key}", *headers, "", ""]).encode()


def test_several_requests_share_one_connection(sandbox: Sandbox) -> None:
    first = _head(sandbox, "GET /v3/account HTTP/1.1")
    last = _head(sandbox, "GET /v3/contacts HTTP/1.1", "Connection: close")
    assert _talk(sandbox, first + last).count(b"HTTP/1.1 200 OK") == 2


def test_a_body_in_chunks_is_read(sandbox: Sandbox) -> None:
    body = json.dumps({"listIds": [7], "jsonBody": [row(ANNA)]}).encode()
    head = _head(sandbox, "POST /v3/contacts/import HTTP/1.1", "Transfer-Encoding: chunked", "Connection: close")
    halves = [b"%x;note=1\r\n%s\r\n" % (len(part), part) for part in (body[:20], body[20:])]
    assert b"HTTP/1.1 202" in _talk(sandbox, head, *halves, b"0\r\n\r\n")
    sandbox.settle()
    assert sandbox.emails_on(7) == {ANNA}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (["Content-Length: many"], b"400"),
        (["Content-Length: 99999999999"], b"413"),
        (["Transfer-Encoding: chunked"], b"400"),
    ],
)
def test_a_body_that_can_not_be_read_is_refused_and_the_connection_closed(
    sandbox: Sandbox, headers: list[str], status: bytes
) -> None:
    told = _talk(sandbox, _head(sandbox, "POST /v3/contacts HTTP/1.1", *headers), b"x\r\n")
    assert told.startswith(b"HTTP/1.1 " + status)
    assert b"Connection: close" in told


def test_a_caller_who_hangs_up_in_the_middle_of_a_body_leaves_no_trace(api: Api, sandbox: Sandbox) -> None:
    with socket.create_connection(sandbox.url.removeprefix("http://").split(":"), timeout=5) as wire:
        wire.sendall(_head(sandbox, "POST /v3/contacts HTTP/1.1", "Content-Length: 1000") + b'{"email"')
    assert api.get("/contacts").json["count"] == 0


def test_every_answer_has_a_request_id_of_its_own(api: Api) -> None:
    ids = [api.get(path).headers["sib-request-id"] for path in ("/account", "/nothing", "/contacts/x@y.cat")]
    assert len(set(ids)) == 3


def test_a_plus_sign_in_a_path_stays_one_and_escapes_are_undone_once(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact("a+b@example.com")
    sandbox.add_contact("a%2b@example.com")
    for path, email in (("a+b@example.com", "a+b"), ("a%2Bb%40example.com", "a+b"), ("a%252b@example.com", "a%2b")):
        assert api.get(f"/contacts/{path}").json["email"] == f"{email}@example.com"


def test_the_default_key_is_well_formed_and_no_other_is_taken(api: Api, sandbox: Sandbox) -> None:
    prefix, digits, letters = DEFAULT_API_KEY.split("-")
    assert (prefix, len(digits), len(letters)) == ("xkeysib", 64, 16)
    assert int(digits, 16) == 0
    assert letters.isalnum()
    with Sandbox(api_key="xkeysib-other") as other:
        api_of_other = Api(other)
        assert api_of_other.get("/account").status == 200
        assert api_of_other.ask("GET", "/v3/account", headers={"api-key": DEFAULT_API_KEY}).status == 401
        api_of_other.connection.close()


def test_links_begin_with_the_address_callers_know() -> None:
    with Sandbox(tier="unlimited", public_url="http://brevo.test:8089/") as sandbox:
        api = Api(sandbox)
        link = api.bring_in(row(ANNA), row("bad"))["info"]["import"]["invalid_emails"]
        api.connection.close()
    assert link == "http://brevo.test:8089/sandbox/files/1-invalid_emails.csv"


def test_a_taken_port_is_an_error_at_once(sandbox: Sandbox) -> None:
    with pytest.raises(OSError, match="in use"):
        Sandbox(port=int(sandbox.url.rpartition(":")[2]))
