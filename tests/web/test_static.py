"""What the pages are made of: small, whole, and with nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest

from tests import messages
from tests.web.browsers import Browser
from traginer.web import markdown

STATIC = Path(markdown.__file__).parent / "static"
TEMPLATES = STATIC.parent / "templates"
FIRST_LOAD_BYTES = 200_000


@pytest.mark.usefixtures("installation")
def test_the_first_load_weighs_little_and_vendored_files_are_kept_for_good() -> None:
    browser = Browser()
    page = browser.get("/set-up")
    total = len(gzip.compress(page.content))
    for address in set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page.content.decode())):
        answer = browser.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, address
        total += len(b"".join(answer.streaming_content))
        answer.close()
        if "/vendor/" in address:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert "immutable" in answer.headers["Cache-Control"]
    assert total < FIRST_LOAD_BYTES


def test_the_compressed_files_hold_the_same() -> None:
    packed = sorted(STATIC.glob("vendor/*/*.gz"))
    assert len(packed) == 3
    for path in packed:
        assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_every_vendored_folder_is_in_the_list_with_its_licence() -> None:
    listed = (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (STATIC / "vendor").iterdir() if path.is_dir() and path.name not in listed] == []


def test_every_icon_that_a_template_names_is_there() -> None:
    symbols = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor/icons-3.52.0/icons.svg").read_text()))
    used = {name for path in TEMPLATES.rglob("*.html") for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert used - symbols == set()


def test_no_template_and_no_script_asks_another_server() -> None:
    ours = [*TEMPLATES.rglob("*.html"), STATIC / "app.js", STATIC / "theme.js", STATIC / "app.css"]
    assert [path.name for path in ours if "://" in path.read_text(encoding="utf-8")] == []


def test_a_text_of_consent_is_shown_as_it_is_written_and_no_markup_comes_through() -> None:
    shown = markdown.as_html("# Title\n\nRead [this](https://example.org/?a=1&b=2) <b>now</b>.")
    assert shown.startswith("<h3>Title</h3>")
    assert 'href="https://example.org/?a=1&amp;b=2"' in shown
    assert "&lt;b&gt;now&lt;/b&gt;" in shown
    assert "<a" not in markdown.as_html("[x](javascript:alert(1))")


def test_the_texts_of_templates_are_collected_for_translation() -> None:
    found = {(message.context, message.id) for message in messages.extracted()}
    assert (None, "Add export") in found
    assert (None, 'Remove the export "{name}"?') in found
    assert (None, ("{n} list", "{n} lists")) in found


NAMES = {"Traginer", "· Traginer", "Brevo (Sendinblue)", "SELECT", "SQL", "· ID"}


def test_no_template_holds_a_text_that_cannot_be_translated() -> None:
    left = {}
    for path in TEMPLATES.rglob("*.html"):
        plain = re.sub(r"{%.*?%}|{{.*?}}|<!--.*?-->", "\n", path.read_text(encoding="utf-8"))
        texts = {" ".join(text.split()) for text in re.sub(r"<[^>]*>", "\n", plain, flags=re.DOTALL).splitlines()}
        if strange := {text for text in texts if re.search(r"[A-Za-z]{2}", text)} - NAMES:
            left[path.name] = strange
    assert left == {}
