"""`traginer guide`: the guide in a terminal, and as files whose links all lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.world import World
from traginer import guide
from traginer.guide import copying
from traginer.i18n import LANGUAGES


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy") / "guide"
    copying.write(folder)
    return folder


def test_the_copy_holds_every_page_in_every_language(copy: Path) -> None:
    for language in LANGUAGES:
        names = sorted(path.stem for path in (copy / language).glob("*.html"))
        assert names == sorted(["index", *guide.NAMES])
        text = (copy / language / "segments.html").read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in text


def test_every_link_of_the_copy_leads_to_a_file_and_to_an_anchor_that_are_there(copy: Path) -> None:
    texts = {path.resolve(): path.read_text(encoding="utf-8") for path in copy.rglob("*.html")}
    for path, text in texts.items():
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            target, _, anchor = link.partition("#")
            if "://" in target:
                continue
            file = (path.parent / target).resolve() if target else path
            assert file.is_file(), (path.name, link)
            assert not anchor or f'id="{anchor}"' in texts[file], (path.name, link)


def test_the_copy_runs_nothing_and_asks_nobody(copy: Path) -> None:
    for path in [*copy.rglob("*.html"), *copy.rglob("*.css")]:
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert not re.findall(r'src="https?:|url\(', text)


def test_a_copy_is_written_over_a_former_one(copy: Path) -> None:
    stale = copy / "en" / "segments.html"
    stale.write_text("old")
    copying.write(copy)
    assert "operators" in stale.read_text(encoding="utf-8")


def test_the_command_writes_a_copy_and_says_where_to_begin(world: World, tmp_path: Path) -> None:
    done = world.cli("guide", "--write", str(tmp_path / "site"))
    assert (done.exit_code, "site/index.html" in done.out.replace("\n", "")) == (0, True)
    assert (tmp_path / "site" / "ca" / "privacy.html").is_file()


def test_the_command_lists_the_pages_and_shows_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAGINER_LANGUAGE", "ca")
    listed = world.cli("guide")
    assert all(name in listed.out for name in guide.NAMES)
    assert "Execucions retingudes" in world.cli("guide", "runs").out


def test_a_page_that_is_not_there_and_a_folder_that_cannot_be_written_are_told(world: World, tmp_path: Path) -> None:
    assert world.cli("guide", "nothing").exit_code == 2
    assert world.cli("guide", "runs", "--write", str(tmp_path)).exit_code == 2
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    refused = world.cli("guide", "--write", str(in_the_way / "below"))
    assert refused.exit_code == 1
    assert "below" in refused.err.replace("\n", "")
