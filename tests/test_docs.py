"""The documentation is under test: what a page says about the product is what the product says."""

import re
from pathlib import Path

import pytest

from tests import errors_page
from traginer.cli.main import COMMANDS
from traginer.control.wording import HOLDS, STATUSES

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "src" / "traginer" / "guide"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *GUIDE.rglob("*.md")])


@pytest.mark.parametrize("language", errors_page.PAGES)
def test_the_page_of_errors_is_what_the_errors_say(language: str) -> None:
    assert errors_page.PAGES[language].read_text(encoding="utf-8") == errors_page.page(language)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_of_a_page_leads_nowhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    broken = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert broken == []


def test_the_page_of_runs_names_every_status_and_every_hold() -> None:
    text = (GUIDE / "en" / "runs.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z_-]+)` \|", text, re.MULTILINE))
    assert named == {status.value for status in STATUSES} | set(HOLDS)


def test_the_readme_names_no_command_that_does_not_exist() -> None:
    used = set(re.findall(r"^traginer (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert used <= set(COMMANDS)
