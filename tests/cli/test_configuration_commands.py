"""The commands about what is configured: words for people, JSON for machines, exit codes, and questions before removals."""

import pytest

from tests.control.cast import account
from tests.world import CONFIGURATION, World, addresses
from traginer.control.models import Connection, Export, Segment, Source


@pytest.fixture(autouse=True)
def _nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRAGINER_USER", raising=False)


# Connections


def test_connections_are_listed_with_who_may_use_them(world: World) -> None:
    """L5: the list of connections, for administrators with how they are set up."""
    world.run()
    said = world.cli("connection", "list")
    assert said.exit_code == 0
    for part in ("Newsletter account", "brevo", "Administrators", "Ada", f"…{World.api_key[-4:]}"):
        assert part in said.out
    shown = world.cli("connection", "list", "--json").json
    assert (shown[0]["usable_by"], shown[0]["export_user"], shown[0]["is_agreed"]) == ("administrators", "Ada", True)
    assert World.api_key[-8:] not in said.out + str(shown)


def test_a_contributor_is_told_whom_to_ask_where_no_connection_is_shared(world: World) -> None:
    """S28: an empty list says why and whom to ask."""
    account("bernat")
    assert "Ask an administrator" in world.cli("--as", "bernat@example.org", "connection", "list").out
    world.cli("connection", "share", "Newsletter account", "bernat@example.org")
    shown = world.cli("--as", "bernat@example.org", "connection", "list", "--json").json
    assert shown == [{"name": "Newsletter account", "type": "brevo"}]


def test_a_check_shows_the_account_or_why_it_cannot_be_reached(world: World) -> None:
    """S2, S20: a real call; Connected to the account, or the exact reason why not."""
    said = world.cli("connection", "check", "Newsletter account")
    assert said.exit_code == 0
    assert "✓ Connected to " in said.out
    assert "FIRSTNAME" in said.out
    assert "Loyal customers" in said.out
    assert "contact_limit" in said.out
    shown = world.cli("connection", "check", "Newsletter account", "--json").json
    assert (shown["is_good"], shown["contacts_left"], shown["attributes"]["SMS"]) == (True, None, "phone")
    assert {one["list_id"] for one in shown["lists"]} == {7, 8}
    world.sandbox.switch_off_key()
    said = world.cli("connection", "check", "Newsletter account")
    assert said.exit_code == 1
    assert "(brevo-key-off)" in said.out
    assert world.cli("connection", "check", "Newsletter account", "--json").json["problem"]["code"] == "brevo-key-off"


def test_lists_are_found_by_name_and_created(world: World) -> None:
    """S3: lists by name with their size, and a new one."""
    world.run()
    said = world.cli("connection", "lists", "Newsletter account", "--search", "news")
    assert [line.split() for line in said.out.splitlines()[1:]] == [["7", "Newsletter", "10"]]
    made = world.cli("connection", "lists", "Newsletter account", "--create", "Spring", "--search", "Spring", "--json")
    assert [one["name"] for one in made.json] == ["Spring"]


def test_a_connection_is_shared_and_the_answer_says_with_whom(world: World) -> None:
    """S15, S17, L3: who can use it is chosen, and can be changed."""
    said = world.cli("connection", "share", "Newsletter account", "contributors")
    assert said.out.strip() == "Who can use it: Administrators and contributors."
    assert Connection.objects.get().usable_by == "contributors"
    shown = world.cli("connection", "share", "Newsletter account", "A@example.org", "b@example.org", "--json").json
    assert shown["usable_by"] == ["a@example.org", "b@example.org"]
    refused = world.cli("connection", "share", "Newsletter account", "everybody")
    assert (refused.exit_code, "(share-unknown)" in refused.err) == (1, True)


def test_nothing_is_removed_where_nobody_can_be_asked(world: World) -> None:
    """L10: removing asks."""
    for words in (
        ("connection", "remove", "Newsletter account"),
        ("connection", "withdraw-consent", "Newsletter account"),
        ("export", "remove", "Newsletter", "--contacts", "leave"),
        ("export", "remove", "Newsletter"),
        ("segment", "remove", "Catalan spenders"),
        ("source", "remove", "Customers"),
        ("key", "rotate"),
    ):
        said = world.cli(*words)
        assert said.exit_code == 2, words
        assert "--yes" in said.err or "--contacts" in said.err
    assert Export.objects.exists()
    assert world.run().status == "successful"


