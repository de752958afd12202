"""Errors as answers: application/problem+json (RFC 9457), in the language of the one who asks."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from traginer.api import errors
from traginer.api.faults import Fault
from traginer.api.statuses import TITLES, status_of
from traginer.errors import TraginerError
from traginer.i18n import gettext

MEDIA_TYPE = "application/problem+json"
ERRORS_PAGE = "/api/v1/docs/errors"
CHALLENGE = 'Bearer realm="traginer"'
RETRY_SECONDS = 5
"""When to try again where the error itself does not know."""


def described(error: TraginerError, faults: Sequence[Fault] = ()) -> dict[str, Any]:
    """The members of the problem. `type` leads to what the page of errors says of the code."""
    status = status_of(type(error))
    problem = {
        "type": f"{settings.PUBLIC_URL.rstrip('/')}{ERRORS_PAGE}#{error.code}",
        "title": gettext(TITLES[status]),
        "status": status,
        "detail": error.sentence,
        "code": error.code,
        "turn": error.turn.value,
        "next_step": error.advice,
    }
    return {**problem, "errors": [fault.as_dict() for fault in faults]} if faults else problem


def answer(error: TraginerError, faults: Sequence[Fault] = ()) -> HttpResponse:
    """The answer that tells of `error`."""
    problem = described(error, faults)
    response = HttpResponse(json.dumps(problem), status=problem["status"], content_type=MEDIA_TYPE)
    if response.status_code == 401:
        is_missing = isinstance(error, errors.TokenMissing)
        response["WWW-Authenticate"] = CHALLENGE if is_missing else f'{CHALLENGE}, error="invalid_token"'
    if response.status_code in {429, 503}:
        response["Retry-After"] = str(error.facts.get("seconds", RETRY_SECONDS))
    if isinstance(error, errors.MethodUnknown):
        response["Allow"] = str(error.facts["methods"])
    return response
