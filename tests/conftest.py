"""The shared world: one installation a test, in a folder of its own, with a real SQLite file and a local Brevo."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from pytest_django.plugin import DjangoDbBlocker

from tests.world import World, using_database
from traginer.control import start
from traginer.sandbox import Sandbox


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Path:
    """A database with all tables and nothing in them, to copy from: to migrate anew for each test takes too long."""
    folder = tmp_path_factory.mktemp("migrated")
    database = folder / "traginer.sqlite3"
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), using_database(database):
        patch.setenv("TRAGINER_HOME", str(folder))
        start()
    return database


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder that Traginer has not seen yet."""
    folder = tmp_path / "home"
    for name in ("TRAGINER_KEY", "TRAGINER_DATABASE", "TRAGINER_LOG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TRAGINER_HOME", str(folder))
    monkeypatch.setenv("TRAGINER_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "250")
    return folder


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A local Brevo without rate limits."""
    with Sandbox(tier="unlimited", api_key=World.api_key) as sandbox:
        yield sandbox


@pytest.fixture
def installation(home: Path, migrated: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    """The state folder with an empty database, in use by this process."""
    home.mkdir(mode=0o700)
    database = home / "traginer.sqlite3"
    shutil.copy(migrated, database)
    database.chmod(0o600)
    with django_db_blocker.unblock(), using_database(database):
        yield home


@pytest.fixture
def world(installation: Path, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """An installation with one export, Newsletter, and its ten members, nothing of it carried yet."""
    monkeypatch.setenv("BREVO_API_KEY", sandbox.api_key)
    monkeypatch.setenv("BREVO_URL", sandbox.base_url)
    world = World(tmp_path, installation, sandbox)
    world.put_profiles()
    world.apply()
    return world


@pytest.fixture
def in_batches(settings: LazySettings) -> None:
    """Ten contacts take several imports."""
    settings.BODY_BYTES = 500
