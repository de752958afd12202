"""API keys at rest."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.world import CONFIGURATION, World
from traginer.control import connections, errors, vault
from traginer.control.models import Connection


def stored() -> Connection:
    return Connection.objects.get()


def test_the_key_of_the_installation_is_made_on_first_use_for_its_owner_alone(world: World) -> None:
    file = world.home / "key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    vault.encrypted("another secret")
    assert file.read_bytes() == before


def test_a_stored_key_is_not_in_clear_and_comes_back_whole(world: World) -> None:
    assert World.api_key not in stored().encrypted_key
    assert stored().key_tail == World.api_key[-4:]
    assert connections.api_key(stored()) == World.api_key


def test_the_same_secret_is_stored_differently_each_time(world: World) -> None:
    assert vault.encrypted("secret") != vault.encrypted("secret")


def test_another_installation_key_cannot_decrypt_and_the_run_says_so(world: World) -> None:
    (world.home / "key").write_bytes(Fernet.generate_key())
    view = world.run()
    assert (view.status, view.why.code) == ("failure", "connection-key-undecryptable")
    assert "Newsletter account" in view.why.sentence
    assert world.requests() == 0


def test_entering_the_api_key_again_heals_a_lost_installation_key(world: World) -> None:
    (world.home / "key").unlink()
    with pytest.raises(errors.KeyUndecryptable):
        connections.api_key(stored())
    world.apply(CONFIGURATION)
    assert connections.api_key(stored()) == World.api_key
    assert world.run().status == "successful"


@pytest.mark.parametrize("text", ["", "not a key", "c2hvcnQ="])
def test_a_damaged_installation_key_is_named_and_not_replaced(world: World, text: str) -> None:
    (world.home / "key").write_text(text)
    with pytest.raises(errors.VaultKeyInvalid) as refusal:
        connections.api_key(stored())
    assert str(world.home / "key") in refusal.value.sentence
    assert (world.home / "key").read_text() == text


def test_a_key_from_the_environment_takes_the_place_of_the_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAGINER_KEY", Fernet.generate_key().decode())
    (world.home / "key").unlink()
    world.apply(CONFIGURATION)
    assert connections.api_key(stored()) == World.api_key
    assert not (world.home / "key").exists()


def test_a_key_is_rotated_by_putting_the_new_one_before_the_old(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setenv("TRAGINER_KEY", old)
    token = vault.encrypted("secret")
    monkeypatch.setenv("TRAGINER_KEY", f"{new},{old}")
    assert vault.decrypted(token, "A") == "secret"
    fresh = vault.encrypted("secret")
    monkeypatch.setenv("TRAGINER_KEY", new)
    assert vault.decrypted(fresh, "A") == "secret"
    with pytest.raises(errors.KeyUndecryptable):
        vault.decrypted(token, "A")


def test_an_invalid_key_in_the_environment_is_named_by_its_variable(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAGINER_KEY", "nonsense")
    with pytest.raises(errors.VaultKeyInvalid) as refusal:
        connections.api_key(stored())
    assert "TRAGINER_KEY" in refusal.value.sentence
    assert "nonsense" not in str(refusal.value)
    assert os.environ["TRAGINER_KEY"] == "nonsense"


def test_processes_that_use_a_new_installation_at_once_agree_on_its_key(home: Path) -> None:
    code = "from traginer import control; control.setup(); from traginer.control import vault; print(vault.encrypted('secret'))"
    starts = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=dict(os.environ))
        for _ in range(4)
    ]
    tokens = [process.communicate()[0].strip() for process in starts]
    assert [vault.decrypted(token, "Account") for token in tokens] == ["secret"] * 4