def test_what_is_in_use_is_not_removed_and_its_users_are_named(world: World) -> None:
    """L10: a connection in use must have its exports removed or detached first."""
    said = world.cli("connection", "remove", "Newsletter account", "--yes")
    assert (said.exit_code, 'used by "Newsletter"' in said.err) == (1, True)
    assert world.cli("segment", "remove", "Catalan spenders", "--yes").exit_code == 1
    assert world.cli("source", "remove", "Customers", "--yes").exit_code == 1
    assert world.cli("export", "detach", "Newsletter").out.strip() == "Detached."
    assert world.cli("connection", "remove", "Newsletter account", "--yes").out.strip() == "Removed."
    assert world.cli("export", "remove", "Newsletter", "--contacts", "leave", "--yes", "--json").json["removed"]
    assert world.cli("segment", "remove", "Catalan spenders", "--yes", "--json").json == {"removed": "Catalan spenders"}
    assert world.cli("source", "remove", "Customers", "--yes", "--json").json == {"removed": "Customers"}
    assert not Segment.objects.exists()
    assert not Source.objects.exists()


def test_consent_is_withdrawn_and_given_again(world: World) -> None:
    """S19, S38: the text is read, agreed to, and can be taken back."""
    said = world.cli("connection", "withdraw-consent", "Newsletter account", "--reason", "audit", "--yes")
    assert said.exit_code == 0
    assert "(consent-withdrawn)" in world.cli("run", "Newsletter").err
    agreed = world.cli("connection", "agree", "Newsletter account", "--yes")
    assert "you are responsible for ensuring" in agreed.out
    assert "Agreed by " in agreed.out
    assert world.cli("run", "Newsletter").exit_code == 0


def test_the_operator_takes_over_as_export_user_without_a_password(world: World) -> None:
    """S21: another administrator can take over."""
    shown = world.cli("connection", "take-over", "Newsletter account", "--json").json
    assert shown["export_user"].endswith("(command line)")


# Exports


def test_exports_are_listed_with_what_the_list_of_the_product_shows(world: World) -> None:
    """L5, L11: display name, type, connection used, status, refreshed, schedule, your permissions."""
    account("carla")
    world.run()
    said = world.cli("--as", "carla@example.org", "export", "list")
    titles, row = said.out.splitlines()
    assert titles.split("  ")[0] == "Display name"
    for part in ("Newsletter", "brevo", "Newsletter account", "Successful", "With the system refresh", "View"):
        assert part in row
    shown = world.cli("export", "list", "--search", "newsl", "--json").json[0]
    assert (shown["state"], shown["status"], shown["list"]) == ("active", "successful", 7)
    assert shown["permissions"] == ["edit", "plan", "run", "schedule", "detach", "remove"]


def test_an_export_is_copied_switched_detached_and_attached(world: World) -> None:
    """S34, L10: duplicate, disable, enable, detach, attach."""
    assert world.cli("export", "duplicate", "Newsletter", "Copy", "--json").json["state"] == "disabled"
    assert "(Disabled)" in world.cli("export", "list").out
    assert "(export-disabled)" in world.cli("run", "Copy").err
    assert world.cli("export", "enable", "Copy", "--json").json["state"] == "active"
    assert world.cli("export", "disable", "Copy", "--reason", "later").out.strip() == "Disabled."
    assert world.cli("export", "detach", "Copy", "--json").json["connection"] is None
    assert "No connection" in world.cli("export", "list").out
    assert world.cli("export", "attach", "Copy", "Newsletter account", "--json").json["state"] == "disabled"


def test_an_export_removed_with_its_contacts_runs_a_last_time(world: World) -> None:
    """S41: remove the memberships we made."""
    world.run()
    said = world.cli("export", "remove", "Newsletter", "--contacts", "remove", "--yes")
    assert said.exit_code == 0
    assert "Removed." in said.out
    assert "Successful" in said.out
    assert world.on_list() == set()
    assert addresses(range(10)) <= world.sandbox.emails()
    assert world.cli("export", "list", "--json").json == []


