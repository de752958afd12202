"""The world of the pages: the connection of the shared world is shared with contributors, and the cast have accounts."""

import pytest
from django.conf import LazySettings

from tests.control.cast import QUICK, account
from tests.web.browsers import Browser, Web
from tests.world import CONFIGURATION, World

SHARED = CONFIGURATION.replace("usable_by: administrators", "usable_by: contributors")


@pytest.fixture(autouse=True)
def _quick(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = QUICK
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.fixture
def web(world: World, monkeypatch: pytest.MonkeyPatch) -> Web:
    monkeypatch.setenv("TRAGINER_SOURCES", str(world.folder))
    world.apply(SHARED)
    for name in ("ada", "bernat", "carla"):
        account(name)
    return Web(world)


@pytest.fixture
def ada(web: Web) -> Browser:
    """Ada's browser."""
    return web.browser("ada")
