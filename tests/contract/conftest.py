from collections.abc import Iterator

import pytest
from sib_api_v3_sdk import ApiClient

from brevo import Brevo
from tests.contract.heard import Heard, open_brevo, open_sib
from traginer.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A fresh account with Anna and Biel on list 7, Carme on none."""
    with Sandbox(tier="unlimited") as sandbox:
        sandbox.add_contact("anna@example.com", {"FIRSTNAME": "Anna", "SMS": "+34600111222"}, list_ids=[7])
        sandbox.add_contact("biel@example.com", {"EXT_ID": "b-2"}, list_ids=[7])
        sandbox.add_contact("carme@example.com")
        yield sandbox


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def brevo(sandbox: Sandbox, heard: Heard) -> Iterator[Brevo]:
    client, wire = open_brevo(sandbox, heard)
    with wire:
        yield client


@pytest.fixture
def sib(sandbox: Sandbox, heard: Heard) -> Iterator[ApiClient]:
    client = open_sib(sandbox, heard)
    yield client
    client.rest_client._transport.pool_manager.clear()
    client.pool.close()
    client.pool.join()
