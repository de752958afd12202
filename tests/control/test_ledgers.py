"""Ledgers that are lost, damaged or taken for another: what a run says, and how one is made anew from Brevo."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.world import ADA, CAST, MEANS, World, addresses, now, people
from traginer.control import errors, exports, ledgers
from traginer.control.ledgers import Checked, Rebuilding
from traginer.control.models import AuditEntry, Connection, Consent, Run, RunStatus
from traginer.control.runs.asking import queue
from traginer.control.runs.starting import begin
from traginer.delivery import ledger
from traginer.delivery.errors import LedgerMoved
from traginer.destination import AccountChanged, BrevoUnavailable, ContactsLost
from traginer.duck import open_duck
from traginer.errors import TraginerError
from traginer.sandbox import Fault

HAND = "hand@example.org"
BY_HAND = {HAND, *addresses([901])}
OTHERS = """
segments:
  - {name: Everybody, source: Customers, rules: {all: [{field: customer_id, is_not_empty: true}]}}
exports:
  - {name: Others, connection: Newsletter account, list: 7, email: email, segments: [Everybody], guards: {max_shrink_percent: 100}}
"""


def ledger_file(world: World, export: str = "Newsletter") -> Path:
    path = exports.ledger_of(exports.get(ADA, export))
    assert path is not None
    return path


def flip_a_bit(world: World) -> None:
    """In the last but seventh byte, which belongs to the length of the footer: nothing can be read any more."""
    path = ledger_file(world)
    content = bytearray(path.read_bytes())
    content[-8] ^= 1
    path.write_bytes(content)


def truncate(world: World) -> None:
    path = ledger_file(world)
    path.write_bytes(path.read_bytes()[:-20])


def exchange(world: World) -> None:
    """The ledger of another export, which has put the same people and those of BY_HAND on its own list."""
    everybody = " UNION ALL ".join(
        f"SELECT 'K' AS key, '{email}' AS email, uuid() AS fingerprint" for email in addresses(range(10)) | BY_HAND
    )
    with open_duck(world.folder / "duck") as duck:
        other = ledger.write(duck, everybody, world.folder / "export-2" / "list-8-run-1-1.parquet")
    shutil.copy(other, ledger_file(world))


def flip_where_nobody_reads(world: World) -> None:
    """In the name of the program that wrote the file: all of its rows can still be read."""
    path = ledger_file(world)
    content = path.read_bytes()
    assert content.count(b"DuckDB") == 1
    path.write_bytes(content.replace(b"DuckDB", b"DuckDC"))


READABLE = "a bit has flipped where nobody reads"
DAMAGES: dict[str, tuple[Callable[[World], None], str]] = {
    "the file is gone": (lambda world: ledger_file(world).unlink(), "ledger-missing"),
    "a bit has flipped": (flip_a_bit, "ledger-damaged"),
    "the end is missing": (truncate, "ledger-damaged"),
    "it is the ledger of another export": (exchange, "ledger-damaged"),
    READABLE: (flip_where_nobody_reads, "ledger-damaged"),
}


@pytest.fixture
def carried(world: World) -> World:
    """Ten members are on list 7, and two contacts that somebody put there by hand."""
    world.run()
    for email in BY_HAND:
        world.sandbox.add_contact(email, list_ids=[7])
    return world


def rebuilt(export: str = "Newsletter", who: str = "Ada") -> Rebuilding:
    with ledgers.rebuilding(CAST[who], exports.get(ADA, export), MEANS) as rebuilding:
        rebuilding.keep()
    return rebuilding


def checked(export: str = "Newsletter") -> Checked:
    return ledgers.check(ADA, exports.get(ADA, export), MEANS)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_run_without_a_whole_ledger_does_nothing_and_one_made_anew_carries_on(carried: World, damage: str) -> None:
    break_it, code = DAMAGES[damage]
    break_it(carried)
    carried.put_profiles(people([20, 21]))
    listed, since = carried.on_list(), carried.requests()
    found = checked()
    assert found.trouble is not None
    assert (found.is_whole, found.trouble.code, found.rows) == (False, code, 10 if damage == READABLE else 0)
    view = carried.run()
    assert (view.status, view.why.code) == ("failure", code)
    assert "traginer ledger rebuild" in view.why.advice
    assert carried.imported(since) == carried.removed(since) == []
    assert carried.on_list() == listed
    rebuilt()
    assert carried.run().status == "successful"
    assert carried.on_list() == addresses([*range(10), 20, 21]) | BY_HAND
    assert set(carried.ledger()) == addresses([*range(10), 20, 21])
    assert None not in carried.ledger().values()
    carried.forget_profile("C0003")
    assert carried.run().counts["removed"] == 1
    assert carried.on_list() == addresses([*range(3), *range(4, 10), 20, 21]) | BY_HAND


@pytest.mark.parametrize("damage", ["it is the ledger of another export", READABLE])
def test_who_left_since_is_only_ours_where_the_former_ledger_still_says_so(carried: World, damage: str) -> None:
    DAMAGES[damage][0](carried)
    carried.forget_profile("C0003")
    claimed = int(damage == READABLE)
    assert rebuilt().made.unwanted == claimed
    assert carried.run().counts["removed"] == claimed
    assert (addresses([3]) <= carried.on_list()) is not bool(claimed)
    assert carried.on_list() | addresses([3]) == addresses(range(10)) | BY_HAND


def test_a_whole_ledger_made_anew_sends_nobody_again(carried: World) -> None:
    before = carried.ledger()
    made = rebuilt().made
    assert (made.claimed, made.in_doubt, made.others, made.dropped) == (10, 0, 2, 0)
    assert carried.ledger() == before
    since = carried.requests()
    assert carried.run().counts["unchanged"] == 10
    assert carried.imported(since) == []


def test_without_fingerprints_those_who_are_wanted_are_sent_again(carried: World) -> None:
    ledger_file(carried).unlink()
    assert rebuilt().made.in_doubt == 10
    since = carried.requests()
    carried.run()
    assert {row["email"] for row in carried.imported(since)} == addresses(range(10))


def test_who_was_taken_off_in_brevo_is_put_on_again_by_the_next_run(carried: World) -> None:
    carried.sandbox.take_off(7, *addresses([5]))
    made = rebuilt().made
    assert (made.claimed, made.dropped, made.to_add) == (9, 1, 1)
    carried.run()
    assert carried.on_list() == addresses(range(10)) | BY_HAND


def test_a_damaged_ledger_stops_the_runs_of_other_exports_into_its_list_too(world: World) -> None:
    world.run()
    world.apply(OTHERS)
    world.run("Others")
    flip_a_bit(world)
    world.forget_profile("C0003")
    assert world.run("Others").why.code == "ledger-damaged"
    assert addresses([3]) <= world.on_list()
    ledger_file(world).unlink()
    rebuilt()
    assert world.run("Others").status == world.run().status == "successful"
    assert world.on_list() == addresses([*range(3), *range(4, 10), 901, 902])


def test_the_ledger_of_an_export_that_never_ran_claims_who_is_listed_and_wanted(world: World) -> None:
    world.sandbox.add_contact("aina3@example.org", list_ids=[7])
    world.sandbox.add_contact(HAND, list_ids=[7])
    made = rebuilt().made
    assert (made.listed, made.claimed, made.to_add) == (2, 1, 9)
    assert world.run().counts["changed"] == 1
    assert world.on_list() == addresses(range(10)) | {HAND}


def test_nobody_is_claimed_on_an_empty_list(world: World) -> None:
    made = rebuilt().made
    assert (made.listed, made.claimed, made.to_add) == (0, 0, 10)
    assert world.run().counts["added"] == 10


# Who may, and when


@pytest.mark.parametrize(
    ("who", "may_check", "may_rebuild"),
    [("Ada", True, True), ("Bernat", True, False), ("Carla", False, False), ("Dídac", False, False)],
)
def test_who_may_check_a_ledger_and_who_may_make_it_anew(
    carried: World, who: str, may_check: bool, may_rebuild: bool
) -> None:
    Connection.objects.update(usable_by="contributors")
    export, before = exports.get(ADA, "Newsletter"), ledger_file(carried)
    assert allowed(lambda: ledgers.check(CAST[who], export, MEANS)) is may_check
    assert allowed(lambda: ledgers.compare(CAST[who], export, MEANS)) is may_check
    assert allowed(lambda: rebuilt(who=who)) is may_rebuild
    assert (ledger_file(carried) == before) is not may_rebuild


def allowed(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except errors.NotAllowed:
        return False
    return True


def test_the_list_is_not_fetched_without_consent(carried: World) -> None:
    Consent.objects.all().delete()
    since = carried.requests()
    with pytest.raises(errors.ConsentMissing):
        rebuilt()
    with pytest.raises(errors.ConsentMissing):
        ledgers.compare(ADA, exports.get(ADA, "Newsletter"), MEANS)
    assert carried.requests() == since


def begun(export: str = "Newsletter") -> Run:
    """A run that this process works on."""
    run = queue(Run(), exports.get(ADA, export), "Ada", now())
    begin(run, MEANS)
    return run


def test_a_ledger_is_not_made_anew_while_a_run_is_under_way_on_the_connection(carried: World) -> None:
    carried.apply(OTHERS)
    begun("Others")
    since = carried.requests()
    with pytest.raises(errors.RunUnderWay, match="Others"):
        rebuilt()
    assert carried.requests() == since


def test_a_run_that_began_meanwhile_keeps_its_ledger(carried: World) -> None:
    before = ledger_file(carried)
    with ledgers.rebuilding(ADA, exports.get(ADA, "Newsletter"), MEANS) as rebuilding:
        begun()
        with pytest.raises(errors.RunUnderWay):
            rebuilding.keep()
    assert ledger_file(carried) == before
    assert list(before.parent.iterdir()) == [before]


def test_a_run_that_came_and_went_meanwhile_keeps_its_ledger(carried: World) -> None:
    carried.put_profiles(people([20]))
    with ledgers.rebuilding(ADA, exports.get(ADA, "Newsletter"), MEANS) as rebuilding:
        carried.run()
        with pytest.raises(LedgerMoved):
            rebuilding.keep()
    assert addresses([20]) <= set(carried.ledger())
    assert checked().is_whole


def test_what_is_not_kept_leaves_nothing_behind(carried: World) -> None:
    before, files = ledger_file(carried), carried.files()
    with ledgers.rebuilding(ADA, exports.get(ADA, "Newsletter"), MEANS) as rebuilding:
        assert rebuilding.made.path.exists()
    assert (ledger_file(carried), set(carried.files())) == (before, set(files))
    assert not AuditEntry.objects.filter(action="ledger:rebuild").exists()


def test_what_is_kept_takes_the_place_of_the_former_file_and_is_in_the_audit(carried: World) -> None:
    before = ledger_file(carried)
    made = rebuilt().made
    assert ledger_file(carried) == made.path
    assert not before.exists()
    assert made.path.stat().st_mode & 0o777 == 0o600
    entry = AuditEntry.objects.filter(action="ledger:rebuild").get()
    assert (entry.actor, entry.name) == ("Ada", "Newsletter")
    assert before.name in entry.before
    assert made.path.name in entry.after
    carried.put_profiles(people([20]))
    carried.run()
    assert list(made.path.parent.iterdir()) == [ledger_file(carried)] != [made.path]


def test_a_run_that_was_interrupted_goes_on_with_a_ledger_made_anew(carried: World) -> None:
    carried.put_profiles(people([20, 21]))
    carried.forget_profile("C0003")
    interrupted = carried.cut_run()
    ledger_file(carried).unlink()
    with pytest.raises(TraginerError, match="traginer ledger rebuild"):
        carried.run()
    rebuilt()
    assert Run.objects.get(pk=interrupted.pk).status == RunStatus.PROCESSING
    carried.run()
    assert Run.objects.get(pk=interrupted.pk).status == RunStatus.SUCCESSFUL
    assert set(carried.ledger()) == addresses([*range(3), *range(4, 10), 20, 21])
    assert carried.on_list() == set(carried.ledger()) | BY_HAND


def test_an_interrupted_run_is_not_taken_up_while_a_ledger_is_made_anew(carried: World) -> None:
    carried.put_profiles(people([20, 21]))
    carried.cut_run()
    with ledgers.rebuilding(ADA, exports.get(ADA, "Newsletter"), MEANS), pytest.raises(errors.RunUnderWay):
        carried.run()
    assert carried.run().status == "successful"


# What Brevo does meanwhile


def test_brevo_may_stumble_while_the_list_is_fetched(carried: World) -> None:
    carried.sandbox.faults.add(Fault("status", "POST", "/contacts/export", status=500, times=2))
    carried.sandbox.faults.add(Fault("cut", "POST", "/contacts/export", when="after", nth=3))
    carried.sandbox.faults.add(Fault("status", "GET", "/processes", status=502))
    assert rebuilt().made.claimed == 10


def test_a_brevo_that_stays_away_changes_nothing(carried: World) -> None:
    before = ledger_file(carried)
    carried.sandbox.faults.add(Fault("status", "POST", "/contacts/export", status=503, times=0))
    with pytest.raises(BrevoUnavailable):
        rebuilt()
    assert ledger_file(carried) == before


def test_a_file_that_brevo_no_longer_has_changes_nothing(carried: World) -> None:
    before = ledger_file(carried)
    carried.sandbox.switches.files_live_seconds = 1e-9
    with pytest.raises(ContactsLost):
        rebuilt()
    assert ledger_file(carried) == before


def test_another_account_behind_the_key_changes_nothing(carried: World) -> None:
    Connection.objects.update(account="another-organisation")
    with pytest.raises(AccountChanged):
        rebuilt()


def test_contacts_that_are_blocked_are_on_the_list_as_before_and_stay_blocked(carried: World) -> None:
    [email] = addresses([4])
    carried.sandbox.block(email)
    ledger_file(carried).unlink()
    assert rebuilt().made.claimed == 10
    carried.run()
    assert carried.sandbox.blocked_emails() == {email}
    assert carried.sandbox.invariants().blocks_lifted == 0


# Looking at a ledger


def test_a_ledger_is_whole_and_has_as_many_as_the_run_confirmed(carried: World) -> None:
    found = checked()
    assert (found.is_whole, found.rows, found.in_doubt, found.file) == (True, 10, 0, ledger_file(carried).name)
    assert (found.listed, found.list_name, found.compared) == (12, "Newsletter", None)
    assert found.bytes == ledger_file(carried).stat().st_size


def test_before_the_first_run_there_is_no_ledger_and_nothing_is_wrong(world: World) -> None:
    found = checked()
    assert (found.is_whole, found.file, found.rows, found.listed) == (True, "", 0, 0)


def test_a_ledger_is_looked_at_though_the_account_cannot_be(carried: World) -> None:
    carried.sandbox.switch_off_key()
    found = checked()
    assert (found.is_whole, found.rows, found.listed) == (True, 10, None)
    assert found.account_trouble is not None
    assert found.account_trouble.code == "brevo-key-off"


def test_a_ledger_and_its_list_are_laid_side_by_side(carried: World) -> None:
    carried.sandbox.take_off(7, *addresses([1, 2, 3]))
    files = set(carried.files())
    found = ledgers.compare(ADA, exports.get(ADA, "Newsletter"), MEANS)
    assert found.compared is not None
    assert (found.compared.both, found.compared.gone, found.compared.others) == (7, 3, 2)
    assert set(carried.files()) == files
