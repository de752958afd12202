"""Chromium: where it is, how it is started, and what a page of ours may not do in it."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserType, ConsoleMessage, Page, Request, Response

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",  # root may not start it otherwise
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_SECONDS = 15


def started(kind: BrowserType) -> Browser:
    """Chromium without a window: the system's, else playwright's own.

    Without either the test is skipped, or fails where TRAGINER_BROWSER is `required`.
    """
    path = next((found for name in NAMES if (found := shutil.which(name))), None) or _own(kind.executable_path)
    if path:
        return kind.launch(executable_path=path, args=FLAGS)
    reason = f"no Chromium: none of {', '.join(NAMES)} is in PATH, and `playwright install chromium` brought none"
    if os.environ.get("TRAGINER_BROWSER") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def _own(path: str) -> str | None:
    """Playwright's own Chromium, fetched once where it is not there."""
    if not Path(path).exists():
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], capture_output=True, check=False, timeout=300
        )
    return path if Path(path).exists() else None


@dataclass
class Visit:
    """A person's browser before the pages of one installation; `faults` is what no page may do, as it happens."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)

    def open(self, path: str) -> Response:
        """Go to `path`. The response of the page it led to."""
        response = self.page.goto(f"{self.url}{path}", wait_until="load")
        assert response is not None
        return response

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def measured(self, script: str, argument: object = None) -> Any:
        """What `script`, an expression or a function, gives in the page."""
        return self.page.evaluate(script, argument)

    def _note_console(self, message: ConsoleMessage) -> None:
        # That a page or a form is refused is what the tests of refusals are about; Chromium tells each as an error.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:")):
            self.faults.append(f"request to another host: {request.url}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type not in {"document", "fetch", "xhr"}
        ):
            self.faults.append(f"{response.status}: {response.url}")
