"""The key of the installation is changed: every secret is encrypted anew, and the former key opens nothing any more."""

import json
import stat

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.db import connection as database

from tests.control.cast import account, actor
from tests.world import ADA, World
from traginer.control import configuration_errors as wrong
from traginer.control import connections, vault, vault_rotation
from traginer.control.errors import KeyUndecryptable, NotAllowed
from traginer.control.models import AuditEntry, Connection


def stored() -> Connection:
    return Connection.objects.get()


def opens(key: str, token: str) -> bool:
    try:
        Fernet(key).decrypt(token)
    except InvalidToken:
        return False
    return True


def second_factor(secret: str) -> None:
    """A seed of an authenticator app, as allauth keeps it."""
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO mfa_authenticator (type, data, user_id, created_at) VALUES ('totp', %s, %s, '2026-05-01')",
            [json.dumps({"secret": vault.encrypted(secret), "used": 3}), account("ada").pk],
        )


def kept_factor() -> dict[str, object]:
    with database.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        found: dict[str, object] = json.loads(cursor.fetchone()[0])
        return found


def test_with_the_key_in_a_file_a_new_one_takes_its_place_and_the_old_opens_nothing(world: World) -> None:
    file = world.home / "key"
    old = file.read_text().strip()
    done = vault_rotation.rotate(ADA)
    new = file.read_text().strip()
    assert (done.secrets, done.former_stay) == (1, False)
    assert new != old
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (opens(new, stored().encrypted_key), opens(old, stored().encrypted_key)) == (True, False)
    assert connections.api_key(stored()) == World.api_key
    assert world.run().status == "successful"


def test_with_keys_in_the_environment_the_first_takes_over_and_the_operator_takes_the_old_ones_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (world.home / "key").read_text().strip(), vault.new_key()
    monkeypatch.setenv("TRAGINER_KEY", old)
    with pytest.raises(wrong.NoNewKey):
        vault_rotation.rotate(ADA)
    monkeypatch.setenv("TRAGINER_KEY", f"{new},{old}")
    assert vault_rotation.rotate(ADA).former_stay
    monkeypatch.setenv("TRAGINER_KEY", new)
    assert connections.api_key(stored()) == World.api_key


def test_seeds_of_authenticator_apps_are_encrypted_anew_too(world: World) -> None:
    second_factor("a seed")
    assert vault_rotation.rotate(ADA).secrets == 2
    kept = kept_factor()
    assert (vault.decrypted(str(kept["secret"]), ""), kept["used"]) == ("a seed", 3)


def test_a_secret_that_cannot_be_opened_stops_it_and_nothing_is_lost(world: World) -> None:
    second_factor("a seed")
    good = stored().encrypted_key
    Connection.objects.create(name="Broken", base_url="http://127.0.0.1:9/v3", encrypted_key="gAAAAnonsense")
    with pytest.raises(KeyUndecryptable, match='"Broken"'):
        vault_rotation.rotate(ADA)
    assert Connection.objects.get(name="Newsletter account").encrypted_key == good
    assert connections.api_key(Connection.objects.get(name="Newsletter account")) == World.api_key
    Connection.objects.get(name="Broken").delete()
    assert vault_rotation.rotate(ADA).secrets == 2
    assert len((world.home / "key").read_text().split()) == 1


@pytest.mark.parametrize("who", ["bernat", "carla"])
def test_only_an_administrator_changes_the_key(world: World, who: str) -> None:
    before = (world.home / "key").read_bytes()
    with pytest.raises(NotAllowed):
        vault_rotation.rotate(actor(who))
    assert (world.home / "key").read_bytes() == before


def test_that_the_key_was_changed_is_in_the_audit_without_the_key(world: World) -> None:
    vault_rotation.rotate(ADA)
    entry = AuditEntry.objects.get(action="system:write")
    assert (entry.kind, entry.after) == ("key", '{"secrets":1}')
