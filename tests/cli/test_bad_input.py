"""Bad input, each with a clear error and exit code 1, and nothing lost or sent."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable

import pyarrow.parquet as pq
import pytest

from tests.world import ADA, CONFIGURATION, MEANS, Said, World, addresses, people
from traginer.control import exports, runs
from traginer.sandbox import Fault

type Break = Callable[[World], object]

NEW = range(20, 25)


@pytest.fixture
def carried(world: World) -> World:
    """The ten members are on the list; five more and a leaver wait to be carried."""
    world.run()
    world.put_profiles(people(NEW))
    world.forget_profile("C0009")
    return world


def fails(world: World, code: str) -> Said:
    """Running ends with 1 and this code, words and advice; nobody was put on the list or taken off, and the ledger stays."""
    listed, ledger, since = world.on_list(), world.ledger(), world.requests()
    said = world.cli("run", "Newsletter")
    assert said.exit_code == 1, said
    assert f"({code})" in said.out + said.err
    assert world.imported(since) == []
    assert world.removed(since) == []
    assert (world.on_list(), world.ledger()) == (listed, ledger)
    return said


def heals(world: World) -> None:
    """The next run does what is left to do."""
    view = world.run()
    assert view.status == "successful"
    assert world.on_list() == set(world.ledger()) == addresses([*range(9), *NEW])


BEFORE: dict[str, tuple[Break, Break, str]] = {
    "the file is missing": (lambda w: w.profiles_file.unlink(), lambda w: w.put_profiles([]), "source-missing"),
    "the file is empty": (lambda w: w.profiles_file.write_bytes(b""), lambda w: w.put_profiles([]), "source-empty"),
    "the file is no Parquet": (lambda w: w.profiles_file.write_bytes(b"x" * 99), lambda w: w.put_profiles([]), "source-unreadable"),
    "the key is switched off": (lambda w: w.sandbox.switch_off_key(), lambda w: w.sandbox.switch_on_key(), "brevo-key-off"),
    "the address is not recognised": (
        lambda w: w.sandbox.set_recognised_ips(["10.0.0.1"]),
        lambda w: w.sandbox.set_recognised_ips(None),
        "brevo-ip-not-allowed",
    ),
    "an attribute is gone": (
        lambda w: w.sandbox.delete_attribute("LASTNAME"),
        lambda w: w.sandbox.create_attribute("LASTNAME"),
        "attribute-unknown",
    ),
    "an attribute is of another type": (
        lambda w: (w.sandbox.delete_attribute("LASTNAME"), w.sandbox.create_attribute("LASTNAME", "date")),
        lambda w: (w.sandbox.delete_attribute("LASTNAME"), w.sandbox.create_attribute("LASTNAME")),
        "attribute-type-mismatch",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BEFORE)
def test_what_is_wrong_before_a_run_stops_it_and_once_mended_nothing_is_missing(carried: World, name: str) -> None:
    break_it, mend, code = BEFORE[name]
    break_it(carried)
    fails(carried, code)
    fails(carried, code)
    mend(carried)
    heals(carried)


def test_a_list_that_was_deleted_is_named(carried: World) -> None:
    carried.sandbox.delete_list(7)
    assert "List 7 does not exist" in fails(carried, "brevo-list-not-found").out


def test_a_dynamic_list_is_refused(world: World) -> None:
    number = world.sandbox.dynamic_list("By rules", [])
    world.apply(CONFIGURATION.replace("list: 7", f"list: {number}"))
    assert "By rules" in fails(world, "brevo-list-dynamic").out


def test_duplicate_keys_are_named(carried: World) -> None:
    carried.profiles["twice"] = carried.profiles["C0001"]
    carried.put_profiles([])
    assert "C0001 (x2)" in fails(carried, "source-key-not-unique").out
    del carried.profiles["twice"]
    carried.put_profiles([])
    heals(carried)


def test_profiles_without_a_key_are_counted(carried: World) -> None:
    carried.profiles["none"] = {**carried.profiles["C0001"], "customer_id": None}
    carried.put_profiles([])
    assert '"customer_id": 1, the first' in fails(carried, "source-key-empty").out


def test_a_column_that_has_gone_from_the_source_is_named(carried: World) -> None:
    _without_column(carried, "last_name")
    assert '"last_name"' in fails(carried, "column-unknown").out
    carried.put_profiles([])
    heals(carried)


def _without_column(world: World, name: str) -> None:
    pq.write_table(pq.read_table(world.profiles_file).drop_columns([name]), world.profiles_file)


def test_an_unknown_attribute_in_the_mapping_is_refused_by_the_first_run(world: World) -> None:
    world.apply(CONFIGURATION.replace("LASTNAME:", "LASTNAM:"))
    said = fails(world, "attribute-unknown")
    assert 'Did you mean "LASTNAME"' in said.out


BAD_FILES = {
    "bad YAML": (CONFIGURATION.replace("rules:\n", "rules: [\n"), "line 16, column"),
    "wrong column": (CONFIGURATION.replace("email: email", "email: mail"), "(column-unknown)"),
    "unknown operator": (CONFIGURATION.replace("at_least", "at_leest"), "line 17, column"),
    "several statements": (CONFIGURATION.partition("exports:")[0] + "  - {name: B, source: Customers, sql: SELECT 1; SELECT 2}\n", "(segment-sql-not-one-select)"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_changes_nothing(carried: World, name: str) -> None:
    text, says = BAD_FILES[name]
    before = carried.cli("dump").out
    said = carried.cli("apply", str(carried.write_yaml(text)))
    assert said.exit_code == 1
    assert says in said.err
    assert carried.cli("dump").out == before
    heals(carried)


# In the middle of a run

MIDDLE = {
    "the key is switched off": (
        Fault("switch-off-key", "POST", "/contacts/import"),
        lambda w: w.sandbox.switch_on_key(),
        "brevo-key-off",
    ),
    "the key is switched off while the import is followed": (
        Fault("switch-off-key", "GET", "/processes", nth=2),
        lambda w: w.sandbox.switch_on_key(),
        "brevo-key-off",
    ),
    "the key is switched off before the removal": (
        Fault("switch-off-key", "POST", "/contacts/lists/7/contacts/remove"),
        lambda w: w.sandbox.switch_on_key(),
        "brevo-key-off",
    ),
}


@pytest.mark.parametrize("name", MIDDLE)
def test_what_goes_wrong_in_the_middle_keeps_what_was_confirmed_and_the_next_run_ends_it(
    carried: World, name: str
) -> None:
    fault, mend, code = MIDDLE[name]
    carried.sandbox.faults.add(fault)
    said = carried.cli("run", "Newsletter", "--json")
    assert (said.exit_code, said.json["reason"]) == (1, code)
    assert addresses(range(9)) <= set(carried.ledger())
    assert carried.on_list() <= set(carried.ledger())
    mend(carried)
    heals(carried)


def test_a_list_deleted_in_the_middle_stops_the_run_by_name(carried: World) -> None:
    carried.sandbox.faults.add(Fault("delete-list", "POST", "/contacts/import", list_id=7))
    said = carried.cli("run", "Newsletter", "--json")
    assert said.exit_code == 1
    assert said.json["reason"] == "brevo-list-not-found"
    assert said.json["counts"]["confirmed"] == 0
    assert addresses(range(9)) <= set(carried.ledger())


@pytest.mark.parametrize("status", [400, 413])
def test_a_body_too_large_for_brevo_is_cut_in_half_until_it_fits(world: World, status: int) -> None:
    world.put_profiles(people(range(200)))
    world.sandbox.switches.too_large_status = status
    world.sandbox.switches.body_limit_bytes = 4000
    view = world.run()
    assert (view.why.code, view.counts["confirmed"]) == ("done", 200)
    assert world.on_list() == set(world.ledger()) == addresses(range(200))
    accepted = [r for r in world.sandbox.requests() if r.path.endswith("/contacts/import") and r.status == 202]
    assert max(request.request_bytes for request in accepted) <= 4000


@pytest.mark.parametrize(("mode", "code"), [("402", "brevo-contract-full"), ("400", "brevo-contract-full"), ("failed", "brevo-import-failed")])  # fmt: skip
def test_a_full_contract_stops_the_run_and_with_more_room_the_rest_arrives(
    carried: World, mode: str, code: str
) -> None:
    carried.sandbox.switches.contact_limit = 11
    carried.sandbox.switches.contact_limit_answer = mode
    said = carried.cli("run", "Newsletter", "--json")
    assert (said.exit_code, said.json["reason"]) == (1, code)
    assert said.json["counts"]["confirmed"] == 0
    assert addresses(range(10)) <= set(carried.ledger())
    carried.sandbox.switches.contact_limit = 0
    heals(carried)


def test_a_brevo_that_is_down_is_given_up_within_seconds(world: World) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/v3"
        world.apply(CONFIGURATION.replace("${BREVO_URL}", url))
        started = time.monotonic()
        said = fails(world, "brevo-unavailable")
        assert time.monotonic() - started < 20
    assert "127.0.0.1" in said.out
    assert World.api_key[-6:] not in said.out + said.err


# The disk

MANY = 12_000
SMALL_FILES = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (1_200_000, 1_200_000))
from traginer.cli import main
main(["run", "Newsletter"])
"""


def test_a_disk_that_fills_while_bodies_are_written_sends_nothing(world: World) -> None:
    """No file may grow past 1.2 MB: the body of 12,000 contacts does, the database does not."""
    world.put_profiles(people(range(MANY)))
    done = subprocess.run(
        [sys.executable, "-c", SMALL_FILES],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done
    assert "(spool-full)" in done.stdout
    assert world.imported() == []
    assert not list((world.home / "spool").rglob("*.json"))
    assert world.ledger() == {}
    view = world.run()
    assert view.counts["confirmed"] == MANY


def test_a_plan_needs_no_room_on_the_spool(world: World) -> None:
    plan = runs.plan(ADA, exports.get(ADA, "Newsletter"), MEANS)
    assert plan.changes.added == 10
    assert not (world.home / "spool").exists()
