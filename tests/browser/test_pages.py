"""Every page, as each role sees it, in both languages, light and dark, wide and narrow."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.chromium import Visit
from tests.browser.conftest import Visiting
from tests.browser.serving import Installation
from tests.web.addresses import PARTS, PEOPLE, SEEN

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
PAGES = {path: statuses for path, statuses in SEEN.items() if path not in PARTS}
ENTRANCE = ("/log-in", "/help")
LOOKS = [("en", "light"), ("ca", "dark")]
WALKS = [("ada", "en", "light"), ("ada", "ca", "dark"), ("bernat", "en", "dark"), ("carla", "ca", "light")]
"""Each role, and for those who see all pages both languages and both looks: colours do not change with the language."""
NARROW = {"width": 390, "height": 844}
SIZES = {"wide": {"width": 1440, "height": 900}, "narrow": NARROW}
TOO_WIDE = """() => document.documentElement.scrollWidth > innerWidth
  ? [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 3).map(e => e.outerHTML.slice(0, 120)) : []"""


def _walk(who: str) -> dict[str, int]:
    """Path -> status of what a person can open, and of refusals, which are one page, the first of each status."""
    statuses = {path: row[PEOPLE.index(who)] for path, row in PAGES.items()}
    firsts = {status: path for path, status in reversed(statuses.items())}
    return {path: status for path, status in statuses.items() if status == 200 or firsts[status] == path}


def _found(visit: Visit) -> Iterator[str]:
    """What axe finds on the page before the visitor."""
    answer: dict[str, Any] = Axe().run(visit.page, options=RULES).response
    for violation in answer["violations"]:
        yield f"{violation['id']}: {violation['nodes'][0]['html'][:160]}"


def _faults(visit: Visit, path: str, status: int) -> Iterator[str]:
    answered = visit.open(path).status
    if answered != status:
        yield f"answers {answered} instead of {status}"
    if visit.page.locator("h1").count() != 1:
        yield f"has {visit.page.locator('h1').count()} h1"
    yield from _found(visit)
    visit.page.set_viewport_size(NARROW)  # type: ignore[arg-type] # playwright's own dictionary type
    yield from (f"wider than 390 px: {part}" for part in visit.measured(TOO_WIDE))
    visit.page.set_viewport_size(SIZES["wide"])  # type: ignore[arg-type]
    yield from visit.faults
    visit.faults.clear()


@pytest.mark.parametrize(("who", "language", "look"), WALKS)
def test_no_page_has_a_fault(filled: Installation, visiting: Visiting, who: str, language: str, look: str) -> None:
    visit = visiting(filled, who, language, color_scheme=look, viewport=SIZES["wide"])
    expected = _walk(who)
    found = {path: faults for path, status in expected.items() if (faults := [*_faults(visit, path, status)])}
    assert not found, "\n".join(f"{path}: {fault}" for path, faults in found.items() for fault in faults)


@pytest.mark.parametrize(("language", "look"), LOOKS)
def test_no_page_before_the_log_in_has_a_fault(
    filled: Installation, visiting: Visiting, language: str, look: str
) -> None:
    visit = visiting(filled, "", language, color_scheme=look, viewport=SIZES["wide"])
    found = {path: faults for path in ENTRANCE if (faults := [*_faults(visit, path, 200)])}
    assert not found, "\n".join(f"{path}: {fault}" for path, faults in found.items() for fault in faults)


def test_pages_work_without_javascript(filled: Installation, visiting: Visiting) -> None:
    visit = visiting(filled, "ada")
    still = visiting(filled, "ada", java_script_enabled=False)
    for path in (
        "/exports",
        "/exports/1",
        "/exports/add?connection=1&segments=1",
        "/segments/1/edit",
        "/connections/add",
        "/runs/1",
    ):
        visit.open(path)
        still.open(path)
        assert still.page.locator("h1").inner_text() == visit.page.locator("h1").inner_text()
        assert still.page.locator("main").is_visible()
    still.open("/exports")
    still.page.get_by_role("button", name="Run Newsletter").click()
    assert still.page.get_by_text("Newsletter").first.is_visible()
    assert "/exports" in still.page.url or "/runs/" in still.page.url


def test_who_wants_less_motion_gets_none(filled: Installation, visiting: Visiting) -> None:
    visit = visiting(filled, "ada", reduced_motion="reduce")
    visit.open("/exports")
    moving = visit.measured(
        "() => [...document.querySelectorAll('*')].map(e => getComputedStyle(e))"
        ".filter(s => [s.transitionDuration, s.animationDuration].some(d => d.split(', ').some(x => parseFloat(x) > 0.01))).length"
    )
    assert moving == 0
