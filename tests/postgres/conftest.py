"""The installation of these tests has its tables in a real Postgres; all else is as everywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.postgres.server import Server, running, using
from traginer.control import start


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A Postgres, started once."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def template(server: Server, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> str:
    """A database with all tables and nothing in them, made by the migrations."""
    name = server.create()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), using(server.url(name)):
        patch.setenv("TRAGINER_HOME", str(tmp_path_factory.mktemp("migrated")))
        start()
    return name


@pytest.fixture
def installation(
    home: Path, server: Server, template: str, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> Iterator[Path]:
    """The state folder, and an empty database in use by this process; processes that it starts use it too."""
    home.mkdir(mode=0o700)
    name = server.create(template)
    monkeypatch.setenv("TRAGINER_DATABASE_URL", server.url(name))
    with django_db_blocker.unblock(), using(server.url(name)):
        yield home
    server.drop(name)
