"""The world of the API: the connection of the shared world is shared with contributors."""

import pytest
from django.conf import LazySettings

from tests.api.world import Asking
from tests.control.cast import QUICK
from tests.world import CONFIGURATION, World

SHARED = CONFIGURATION.replace("usable_by: administrators", "usable_by: contributors")


@pytest.fixture
def api(world: World, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """The API of the shared world; its sources may lie in the folder of the test, and nobody asks too often."""
    monkeypatch.setenv("TRAGINER_SOURCES", str(world.folder))
    monkeypatch.setenv("TRAGINER_API_REQUESTS", "0")
    settings.PASSWORD_HASHERS = QUICK
    world.apply(SHARED)
    return Asking(world)
