"""Imports by the clock: queued, under way, done; one at a time, or stuck."""

import json
import time

import pytest

from tests.sandbox.api import Api, row
from traginer.sandbox import Sandbox, Switches
from traginer.sandbox.importing import Import
from traginer.sandbox.processes import ProcessGone

PEOPLE = [row(f"p{n}@example.com") for n in range(10)]


def _states(api: Api) -> list[str]:
    return [each["status"] for each in api.get("/processes?sort=asc").json["processes"]]


def test_an_import_waits_runs_at_its_speed_and_completes_by_the_clock(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.patch({"queue_delay_seconds": 60.0, "rows_per_second": 2.0})
    api.start_import(*PEOPLE)
    assert (_states(api), sandbox.emails()) == (["queued"], set())
    sandbox.clock.advance(59)
    assert _states(api) == ["queued"]
    sandbox.clock.advance(1)
    assert (_states(api), sandbox.emails()) == (["in_process"], set())
    assert "info" not in api.process(1)
    sandbox.clock.advance(2)
    assert (_states(api), len(sandbox.emails())) == (["in_process"], 4)
    sandbox.clock.advance(3)
    assert (_states(api), len(sandbox.emails())) == (["completed"], 10)


def test_the_name_of_the_running_status_is_a_switch(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.patch({"rows_per_second": 1.0, "running_status": "processing"})
    api.start_import(*PEOPLE)
    sandbox.clock.advance(1)
    assert _states(api) == ["processing"]


def test_imports_run_one_after_the_other_and_overlaps_are_counted(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.rows_per_second = 10.0
    told = [api.start_import(row(f"{name}@example.com")) for name in ("anna", "biel", "carme")]
    sandbox.clock.advance(0.1)
    assert _states(api)[0] == "completed"
    assert sandbox.emails() == {"anna@example.com"}
    sandbox.clock.advance(5)
    assert _states(api) == ["completed"] * 3
    ends = [each["finished_at"] for each in sandbox.processes()]
    assert ends == sorted(set(ends))
    seen = sandbox.invariants()
    assert (seen.overlapping_imports, seen.most_imports_in_flight) == (2, 3)
    ids = [each["request_id"] for each in seen.incidents]
    assert ids == [each.headers["sib-request-id"] for each in told[1:]]


def test_imports_sent_one_by_one_never_overlap(api: Api, sandbox: Sandbox) -> None:
    for _ in range(3):
        api.bring_in(*PEOPLE)
    seen = sandbox.invariants()
    assert (seen.overlapping_imports, seen.most_imports_in_flight, seen.incidents) == (0, 1, [])


def test_an_import_beside_another_gets_stuck_where_that_is_switched_on(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.patch({"overlapping_imports": "stuck", "rows_per_second": 100.0, "stuck_seconds": 3600.0})
    api.start_import(*PEOPLE)
    api.start_import(row("late@example.com"))
    sandbox.clock.advance(3500)
    assert _states(api) == ["completed", "queued"]
    sandbox.clock.advance(200)
    assert _states(api) == ["completed", "completed"]
    assert "late@example.com" in sandbox.emails()


def test_a_stuck_import_stays_so_for_ever_by_default(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.patch({"overlapping_imports": "stuck", "queue_delay_seconds": 1.0})
    api.start_import(*PEOPLE)
    api.start_import(row("late@example.com"))
    sandbox.clock.advance(86_400)
    api.start_import(row("later@example.com"))
    sandbox.clock.advance(86_400)
    assert _states(api) == ["completed", "queued", "queued"]


def test_a_stuck_import_does_not_hold_up_an_export(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.patch({"overlapping_imports": "stuck", "rows_per_second": 100.0})
    api.start_import(*PEOPLE)
    api.start_import(row("late@example.com"))
    api.post("/contacts/export", {"customContactFilter": {"actionForContacts": "allContacts", "listId": 7}})
    sandbox.clock.advance(60)
    assert _states(api) == ["completed", "queued", "completed"]


def test_an_import_whose_process_is_gone_writes_nothing_more(sandbox: Sandbox) -> None:
    world = sandbox._world
    options = {"kind": "json", "list_ids": [7]}
    payload = json.dumps({"jsonBody": PEOPLE}).encode()
    world.switches.queue_delay_seconds = 60.0
    process_id = world.processes.add("IMPORTUSER", options, rows=10, request_id="r", payload=payload)
    under_way = Import(world.processes.find(process_id), world.contacts, world.lists, world.processes, world.webhooks)
    under_way.run(0, 5)
    sandbox.reset()
    with pytest.raises(ProcessGone):
        under_way.run(5, 10)
    assert sandbox.emails() == set()


def test_the_list_of_processes_pages_and_counts_all_of_them(api: Api, sandbox: Sandbox) -> None:
    for _ in range(12):
        api.bring_in(row("anna@example.com"))
    first = api.get("/processes").json
    assert (first["count"], [each["id"] for each in first["processes"]]) == (12, list(range(12, 2, -1)))
    assert [each["id"] for each in api.get("/processes?offset=10").json["processes"]] == [2, 1]
    assert [each["id"] for each in api.get("/processes?limit=2&sort=asc").json["processes"]] == [1, 2]


def test_times_and_errors_are_shown_where_that_is_switched_on(api: Api, sandbox: Sandbox) -> None:
    process = api.bring_in(row("anna@example.com"))
    assert "created_at" not in process
    sandbox.switches.process_times = True
    shown = api.process(process["id"])
    assert shown["error"] is None
    assert shown["completed_at"] >= shown["created_at"]


def test_old_processes_disappear_where_that_is_switched_on(api: Api, sandbox: Sandbox) -> None:
    process = api.bring_in(row("anna@example.com"))
    sandbox.switches.processes_live_seconds = 3600.0
    sandbox.clock.advance(3600)
    assert api.get(f"/processes/{process['id']}").status == 200
    sandbox.clock.advance(1)
    assert api.get(f"/processes/{process['id']}").status == 404
    assert api.get("/processes").json == {"count": 0, "processes": []}


def test_by_default_the_clock_runs_by_itself() -> None:
    with Sandbox(tier="unlimited", switches=Switches(rows_per_second=100.0)) as sandbox:
        api = Api(sandbox)
        api.start_import(*PEOPLE)
        seen = [_states(api)[0]]
        deadline = time.monotonic() + 10
        while seen[-1] != "completed" and time.monotonic() < deadline:
            time.sleep(0.01)
            seen.append(_states(api)[0])
        api.connection.close()
    assert list(dict.fromkeys(seen))[-2:] == ["in_process", "completed"]


def test_other_requests_are_answered_while_an_import_is_under_way(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.rows_per_second = 1.0
    api.start_import(*PEOPLE)
    sandbox.clock.advance(5)
    assert api.get("/contacts/lists/7/contacts?sort=asc").json["count"] == 5
    assert api.post("/contacts/lists/7/contacts/remove", {"emails": ["p0@example.com"]}).status == 201
    sandbox.clock.advance(5)
    assert len(sandbox.emails_on(7)) == 9
