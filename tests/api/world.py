"""An installation seen over its API: the cast, each with a token of all scopes, and a client that speaks JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from tests.control.cast import account
from tests.world import CONFIGURATION, MEANS, World
from traginer.control import accounts, tokens, worker
from traginer.control.rights import SCOPES

SHARED = CONFIGURATION.replace("usable_by: administrators", "usable_by: contributors")
ROLES = {"ada": "administrator", "bernat": "contributor", "carla": "viewer"}
PREFIX = "/api/v1"


@dataclass(frozen=True)
class Answer:
    """What the API answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def code(self) -> str:
        """The code of a problem; "" for what is none."""
        is_problem = self.headers["Content-Type"] == "application/problem+json"
        return str(self.json["code"]) if is_problem else ""


@dataclass
class Asking:
    """The API, and the tokens of the cast. Without `who` the request has no token."""

    world: World
    client: Client = field(default_factory=Client)
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, who: str, *scopes: str) -> str:
        """The secret of a token of one of the cast; made once for each choice of scopes."""
        chosen = scopes or SCOPES
        name = f"{who} {' '.join(chosen)}"
        if name not in self.tokens:
            owner = accounts.acting(account(who), "web")
            self.tokens[name] = tokens.create(owner, name, chosen, timedelta(days=90))[1]
        return self.tokens[name]

    def ask(self, method: str, path: str, body: Any = None, *, who: str = "ada", **headers: str) -> Answer:
        """The answer to a request; `headers` with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if who and "Authorization" not in named:
            named["Authorization"] = f"Bearer {self.token(who)}"
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        content_type = named.pop("Content-Type", "application/json")
        address = path if path.startswith("/") else f"{PREFIX}/{path}"
        got = self.client.generic(method, address, content, content_type=content_type, headers=named)
        told = b"".join(got.streaming_content) if got.streaming else got.content  # type: ignore[attr-defined]
        got.close()
        return Answer(got.status_code, got.headers, told)

    def get(self, path: str, **more: Any) -> Answer:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.ask("POST", path, body, **more)

    def put(self, path: str, body: Any, **more: Any) -> Answer:
        return self.ask("PUT", path, body, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        return self.ask("DELETE", path, **more)

    def work(self) -> None:
        """Workers carry on whatever waits."""
        while worker.work_once(MEANS):
            pass
