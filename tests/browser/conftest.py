"""A browser, and what it is pointed at. Both end with this folder: playwright's loop must not run below other tests."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import Visit, started
from tests.browser.serving import Installation, serving
from tests.control.cast import PASSWORD

Visiting = Callable[..., Visit]
"""`visiting(installation, who="ada", language="en", **context)`: a new browser profile, logged in where `who` is named."""


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = started(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The shared world of the pages, served."""
    with serving(tmp_path_factory.mktemp("filled"), is_filled=True) as installation:
        yield installation


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An empty home, served."""
    with serving(tmp_path_factory.mktemp("empty")) as installation:
        yield installation


@pytest.fixture(scope="package")
def states() -> dict[tuple[str, str], object]:
    """What a browser keeps of a person who has logged in: to log in takes a slow hash each time."""
    return {}


@pytest.fixture
def visiting(chromium: Browser, states: dict[tuple[str, str], object]) -> Iterator[Visiting]:
    contexts = []

    def begin(installation: Installation, who: str = "", language: str = "en", **values: object) -> Visit:
        settings: dict[str, object] = {
            "locale": language,
            "reduced_motion": "reduce",
            "timezone_id": "Europe/Madrid",
            **values,
        }
        if (installation.url, who) in states:
            settings["storage_state"] = states[installation.url, who]
        context = chromium.new_context(**settings)  # type: ignore[arg-type] # checked by playwright
        contexts.append(context)
        visit = Visit(context.new_page(), installation.url)
        if who and (installation.url, who) not in states:
            _log_in(visit, who)
            states[installation.url, who] = context.storage_state()
        return visit

    yield begin
    for context in contexts:
        context.close()


def _log_in(visit: Visit, who: str) -> None:
    visit.open("/log-in")
    visit.page.fill("#email", f"{who}@example.org")
    visit.page.fill("#password", PASSWORD)
    visit.page.locator("main button.btn-primary").click()
    visit.page.wait_for_url("**/exports")
