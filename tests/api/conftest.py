"""The worlds of the API: the shared one, made anew for each test, and one that lasts for those that undo what they do."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test.utils import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.api.world import ROLES, SHARED, Asking
from tests.control.cast import QUICK
from tests.world import World, using_database
from traginer.sandbox import Sandbox


@pytest.fixture
def api(world: World, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """The API of the shared world; its sources may lie in the folder of the test, and nobody asks too often."""
    monkeypatch.setenv("TRAGINER_SOURCES", str(world.folder))
    monkeypatch.setenv("TRAGINER_API_REQUESTS", "0")
    settings.PASSWORD_HASHERS = QUICK
    world.apply(SHARED)
    return Asking(world)


@pytest.fixture(scope="module")
def asking(
    migrated: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Asking]:
    """The shared world with one run behind it, for all tests of a file, which undo what they do."""
    folder = tmp_path_factory.mktemp("fuzzed")
    home = folder / "home"
    home.mkdir(mode=0o700)
    shutil.copy(migrated, home / "traginer.sqlite3")
    for signal in (request_started, request_finished):  # as Django's own test client does: the transaction stays open
        signal.disconnect(close_old_connections)
    with (
        pytest.MonkeyPatch.context() as patch,
        Sandbox(tier="unlimited", api_key=World.api_key) as sandbox,
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=QUICK),
        using_database(home / "traginer.sqlite3"),
    ):
        patch.setenv("TRAGINER_HOME", str(home))
        patch.setenv("TRAGINER_LANGUAGE", "en")
        patch.setenv("TRAGINER_KEY", Fernet.generate_key().decode())
        patch.setenv("TRAGINER_SOURCES", str(folder))
        patch.setenv("TRAGINER_API_REQUESTS", "0")
        patch.setenv("BREVO_API_KEY", sandbox.api_key)
        patch.setenv("BREVO_URL", sandbox.base_url)
        world = World(folder, home, sandbox)
        world.put_profiles()
        world.apply(SHARED)
        world.run()
        asking = Asking(world)
        for who in ROLES:
            asking.token(who)
        yield asking
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
