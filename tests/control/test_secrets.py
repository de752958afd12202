"""What lies in the state folder, and what stands in logs: no key, no address, and nothing that others may read."""

import stat

from tests.world import World, people
from traginer.control.models import Batch, Run


def test_state_is_its_owners_alone(world: World) -> None:
    """In the middle of a run too, when bodies and plan lie on the spool."""
    world.cut_run()
    assert [path for path in world.files() if path.suffix == ".json"], "a body lies on the spool"
    for path in [world.home, *world.home.rglob("*")]:
        allowed = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == allowed, path


def test_a_fresh_installation_is_its_owners_alone(world: World) -> None:
    folder = world.folder / "fresh"
    assert world.command("runs", TRAGINER_HOME=str(folder)).exit_code == 0
    assert (folder / "traginer.sqlite3").exists()
    for path in [folder, *folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_neither_value_of_a_profile_nor_key_is_in_the_database_or_in_any_file_but_the_ledgers(world: World) -> None:
    """After a run that Brevo rejected rows of, one with somebody to look up, and one that failed."""
    _eventful(world)
    assert Run.objects.filter(status="failure").exists()
    assert Batch.objects.filter(kind="removal").exists()
    files = [path for path in world.files() if "ledgers" not in path.parts]
    assert {"traginer.sqlite3", "key"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert b"aina" not in content.lower() or "reports" in path.parts, path
        assert b"4600100" not in content or "reports" in path.parts, path
        assert World.api_key.encode() not in content, path


def test_neither_address_nor_key_is_in_the_most_talkative_log(world: World) -> None:
    world.run()
    _somebody_left_already(world)
    said = world.command("run", "Newsletter", TRAGINER_LOG="DEBUG")
    assert said.exit_code == 0
    assert "POST /contacts/lists/{id}/contacts/remove" in said.err
    assert "GET /contacts/{email}" in said.err
    assert "aina" not in said.err
    assert World.api_key not in said.err
    assert World.api_key[-8:] not in said.err


def test_a_failed_command_shows_neither_address_nor_key(world: World) -> None:
    world.sandbox.switch_off_key()
    said = world.cli("run", "Newsletter", "--json")
    assert said.exit_code == 1
    assert "@example.org" not in said.out + said.err.replace("ada@example.org", "")
    assert World.api_key[-8:] not in said.out + said.err


def _somebody_left_already(world: World) -> None:
    """Two leave, and one of them was taken off by hand: Brevo is asked about that one by address."""
    first, second = sorted(world.on_list())[:2]
    world.sandbox.take_off(7, first)
    world.forget_profile(*(key for key, row in world.profiles.items() if row["email"] in {first, second}))


def _eventful(world: World) -> None:
    world.sandbox.switches.reject_probability = 0.3
    world.run()
    world.sandbox.switches.reject_probability = 0.0
    world.put_profiles(people([30], email="aina5@example.org"))
    _somebody_left_already(world)
    world.run()
    world.put_profiles(people([31]))
    world.sandbox.switch_off_key()
    world.run()
