"""A request that comes twice is done once."""

import json
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest

from tests.api.world import Asking
from tests.control.cast import account, actor
from traginer.control import accounts, idempotency
from traginer.control.accounts.errors import PersonNeeded
from traginer.control.configuration_errors import ExportDisabled
from traginer.control.idempotency import KeyReused, StillAnswering
from traginer.control.models import KeptAnswer, Run

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def once(key: str = "k", fingerprint: str = "f", at: datetime = NOON, who: str = "ada") -> tuple[int, str, bool]:
    """What is answered; each deed that is really done answers with its own name."""
    kept = idempotency.once(actor(who), key, fingerprint, at, lambda deed: (202, deed))
    return kept.status, kept.body, kept.is_repeated


def test_the_same_request_with_the_same_key_gets_the_same_answer(api: Asking) -> None:
    first, second = (api.post("exports/1/runs", Idempotency_Key="night-1") for _ in range(2))
    assert (first.status, second.status) == (202, 202)
    assert first.json == second.json
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Run.objects.count() == 1


def test_the_answer_stays_the_same_when_the_run_has_gone_on(api: Asking) -> None:
    first = api.post("refresh", Idempotency_Key="k")
    api.work()
    assert api.post("refresh", Idempotency_Key="k").json == first.json
    assert api.get("runs").json["items"][0]["status"] == "successful"


def test_a_key_is_for_one_request_of_one_person(api: Asking) -> None:
    api.post("exports/1/runs", Idempotency_Key="k")
    for again in (api.post("refresh", Idempotency_Key="k"), api.post("exports/1/runs", b" ", Idempotency_Key="k")):
        assert (again.status, again.code) == (422, "idempotency-key-reused")
    assert api.post("exports/1/runs", who="bernat", Idempotency_Key="k").json["status"] == "skipped"
    assert api.post("runs/2/retry", Idempotency_Key="another").status == 202


def test_without_a_key_each_request_is_a_request(api: Asking) -> None:
    assert [api.post("exports/1/runs").json["id"] for _ in range(2)] == [1, 2]
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["é", "a b", "x" * 256, "\x7f"])
def test_a_key_is_a_word_of_ascii(api: Asking, key: str) -> None:
    answer = api.post("exports/1/runs", Idempotency_Key=key)
    assert (answer.status, answer.json["errors"][0]["parameter"]) == (422, "Idempotency-Key")


def test_a_refusal_is_not_kept(api: Asking) -> None:
    api.put("exports/1/disablement", {})
    assert api.post("exports/1/runs", Idempotency_Key="k").status == 409
    api.delete("exports/1/disablement")
    assert api.post("exports/1/runs", Idempotency_Key="k").json["status"] == "queued"


@pytest.mark.usefixtures("installation")
def test_an_answer_is_kept_for_a_day() -> None:
    _, deed, _ = once()
    assert once(at=NOON + timedelta(hours=23)) == (202, deed, True)
    status, later, is_repeated = once(at=NOON + timedelta(hours=24, seconds=1))
    assert (status, is_repeated) == (202, False)
    assert later != deed


@pytest.mark.usefixtures("installation")
def test_two_requests_at_the_same_time_are_not_done_twice_and_a_dead_one_is_taken_over_under_the_same_name() -> None:
    done: list[str] = []

    def dies(deed: str) -> NoReturn:
        done.append(deed)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        idempotency.once(actor("ada"), "k", "f", NOON, dies)
    with pytest.raises(StillAnswering):
        once(at=NOON + timedelta(seconds=30))
    assert once(at=NOON + timedelta(seconds=60)) == (202, done[0], False)
    assert once(at=NOON + timedelta(seconds=61)) == (202, done[0], True)


def test_a_run_whose_answer_was_lost_is_not_asked_for_a_second_time(api: Asking) -> None:
    api.post("exports/1/runs", Idempotency_Key="k")
    api.work()
    KeptAnswer.objects.update(status=None, body="")
    early = api.post("exports/1/runs", Idempotency_Key="k")
    assert (early.status, early.code) == (409, "still-answering")
    KeptAnswer.objects.update(at=datetime.now(UTC) - timedelta(minutes=2))
    again = api.post("exports/1/runs", Idempotency_Key="k")
    assert (again.status, again.json["id"], again.json["status"]) == (202, 1, "successful")
    assert Run.objects.count() == 1


@pytest.mark.usefixtures("installation")
def test_a_refusal_leaves_the_key_free_and_another_request_does_not_get_it() -> None:
    def refused(_: str) -> NoReturn:
        raise ExportDisabled(person="Ada", export="Newsletter", day=NOON.date())

    with pytest.raises(ExportDisabled):
        idempotency.once(actor("ada"), "k", "f", NOON, refused)
    once(fingerprint="other")
    with pytest.raises(KeyReused):
        once()


@pytest.mark.usefixtures("installation")
def test_keys_go_with_their_owner_and_whoever_has_no_account_has_none() -> None:
    once(who="bernat")
    account("bernat").delete()
    assert not KeptAnswer.objects.exists()
    with pytest.raises(PersonNeeded):
        idempotency.once(accounts.operator(), "k", "f", NOON, lambda deed: (202, json.dumps(deed)))


def test_a_retry_whose_answer_was_lost_is_not_asked_for_a_second_time(api: Asking) -> None:
    api.post("exports/1/runs")
    api.work()
    api.post("runs/1/retry", Idempotency_Key="k")
    api.work()
    KeptAnswer.objects.update(status=None, body="", at=datetime.now(UTC) - timedelta(minutes=2))
    again = api.post("runs/1/retry", Idempotency_Key="k")
    assert (again.status, again.json["id"], again.json["status"]) == (202, 2, "successful")
    assert Run.objects.count() == 2


@pytest.mark.parametrize(("deed", "status"), [("approval", 202), ("discard", 200)])
def test_a_decision_about_a_held_run_that_comes_twice_gets_one_answer(api: Asking, deed: str, status: int) -> None:
    api.world.run()
    api.world.forget_profile(*list(api.world.profiles)[:5])
    assert api.world.run().status == "held"
    first, second = (api.post(f"runs/2/{deed}", Idempotency_Key="k") for _ in range(2))
    assert (first.status, second.status) == (status, status)
    assert first.json == second.json
    assert second.headers["Idempotency-Replayed"] == "true"
    assert api.post(f"runs/2/{deed}").code == "run-not-held"


def test_a_cancellation_that_comes_twice_gets_one_answer(api: Asking) -> None:
    api.post("exports/1/runs")
    first, second = (api.post("runs/1/cancellation", Idempotency_Key="k") for _ in range(2))
    assert (first.status, first.json["status"], second.json) == (202, "canceled", first.json)
    assert api.post("runs/1/cancellation").code == "run-ended"
