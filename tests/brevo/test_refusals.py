"""Every status and message of Brevo that is known, as the error of the tree it stands for."""

import pytest
from tests.brevo.far_side import HTML_502, Answer

from traginer.brevo import (
    Invalid,
    IPNotRecognised,
    KeyMissing,
    KeyOff,
    KeyUnknown,
    Later,
    MethodNotAllowed,
    NotFound,
    OutcomeUnknown,
    PaymentRequired,
    PermissionDenied,
    RateLimited,
    Refused,
    Stop,
    Unavailable,
    masked,
)

UNAUTHORISED = "unauthorized"
IP_MESSAGE = (
    "We have detected you are using an unrecognised IP address {}. If you performed this action make sure to add the "
    "new IP address in this link: https://app.brevo.com/security/authorised_ips"
)
NO_IDENTIFIER = (
    "We could not find any valid email or SMS or Contact ID in the file you uploaded. Please add at least one valid "
    "email address. Also check that you are not using space as a delimiter"
)
TAKEN = "Unable to {}, {} already associated with another Contact"
REFUSALS = [
    (401, UNAUTHORISED, "authentication not found in headers", KeyMissing),
    (401, UNAUTHORISED, "Key not found", KeyUnknown),
    (401, UNAUTHORISED, IP_MESSAGE.format("203.0.113.9"), IPNotRecognised),
    (401, UNAUTHORISED, "API Key is not enabled", KeyOff),
    (401, "", "", KeyOff),
    (402, "not_enough_credits", "You do not have enough credits", PaymentRequired),
    (403, "permission_denied", "Your account is not activated", PermissionDenied),
    (404, "document_not_found", "List ID does not exist", NotFound),
    (404, "document_not_found", "Contact does not exist", NotFound),
    (404, "document_not_found", "Folder ID does not exist", NotFound),
    (404, "invalid_parameter", "processId is invalid", NotFound),
    (405, "method_not_allowed", "Not in your plan", MethodNotAllowed),
    (406, "not_acceptable", "Not acceptable", Invalid),
    (422, "unprocessable_entity", "Unprocessable", Invalid),
    (400, "duplicate_parameter", TAKEN.format("create contact", "email is"), Invalid),
    (400, "duplicate_parameter", TAKEN.format("create contact", "SMS is"), Invalid),
    (400, "duplicate_parameter", TAKEN.format("update contact", "SMS or EXT_ID are"), Invalid),
    (400, "duplicate_parameter", "Contact already exist", Invalid),
    (400, "invalid_parameter", "Invalid phone number", Invalid),
    (400, "invalid_parameter", "Invalid email address", Invalid),
    (400, "invalid_parameter", "Attribute name must be unique", Invalid),
    (400, "invalid_parameter", NO_IDENTIFIER, Invalid),
    (400, "missing_parameter", "listIds is missing", Invalid),
    (400, "out_of_range", "limit exceeds max value", Invalid),
]
FAULTS = [408, 500, 502, 503, 504, 520, 524]


@pytest.mark.parametrize(("status", "code", "message", "error"), REFUSALS)
def test_each_refusal_is_one_error_for_what_reads_and_what_writes(far_side, brevo, status, code, message, error):
    refusal = Answer(status, {"code": code, "message": message})
    far_side.will_answer(refusal, refusal)
    with pytest.raises(Stop) as caught:
        brevo.attributes()
    assert type(caught.value) is error
    assert (caught.value.status, caught.value.code, caught.value.message) == (status, code, message)
    removal = brevo.remove_from_list(7, ["ada@example.org"])
    assert removal == Refused(status, code, message, caught.value)
    assert type(removal.stop) is error
    assert len(far_side.seen) == 2


@pytest.mark.parametrize("ip", ["203.0.113.9", "2a01:cb00:1::9"])
def test_the_operator_learns_which_ip_address_to_authorise(far_side, brevo, ip):
    far_side.will_answer(Answer(401, {"code": UNAUTHORISED, "message": IP_MESSAGE.format(ip)}))
    with pytest.raises(IPNotRecognised) as caught:
        brevo.account()
    assert caught.value.ip == ip


