"""Each request has a number of its own, which its answer and every line of the log about it tell."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from traginer.control import logs

HEADER = "X-Request-ID"
_GOOD = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestNumbers:
    """Middleware, the first of all. A number that a proxy has given already is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with the number."""
        given = request.headers.get(HEADER, "")
        number = given if _GOOD.fullmatch(given) else uuid.uuid4().hex
        with logs.about(request=number):
            response = self.get_response(request)
        response.headers[HEADER] = number
        return response
