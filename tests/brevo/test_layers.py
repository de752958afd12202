"""The log and the read-only client."""

import gzip

import pytest
from tests.brevo.conftest import KEY
from tests.brevo.far_side import RATE, Answer, Cut

from traginer.brevo import Exchange, Unavailable, WriteAttempted, import_envelope
from traginer.brevo.endpoints import ENDPOINTS, Endpoint

BODY = b'{"email":"ada@example.org"}'.join(import_envelope(7))


def test_the_log_knows_what_was_asked_and_how_long_it_took(far_side, clock, open_client):
    log = []

    def answer(seen):
        clock.now += 0.25
        return Answer(202, {"processId": 78}, RATE | {"sib-request-id": "4f2a-77"})

    far_side.always = answer
    open_client(on_request=log.append).start_import(BODY)
    assert log == [
        Exchange("POST", "POST /contacts/import", 202, len(BODY), len(b'{"processId": 78}'), 0.25, "4f2a-77")
    ]


def test_the_log_names_templates_and_no_ids_or_addresses(far_side, open_client):
    log = []
    brevo = open_client(on_request=log.append)
    far_side.always = lambda _: Answer(404, {"code": "document_not_found", "message": "no ada@example.org"})
    brevo.contact("ada@example.org")
    brevo.remove_from_list(7, ["ada@example.org"])
    with pytest.raises(Exception, match="404"):
        brevo.report(f"{far_side.origin}/secret.csv?sig=s3cr3t")
    assert [entry.endpoint for entry in log] == [
        "GET /contacts/{email}",
        "POST /contacts/lists/{id}/contacts/remove",
        "GET report file",
    ]
    for secret in ("ada", "example.org", KEY, "s3cr3t", "secret.csv"):
        assert secret not in repr(log)


def test_the_log_hears_of_each_try_also_of_those_without_an_answer(far_side, open_client):
    log = []
    far_side.will_answer(Answer(500), Answer(cut=Cut.AFTER_REQUEST), Answer(200, {"companyName": "x"}))
    open_client(on_request=log.append).account()
    assert [entry.status for entry in log] == [500, None, 200]


def test_the_log_counts_bytes_as_they_travelled(far_side, open_client):
    log = []
    packed = gzip.compress(b'{"companyName":"' + b"x" * 10_000 + b'"}')
    far_side.will_answer(Answer(200, packed, {"content-encoding": "gzip"}))
    assert len(open_client(on_request=log.append).account().company) == 10_000
    assert log[0].bytes_received == len(packed)
    assert far_side.seen[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("hostile", ["a b", "x" * 101, "<script>", ""])
def test_a_request_id_that_is_none_is_left_out(far_side, open_client, hostile):
    log = []
    far_side.will_answer(Answer(200, {"companyName": "x"}, {"sib-request-id": hostile}))
    open_client(on_request=log.append).account()
    assert log[0].request_id == ""


def test_a_read_only_client_reads_and_refuses_each_write_before_it_is_sent(far_side, brevo):
    plan = brevo.read_only()
    far_side.always = lambda _: Answer(200, {"companyName": "x"})
    assert plan.account().company == "x"
    for write in (
        lambda: plan.start_import(BODY),
        lambda: plan.remove_from_list(7, ["ada@example.org"]),
        lambda: plan.create_list("x", 1),
        lambda: plan.start_contact_export(7),
    ):
        with pytest.raises(WriteAttempted):
            write()
    assert [seen.method for seen in far_side.seen] == ["GET"]


def test_a_read_only_client_shares_limits_with_the_one_it_came_from(far_side, open_client):
    brevo = open_client(tier="general")
    far_side.always = lambda _: Answer(200, {"companyName": "x"})
    brevo.account()
    brevo.read_only().account()
    assert brevo.budget_left() == brevo.read_only().budget_left() == 78


def test_every_call_that_is_not_a_get_counts_as_a_write():
    assert {endpoint.name for endpoint in ENDPOINTS if endpoint.writes} == {
        "POST /contacts/lists",
        "POST /contacts/lists/{id}/contacts/remove",
        "POST /contacts/import",
        "POST /contacts/export",
    }


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH"])
def test_other_methods_cannot_even_be_written_down(method):
    with pytest.raises(ValueError, match=method):
        Endpoint(method, "/contacts/{email}")


def test_a_proxy_carries_the_calls(far_side, open_client):
    far_side.will_answer(Answer(200, {"companyName": "x"}))
    brevo = open_client("http://brevo.invalid/v3", proxy=far_side.origin)
    assert brevo.account().company == "x"
    assert far_side.seen[0].headers["host"] == "brevo.invalid"


def test_a_closed_client_leaves_no_line_open(far_side, open_client):
    far_side.always = lambda _: Answer(200, {"companyName": "x"})
    with open_client() as brevo:
        brevo.account()
    brevo.account()
    assert len({seen.peer for seen in far_side.seen}) == 2


def test_a_base_url_must_be_one(open_client):
    for url in ("api.brevo.com/v3", "ftp://api.brevo.com", "https://"):
        with pytest.raises(ValueError, match="URL"):
            open_client(url)


def test_a_blank_end_of_the_base_url_does_not_matter(far_side, open_client):
    far_side.will_answer(Answer(200, {"companyName": "x"}))
    open_client(far_side.base_url + "/").account()
    assert far_side.seen[0].path == "/v3/account"


def test_nobody_home_is_unavailable_for_what_reads(open_client, clock):
    with pytest.raises(Unavailable):
        open_client("http://brevo.invalid/v3").account()
    assert len(clock.naps) == 4
