"""The two published clients, with an ear at their sockets: what the sandbox really answered, beside what they made of it."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import sib_api_v3_sdk
from jsonschema import Draft202012Validator

from brevo import Brevo
from tests.contract.schemas import ANSWERS, ERROR
from traginer.sandbox import Sandbox


@dataclass
class Heard:
    """Answers as they came over the wire: status, headers in lower case, bytes."""

    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def last(self) -> tuple[int, dict[str, str], bytes]:
        return self.answers[-1]

    def json(self) -> Any:
        return json.loads(self.last[2])


def open_brevo(sandbox: Sandbox, heard: Heard) -> tuple[Brevo, httpx.Client]:
    def listen(response: httpx.Response) -> None:
        heard.answers.append((response.status_code, dict(response.headers), response.read()))

    wire = httpx.Client(event_hooks={"response": [listen]}, timeout=10)
    return Brevo(api_key=sandbox.api_key, base_url=sandbox.base_url, max_retries=0, httpx_client=wire), wire


class ListeningRest:
    """Stands before sib-api-v3-sdk's transport and notes each answer."""

    def __init__(self, transport: Any, heard: Heard) -> None:
        self._transport, self._heard = transport, heard

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._transport, name)

        def noted(*args: Any, **options: Any) -> Any:
            given = call(*args, **options)
            headers = {key.lower(): value for key, value in given.getheaders().items()}
            body = given.data if isinstance(given.data, bytes) else (given.data or "").encode()
            self._heard.answers.append((given.status, headers, body))
            return given

        return noted


def open_sib(sandbox: Sandbox, heard: Heard) -> sib_api_v3_sdk.ApiClient:
    configuration = sib_api_v3_sdk.Configuration()
    configuration.host = sandbox.base_url
    configuration.api_key["api-key"] = sandbox.api_key
    client = sib_api_v3_sdk.ApiClient(configuration)
    client.rest_client = ListeningRest(client.rest_client, heard)
    return client


def check_answer(route: str, status: int, headers: dict[str, str], body: bytes) -> None:
    """Fails unless the answer is one that Brevo's own description of the route allows."""
    assert headers["sib-request-id"]
    if status >= 400:
        Draft202012Validator(ERROR).validate(json.loads(body))
        return
    assert status in ANSWERS[route], f"{route} answered {status}"
    shape = ANSWERS[route][status]
    if shape is None:
        assert body == b""
        return
    assert headers["content-type"] == "application/json"
    Draft202012Validator(shape).validate(json.loads(body))
