"""Pictures of the pages, for whoever wants to see them without an installation: TRAGINER_PICTURES=docs/pictures takes them anew."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import Visit
from tests.browser.conftest import Visiting
from tests.browser.serving import Installation
from tests.web.addresses import AINA

PICTURES = os.environ.get("TRAGINER_PICTURES", "")
NAMED = {
    "exports": "/exports",
    "export": "/exports/1",
    "export-edit": "/exports/1/edit",
    "export-plan": "/exports/1/plan",
    "export-schedule": "/exports/1/schedule",
    "export-duplicate": "/exports/1/duplicate",
    "export-remove": "/exports/1/remove",
    "export-ledger": "/exports/1/ledger",
    "runs": "/runs",
    "run": "/runs/1",
    "segments": "/segments",
    "segment": "/segments/1",
    "segment-members": "/segments/1?members=1",
    "segment-edit": "/segments/1/edit",
    "segment-overlap": "/segments/1/overlap",
    "sources": "/sources",
    "source": "/sources/1",
    "source-add": "/sources/add",
    "profiles": "/profiles",
    "profile": f"/profiles/1/{AINA}",
    "connections": "/connections",
    "connection": "/connections/1",
    "connection-add": "/connections/add",
    "connection-edit": "/connections/1/edit",
    "connection-remove": "/connections/1/remove",
    "begin": "/begin",
    "notices": "/notices",
    "system": "/system",
    "system-schedule": "/system/schedule",
    "system-about": "/system/about",
    "permissions": "/permissions",
    "permission": "/permissions/1",
    "audit": "/audit",
    "account": "/account",
    "account-tokens": "/account/tokens",
    "refusal": "/exports/999",
    "help": "/help",
}
IN_CATALAN = ("exports", "export-edit", "run", "segment-edit", "connection-add", "system-schedule")
WIDTHS = (1440, 390)
LOOKS = ("light", "dark")
TALLEST = 1400
# Moments would change every picture with every run; and what sticks to the window would lie across a tall page.
STILL = """() => {
  document.querySelectorAll('time').forEach(e => { e.textContent = '25/11/2026 10:00'; });
  document.querySelectorAll('*').forEach(e => { if (getComputedStyle(e).position === 'sticky') e.style.position = 'static'; });
}"""
HEAD = "# Pictures of the pages\n\nMade by `TRAGINER_PICTURES=docs/pictures python -m pytest tests/browser/test_pictures.py`, never by hand.\n"


def _taken(visit: Visit) -> bytes:
    """The page as WebP, down to TALLEST."""
    page = visit.page
    session = page.context.new_cdp_session(page)
    width, height = visit.measured("() => [innerWidth, document.documentElement.scrollHeight]")
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST), "scale": 1 if width < 800 else 0.75}
    shot = {"format": "webp", "quality": 40, "captureBeyondViewport": True, "clip": clip}
    answer = session.send("Page.captureScreenshot", shot)
    session.detach()
    return base64.b64decode(answer["data"])


def _pictures(visit: Visit, names: tuple[str, ...], look: str, language: str) -> Iterator[tuple[str, bytes]]:
    for name in names:
        visit.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        visit.open(NAMED[name])
        visit.measured(STILL)
        for width in WIDTHS:
            visit.page.set_viewport_size({"width": width, "height": 900})
            yield f"{name}-{language}-{width}-{look}.webp", _taken(visit)


def _index(folder: Path) -> str:
    """The page that shows the pictures in `folder`, by the page they are of."""
    lines = [HEAD]
    for name in NAMED:
        found = sorted(folder.glob(f"{name}-[a-z][a-z]-[0-9]*.webp"))
        lines += [f"## {name}\n", " ".join(f'<img src="{one.name}" alt="{one.stem}" width="240">' for one in found), ""]
    return "\n".join(lines)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["en", "ca"])
def test_every_page_can_be_pictured(
    filled: Installation, visiting: Visiting, tmp_path: Path, language: str, look: str
) -> None:
    folder = Path(PICTURES) if PICTURES else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    every = tuple(NAMED) if language == "en" else IN_CATALAN
    names = every if PICTURES else every[:1]
    visit = visiting(filled, "ada", language, color_scheme=look)
    for name, picture in _pictures(visit, names, look, language):
        assert picture[8:12] == b"WEBP"
        (folder / name).write_bytes(picture)
    (folder / "README.md").write_text(_index(folder), encoding="utf-8")
    assert len([*folder.glob(f"*-{language}-*-{look}.webp")]) == len(names) * len(WIDTHS)
    assert sum(one.stat().st_size for one in folder.iterdir()) < 4_000_000
