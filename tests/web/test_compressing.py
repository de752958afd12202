"""Pages leave compressed, but nothing that is told while it happens."""

import gzip

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from tests.web.browsers import Browser
from traginer.web.compressing import Compressed


def test_a_page_leaves_compressed_and_holds_the_same(ada: Browser) -> None:
    answer = ada.get("/help", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(answer.content)


def test_a_stream_leaves_as_it_is() -> None:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
    answer = Compressed(lambda _: HttpResponse()).process_response(
        request, StreamingHttpResponse(["event: now\n\n"] * 99)
    )
    assert "Content-Encoding" not in answer.headers
