"""Who asks: the token of the request becomes an actor. There are no cookies and no sessions here."""

from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from traginer.api.limits import Allowance
from traginer.control import tokens
from traginer.control.rights import Actor
from traginer.errors import TraginerError

ALLOWANCE = Allowance()


class Token(HttpBearer):
    """The header Authorization: Bearer trg_…"""

    openapi_description = (
        "A token, as `traginer token create` or the page Tokens makes it. It acts for its owner, within its scopes."
    )

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The actor of the token. Raises TooManyRequests, and as `tokens.actor_for` does; wrong tokens count for their address."""
        address = str(request.META.get("REMOTE_ADDR") or "")
        try:
            actor = tokens.actor_for(token, address)
        except TraginerError:
            ALLOWANCE.take(f"address {address}")
            raise
        ALLOWANCE.take(actor.via)
        return actor


def who(request: HttpRequest) -> Actor:
    """The actor of a request that came in."""
    return cast("Actor", request.auth)  # type: ignore[attr-defined] # ninja keeps there what `authenticate` gave
