"""Starting an import, and what may have become of it."""

import socket
import threading
import tracemalloc

import pytest
from tests.brevo.far_side import HTML_502, RATE, Answer, Cut

from traginer.brevo import (
    BODY_LIMIT,
    NEVER_SENT,
    Accepted,
    InDoubt,
    PaymentRequired,
    Refused,
    Timeouts,
    TooLarge,
    Wait,
    import_envelope,
)

ROW = b'{"email":"ada@example.org","attributes":{"FIRSTNAME":"N\xc3\xbaria"}}'
ACCEPTED = Answer(202, {"processId": 78}, RATE)


def body_of(*rows: bytes, list_id: int = 7, clear: bool = False) -> bytes:
    prefix, suffix = import_envelope(list_id, clear=clear)
    return prefix + b",".join(rows) + suffix


BODY = body_of(ROW)


def body_of_size(size: int) -> bytes:
    prefix, suffix = import_envelope(7)
    frame = b'{"email":"ada@example.org","attributes":{"NOTE":"%s"}}'
    return prefix + frame % (b"x" * (size - len(prefix + suffix + frame) + 2)) + suffix


@pytest.fixture
def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}/v3"


@pytest.fixture
def hangs_up():
    """A port that takes a connection and drops it: what a TLS handshake meets at a broken proxy."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            line, _ = server.accept()
            line.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}/v3"
        thread.join()


def test_an_import_is_accepted_and_its_body_arrives_as_it_is(far_side, brevo):
    far_side.will_answer(ACCEPTED)
    assert brevo.start_import(BODY) == Accepted(78)
    (seen,) = far_side.seen
    assert (seen.method, seen.path, seen.body) == ("POST", "/v3/contacts/import", BODY)
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["content-length"] == str(len(BODY))


@pytest.mark.parametrize("clear", [False, True])
def test_the_envelope_says_what_brevo_needs_and_nothing_about_blocks(clear):
    prefix, suffix = import_envelope(7, clear=clear)
    flag = b"true" if clear else b"false"
    assert (prefix, suffix) == (
        b'{"listIds":[7],"updateExistingContacts":true,"emptyContactsAttributes":'
        + flag
        + b',"disableNotification":true,"jsonBody":[',
        b"]}",
    )


@pytest.mark.parametrize("cut", [Cut.AFTER_REQUEST, Cut.IN_ANSWER])
def test_a_line_cut_after_the_request_is_in_doubt(far_side, brevo, cut):
    far_side.will_answer(Answer(202, {"processId": 78}, cut=cut))
    assert brevo.start_import(BODY) == InDoubt("ProtocolError")
    assert len(far_side.seen) == 1


def test_a_line_cut_while_the_body_travels_is_in_doubt(far_side, brevo):
    far_side.will_answer(Answer(cut=Cut.IN_REQUEST))
    assert brevo.start_import(body_of_size(BODY_LIMIT)) == InDoubt("ProtocolError")
    assert len(far_side.seen) == 1


def test_an_answer_that_does_not_come_in_time_is_in_doubt(far_side, open_client):
    far_side.will_answer(Answer(202, {"processId": 78}, silence=5.0))
    brevo = open_client(timeouts=Timeouts(2.0, 2.0, 0.05))
    assert brevo.start_import(BODY) == InDoubt("ReadTimeoutError")
    assert len(far_side.seen) == 1


def test_a_connection_that_never_stood_is_worth_a_wait_which_grows(open_client, closed_port):
    brevo = open_client(closed_port)
    waits = [brevo.start_import(BODY) for _ in range(9)]
    assert all(isinstance(wait, Wait) for wait in waits)
    assert [wait.seconds for wait in waits] == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]


def test_a_host_that_does_not_exist_is_worth_a_wait(open_client):
    assert isinstance(open_client("http://brevo.invalid/v3").start_import(BODY), Wait)


def test_a_handshake_that_breaks_off_is_worth_a_wait_because_nothing_was_sent(open_client, hangs_up):
    assert isinstance(open_client(hangs_up).start_import(BODY), Wait)


def test_a_connection_that_stood_idle_and_was_closed_is_opened_anew(far_side, brevo):
    far_side.will_answer(Answer(202, {"processId": 78}, {"connection": "close"}), Answer(202, {"processId": 79}))
    assert [brevo.start_import(BODY), brevo.start_import(BODY)] == [Accepted(78), Accepted(79)]


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 524])
@pytest.mark.parametrize("content", [HTML_502, b"", {"code": "x", "message": "y"}])
def test_a_fault_is_in_doubt_and_not_repeated(far_side, brevo, status, content):
    far_side.will_answer(Answer(status, content))
    answer = brevo.start_import(BODY)
    assert isinstance(answer, InDoubt)
    assert answer.why.startswith(str(status))
    assert len(far_side.seen) == 1


@pytest.mark.parametrize("answer", [Answer(202, HTML_502), Answer(202, b""), Answer(200, {}), Answer(202, [78])])
def test_a_success_without_a_process_is_in_doubt(far_side, brevo, answer):
    far_side.will_answer(answer)
    assert isinstance(brevo.start_import(BODY), InDoubt)


def test_an_answer_without_end_is_in_doubt(far_side, brevo):
    far_side.will_answer(Answer(202, b"x" * 65_000_000))
    assert brevo.start_import(BODY) == InDoubt("ReportTooLarge")


def test_429_waits_as_long_as_brevo_says(far_side, brevo):
    far_side.will_answer(Answer(429, b"Too Many Requests", {"x-sib-ratelimit-reset": "42"}))
    assert brevo.start_import(BODY) == Wait(42.0, "RateLimited")


def test_429_without_a_number_and_425_wait_ever_longer(far_side, brevo):
    far_side.will_answer(Answer(429), Answer(425, {"code": "account_in_process"}), Answer(429), ACCEPTED, Answer(425))
    waits = [brevo.start_import(BODY) for _ in range(5)]
    assert [getattr(wait, "seconds", None) for wait in waits] == [0.5, 1.0, 2.0, None, 0.5]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(413, HTML_502),
        Answer(400, {"code": "invalid_parameter", "message": "The request body size exceeds 10MB"}),
        Answer(400, {"code": "invalid_parameter", "message": "Payload too large"}),
        Answer(400, {"code": "out_of_range", "message": "File must be smaller than 10 MB"}),
    ],
)
def test_a_body_that_is_too_big_for_brevo_is_to_be_cut(far_side, brevo, answer):
    far_side.will_answer(answer)
    assert brevo.start_import(BODY) == TooLarge(len(BODY))


@pytest.mark.parametrize("message", ["You have reached your contacts limit", "Invalid listIds"])
def test_another_400_is_a_refusal_not_a_matter_of_size(far_side, brevo, message):
    far_side.will_answer(Answer(400, {"code": "invalid_parameter", "message": message}))
    answer = brevo.start_import(BODY)
    assert isinstance(answer, Refused)
    assert (answer.status, answer.message) == (400, message)


def test_a_full_contract_is_a_refusal_that_says_so(far_side, brevo):
    far_side.will_answer(Answer(402, {"code": "not_enough_credits", "message": "Contacts limit reached"}))
    answer = brevo.start_import(BODY)
    assert isinstance(answer, Refused)
    assert isinstance(answer.stop, PaymentRequired)


def test_a_body_over_the_limit_is_not_even_sent(far_side, brevo):
    far_side.will_answer(ACCEPTED)
    assert brevo.start_import(body_of_size(BODY_LIMIT + 1)) == TooLarge(BODY_LIMIT + 1)
    assert far_side.seen == []
    assert brevo.start_import(body_of_size(BODY_LIMIT)) == Accepted(78)


@pytest.mark.parametrize("flag", NEVER_SENT)
@pytest.mark.parametrize("place", ["before", "behind", "in a row"])
def test_a_flag_that_touches_blocks_is_refused_wherever_it_stands(far_side, brevo, flag, place):
    key = b'"%s":false' % flag.encode()
    prefix, suffix = import_envelope(7)
    body = {
        "before": b"{" + key + b"," + prefix[1:] + ROW + suffix,
        "behind": prefix + ROW + b"]," + key + b',"listIds":[7]}',
        "in a row": body_of(ROW[:-1] + b"," + key + b"}"),
    }[place]
    with pytest.raises(ValueError, match=r"never sent|import_envelope"):
        brevo.start_import(body)
    assert far_side.seen == []


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"fileBody":"EMAIL"}', b"".join(import_envelope(7)), BODY[:-1], BODY + b" ", b" " + BODY]
)
def test_a_body_that_is_no_envelope_of_ours_is_refused(far_side, brevo, body):
    with pytest.raises(ValueError, match="import_envelope"):
        brevo.start_import(body)
    assert far_side.seen == []


@pytest.mark.parametrize("flag", NEVER_SENT)
def test_a_person_may_write_the_name_of_a_flag(far_side, brevo, flag):
    far_side.will_answer(ACCEPTED)
    note = f'{{"email":"a@example.org","attributes":{{"NOTE":"\\"{flag}\\":true","WORD":"{flag}"}}}}'
    assert brevo.start_import(body_of(note.encode())) == Accepted(78)


@pytest.mark.parametrize("list_id", [0, -7])
def test_an_envelope_needs_a_list(list_id):
    with pytest.raises(ValueError, match="list"):
        import_envelope(list_id)


def test_eight_megabytes_are_sent_without_a_copy(far_side, brevo):
    far_side.keep_bodies = False
    far_side.will_answer(ACCEPTED)
    body = body_of_size(BODY_LIMIT)
    tracemalloc.start()
    try:
        assert brevo.start_import(body) == Accepted(78)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < BODY_LIMIT / 2


def test_a_body_may_take_longer_than_a_connection_if_it_keeps_moving(far_side, open_client):
    far_side.seconds_per_piece = 0.006
    far_side.will_answer(ACCEPTED)
    body = body_of_size(BODY_LIMIT)
    assert open_client(timeouts=Timeouts(0.3, 5.0, 5.0)).start_import(body) == Accepted(78)
    assert far_side.seen[0].body == body
