"""Brevo's published clients get through every route, and every answer is one that Brevo's own description allows."""

import json

import pytest
import sib_api_v3_sdk
from brevo.core.api_error import ApiError
from jsonschema import Draft202012Validator, ValidationError

from brevo import Brevo
from tests.contract.drives import BREVO_PYTHON, SIB
from tests.contract.heard import Heard, check_answer
from tests.contract.schemas import ANSWERS, ERROR
from traginer.sandbox import Sandbox
from traginer.sandbox.endpoints.table import ROUTES

NAMES = [route.name for route in ROUTES]
NOT_IN_SIB = {name for name in NAMES if "/segments" in name or "multiple-choice" in name}


def test_every_route_of_the_sandbox_is_driven_by_a_published_client_and_has_a_described_answer() -> None:
    assert BREVO_PYTHON.keys() == ANSWERS.keys() == set(NAMES)
    assert SIB.keys() == set(NAMES) - NOT_IN_SIB


def _check(sandbox: Sandbox, heard: Heard, route: str) -> None:
    """The route itself was reached and answered well; so was every other request on the way."""
    asked = sandbox.requests()
    assert len(asked) == len(heard.answers)
    assert route in {entry.route for entry in asked}
    for entry, (status, headers, body) in zip(asked, heard.answers, strict=True):
        assert status < 400, body
        check_answer(entry.route, status, headers, body)


@pytest.mark.parametrize("route", BREVO_PYTHON)
def test_brevo_python_takes_the_route(brevo: Brevo, sandbox: Sandbox, heard: Heard, route: str) -> None:
    BREVO_PYTHON[route](brevo, sandbox)
    _check(sandbox, heard, route)


@pytest.mark.parametrize("route", SIB)
def test_sib_api_v3_sdk_which_validates_strictly_takes_the_route(
    sib: sib_api_v3_sdk.ApiClient, sandbox: Sandbox, heard: Heard, route: str
) -> None:
    SIB[route](sib, sandbox)
    _check(sandbox, heard, route)


def test_both_clients_find_an_address_with_a_plus_sign(
    brevo: Brevo, sib: sib_api_v3_sdk.ApiClient, sandbox: Sandbox
) -> None:
    sandbox.add_contact("a+b@example.com")
    assert brevo.contacts.get_contact_info("a+b@example.com").email == "a+b@example.com"
    assert sib_api_v3_sdk.ContactsApi(sib).get_contact_info("a+b@example.com").email == "a+b@example.com"
    assert [entry.path for entry in sandbox.requests("/contacts/a")] == [
        "/contacts/a+b@example.com",
        "/contacts/a%2Bb%40example.com",
    ]


def test_a_refusal_reaches_both_clients_as_their_typed_error(
    brevo: Brevo, sib: sib_api_v3_sdk.ApiClient, heard: Heard
) -> None:
    with pytest.raises(ApiError) as brevos:
        brevo.contacts.get_contact_info("nobody@example.com")
    with pytest.raises(sib_api_v3_sdk.rest.ApiException) as sibs:
        sib_api_v3_sdk.ContactsApi(sib).get_contact_info("nobody@example.com")
    assert (brevos.value.status_code, sibs.value.status) == (404, 404)
    for status, headers, body in heard.answers:
        check_answer("GET /contacts/{identifier}", status, headers, body)


def test_the_descriptions_refuse_what_brevo_never_answers() -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(ANSWERS["GET /contacts/lists"][200]).validate({"lists": [{"id": 7}], "count": 1})
    with pytest.raises(ValidationError):
        Draft202012Validator(ERROR).validate(json.loads('{"code": "made_up", "message": ""}'))
