"""A local identity provider: OpenID Connect over HTTP with discovery, authorize, token with PKCE, userinfo, keys.

It imports nothing of ours. Whoever comes is the person whose claims are set; what it was asked is kept.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "traginer-tests", "not a secret"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEY_ID = "first"


@dataclass
class Provider:
    """One provider. `claims` are about who comes next; `userinfo` overrides what that endpoint says."""

    claims: dict[str, Any]
    url: str = ""
    userinfo: dict[str, Any] = field(default_factory=dict)
    audience: str = CLIENT_ID
    issuer: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    pkce_failures: int = 0

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to, with a code."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The tokens for a code, once, for the client that asked and can show the verifier."""
        query = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if query is None or (form["client_id"], form["client_secret"]) != (CLIENT_ID, CLIENT_SECRET):
            return 400, {"error": "invalid_grant"}
        if challenge.decode().rstrip("=") != query["code_challenge"] or form["redirect_uri"] != query["redirect_uri"]:
            self.pkce_failures += 1
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {**self.claims, "iss": self.issuer or self.url, "aud": self.audience, "iat": now, "exp": now + 60}
        id_token = jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": KEY_ID})
        return 200, {"access_token": "opaque", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**key, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}


@contextmanager
def serving(**claims: Any) -> Iterator[Provider]:
    """A provider on a free port of this machine."""
    provider = Provider(claims)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(provider))
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _answering(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path)
            provider.asked.append(path.path)
            if path.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(path.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif path.path == "/.well-known/openid-configuration":
                self._json(200, provider.discovery())
            elif path.path == "/keys":
                self._json(200, provider.keys())
            elif path.path == "/userinfo" and self.headers["Authorization"] == "Bearer opaque":
                self._json(200, {**provider.claims, **provider.userinfo})
            else:
                self._json(404, {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._json(*provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _json(self, status: int, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Answers
