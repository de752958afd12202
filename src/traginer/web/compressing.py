"""Pages leave compressed; what is told while it happens leaves at once."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class Compressed(GZipMiddleware):
    """gzip, with a random length against BREACH, of every answer that is whole: a stream would wait for a full buffer."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """`response`, compressed where the reader takes it so and it is worth it."""
        if response.streaming:
            return response
        return super().process_response(request, response)
