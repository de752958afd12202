"""`python -m tests.guide.pictures`: the pictures of the guide, taken anew in each language, of an installation made for that.

It takes Chromium (TRAGINER_CHROMIUM, or /usr/bin/chromium), half a minute a language, and nothing else.
"""

import base64
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from traginer.guide.pages import PICTURES
from traginer.i18n import LANGUAGES

CHROMIUM = os.environ.get("TRAGINER_CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCALES = {"en": "en-GB", "ca": "ca-ES"}
PASSWORD = "a mule on every mountain path"
NAMES = {"en": "Newsletter, shop account", "ca": "Butlletí, compte de la botiga"}
WIDTH, QUALITY = 1200, 70
PORT = 8931


def main() -> None:
    """Take all of them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for language in LANGUAGES:
            with served() as base:
                context = browser.new_context(
                    base_url=base, locale=LOCALES[language], color_scheme="light", timezone_id="Europe/Madrid"
                )
                take(context.new_page(), language)
                context.close()
        browser.close()


def take(page: Page, language: str) -> None:
    """The six pictures of a language, in a browser that has met an empty installation."""
    set_up(page)
    page.goto("/begin")
    shot(page, language, "begin", 620)
    run_the_sample(page)
    page.goto("/exports")
    shot(page, language, "exports", 520)
    page.goto("/runs/1")
    shot(page, language, "run", 900)
    page.goto("/exports/1/edit")
    shot(page, language, "export-form", 1250)
    page.goto("/connections/add")
    page.fill("[name=name]", NAMES[language])
    shot(page, language, "connection-add", 1150)
    page.goto("/segments/1/edit")
    shot(page, language, "segment", 900)


def set_up(page: Page) -> None:
    page.goto("/set-up")
    for name, value in {"email": "ada@example.org", "name": "Ada", "password": PASSWORD, "again": PASSWORD}.items():
        page.fill(f"input[name={name}]", value)
    page.click("main button.btn-primary")
    page.wait_for_url("**/begin")


def run_the_sample(page: Page) -> None:
    """Load it, run all its exports, and wait for their end."""
    page.fill("input[name=password]", PASSWORD)
    page.locator("main button.btn-primary").first.click()
    page.wait_for_url(lambda url: "/begin" not in url, timeout=120_000)
    page.goto("/exports")
    numbers = sorted(set(re.findall(r'href="/exports/(\d+)"', page.content())))
    for number in numbers:
        page.goto(f"/exports/{number}")
        page.locator("button[name=do][value=run]").first.click()
        page.wait_for_load_state("networkidle")
    for number in numbers:
        deadline = time.monotonic() + 60
        while page.goto(f"/runs/{number}") and page.locator(".state-queued, .state-processing").count():
            if time.monotonic() > deadline:
                sys.exit(f"run {number} does not end")
            time.sleep(0.5)


def shot(page: Page, language: str, name: str, height: int) -> None:
    """What the window shows, as a small file."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.wait_for_load_state("networkidle")
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    (PICTURES / language / f"{name}.webp").write_bytes(base64.b64decode(taken["data"]))


@contextmanager
def served() -> Iterator[str]:
    """The address of an installation that nobody has used yet."""
    with tempfile.TemporaryDirectory(prefix="traginer-pictures-") as home:
        command = [sys.executable, "-m", "traginer", "serve", "--port", str(PORT)]
        process = subprocess.Popen(command, env={**os.environ, "TRAGINER_HOME": home}, stdout=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{PORT}/healthz")
            yield f"http://127.0.0.1:{PORT}"
        finally:
            process.terminate()
            process.wait(30)


def wait_for(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(address).close()
        except urllib.error.URLError:
            time.sleep(0.25)
        else:
            return
    sys.exit(f"{address} does not answer")


if __name__ == "__main__":
    assert Path(CHROMIUM).exists(), CHROMIUM
    main()
