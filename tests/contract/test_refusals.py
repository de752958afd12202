"""The words of Brevo's refusals, as they were captured on real accounts: golden bodies, byte for byte where known."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.contract.schemas import ERROR
from traginer.sandbox import Sandbox, Switches


def ask(
    sandbox: Sandbox, method: str, path: str, body: object = None, *, key: str | None = ""
) -> tuple[int, dict[str, str], bytes]:
    """One request with the standard library; `key` "" is the sandbox's own, None is none."""
    headers = {"content-type": "application/json"}
    if key is not None:
        headers["api-key"] = key or sandbox.api_key
    sent = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(sandbox.base_url + path, sent, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, dict(refusal.headers), refusal.read()


ANNA = {"email": "anna@example.com"}
BOTH = {"SMS": "+34600111222", "EXT_ID": "b-2"}
DUPLICATE = "duplicate_parameter"
INVALID = "invalid_parameter"
MISSING = "document_not_found"
GOLDEN = {
    "the address is taken": (
        ("POST", "/contacts", ANNA),
        400,
        {
            "code": DUPLICATE,
            "message": "Unable to create contact, email is already associated with another Contact",
            "metadata": {"duplicate_identifiers": ["email"]},
        },
    ),
    "the phone is taken": (
        ("POST", "/contacts", {"email": "new@example.com", "attributes": {"SMS": "0034600111222"}}),
        400,
        {
            "code": DUPLICATE,
            "message": "Unable to create contact, SMS is already associated with another Contact",
            "metadata": {"duplicate_identifiers": ["SMS"]},
        },
    ),
    "a change takes another's phone": (
        ("PUT", "/contacts/carme@example.com", {"attributes": {"SMS": "34600111222"}}),
        400,
        {
            "code": DUPLICATE,
            "message": "Unable to update contact, SMS is already associated with another Contact",
            "metadata": {"duplicate_identifiers": ["SMS"]},
        },
    ),
    "a change takes two identifiers of others": (
        ("PUT", "/contacts/carme@example.com", {"attributes": BOTH}),
        400,
        {
            "code": DUPLICATE,
            "message": "Unable to update contact, SMS or EXT_ID are already associated with another Contact",
            "metadata": {"duplicate_identifiers": ["SMS", "EXT_ID"]},
        },
    ),
    "a bad phone refuses the whole contact": (
        ("POST", "/contacts", {"email": "new@example.com", "attributes": {"SMS": "+34123"}}),
        400,
        {"code": INVALID, "message": "Invalid phone number"},
    ),
    "a bad address": (
        ("POST", "/contacts", {"email": "new@"}),
        400,
        {"code": INVALID, "message": "Invalid email address"},
    ),
    "no such contact": (
        ("GET", "/contacts/nobody@example.com", None),
        404,
        {"code": MISSING, "message": "Contact does not exist"},
    ),
    "everybody to be added is on the list": (
        ("POST", "/contacts/lists/7/contacts/add", {"emails": ["anna@example.com", "nobody@example.com"]}),
        400,
        {"code": INVALID, "message": "Contact already in list and/or does not exist"},
    ),
    "nobody to be removed is on the list": (
        ("POST", "/contacts/lists/7/contacts/remove", {"emails": ["carme@example.com"]}),
        400,
        {"code": INVALID, "message": "Contact already in list and/or does not exist"},
    ),
    "a list in no folder": (
        ("POST", "/contacts/lists", {"name": "New", "folderId": 99}),
        404,
        {"code": MISSING, "message": "Folder ID does not exist"},
    ),
    "an attribute twice": (
        ("POST", "/contacts/attributes/normal/FIRSTNAME", {"type": "text"}),
        400,
        {"code": INVALID, "message": "Attribute name must be unique"},
    ),
    "no such process": (
        ("GET", "/processes/99", None),
        404,
        {"code": INVALID, "message": "processId is invalid"},
    ),
    "a process that is no number": (
        ("GET", "/processes/last", None),
        404,
        {"code": INVALID, "message": "processId is invalid"},
    ),
    "a method the address does not have": (
        ("POST", "/account", {}),
        405,
        {"code": "method_not_allowed", "message": "POST Method is not allowed on this path"},
    ),
}


@pytest.mark.parametrize("case", GOLDEN)
def test_a_refusal_is_worded_as_brevo_words_it(sandbox: Sandbox, case: str) -> None:
    (method, path, body), status, expected = GOLDEN[case]
    answered, headers, raw = ask(sandbox, method, path, body)
    assert (answered, json.loads(raw)) == (status, expected)
    assert headers["sib-request-id"]


@pytest.mark.parametrize("body", [{"fileBody": "NAME SURNAME\nAnna Pou"}, {"jsonBody": [{"email": "nobody"}]}])
def test_an_import_without_any_identifier_is_refused_at_once(sandbox: Sandbox, body: dict[str, Any]) -> None:
    status, _, raw = ask(sandbox, "POST", "/contacts/import", {**body, "listIds": [7]})
    answer = json.loads(raw)
    assert (status, answer["code"]) == (400, INVALID)
    assert answer["message"].startswith(
        "We could not find any valid email or SMS or Contact ID in the file you uploaded. "
        "Please add at least one valid email address ("
    )
    assert answer["message"].endswith("Also check that you are not using space as a delimiter")


def test_a_missing_key_and_a_wrong_one_are_told_apart(sandbox: Sandbox) -> None:
    assert ask(sandbox, "GET", "/account", key=None)[::2] == (
        401,
        b'{"code":"unauthorized","message":"authentication not found in headers"}',
    )
    assert ask(sandbox, "GET", "/account", key="xkeysib-wrong")[::2] == (
        401,
        b'{"code":"unauthorized","message":"Key not found"}',
    )


def test_an_address_that_is_not_recognised_is_named_in_the_refusal(sandbox: Sandbox) -> None:
    sandbox.set_recognised_ips(["192.0.2.0/24"])
    status, _, raw = ask(sandbox, "GET", "/account")
    assert (status, json.loads(raw)) == (
        401,
        {
            "code": "unauthorized",
            "message": "We have detected you are using an unrecognised IP address 127.0.0.1. If you performed this "
            "action make sure to add the new IP address in this link: https://app.brevo.com/security/authorised_ips",
        },
    )


def test_a_key_that_was_switched_off_is_unauthorised_in_words_of_its_own(sandbox: Sandbox) -> None:
    sandbox.switch_off_key()
    status, _, raw = ask(sandbox, "GET", "/account")
    assert (status, json.loads(raw)) == (
        401,
        {"code": "unauthorized", "message": Switches().switched_off_key_message},
    )
    sandbox.switch_on_key()
    assert ask(sandbox, "GET", "/account")[0] == 200


def test_an_empty_segment_runs_into_a_timeout_at_cloudflare_unless_switched_off(sandbox: Sandbox) -> None:
    segment_id = sandbox.create_segment("Nobody")
    status, _, raw = ask(sandbox, "GET", f"/contacts?segmentId={segment_id}")
    assert status == 524
    assert raw.startswith(b"<html>")
    sandbox.switches.empty_segment_times_out = False
    assert ask(sandbox, "GET", f"/contacts?segmentId={segment_id}")[::2] == (200, b'{"contacts":[],"count":0}')


def test_the_accounts_own_address_can_not_be_deleted(sandbox: Sandbox) -> None:
    sandbox.add_contact("botiga@example.com")
    assert ask(sandbox, "DELETE", "/contacts/botiga@example.com")[0] == 405
    assert sandbox.contact("botiga@example.com") is not None


def _reach(path: str, body: object = None, method: str = "GET") -> Callable[[Sandbox], tuple[int, Any]]:
    def reach(sandbox: Sandbox) -> tuple[int, Any]:
        status, _, raw = ask(sandbox, method, path, body)
        return status, json.loads(raw)

    return reach


UNSEEN = {
    "list of no id": (_reach("/contacts/lists/99"), 404),
    "list id that is no number": (_reach("/contacts/lists/seven"), 404),
    "folder of no id": (_reach("/contacts/folders/99"), 404),
    "webhook of no id": (_reach("/webhooks/99"), 404),
    "attribute of no name": (_reach("/contacts/attributes/normal/NOPE", method="DELETE"), 404),
    "attribute of no category": (_reach("/contacts/attributes/odd/NOPE", {}, "POST"), 400),
    "page of lists too long": (_reach("/contacts/lists?limit=51"), 400),
    "page of members too long": (_reach("/contacts/lists/7/contacts?limit=501"), 400),
    "page of contacts too long": (_reach("/contacts?limit=1001"), 400),
    "page of processes too long": (_reach("/processes?limit=51"), 400),
    "page of blocked too long": (_reach("/smtp/blockedContacts?limit=101"), 400),
    "too many ids": (_reach("/contacts?" + "&".join(f"ids={n}" for n in range(21))), 400),
    "list and segment": (_reach("/contacts?listIds=7&segmentId=1"), 400),
    "odd order": (_reach("/contacts?sort=up"), 400),
    "negative offset": (_reach("/contacts?offset=-1"), 400),
    "odd moment": (_reach("/contacts?modifiedSince=yesterday"), 400),
    "odd filter": (_reach("/contacts?filter=like(FIRSTNAME)"), 400),
    "odd identifier type": (_reach("/contacts/anna?identifierType=name"), 400),
    "contact without identifier": (_reach("/contacts", {"attributes": {"FIRSTNAME": "X"}}, "POST"), 400),
    "contact on no list": (_reach("/contacts", {"email": "x@example.com", "listIds": [99]}, "POST"), 400),
    "151 entries": (
        _reach("/contacts/lists/7/contacts/add", {"emails": [f"p{n}@example.com" for n in range(151)]}, "POST"),
        400,
    ),
    "emails and ids": (_reach("/contacts/lists/7/contacts/add", {"emails": ["a@b.cat"], "ids": [1]}, "POST"), 400),
    "nothing to add": (_reach("/contacts/lists/7/contacts/add", {"emails": []}, "POST"), 400),
    "name and folder at once": (_reach("/contacts/lists/7", {"name": "A", "folderId": 1}, "PUT"), 400),
    "import of two bodies": (
        _reach("/contacts/import", {"jsonBody": [ANNA], "fileBody": "EMAIL\na@b.cat", "listIds": [7]}, "POST"),
        400,
    ),
    "import of no body": (_reach("/contacts/import", {"listIds": [7]}, "POST"), 400),
    "import into nothing": (_reach("/contacts/import", {"jsonBody": [ANNA]}, "POST"), 400),
    "import into no list": (_reach("/contacts/import", {"jsonBody": [ANNA], "listIds": [99]}, "POST"), 400),
    "import into a new list of no folder": (
        _reach("/contacts/import", {"jsonBody": [ANNA], "newList": {"listName": "A"}}, "POST"),
        400,
    ),
    "import with consent groups": (
        _reach("/contacts/import", {"jsonBody": [ANNA], "listIds": [7], "consentGroupIds": [1]}, "POST"),
        403,
    ),
    "import from afar": (
        _reach("/contacts/import", {"fileUrl": "https://example.com/a.csv", "listIds": [7]}, "POST"),
        400,
    ),
    "import from nowhere": (
        _reach("/contacts/import", {"fileUrl": "http://127.0.0.1:9/a.csv", "listIds": [7]}, "POST"),
        500,
    ),
    "export of no list": (
        _reach("/contacts/export", {"customContactFilter": {"actionForContacts": "allContacts", "listId": 99}}, "POST"),
        400,
    ),
    "export of nothing": (_reach("/contacts/export", {}, "POST"), 400),
    "webhook without events": (_reach("/webhooks", {"url": "http://127.0.0.1:9/"}, "POST"), 400),
    "webhook of another type's event": (
        _reach("/webhooks", {"url": "http://127.0.0.1:9/", "events": ["listAddition"]}, "POST"),
        400,
    ),
    "batch with a stranger": (
        _reach("/contacts/batch", {"contacts": [ANNA, {"email": "nobody@example.com"}]}, "POST"),
        404,
    ),
    "address of nothing": (_reach("/contactos/import/now/please"), 404),
}


@pytest.mark.parametrize("case", UNSEEN)
def test_a_refusal_whose_words_nobody_has_seen_has_brevos_shape_and_status(sandbox: Sandbox, case: str) -> None:
    reach, status = UNSEEN[case]
    answered, body = reach(sandbox)
    assert answered == status
    Draft202012Validator(ERROR).validate(body)


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"text"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(sandbox: Sandbox, raw: bytes) -> None:
    headers = {"api-key": sandbox.api_key, "content-type": "application/json"}
    request = urllib.request.Request(sandbox.base_url + "/contacts", raw, headers, method="POST")
    with pytest.raises(urllib.error.HTTPError) as refusal, urllib.request.urlopen(request, timeout=10):
        pass
    with refusal.value as answer:
        assert answer.code == 400
        Draft202012Validator(ERROR).validate(json.loads(answer.read()))
