"""Sources as configured: read through, not removed while a segment reads them, and only where the operator allows."""

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.control.cast import actor
from tests.world import ADA, SCHEMA, World, people
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


def test_each_column_is_told_with_how_many_profiles_have_a_value_in_it(world: World) -> None:
    world.put_profiles(people([20], phone=None, country=None, last_purchase_at=datetime(2026, 4, 30, 8)))  # noqa: DTZ001 - the column has no zone
    found = sources.described(ADA, sources.get(ADA, "Customers"))
    by_name = {one.name: one for one in found.columns}
    assert (found.profiles, found.files, found.trouble) == (13, 1, None)
    assert (by_name["customer_id"].is_key, by_name["customer_id"].filled) == (True, 13)
    assert (by_name["phone"].filled, by_name["last_purchase_at"].filled) == (12, 1)
    assert (by_name["last_name"].different, by_name["last_name"].samples) == (1, ("Pous",))
    assert by_name["last_purchase_at"].newest == "2026-04-30 08:00:00"
    assert found.bytes == world.profiles_file.stat().st_size


def test_a_source_whose_key_is_not_unique_is_described_and_says_so(world: World) -> None:
    twice = [*world.profiles.values(), world.profiles["C0003"]]
    pq.write_table(pa.Table.from_pylist(twice, schema=SCHEMA), world.profiles_file)
    found = sources.described(ADA, sources.get(ADA, "Customers"))
    assert found.trouble is not None
    assert (found.trouble.code, found.profiles) == ("source-key-not-unique", 13)


def test_values_to_choose_from_are_those_that_several_profiles_share(world: World) -> None:
    """No value that stands on one profile alone is offered: it would be that person's."""
    world.put_profiles(people([20, 21, 22], country="ÀFRICA", language="it"))
    source = sources.get(ADA, "Customers")
    assert sources.values(ADA, source, "country") == ["ES", "ÀFRICA"]
    assert sources.values(ADA, source, "country", "a") == ["ÀFRICA"]
    assert sources.values(ADA, source, "language") == ["ca", "it", "fr"]
    assert sources.values(ADA, source, "email") == []
    assert sources.values(ADA, source, "no such column") == []
    with pytest.raises(NotAllowed):
        sources.values(actor("carla"), source, "country")
