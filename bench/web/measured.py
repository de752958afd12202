"""What an answer cost the server, told in a header of it."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Cost"
"""Milliseconds, a space, the number of SQL queries."""


class Measured:
    """The outermost middleware."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = 0

        def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*arguments)

        began = time.perf_counter()
        with connection.execute_wrapper(counted):
            response = self._answer(request)
        response.headers[HEADER] = f"{(time.perf_counter() - began) * 1000:.2f} {asked}"
        return response
