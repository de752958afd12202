from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.profiles.kinds import KINDS, Kind
from traginer.duck import Duck, open_duck


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[Duck]:
    with open_duck(tmp_path / "duck") as session:
        yield session


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Kind:
    """Each kind of source in turn."""
    return Kind(request.param, KINDS[request.param], tmp_path)
