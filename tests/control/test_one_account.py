"""Two connections to one Brevo account: their runs take turns, and they share what is known of telephone numbers."""

import pytest
from django.db import IntegrityError, transaction

from tests.world import ADA, CONFIGURATION, MEANS, World, addresses, now, people
from traginer.control import connections, connections_account, errors, exports, leases, ledgers, runs, worker
from traginer.control.models import Connection, Run, RunStatus
from traginer.control.runs.asking import queue

SHOP = "Shop account"
TWIN = (
    CONFIGURATION.replace("name: Newsletter account", f"name: {SHOP}")
    .replace("connection: Newsletter account", f"connection: {SHOP}")
    .replace("name: Newsletter\n", "name: Twin\n")
    .replace("list: 7", "list: 8")
)


@pytest.fixture
def twin(world: World) -> World:
    """The world with Twin, which fills list 8 over a connection of its own; both connections know their account."""
    world.apply(TWIN)
    for name in ("Newsletter account", SHOP):
        connections_account.check(ADA, connection(name), now())
    return world


def connection(name: str) -> Connection:
    return Connection.objects.get(name=name)


def under_way(owner: str = "elsewhere.example/1/1") -> Run:
    """A run of Newsletter that somebody works on."""
    run = queue(Run(), exports.get(ADA, "Newsletter"), "Bernat", now())
    runs.begin(run, MEANS)
    Run.objects.filter(pk=run.pk).update(owner=owner)
    return run


def waiting() -> Run:
    return queue(Run(), exports.get(ADA, "Twin"), "Bernat", now())


def test_a_worker_begins_no_run_while_another_of_the_same_account_is_under_way(twin: World) -> None:
    first, second = under_way(), waiting()
    assert worker.claim(MEANS) is None
    Run.objects.filter(pk=first.pk).update(status=RunStatus.CANCELED)
    assert worker.claim(MEANS) == second


def test_the_database_refuses_a_second_running_run_of_an_account(twin: World) -> None:
    run, other = under_way(), waiting()
    assert run.account == connection(SHOP).account != ""
    with pytest.raises(errors.RunUnderWay):
        runs.begin(other, MEANS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=other.pk).update(status=RunStatus.PROCESSING, account=run.account)


def test_runs_over_connections_whose_accounts_are_not_known_do_not_wait_for_each_other(world: World) -> None:
    world.apply(TWIN)
    assert {row.account for row in Connection.objects.all()} == {""}
    assert under_way()
    other = waiting()
    assert worker.claim(MEANS) == other


def test_a_person_is_refused_a_run_while_the_account_is_busy_and_a_dead_run_is_finished_first(twin: World) -> None:
    run = under_way()
    with pytest.raises(errors.RunUnderWay) as refusal:
        runs.run_now(ADA, exports.get(ADA, "Twin"), MEANS)
    assert refusal.value.facts["run"] == run.pk
    leases.let_go(run)
    Run.objects.filter(pk=run.pk).update(lease_until=None, owner="")
    new, resumed = runs.run_now(ADA, exports.get(ADA, "Twin"), MEANS)
    assert [(one.pk, one.status) for one in (*resumed, new)] == [
        (run.pk, "successful"),
        (new.pk, "successful"),
    ]
    assert twin.on_list(8) == addresses(range(10))


def test_connections_to_one_account_share_one_file_of_numbers(twin: World) -> None:
    twin.run()
    [first] = connections.holders_of(connection("Newsletter account"))
    assert connections.holders_of(connection(SHOP)) == [first]
    twin.put_profiles(people([30]))
    twin.run("Twin")
    [second] = connections.holders_of(connection(SHOP))
    assert connections.holders_of(connection("Newsletter account")) == [second] != [first]
    assert (first.exists(), second.exists()) == (False, True)


def test_files_from_before_the_account_was_known_become_one(world: World) -> None:
    world.apply(TWIN)
    for export in ("Newsletter", "Twin"):
        world.run(export)
        Connection.objects.update(account="", known_attributes=None)
    for name in ("Newsletter account", SHOP):
        assert len(connections.holders_of(connection(name))) == 1
        connections_account.check(ADA, connection(name), now())
    former = connections.holders_of(connection(SHOP))
    assert len(former) == 2
    world.put_profiles(people([30]))
    world.run("Twin")
    [only] = connections.holders_of(connection("Newsletter account"))
    assert [path for path in (*former, only) if path.exists()] == [only]


def test_a_damaged_file_of_numbers_stops_a_run_before_it_sends_and_a_rebuild_lets_go_of_it(world: World) -> None:
    world.run()
    [file] = connections.holders_of(connection("Newsletter account"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    world.put_profiles(people([30]))
    world.run()
    stopped = world.last_run()
    assert (stopped.status, stopped.error) == ("failure", "numbers-damaged")
    assert world.on_list() == addresses(range(10))
    with ledgers.rebuilding(ADA, exports.get(ADA, "Newsletter"), MEANS) as rebuilding:
        rebuilding.keep()
    assert connections.holders_of(connection("Newsletter account")) == []
    assert not file.exists()
    assert world.run().status == "successful"
    assert world.on_list() == addresses([*range(10), 30])
