from collections.abc import Callable, Iterator

import pytest
from tests.brevo.far_side import Clock, FarSide, serving

from traginer.brevo import Brevo, Timeouts, open_brevo

KEY = "xkeysib-" + "0123456789abcdef" * 4 + "-Ab3dEf6hIj9kLm2n"


@pytest.fixture(scope="session")
def _server() -> Iterator[FarSide]:
    with serving() as far_side:
        yield far_side


@pytest.fixture
def far_side(_server: FarSide) -> Iterator[FarSide]:
    _server.forget()
    yield _server
    _server.released.set()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_client(far_side: FarSide, clock: Clock) -> Iterator[Callable[..., Brevo]]:
    """Clients of the far side that never really sleep and are closed after the test."""
    opened: list[Brevo] = []

    def open_one(base_url: str | None = None, **options: object) -> Brevo:
        usual = {
            "tier": "unlimited",
            "sleep": clock.sleep,
            "now": clock.read,
            "jitter": lambda: 0.0,
            "timeouts": Timeouts(2.0, 2.0, 2.0),
        }
        opened.append(open_brevo(KEY, base_url or far_side.base_url, **(usual | options)))
        return opened[-1]

    yield open_one
    for brevo in opened:
        brevo.close()


@pytest.fixture
def brevo(open_client: Callable[..., Brevo]) -> Brevo:
    return open_client()
