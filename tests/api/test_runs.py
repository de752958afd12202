"""Runs over the API: asked for, decided about, and looked back on."""

import csv
import io

from tests.api.world import Asking
from tests.world import people
from traginer.control.models import Run, RunStatus

TWIN = """\
exports:
  - {name: Twin, connection: Newsletter account, list: 8, email: email, segments: [Catalan spenders]}
  - {name: By hand, connection: Newsletter account, list: 8, email: email, segments: [Catalan spenders], schedule: none}
"""


def shrunk(api: Asking) -> None:
    """More members leave than the guard allows."""
    api.world.run()
    api.world.forget_profile(*(f"C{n:04}" for n in range(6)))


def test_a_run_that_is_asked_for_is_carried_on_by_a_worker(api: Asking) -> None:
    """S37: an export runs on demand, from the API too; its status says why it is so."""
    asked = api.post("exports/1/runs", who="bernat")
    assert (asked.status, asked.json["status"], asked.json["reason"]) == (202, "queued", "waiting-for-worker")
    assert asked.json["progress"]["total"] == 0
    api.work()
    run = api.get(f"runs/{asked.json['id']}", who="carla").json
    assert (run["status"], run["status_text"], run["reason"], run["progress"]) == (
        "successful",
        "Successful",
        "done",
        None,
    )
    assert (run["counts"]["sent"], run["counts"]["confirmed"], run["requested_by"]) == (10, 10, "bernat@example.org")
    assert len(api.world.on_list()) == 10


def test_a_run_is_told_in_the_language_of_the_one_who_asks(api: Asking) -> None:
    api.world.run()
    assert api.get("runs/1", Accept_Language="ca").json["status_text"] == "Correcta"


def test_a_second_run_of_an_export_is_skipped_and_says_so(api: Asking) -> None:
    api.post("exports/1/runs")
    second = api.post("exports/1/runs").json
    assert (second["status"], second["reason"]) == ("skipped", "export-under-way")
    assert api.post("exports/1/runs", who="carla").status == 403


def test_runs_are_listed_by_export_and_by_status_the_newest_first(api: Asking) -> None:
    api.world.apply(TWIN)
    api.world.run()
    api.world.run("Twin")
    api.post("exports/1/runs")
    assert [run["id"] for run in api.get("runs", who="carla").json["items"]] == [3, 2, 1]
    assert [run["id"] for run in api.get("runs?export=1").json["items"]] == [3, 1]
    assert [run["id"] for run in api.get("runs?status=successful").json["items"]] == [2, 1]
    assert [run["export"] for run in api.get("runs?export=2&status=successful").json["items"]] == ["Twin"]
    assert api.get("runs?export=9").status == 404


def test_run_all_asks_for_every_export_with_a_schedule(api: Asking) -> None:
    """L7, S36: Run all runs only the exports with an active schedule; one that cannot run keeps no other from it."""
    api.world.apply(TWIN)
    api.post("exports/1/runs")
    answer = api.post("refresh", who="bernat")
    assert answer.status == 202
    assert [(one["export"], one["run"]["status"]) for one in answer.json["exports"]] == [
        ("Newsletter", "skipped"),
        ("Twin", "queued"),
    ]
    assert api.post("refresh", who="carla").json == {"exports": []}


def test_a_run_that_waits_is_canceled_at_once(api: Asking) -> None:
    api.post("exports/1/runs")
    canceled = api.post("runs/1/cancellation", who="bernat")
    assert (canceled.status, canceled.json["status"], canceled.json["reason"]) == (202, "canceled", "run-canceled")
    again = api.post("runs/1/cancellation")
    assert (again.status, again.code) == (409, "run-ended")
    assert api.post("runs/1/cancellation", who="carla").status == 403


def test_an_ended_run_is_asked_for_again(api: Asking) -> None:
    api.post("exports/1/runs")
    early = api.post("runs/1/retry")
    assert (early.status, early.code) == (409, "run-not-ended")
    api.work()
    again = api.post("runs/1/retry", who="bernat")
    assert (again.status, again.json["id"], again.json["status"]) == (202, 2, "queued")
    api.work()
    assert api.get("runs/2").json["reason"] == "nothing-changed"


