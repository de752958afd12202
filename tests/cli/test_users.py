"""Accounts, tokens and the audit from the command line, and whose rights a command has."""

import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.control.cast import PASSWORD, QUICK, account, actor
from tests.world import Said, World
from traginer.control import accounts, audit, tokens
from traginer.control.models import AuditEntry, Token, User

LOADED = """
import sys
from traginer.cli.main import main
try:
    main({arguments!r})
except SystemExit as end:
    print(sorted(name for name in sys.modules if name.partition(".")[0] in {{"allauth", "oauthlib", "jwt", "requests"}}
        or name.startswith(("django.contrib.sessions", "django.contrib.auth.models"))), end.code)
"""


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = QUICK


@pytest.fixture
def cli(installation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """An installation that nothing is configured in, and its commands."""
    monkeypatch.delenv("TRAGINER_USER", raising=False)
    return World(tmp_path, installation, sandbox=None)


def typed(cli: World, monkeypatch: pytest.MonkeyPatch, text: str, *arguments: str) -> Said:
    """The answer of a command that reads `text` from standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    return cli.cli(*arguments)


def test_an_account_is_made_shown_changed_and_closed(cli: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = typed(
        cli, monkeypatch, f"{PASSWORD}\n", "user", "add", "Ada@example.org", "--role", "administrator",
        "--name", "Ada [Pous]", "--password-stdin",
    )  # fmt: skip
    assert made.exit_code == 0
    assert made.out == "ada@example.org has an account: Administrator.\n"
    assert accounts.by_password("ada@example.org", PASSWORD, "203.0.113.7")
    account("eva", "administrator")
    assert cli.cli("user", "role", "ada@example.org", "viewer").exit_code == 0
    assert cli.cli("user", "deactivate", "ada@example.org").exit_code == 0
    shown = {row["email"]: row for row in cli.cli("user", "list", "--json").json}
    assert (shown["ada@example.org"]["role"], shown["ada@example.org"]["active"]) == ("viewer", False)
    table = cli.cli("user", "list").out
    assert "Ada [Pous]" in table
    assert "not active" in table
    assert cli.cli("user", "activate", "ada@example.org").exit_code == 0
    assert User.objects.get(email="ada@example.org").is_active


def test_a_password_is_read_and_never_taken_as_an_argument(cli: World, monkeypatch: pytest.MonkeyPatch) -> None:
    account("ada")
    assert cli.cli("user", "password", "ada@example.org", PASSWORD).exit_code == 2
    assert cli.cli("user", "add", "eva@example.org", PASSWORD, "--role", "viewer").exit_code == 2
    new = "five loud copper kettles"
    said = typed(cli, monkeypatch, f"{new}\n", "user", "password", "ada@example.org", "--password-stdin")
    assert said.exit_code == 0
    assert new not in said.out + said.err
    assert accounts.by_password("ada@example.org", new, "203.0.113.7")


def test_a_weak_password_leaves_no_account_behind(cli: World, monkeypatch: pytest.MonkeyPatch) -> None:
    said = typed(cli, monkeypatch, "kettle\n", "user", "add", "eva@example.org", "--role", "viewer", "--password-stdin")
    assert said.exit_code == 1
    assert "(password-too-weak)" in said.err
    assert not User.objects.exists()


def test_the_last_administrator_is_kept_in_words_and_in_json(cli: World) -> None:
    account("ada")
    said = cli.cli("user", "role", "ada@example.org", "viewer")
    assert said.exit_code == 1
    assert "last active administrator" in said.err
    assert cli.cli("user", "reset-factor", "ada@example.org").exit_code == 0


@pytest.mark.parametrize(
    "command",
    [
        ("user", "list"),
        ("user", "role", "ada@example.org", "viewer"),
        ("user", "deactivate", "ada@example.org"),
        ("user", "reset-factor", "ada@example.org"),
        ("audit", "list"),
        ("audit", "export"),
        ("audit", "verify"),
        ("dump",),
        ("doctor",),
    ],
)
def test_a_named_account_has_no_more_than_its_own_rights(
    cli: World, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """L5: the same service refuses a viewer on the command line and lets an administrator in."""
    for name in ("ada", "eva"):
        account(name, "administrator")
    account("carla")
    assert cli.cli("--as", "eva@example.org", *command).exit_code == 0
    refused = cli.cli("--as", "carla@example.org", *command)
    assert refused.exit_code == 1
    assert "(not-allowed)" in refused.err
    monkeypatch.setenv("TRAGINER_USER", "carla@example.org")
    assert cli.cli(*command).exit_code == 1
    assert (
        AuditEntry.objects.filter(actor="carla@example.org", result="denied", via__contains="command line").count() == 2
    )


def test_a_token_is_printed_alone_and_once(cli: World) -> None:
    account("bernat")
    made = cli.cli("--as", "bernat@example.org", "token", "create", "nightly", "--scope", "run", "--days", "30")
    assert made.exit_code == 0
    program = tokens.actor_for(made.out.strip(), None)
    assert (program.name, program.scopes) == ("bernat@example.org", frozenset({"run"}))
    listed = cli.cli("token", "list", "--json")
    assert [(row["name"], row["owner"], row["state"]) for row in listed.json] == [
        ("nightly", "bernat@example.org", "valid")
    ]
    assert made.out.strip() not in listed.out + cli.cli("token", "list").out
    number = str(Token.objects.get().pk)
    assert cli.cli("token", "revoke", number).exit_code == 0
    assert cli.cli("token", "list", "--json").json[0]["state"] == "revoked"


def test_a_token_needs_an_account_to_act_for(cli: World) -> None:
    said = cli.cli("token", "create", "nightly", "--scope", "run")
    assert said.exit_code == 1
    assert "traginer --as EMAIL" in said.err


def test_the_audit_is_shown_exported_and_checked(cli: World) -> None:
    account("ada")
    cli.cli("user", "activate", "ada@example.org")
    cli.cli("user", "reset-factor", "ada@example.org")
    audit.note(actor("ada"), "export:write", audit.Target("export", "Botiga [x]"), None, {"list": 7})
    shown = cli.cli("audit", "list")
    assert "export Botiga [x]" in shown.out
    assert [row["sequence"] for row in cli.cli("audit", "list", "--json").json] == [2, 1]
    assert [row["sequence"] for row in cli.cli("audit", "list", "--action", "export:write", "--json").json] == [2]
    assert cli.cli("audit", "list", "--since", "2999-01-01", "--json").json == []
    lines = [json.loads(line) for line in cli.cli("audit", "export").out.splitlines()]
    assert [line["sequence"] for line in lines] == [1, 2]
    whole = cli.cli("audit", "verify", "--json")
    assert (whole.exit_code, whole.json["whole"]) == (0, True)
    assert whole.json["end"] == f"2:{lines[-1]['hash']}"
    assert cli.cli("audit", "verify", "--end", whole.json["end"]).exit_code == 0


def test_a_broken_audit_ends_the_command_with_1_and_names_the_entry(cli: World) -> None:
    account("ada")
    audit.note(actor("ada"), "export:write", audit.Target("export", "Newsletter"))
    other = "1:" + hashlib.sha256(b"another past").hexdigest()
    said = cli.cli("audit", "verify", "--end", other)
    assert said.exit_code == 1
    assert "entry 1 is not the one that was written down" in said.out
    assert cli.cli("audit", "verify", "--end", "1:short").exit_code == 2


@pytest.mark.parametrize("arguments", [["runs"], ["token", "list"], ["audit", "verify"]])
def test_commands_that_nobody_logs_in_with_load_nothing_of_log_in(cli: World, arguments: list[str]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(arguments=arguments)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[] 0"


def test_an_installation_made_by_the_command_line_can_have_its_pages_later(cli: World, tmp_path: Path) -> None:
    """The tables of log-in are made by the first process that needs them, beside what is there already."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment["TRAGINER_HOME"] = str(tmp_path / "fresh")
    for arguments in (["runs"], ["user", "list"], ["runs"]):
        done = subprocess.run(
            [sys.executable, "-m", "traginer", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
