"""People with a browser each, before the pages of the shared world."""

from collections.abc import Mapping
from typing import Any

from django.test import Client

from tests.control.cast import account
from tests.web.reading import Page
from tests.world import World
from traginer.control.accounts.web import sessions

# Loaded before anybody logs in: it is what begins a session.
assert sessions.BEGAN
BACKEND = "traginer.control.accounts.web.backend.Owners"
HTMX = {"HX-Request": "true"}
PLACE = "203.0.113.7"


class Browser(Client):
    """Reads in `language`; what it gets is kept as `last`."""

    def __init__(self, language: str = "en") -> None:
        super().__init__(REMOTE_ADDR=PLACE, headers={"Accept-Language": language}, raise_request_exception=True)

    def open(self, path: str, status: int = 200) -> Page:
        """The page at `path`, wherever it leads."""
        response = self.get(path, follow=True)
        assert response.status_code == status, (path, response.status_code, _text(response)[:300])
        return Page(_text(response))

    def send(self, path: str, values: Mapping[str, Any], status: int = 302, *, part: bool = False) -> Page:
        """Send a form; where it was taken, the page it leads to."""
        response = self.post(path, dict(values), headers=HTMX if part else {})
        assert response.status_code == status, (path, response.status_code, Page(_text(response)).text[:600])
        self.led_to = response.headers.get("Location", "") or response.headers.get("HX-Redirect", "")
        return self.open(self.led_to) if status == 302 else Page(_text(response))


class Web:
    """The pages of an installation."""

    def __init__(self, world: World) -> None:
        self.world = world

    def browser(self, who: str = "", language: str = "en") -> Browser:
        """A browser in which one of the cast has logged in; nobody without a name."""
        browser = Browser(language)
        if who:
            browser.force_login(account(who), BACKEND)
        return browser


def _text(response: Any) -> str:
    return "" if response.streaming else response.content.decode()
