"""Exports over the API."""

from typing import Any

import pytest

from tests.api.world import Asking
from tests.world import people
from traginer.api.examples import EXPORT

NEW: dict[str, Any] = {**EXPORT, "name": "Loyal", "list": 8}


def test_an_export_is_created_changed_and_does_not_run_by_that(api: Asking) -> None:
    """S29, S33, S34, S35: list, segments, data matching; saving does not run."""
    made = api.post("exports", NEW, who="bernat")
    assert (made.status, made.headers["Location"]) == (201, "/api/v1/exports/2")
    assert made.json["configuration"].items() >= NEW.items()
    changed = api.put(
        "exports/2", {**made.json["configuration"], "purpose": "Twice a year", "leavers": "keep"}, who="bernat"
    )
    assert changed.json["configuration"]["leavers"] == "keep"
    assert changed.json["run"] is None
    assert api.get("runs").json["items"] == []


def test_what_an_export_shows_can_be_put_back_unchanged(api: Asking) -> None:
    shown = api.get("exports/1").json
    assert api.put("exports/1", shown["configuration"]).json["configuration"] == shown["configuration"]


def test_the_list_of_exports_says_what_each_reader_may_do(api: Asking) -> None:
    """L5, L11: viewers see the exports and their latest status, and that they may only look."""
    api.world.run()
    (row,) = api.get("exports?search=newsletter", who="carla").json["items"]
    assert (row["name"], row["connection"], row["list"], row["state"]) == (
        "Newsletter",
        "Newsletter account",
        7,
        "active",
    )
    assert (row["run"], row["status"], row["permissions"]) == (1, "successful", [])
    (row,) = api.get("exports?name=Newsletter", who="bernat").json["items"]
    assert row["permissions"] == ["edit", "plan", "run", "schedule", "detach", "remove"]
    assert api.get("exports?name=News").json["items"] == []


def test_a_mapping_that_does_not_fit_is_refused_and_all_of_it_can_be_asked_for(api: Asking) -> None:
    """S5, S30: an export without a usable text column for the address is refused."""
    wrong = {**NEW, "email": "lifetime_value", "attributes": {"NOPE": "first_name", "SMS": "phoone"}}
    assert api.post("exports", wrong).status == 422
    found = api.post("exports/check", wrong).json
    assert {problem["code"] for problem in found["problems"]} == {
        "email-not-text",
        "attribute-unknown",
        "column-unknown",
    }
    assert api.post("exports/check", NEW).json == {"is_good": True, "problems": []}


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("bernat", 200), ("carla", 403)])
def test_an_export_is_switched_off_and_on(api: Asking, who: str, status: int) -> None:
    off = api.put("exports/1/disablement", {"reason": "The campaign is over."}, who=who)
    assert off.status == status
    if status == 200:
        assert off.json["state"] == "disabled"
        assert api.post("exports/1/runs").code == "export-disabled"
        assert api.delete("exports/1/disablement", who=who).json["state"] == "active"


def test_an_export_is_detached_keeps_its_configuration_and_is_attached_again(api: Asking) -> None:
    """L10: a detached export keeps its configuration and does not run."""
    before = api.get("exports/1").json["configuration"]
    detached = api.delete("exports/1/connection?reason=moving", who="bernat").json
    assert (detached["state"], detached["connection"]) == ("detached", None)
    assert detached["configuration"] == {**before, "connection": None}
    assert api.post("exports/1/runs").code == "export-detached"
    assert api.put("exports/1/connection", {"connection": "Newsletter account"}, who="bernat").json["state"] == "active"
    assert api.delete("exports/1/connection", who="carla").status == 403


def test_a_copy_is_disabled_until_somebody_has_looked_at_it(api: Asking) -> None:
    copy = api.post("exports/1/copies", {"name": "Newsletter, again"}, who="bernat")
    assert (copy.status, copy.headers["Location"], copy.json["state"]) == (201, "/api/v1/exports/2", "disabled")
    assert api.post("exports/1/copies", {"name": "Newsletter"}).code == "name-taken"


