"""With a home, the account outlives the process: after a stop, and after a kill in the middle of an import."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.sandbox.api import Api, row
from traginer.sandbox import Sandbox, Switches

ANNA = "anna@example.com"
SERVE = """
import sys
from traginer.sandbox import Switches, serve
serve(home=sys.argv[1], switches=Switches(tier="unlimited", rows_per_second=float(sys.argv[2])),
      ready=lambda sandbox: print(sandbox.url, flush=True))
"""


class _Elsewhere:
    """Enough of a sandbox for Api: one that runs in another process."""

    def __init__(self, url: str, api_key: str) -> None:
        self.url, self.api_key = url, api_key


def _serve(home: Path, speed: float) -> tuple[subprocess.Popen[str], Api]:
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(home), str(speed)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    return process, Api(_Elsewhere(url, Sandbox.__init__.__kwdefaults__["api_key"]))


def test_everything_is_still_there_after_a_restart(tmp_path: Path) -> None:
    with Sandbox(tmp_path, tier="unlimited") as first:
        api = Api(first)
        api.bring_in(row(ANNA, FIRSTNAME="Anna"), row("bad"))
        api.delete(f"/contacts/{first.add_contact('gone@example.com')}")
        first.create_list("Spring")
        first.clock.advance(86_400)
        then = first.clock.now()
        api.connection.close()
    with Sandbox(tmp_path, tier="unlimited") as second:
        api = Api(second)
        assert second.contacts_on(7) == {ANNA: {"FIRSTNAME": "Anna"}}
        assert second.lists()[9] == "Spring"
        assert len(api.report(api.process(1))) == 2
        assert second.clock.now() >= then
        assert second.invariants().contacts_deleted == 1
        api.connection.close()


def test_the_home_is_for_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Sandbox(home):
        assert home.stat().st_mode & 0o777 == 0o700
        assert (home / "sandbox.sqlite3").stat().st_mode & 0o777 == 0o600


def test_an_import_that_was_under_way_at_the_stop_goes_on_where_it_stood(tmp_path: Path) -> None:
    with Sandbox(tmp_path, switches=Switches(tier="unlimited", rows_per_second=1.0)) as first:
        first.clock.freeze()
        api = Api(first)
        api.start_import(*(row(f"p{n}@example.com") for n in range(10)), row("p0@example.com"))
        first.clock.advance(4)
        assert len(first.emails()) == 4
        api.connection.close()
    with Sandbox(tmp_path, tier="unlimited") as second:
        second.settle()
        (process,) = second.processes()
        assert (process["status"], process["next_row"], process["rejects"]) == (
            "completed",
            11,
            {"duplicate_email_id": 1},
        )
        assert len(second.emails_on(7)) == 10


def test_a_sandbox_killed_in_the_middle_of_an_import_loses_nothing(tmp_path: Path) -> None:
    server, api = _serve(tmp_path, 20_000.0)
    people = [row(f"p{n}@example.com") for n in range(20_000)]
    assert api.post("/contacts/import", {"listIds": [7], "jsonBody": people}).status == 202
    deadline = time.monotonic() + 20
    while not api.get("/contacts/lists/7/contacts?limit=1").json["count"]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(server.pid, signal.SIGKILL)
    server.communicate()
    api.connection.close()
    with Sandbox(tmp_path, tier="unlimited") as second:
        (process,) = second.processes()
        assert process["status"] != "queued"
        second.settle()
        (process,) = second.processes()
        assert process["status"] == "completed"
        assert len(second.emails_on(7)) == 20_000


def test_serving_ends_in_good_order_on_a_signal(tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        server, api = _serve(tmp_path, 0.0)
        assert api.get("/account").status == 200
        server.send_signal(number)
        out, _ = server.communicate(timeout=10)
        assert (server.returncode, out) == (0, "")
        api.connection.close()


def test_a_reset_gives_a_fresh_account_and_stops_what_was_under_way(tmp_path: Path) -> None:
    with Sandbox(tmp_path, switches=Switches(tier="unlimited", rows_per_second=1.0)) as sandbox:
        sandbox.clock.freeze()
        api = Api(sandbox)
        api.start_import(row(ANNA), row("b@example.com"), listIds=[8])
        sandbox.clock.advance(1)
        sandbox.faults.add()
        assert api.ask("POST", "/sandbox/reset").status == 204
        sandbox.clock.advance(100)
        assert (sandbox.emails(), sandbox.processes(), sandbox.requests()) == (set(), [], [])
        assert sandbox.lists() == {7: "Newsletter", 8: "Loyal customers"}
        assert api.get("/contacts/attributes").status == 200
        sandbox.switches.rows_per_second = 0.0
        assert api.bring_in(row(ANNA))["id"] == 2
        api.connection.close()
