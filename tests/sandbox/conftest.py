from collections.abc import Iterator

import pytest

from tests.sandbox.api import Api
from traginer.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A fresh account without rate limits, whose clock stands still until it is moved."""
    with Sandbox(tier="unlimited") as sandbox:
        sandbox.clock.freeze()
        yield sandbox


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Api]:
    api = Api(sandbox)
    yield api
    api.connection.close()