def test_an_export_is_removed_at_once_and_its_contacts_stay(api: Asking) -> None:
    """S41: whoever removes an export says what becomes of the contacts on its list; here they stay."""
    api.world.run()
    assert api.delete("exports/1").json["errors"][0]["parameter"] == "contacts"
    gone = api.delete("exports/1?contacts=leave")
    assert (gone.status, gone.json) == (200, {"is_gone": True, "run": None})
    assert len(api.world.on_list()) == 10
    assert api.get("exports/1").status == 404


def test_an_export_is_removed_once_its_last_run_has_taken_its_contacts_off(api: Asking) -> None:
    """S41: or a last run takes off the list whom the export put there."""
    api.world.run()
    asked = api.delete("exports/1?contacts=remove", who="bernat")
    assert (asked.status, asked.json["is_gone"], asked.json["run"]["status"]) == (202, False, "queued")
    assert api.get("exports/1").json["state"] == "being-removed"
    api.work()
    assert api.get("exports/1").status == 404
    assert api.world.on_list() == set()


def test_a_plan_says_what_a_run_would_do_and_sends_nothing(api: Asking) -> None:
    """S8: the estimate for the account's own tier is shown before the run."""
    api.world.run()
    api.world.put_profiles(people([20], email="aina20@example.org"))
    before = api.world.on_list()
    plan = api.post("exports/1/plan", who="bernat").json
    assert (plan["counts"]["added"], plan["counts"]["unchanged"], plan["held"]) == (1, 10, None)
    assert plan["requests"]["imports"] == 1
    assert plan["seconds"] > 0
    assert api.world.on_list() == before
    assert api.post("exports/1/plan", who="carla").status == 403


def test_a_plan_that_a_guard_would_hold_says_so(api: Asking) -> None:
    api.world.run()
    api.world.forget_profile(*(f"C{n:04}" for n in range(6)))
    assert api.post("exports/1/plan").json["held"]["reason"] == "list-would-shrink"


def test_a_ledger_is_made_anew_checked_and_compared(api: Asking) -> None:
    api.world.run()
    former = api.post("exports/1/ledger/check", {}).json
    assert (former["listed"], former["compared"]) == (10, None)
    tried = api.post("exports/1/ledger/rebuild", {}).json
    assert (tried["is_kept"], tried["claimed"]) == (False, 10)
    assert api.post("exports/1/ledger/check", {}).json["file"] == former["file"]
    kept = api.post("exports/1/ledger/rebuild", {"keep": True}).json
    assert (kept["is_kept"], kept["claimed"]) == (True, 10)
    checked = api.post("exports/1/ledger/check", {"deep": True}, who="bernat").json
    assert checked["file"] != former["file"]
    assert (checked["is_whole"], checked["rows"], checked["trouble"]) == (True, 10, None)
    assert checked["compared"] == {"both": 10, "gone": 0, "others": 0}
    assert api.post("exports/1/ledger/rebuild", {}, who="bernat").status == 403


def test_an_export_is_planned_before_it_is_saved(api: Asking) -> None:
    """S8, S9: what the first run would do, and how long it would take, without saving or sending anything."""
    plan = api.post("exports/plan", NEW, who="bernat").json
    assert (plan["export"], plan["counts"]["added"], plan["requests"]["imports"]) == ("Loyal", 10, 1)
    assert (api.get("exports?name=Loyal").json["items"], api.world.on_list(8)) == ([], set())
    assert api.post("exports/plan", NEW, who="carla").status == 403


def test_a_change_of_an_export_is_planned_against_what_its_list_holds(api: Asking) -> None:
    api.world.run()
    changed = {**api.get("exports/1").json["configuration"], "attributes": {}}
    assert api.post("exports/plan?export=1", changed).json["counts"]["changed"] == 10
    assert api.post("exports/plan", {**changed, "list": 8}).json["counts"]["added"] == 10
