"""What each command answers, in this process: words for people, JSON for machines, and the exit codes of the README."""

import csv
import io
import stat

import pytest

from tests.world import CONFIGURATION, World, addresses, people
from traginer.cli.main import COMMANDS
from traginer.control.models import Run

RUN_KEYS = {
    "run",
    "export",
    "status",
    "reason",
    "counts",
    "rejections_by_reason",
    "requests",
    "bytes",
    "seconds",
    "as_of",
}
COUNTS = {
    "members", "wanted", "invalid", "added", "changed", "left", "unchanged", "sent", "confirmed", "rejected",
    "in_doubt", "removed", "still_on_list", "warnings",
}  # fmt: skip
PLAN_KEYS = {
    "export",
    "profiles",
    "counts",
    "rejections_by_reason",
    "held",
    "list",
    "account",
    "requests",
    "seconds_at_least",
}
UNUSABLE = people([40, 41], email=None)


def test_apply_says_what_became_of_each_object(world: World) -> None:
    said = world.cli("apply", str(world.write_yaml(CONFIGURATION.replace("list: 7", "list: 8"))))
    assert said.exit_code == 0
    assert "~ export Newsletter: updated" in said.out
    assert "source Customers: unchanged" in said.out
    again = world.cli("apply", str(world.folder / "traginer.yml"), "--json")
    assert {item["outcome"] for item in again.json} == {"unchanged"}
    assert [item["kind"] for item in again.json] == ["source", "connection", "segment", "export"]


def test_dump_is_a_file_that_apply_takes(world: World) -> None:
    said = world.cli("dump")
    assert said.exit_code == 0
    assert World.api_key[-4:] not in said.out
    assert {item["outcome"] for item in world.cli("apply", str(world.write_yaml(said.out)), "--json").json} == {
        "unchanged"
    }


def test_a_plan_sends_nothing_and_says_what_would_be(world: World) -> None:
    world.put_profiles(UNUSABLE)
    said = world.cli("plan", "Newsletter", "--json")
    assert said.exit_code == 0
    assert set(said.json) >= PLAN_KEYS
    assert said.json["counts"]["added"] == 10
    assert said.json["rejections_by_reason"] == {"email-missing": 2}
    assert {request.method for request in world.sandbox.requests()} == {"GET"}
    words = world.cli("plan", "Newsletter")
    assert "nothing was sent" in words.out
    assert "would be added" in words.out
    assert world.on_list() == set()


def test_a_run_answers_in_words_and_in_json(world: World) -> None:
    words = world.cli("run", "Newsletter")
    assert words.exit_code == 0
    assert words.out.startswith("Successful  Newsletter, run 1")
    assert "10 confirmed" in words.out
    said = world.cli("run", "Newsletter", "--json")
    assert said.exit_code == 0
    assert set(said.json) >= RUN_KEYS
    assert set(said.json["counts"]) == COUNTS
    assert said.json["seconds"]["total"] >= said.json["seconds"]["compare"]


def test_a_run_that_left_somebody_out_ends_with_3(world: World) -> None:
    world.put_profiles(UNUSABLE)
    said = world.cli("run", "Newsletter", "--json")
    assert said.exit_code == 3
    assert (said.json["status"], said.json["reason"]) == ("completed_with_warnings", "profiles-left-out")
    assert said.json["rejections_by_reason"] == {"email-missing": 2}


def test_a_held_run_ends_with_4_and_an_approval_with_0(world: World) -> None:
    world.run()
    world.put_profiles(people(range(5), lifetime_value=1.0))
    assert world.cli("plan", "Newsletter").exit_code == 4
    said = world.cli("run", "Newsletter")
    assert said.exit_code == 4
    assert "traginer approve 2" in said.out
    assert world.on_list() == addresses(range(10))
    approved = world.cli("approve", "2", "--json")
    assert (approved.exit_code, approved.json["counts"]["removed"]) == (0, 5)
    assert world.cli("approve", "2").exit_code == 1


def test_discard_ends_a_held_run(world: World) -> None:
    world.run()
    world.put_profiles(people(range(5), lifetime_value=1.0))
    world.run()
    said = world.cli("discard", "2", "--json")
    assert (said.exit_code, said.json["status"]) == (0, "canceled")
    assert "run-not-held" in world.cli("discard", "2").err