def test_a_held_run_goes_on_with_exactly_its_plan_once_an_administrator_says_so(api: Asking) -> None:
    shrunk(api)
    api.post("exports/1/runs")
    api.work()
    held = api.get("runs/2").json
    assert (held["status"], held["reason"], held["turn"]) == ("held", "list-would-shrink", "operator")
    assert api.post("runs/2/approval", who="bernat").status == 403
    approved = api.post("runs/2/approval")
    assert (approved.status, approved.json["status"]) == (202, "queued")
    api.work()
    assert api.get("runs/2").json["counts"]["removed"] == 6
    assert len(api.world.on_list()) == 4
    assert api.post("runs/2/approval").code == "run-not-held"


def test_a_held_run_is_discarded_and_nothing_was_sent(api: Asking) -> None:
    shrunk(api)
    assert api.world.run().status == "held"
    assert api.post("runs/2/discard", who="bernat").status == 403
    discarded = api.post("runs/2/discard")
    assert (discarded.status, discarded.json["status"], discarded.json["reason"]) == (200, "canceled", "discarded")
    assert len(api.world.on_list()) == 10


def test_an_interrupted_run_is_given_up(api: Asking) -> None:
    api.world.cut_run()
    given_up = api.post("runs/1/discard").json
    assert (given_up["status"], given_up["reason"]) == ("canceled", "given-up")


def test_those_who_were_left_out_come_in_pages_and_as_a_file(api: Asking) -> None:
    """S5: each profile without a usable address is invalid with a reason, by its key; nobody is lost silently."""
    api.world.put_profiles(people(range(30, 35), email="nowhere"))
    api.world.run()
    first = api.get("runs/1/rejections?limit=3", who="bernat").json
    second = api.get(first["next"], who="bernat").json
    found = [*first["items"], *second["items"]]
    assert (first["total"], len(first["items"]), second["next"]) == (5, 3, None)
    assert [row["key"] for row in found] == [f"C00{n}" for n in range(30, 35)]
    assert {(row["kind"], row["reason"]) for row in found} == {("invalid", "email-invalid")}
    assert found[0]["message"]
    file = api.get("runs/1/rejections.csv", who="bernat")
    assert file.headers["Content-Disposition"] == 'attachment; filename="rejections-run-1.csv"'
    assert [row["key"] for row in csv.DictReader(io.StringIO(file.text))] == [row["key"] for row in found]
    assert not list(api.world.home.glob("tmp*"))
    for path in ("runs/1/rejections", "runs/1/rejections.csv"):
        assert api.get(path, who="carla").status == 403


def test_a_run_that_does_not_exist_is_not_found_by_any_way(api: Asking) -> None:
    for path in ("", "/events", "/rejections", "/rejections.csv"):
        assert api.get(f"runs/7{path}").code == "run-not-found"
    for deed in ("cancellation", "retry", "approval", "discard"):
        assert api.post(f"runs/7/{deed}").code == "run-not-found"


def test_a_run_whose_lease_is_over_is_told_as_interrupted(api: Asking) -> None:
    api.world.cut_run()
    Run.objects.update(error="", error_facts={})
    run = api.get("runs/1").json
    assert (run["status"], run["reason"]) == (RunStatus.PROCESSING, "interrupted")


def test_a_held_run_names_whom_it_concerns(api: Asking) -> None:
    api.world.run()
    api.world.forget_profile(*(f"C{n:04}" for n in range(8)))
    assert api.world.run().status == "held"
    found = api.post("runs/2/plan", who="bernat").json
    assert (found["left"]["total"], found["has_moved"], found["is_masked"]) == (8, False, False)
    assert found["left"]["first"][0] == {"key": "C0000", "email": "aina0@example.org"}
    assert api.post("runs/2/plan", who="carla").status == 403
    assert api.post("runs/1/plan").code == "run-not-held"
