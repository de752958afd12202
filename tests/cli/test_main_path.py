"""The main path as a user walks it: real processes, a sandbox started by hand, the file of the README."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pyarrow.parquet as pq
import pytest
import yaml

from tests.world import CONFIGURATION, TRAGINER, Said, World, addresses, people
from traginer.cli.main import COMMANDS

PEOPLE = 1_000
# The account, the list, the attributes.
LOOKS_OF_A_PLAN = 3


@contextmanager
def running_sandbox(folder: Path) -> Iterator[tuple[str, str]]:
    """`traginer sandbox` in a process of its own: its address and its key, as it prints them."""
    arguments = [TRAGINER, "sandbox", "--port", "0", "--home", str(folder), "--tier", "unlimited"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            address = process.stdout.readline().split()[-1]
            key = process.stdout.readline().split()[-1]
            yield address, key
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=10)
    assert process.returncode == 0


class Shop:
    """An installation and a sandbox that know nothing of this process."""

    def __init__(self, world: World, address: str, key: str) -> None:
        self.world = world
        self.environment = {"BREVO_URL": address, "BREVO_API_KEY": key, "TRAGINER_HOME": str(world.folder / "shop")}
        self.look_at = address.removesuffix("/v3") + "/sandbox"

    def __call__(self, *arguments: str) -> Said:
        return self.world.command(*arguments, **self.environment)

    def looked(self, path: str) -> Any:
        with urlopen(f"{self.look_at}{path}") as answer:
            return json.load(answer)

    def on_list(self) -> set[str]:
        with urlopen(f"{self.look_at}/lists/7/emails") as answer:
            return {json.loads(line)["email"] for line in answer}


@pytest.fixture
def shop(home: Path, tmp_path: Path) -> Iterator[Shop]:
    world = World(tmp_path, home, None)  # type: ignore[arg-type]
    world.put_profiles([*people(range(PEOPLE)), *people([5001], email=None)])
    world.write_yaml(CONFIGURATION)
    with running_sandbox(tmp_path / "brevo") as (address, key):
        yield Shop(world, address, key)


@pytest.mark.slow
def test_the_main_path_from_an_empty_folder_to_a_list_that_follows_the_profiles(shop: Shop) -> None:
    """S1, S7: what travels are segments of profiles, into a list of Brevo."""
    applied = shop("apply", str(shop.world.folder / "traginer.yml"))
    assert applied.exit_code == 0, applied.err
    assert applied.out.count("created") == 4

    plan = shop("plan", "Newsletter", "--json")
    assert (plan.exit_code, plan.json["counts"]["added"]) == (0, PEOPLE)

    first = shop("run", "Newsletter", "--json")
    assert first.exit_code == 3, first.err
    assert first.json["counts"]["confirmed"] == PEOPLE
    assert first.json["rejections_by_reason"] == {"email-missing": 1}
    asked = shop.looked("")["requests"]
    assert asked == first.json["requests"] + LOOKS_OF_A_PLAN

    second = shop("run", "Newsletter", "--json")
    assert (second.exit_code, second.json["requests"]) == (3, 0)
    assert shop.looked("")["requests"] == asked

    shop.world.put_profiles(people(range(5), first_name="Núria"))
    shop.world.put_profiles(people(range(PEOPLE, PEOPLE + 5)))
    shop.world.forget_profile(*(f"C{n:04}" for n in range(10, 20)))
    third = shop("run", "Newsletter", "--json")
    counts = third.json["counts"]
    assert (counts["added"], counts["changed"], counts["left"], counts["unchanged"]) == (5, 5, 10, PEOPLE - 15)
    assert (counts["sent"], counts["removed"]) == (10, 10)
    _sandbox_saw_exactly(shop, third.json["requests_by_endpoint"])
    assert shop.on_list() == addresses([*range(10), *range(20, PEOPLE + 5)])

    assert [run["run"] for run in shop("runs", "Newsletter", "--json").json] == [3, 2, 1]
    assert shop("rejections", "1", "--json").json[0]["key"] == "C5001"
    dumped = shop("dump").out
    assert shop.environment["BREVO_API_KEY"] not in dumped
    assert yaml.safe_load(dumped)["exports"][0]["list"] == 7
    assert shop("doctor").exit_code == 0


def _sandbox_saw_exactly(shop: Shop, endpoints: dict[str, int]) -> None:
    """The last run carried the ten changed rows in one import, and took the ten leavers off in one removal."""
    assert endpoints["POST /contacts/import"] == 1
    assert endpoints["POST /contacts/lists/{id}/contacts/remove"] == 1
    imports = [entry for entry in shop.looked("/processes")["processes"] if entry["name"] == "IMPORTUSER"]
    assert max(imports, key=lambda entry: entry["id"])["rows"] == 10


def test_help_imports_neither_django_nor_duckdb() -> None:
    code = """
import sys
from traginer.cli import main
try:
    main(["--help"])
except SystemExit as end:
    assert not end.code
print(sorted({name.partition(".")[0] for name in sys.modules} & {"django", "duckdb", "pyarrow", "sqlglot", "pydantic"}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    for name in COMMANDS:
        assert f"  {name} " in done.stdout


def test_wrong_use_of_a_real_process_ends_with_2() -> None:
    done = subprocess.run([TRAGINER, "fly"], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "fly" in done.stderr


def test_the_third_run_sends_exactly_the_changed_and_removes_exactly_the_left(world: World) -> None:
    """The same, seen row by row."""
    world.put_profiles(people(range(200)))
    world.run()
    since = world.requests()
    world.run()
    assert world.requests() == since
    world.put_profiles(people([7, 8], last_name="Nou"))
    world.forget_profile("C0100", "C0101")
    world.run()
    assert {row["email"] for row in world.imported(since)} == addresses([7, 8])
    assert set(world.removed(since)) == addresses([100, 101])
    held = world.sandbox.contacts_on(7)
    wanted = pq.read_table(world.profiles_file).to_pylist()
    assert {email: row["LASTNAME"] for email, row in held.items()} == {
        row["email"]: row["last_name"] for row in wanted if row["language"] == "ca"
    }