def test_a_failed_run_ends_with_1_and_its_json_has_every_key(world: World) -> None:
    world.sandbox.switch_off_key()
    said = world.cli("run", "Newsletter", "--json")
    assert said.exit_code == 1
    assert set(said.json) >= RUN_KEYS
    assert set(said.json["counts"]) == COUNTS
    assert (said.json["status"], said.json["reason"]) == ("failure", "brevo-key-off")
    assert said.json["requests"] == world.requests() == 1


def test_run_all_runs_every_export_with_a_schedule(world: World) -> None:
    twin = CONFIGURATION.partition("exports:\n")[2]
    world.apply(
        CONFIGURATION
        + twin.replace("name: Newsletter\n", "name: Loyal\n").replace("list: 7", "list: 8")
        + twin.replace("name: Newsletter\n", "name: Sleeping\n")
        + "    schedule: none\n"
    )
    said = world.cli("run", "--all", "--json")
    assert said.exit_code == 0
    assert [run["export"] for run in said.json["runs"]] == ["Loyal", "Newsletter"]
    assert world.on_list(7) == world.on_list(8) == addresses(range(10))


def test_run_all_goes_on_after_an_export_that_cannot_run(world: World) -> None:
    other = """
connections:
  - {name: Another account, api_key: "${BREVO_API_KEY}", base_url: "${BREVO_URL}", tier: unlimited}
exports:
  - {name: A, connection: Another account, list: 8, email: email, segments: [Catalan spenders]}
"""
    world.apply(other)
    said = world.cli("run", "--all", "--json")
    assert said.exit_code == 1
    assert [run["export"] for run in said.json["runs"]] == ["Newsletter"]
    assert [(error["export"], error["code"]) for error in said.json["errors"]] == [("A", "consent-missing")]
    assert "consent-missing" in said.err
    assert world.on_list() == addresses(range(10))


def test_run_all_without_exports_does_nothing(world: World) -> None:
    world.apply(CONFIGURATION + "    schedule: none\n")
    said = world.cli("run", "--all")
    assert (said.exit_code, said.out.strip()) == (0, "No export has a schedule.")


def test_runs_shows_the_newest_first(world: World) -> None:
    assert "There are no runs yet" in world.cli("runs").out
    world.run()
    world.run()
    said = world.cli("runs", "Newsletter", "--json")
    assert [run["run"] for run in said.json] == [2, 1]
    assert len(world.cli("runs", "--limit", "1", "--json").json) == 1
    assert "Successful" in world.cli("runs").out


def test_an_interrupted_run_is_shown_as_such_and_the_next_finishes_it(world: World) -> None:
    world.cut_run()
    assert world.cli("runs", "--json").json[0]["reason"] == "interrupted"
    said = world.cli("run", "Newsletter", "--json")
    assert said.exit_code == 0
    assert [run["run"] for run in said.json["resumed"]] == [1]
    assert said.json["counts"]["unchanged"] == 10


def test_held_names_whom_a_held_run_concerns(world: World) -> None:
    world.run()
    world.put_profiles(people(range(5), lifetime_value=1.0))
    assert world.run().status == "held"
    found = world.cli("held", "2", "--json", "--limit", "2").json
    assert (found["left"]["total"], [one["key"] for one in found["left"]["first"]]) == (5, ["C0000", "C0001"])
    words = world.cli("held", "2", "--limit", "2").out
    assert "aina1@example.org" in words
    assert "The first 2 of 5." in words
    world.put_profiles(people([0]))
    assert "approving it would be refused" in world.cli("held", "2").out
    assert "run-not-held" in world.cli("held", "1").err


def test_rejections_names_profiles_by_key_and_reason(world: World) -> None:
    world.put_profiles([*UNUSABLE, *people([43], phone="12")])
    world.run()
    rows = world.cli("rejections", "1", "--json").json
    assert [(row["key"], row["kind"], row["reason"]) for row in rows] == [
        ("C0040", "invalid", "email-missing"),
        ("C0041", "invalid", "email-missing"),
        ("C0043", "warning", "phone-invalid"),
    ]
    words = world.cli("rejections", "1")
    assert "The profile has no e-mail address." in words.out


