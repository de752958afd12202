"""Sources as configured: read through, not removed while a segment reads them, and only where the operator allows."""

from pathlib import Path

import pytest

from tests.control.cast import actor
from tests.world import ADA, World
from traginer.control import configuration_errors as wrong
from traginer.control import sources
from traginer.control.errors import NotAllowed
from traginer.control.models import AuditEntry, Source
from traginer.control.spec import SourceSpec
from traginer.profiles.errors import SourceMissing


def spec(path: Path | str, name: str = "More") -> SourceSpec:
    return SourceSpec.model_validate({"name": name, "type": "parquet", "path": str(path), "key": "customer_id"})


def test_a_check_reads_the_source_through(world: World) -> None:
    found = sources.check(actor("bernat"), Source.objects.get())
    assert (found.profiles, found.columns["email"].type.value) == (12, "text")
    world.profiles_file.unlink()
    with pytest.raises(SourceMissing):
        sources.check(ADA, Source.objects.get())


@pytest.mark.parametrize(("who", "may"), [("ada", True), ("bernat", True), ("carla", False), ("dídac", False)])
def test_who_may_change_sources(world: World, monkeypatch: pytest.MonkeyPatch, who: str, may: bool) -> None:
    monkeypatch.setenv("TRAGINER_SOURCES", str(world.folder))
    asking = actor(who)
    deeds = (
        lambda: sources.create(asking, spec("profiles.parquet"), world.folder),
        lambda: sources.update(asking, sources.get(ADA, "More"), spec("other.parquet"), world.folder),
        lambda: sources.put(asking, spec("profiles.parquet"), world.folder),
        lambda: sources.remove(asking, sources.get(ADA, "More")),
    )
    if may:
        for deed in deeds:
            deed()
        assert [source.name for source in sources.every(ADA)] == ["Customers"]
        return
    sources.create(ADA, spec("profiles.parquet"), world.folder)
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()


def test_a_source_in_use_is_not_removed_and_its_segments_are_named(world: World) -> None:
    with pytest.raises(wrong.StillUsed, match='The source "Customers" is used by "Catalan spenders"'):
        sources.remove(ADA, Source.objects.get())
    more = sources.create(ADA, spec("profiles.parquet"), world.folder)
    sources.remove(ADA, more)
    assert world.profiles_file.exists()
    assert AuditEntry.objects.get(action="source:remove").name == "More"


@pytest.mark.parametrize(
    "path", ["{home}/key", "{home}/traginer.sqlite3", "/etc/passwd", "{allowed}/../key", "{allowed}/link"]
)
def test_over_the_web_a_source_lies_only_where_the_operator_allows(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A person with an account is no owner of this machine: its other files are not profiles."""
    allowed = world.folder / "allowed"
    allowed.mkdir()
    (allowed / "link").symlink_to("/etc/passwd")
    monkeypatch.setenv("TRAGINER_SOURCES", str(allowed))
    wanted = path.format(home=world.home, allowed=allowed)
    with pytest.raises(wrong.SourcePathNotAllowed, match=f"only in {allowed}"):
        sources.create(actor("ada", "web"), spec(wanted), world.folder)
    sources.create(actor("ada", "web"), spec(allowed / "*.parquet"), world.folder)
    sources.create(ADA, spec(wanted, "Of the operator"), world.folder)


def test_without_a_word_of_the_operator_they_lie_in_a_folder_of_their_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRAGINER_SOURCES", raising=False)
    assert sources.allowed_folders() == [world.home / "sources"]


def test_no_two_sources_share_a_name(world: World) -> None:
    with pytest.raises(wrong.NameTaken):
        sources.create(ADA, spec("profiles.parquet", "Customers"), world.folder)
