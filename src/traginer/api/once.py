"""The header Idempotency-Key: a request that comes twice is done once, and answered the same."""

import hashlib
from collections.abc import Callable
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Header

from traginer.api.bodies import Shown
from traginer.api.entry import who
from traginer.control import idempotency
from traginer.control.runs.means import now

REPEATED = "Idempotency-Replayed"

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=255,
        pattern=r"^[\x21-\x7e]*$",
        description="A name of your own for this request. Sent again with it within 24 hours, it gets the first one's answer.",
    ),
]


def once(request: HttpRequest, key: str, status: int, perform: Callable[[str], Shown]) -> HttpResponse:
    """The answer of `perform`, or the one that a request with the same key had. `perform` gets the name of its deed.

    Raises as `idempotency.once` does.
    """
    if not key:
        return _answer(status, perform("").model_dump_json())
    fingerprint = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    kept = idempotency.once(
        who(request), key, fingerprint, now(), lambda deed: (status, perform(deed).model_dump_json())
    )
    response = _answer(kept.status, kept.body)
    if kept.is_repeated:
        response[REPEATED] = "true"
    return response


def _answer(status: int, body: str) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