def test_rejections_go_to_a_file_for_its_owner_alone(world: World) -> None:
    world.put_profiles(UNUSABLE)
    world.run()
    file = world.folder / "rejections.csv"
    said = world.cli("rejections", "1", "--csv", str(file))
    assert said.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert [row["key"] for row in rows] == ["C0040", "C0041"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "2 rows written" in said.out


def test_rejections_to_a_place_that_cannot_be_written_say_so(world: World) -> None:
    world.run()
    said = world.cli("rejections", "1", "--csv", str(world.folder / "nowhere" / "x.csv"))
    assert said.exit_code == 1
    assert "file-unwritable" in said.err


def test_a_run_that_left_nobody_out_has_no_rejections(world: World) -> None:
    world.run()
    assert "left nobody out" in world.cli("rejections", "1").out
    assert world.cli("rejections", "1", "--json").json == []


def test_doctor_finds_nothing_wrong_in_a_good_installation(world: World) -> None:
    world.run()
    said = world.cli("doctor")
    assert said.exit_code == 0
    assert "Nothing is wrong." in said.out
    assert "Botiga Pous" in said.out


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda world: world.sandbox.switch_off_key(), "brevo-key-off"),
        (lambda world: world.sandbox.delete_list(7), "brevo-list-not-found"),
        (lambda world: world.sandbox.delete_attribute("LASTNAME"), "attribute-unknown"),
        (lambda world: world.profiles_file.unlink(), "source-missing"),
        (lambda world: world.cut_run(), "run-interrupted"),
        (lambda world: (world.home / "key").unlink(), "connection-key-undecryptable"),
    ],
)
def test_doctor_says_what_is_wrong_and_what_to_do(world: World, break_it: object, code: str) -> None:
    break_it(world)  # type: ignore[operator]
    said = world.cli("doctor", "--json")
    assert said.exit_code == 1
    bad = [finding for finding in said.json if not finding["is_good"]]
    assert code in {finding["code"] for finding in bad}
    assert all(finding["sentence"] and finding["advice"] for finding in bad)


def test_doctor_sees_a_home_that_others_may_enter(world: World) -> None:
    world.home.chmod(0o755)
    said = world.cli("doctor")
    assert said.exit_code == 1
    assert "chmod 700" in said.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "Newsletter", "--all"],
        ["run", "Newsletter", "--jsn"],
        ["plan"],
        ["approve", "seven"],
        ["approve"],
        ["runs", "--limit", "0"],
        ["fly"],
        ["sandbox", "--set", "nothing=5", "--port", "0"],
        ["sandbox", "--fault", "nonsense", "--port", "0"],
    ],
)
def test_wrong_use_ends_with_2_and_does_nothing(world: World, arguments: list[str]) -> None:
    said = world.cli(*arguments)
    assert said.exit_code == 2
    assert said.err
    assert said.out == ""
    assert Run.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["run", "Newsleter"], "not-found"),
        (["plan", "Nothing"], "not-found"),
        (["runs", "Nothing"], "not-found"),
        (["approve", "99"], "run-not-found"),
        (["discard", "99"], "run-not-found"),
        (["rejections", "99"], "run-not-found"),
        (["apply", "nothing.yml"], "file-unreadable"),
    ],
)
def test_what_is_not_there_ends_with_1_in_words_and_in_json(world: World, arguments: list[str], code: str) -> None:
    words = world.cli(*arguments)
    assert words.exit_code == 1
    assert f"({code})" in words.err
    assert words.out == ""
    said = world.cli(*arguments, "--json")
    assert said.exit_code == 1
    assert said.json["error"]["code"] == code
    assert all(said.json["error"][key] for key in ("turn", "what", "next"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(world: World, name: str) -> None:
    said = world.cli(name, "--help")
    assert said.exit_code == 0
    assert "Usage: traginer " + name in said.out
    assert len(said.out.splitlines()) > 4


def test_help_lists_every_command(home: object) -> None:
    said = World.cli(None, "--help")  # type: ignore[arg-type]
    assert said.exit_code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in said.out