def test_an_export_whose_last_run_fails_stays(world: World) -> None:
    world.run()
    world.sandbox.switch_off_key()
    said = world.cli("export", "remove", "Newsletter", "--contacts", "remove", "--yes", "--json")
    assert (said.exit_code, said.json["removed"], said.json["run"]["status"]) == (1, None, "failure")
    assert "(Being removed)" in world.cli("export", "list").out


# Segments and sources


def test_a_segment_is_counted_rule_by_rule(world: World) -> None:
    """S4: members, and each condition's own."""
    said = world.cli("segment", "count", "Catalan spenders")
    assert "Catalan spenders: 10 members of 12 profiles" in said.out
    assert any(line.split()[-1] == "12" and "lifetime_value" in line for line in said.out.splitlines())
    shown = world.cli("segment", "count", "Catalan spenders", "--timezone", "Europe/Madrid", "--json").json
    assert (shown["members"], shown["rules"][0]["path"]) == (10, [])
    assert world.cli("segment", "count", "Catalan spenders", "--timezone", "Europe/Vic").exit_code == 2


def test_segments_and_sources_are_listed_with_their_users(world: World) -> None:
    assert world.cli("segment", "list", "--json").json[0]["exports"] == ["Newsletter"]
    assert world.cli("source", "list", "--json").json[0]["segments"] == ["Catalan spenders"]
    assert "Newsletter" in world.cli("segment", "list").out
    assert "Catalan spenders" in world.cli("source", "list").out


def test_a_source_is_read_through(world: World) -> None:
    said = world.cli("source", "check", "Customers")
    assert "12 profiles" in said.out
    shown = world.cli("source", "check", "Customers", "--json").json
    assert {"name": "email", "type": "text", "native": "VARCHAR"} in shown["columns"]


# Configuration as code


def test_a_diff_exits_3_where_the_file_and_the_server_differ_and_0_where_not(world: World) -> None:
    path = world.write_yaml(CONFIGURATION)
    said = world.cli("diff", str(path))
    assert (said.exit_code, said.out.strip()) == (0, "The server is as the file says.")
    path = world.write_yaml(CONFIGURATION.replace("list: 7", "list: 8"))
    said = world.cli("diff", str(path))
    assert said.exit_code == 3
    assert [line.strip() for line in said.out.splitlines()] == ["~ export Newsletter", "list: 7 → 8"]
    shown = world.cli("diff", str(path), "--json")
    assert shown.exit_code == 3
    assert shown.json == [
        {
            "kind": "export",
            "name": "Newsletter",
            "outcome": "updated",
            "changes": [{"field": "list", "before": 7, "after": 8}],
        }
    ]
    assert Export.objects.get().list_id == 7


def test_a_diff_of_rules_shows_the_lines_that_differ(world: World) -> None:
    said = world.cli("diff", str(world.write_yaml(CONFIGURATION.replace("at_least: 500", "at_least: 50"))))
    assert [line.strip() for line in said.out.splitlines()] == [
        "~ segment Catalan spenders",
        "rules:",
        "-   at_least: 500",
        "+   at_least: 50",
    ]


def test_the_schema_is_printed_as_json(world: World) -> None:
    schema = world.cli("schema").json
    assert {*schema["properties"]} == {"sources", "connections", "segments", "exports", "notices", "system"}


def test_the_key_is_rotated_and_a_new_one_is_printed(world: World) -> None:
    """S18: secrets stay encrypted at rest, with a new key."""
    assert len(world.cli("key", "new").out.strip()) == 44
    assert world.cli("key", "rotate", "--yes", "--json").json == {"secrets": 1, "former_keys_stay": False}
    assert world.run().status == "successful"


def test_a_person_at_a_terminal_is_asked_in_their_own_language(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAGINER_LANGUAGE", "ca")
    agreed = world.cli("connection", "agree", "Newsletter account", "--yes")
    assert "Privadesa de les dades i conformitat" in agreed.out