def test_an_unrecognised_ip_address_that_is_not_named_is_still_told_from_a_wrong_key(far_side, brevo):
    far_side.will_answer(Answer(401, {"message": "Unrecognised IP address"}))
    with pytest.raises(IPNotRecognised) as caught:
        brevo.account()
    assert caught.value.ip == ""


@pytest.mark.parametrize("status", FAULTS)
@pytest.mark.parametrize("content", [HTML_502, b"", {"message": "internal"}])
def test_a_fault_is_unavailable_for_what_reads_and_an_unknown_outcome_for_what_writes(far_side, brevo, status, content):
    far_side.always = lambda _: Answer(status, content)
    with pytest.raises(Unavailable) as caught:
        brevo.contact_list(7)
    assert caught.value.status == status
    with pytest.raises(OutcomeUnknown) as caught_write:
        brevo.create_list("Customers", 1)
    assert caught_write.value.status == status
    assert "cloudflare" not in str(caught_write.value)


def test_an_answer_that_is_no_json_is_never_a_success(far_side, brevo):
    far_side.always = lambda _: Answer(200, HTML_502)
    with pytest.raises(Unavailable):
        brevo.account()
    with pytest.raises(OutcomeUnknown):
        brevo.create_list("Customers", 1)
    with pytest.raises(OutcomeUnknown):
        brevo.start_contact_export(7)


@pytest.mark.parametrize("content", [[], "text", {"lists": "none", "count": 1}, {"lists": [7], "count": 1}])
def test_json_of_another_shape_is_unavailable(far_side, brevo, content):
    far_side.always = lambda _: Answer(200, content)
    with pytest.raises(Unavailable):
        list(brevo.lists())


def test_a_page_of_html_is_refused_without_quoting_it(far_side, brevo):
    far_side.will_answer(Answer(403, HTML_502))
    with pytest.raises(PermissionDenied) as caught:
        brevo.account()
    assert str(caught.value) == "403"


def test_a_redirect_of_the_api_is_not_followed_with_the_key(far_side, brevo):
    far_side.will_answer(Answer(301, b"", {"location": f"{far_side.origin}/elsewhere"}))
    with pytest.raises(Invalid) as caught:
        brevo.account()
    assert caught.value.code == "redirected"
    assert len(far_side.seen) == 1


@pytest.mark.parametrize(("headers", "seconds"), [({"x-sib-ratelimit-reset": "1800"}, 1800), ({"retry-after": "3"}, 3)])
def test_429_says_for_how_long_whatever_its_body(far_side, open_client, headers, seconds):
    far_side.always = lambda _: Answer(429, b"Too Many Requests", headers)
    with pytest.raises(RateLimited) as caught:
        open_client(tries=1).account()
    assert caught.value.seconds == seconds


@pytest.mark.parametrize("answer", [Answer(425, b""), Answer(400, {"code": "account_in_process", "message": "wait"})])
def test_an_account_in_process_is_a_matter_of_time(far_side, brevo, answer):
    far_side.will_answer(answer)
    with pytest.raises(Later):
        brevo.create_list("Customers", 1)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Contact ada.b+c@example.org exists", "Contact <address> exists"),
        ("email=ada@exämple.org, (bernat@x.cat)", "email=<address>, (<address>)"),
        ("/contacts/ada%40example.org gone", "<address> gone"),
        ("key xkeysib-00ff-Ab3 or xsmtpsib-12-Q", "key <key> or <key>"),
        ("SMS +34600111222 is taken, 34600111222 too", "SMS <number> is taken, <number> too"),
        ("IP address 203.0.113.9", "IP address 203.0.113.9"),
        ("List 7 does not exist", "List 7 does not exist"),
    ],
)
def test_addresses_numbers_and_keys_are_masked(text, shown):
    assert masked(text) == shown


def test_a_message_is_cut_to_a_sensible_length():
    assert len(masked("word " * 1000)) == 300
