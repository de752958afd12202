"""Configuration as a file: all or nothing, idempotent, and back again without secrets."""

import pytest

from tests.world import ADA, CONFIGURATION, MEANS, World, now, people
from traginer.control import configuration, connections, errors, exports, runs, wording
from traginer.control.models import Connection, Consent, Export, Segment, Source
from traginer.errors import TraginerError

GOLD = """
  - name: Gold
    source: Customers
    sql: SELECT customer_id FROM profiles WHERE lifetime_value > 800
"""
LOYAL = """
  - name: Loyal customers
    connection: Newsletter account
    list: 8
    email: email
    attributes: {SMS: {field: phone, default_region: ES}}
    segments: [Gold, Catalan spenders]
    leavers: keep
    schedule: {cron: "0 6 * * 1-5", timezone: Europe/Madrid}
    timezone: Europe/Madrid
    guards: {max_shrink_percent: 12.5}
"""
MORE = f"segments:{GOLD}exports:{LOYAL}"
WHOLE = CONFIGURATION.replace("exports:\n", f"{GOLD.strip(chr(10))}\nexports:\n") + LOYAL


def outcomes(world: World, text: str) -> dict[str, str]:
    return {f"{item.kind} {item.name}": item.outcome for item in world.apply(text)}


def test_the_first_apply_creates_and_the_second_changes_nothing(world: World) -> None:
    assert outcomes(world, MORE) == {"segment Gold": "created", "export Loyal customers": "created"}
    before = configuration.dump(ADA)
    assert len(outcomes(world, WHOLE)) == 6
    assert set(outcomes(world, WHOLE).values()) == {"unchanged"}
    assert configuration.dump(ADA) == before


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("key: customer_id", "key: email", "source Customers"),
        ("type: parquet", "type: parquet, types: {phone: text}", "source Customers"),
        ("tier: unlimited", "tier: general", "connection Newsletter account"),
        ("agreed_by: ada@example.org", "agreed_by: bernat@example.org", "connection Newsletter account"),
        ("${BREVO_API_KEY}", f"xkeysib-{'f' * 64}-AnotherKey000000", "connection Newsletter account"),
        ("at_least: 500", "at_least: 400", "segment Catalan spenders"),
        ("list: 7", "list: 8", "export Newsletter"),
        ("leavers: remove", "guards: {max_shrink_percent: 50}", "export Newsletter"),
    ],
)
def test_what_the_file_changes_is_updated_and_the_rest_is_unchanged(
    world: World, old: str, new: str, changed: str
) -> None:
    found = outcomes(world, CONFIGURATION.replace(old, new))
    assert [name for name, outcome in found.items() if outcome != "unchanged"] == [changed]
    assert found[changed] == "updated"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("list: 8", "list: none"),
        ("list: 8\n    email: email", "list: 8\n    email: mail"),
        ("[Gold, Catalan spenders]", "[Gold, Catalans]"),
        ("sql: SELECT", "sql: DROP"),
        ('agreed_by: ada@example.org, text: "1"', 'agreed_by: carla@example.org, text: "9"'),
    ],
)
def test_a_file_with_one_fault_changes_nothing_at_all(world: World, old: str, new: str) -> None:
    changed = WHOLE.replace("at_least: 500", "at_least: 1").replace("tier: unlimited", "tier: general")
    before = configuration.dump(ADA)
    with pytest.raises(TraginerError):
        world.apply(changed.replace(old, new))
    assert configuration.dump(ADA) == before
    assert [row.agreed_by for row in Consent.objects.all()] == ["ada@example.org"]


def test_what_a_file_does_not_name_stays(world: World) -> None:
    world.apply(MORE)
    world.apply("sources:\n  - {name: Others, type: parquet, path: profiles.parquet, key: customer_id}\n")
    assert [item.name for item in exports.every(ADA)] == ["Loyal customers", "Newsletter"]


def test_a_dump_applied_elsewhere_gives_the_same_dump(world: World) -> None:
    world.apply(MORE)
    dumped = configuration.dump(ADA)
    for model in (Export, Segment, Source, Connection):
        model.objects.all().delete()
    world.apply(dumped)
    assert configuration.dump(ADA) == dumped
    assert set(outcomes(world, dumped).values()) == {"unchanged"}


def test_a_dump_holds_no_key_and_applying_it_keeps_the_key(world: World) -> None:
    dumped = configuration.dump(ADA)
    assert World.api_key[-8:] not in dumped
    assert "api_key" not in dumped
    world.apply(dumped)
    assert connections.api_key(Connection.objects.get()) == World.api_key


def test_a_connection_without_a_key_can_be_kept_but_not_used(world: World) -> None:
    Connection.objects.update(encrypted_key="", key_tail="")
    world.apply(configuration.dump(ADA))
    assert world.run().why.code == "connection-key-missing"
    assert world.requests() == 0


def test_relative_paths_begin_at_the_file(world: World) -> None:
    inner = world.folder / "inner"
    inner.mkdir()
    world.put_profiles()
    world.profiles_file.rename(inner / "profiles.parquet")
    file = inner / "other.yml"
    file.write_text(CONFIGURATION)
    configuration.apply(ADA, file, now())
    assert Source.objects.get().path == str(inner / "profiles.parquet")


def test_segments_of_two_sources_do_not_go_into_one_export(world: World) -> None:
    world.apply(
        "sources:\n  - {name: Others, type: parquet, path: profiles.parquet, key: customer_id}\n"
        "segments:\n  - {name: Strange, source: Others, rules: {all: [{field: language, is: fr}]}}\n"
    )
    with pytest.raises(errors.SegmentsOfSeveralSources) as refusal:
        world.apply(CONFIGURATION.replace("[Catalan spenders]", "[Catalan spenders, Strange]"))
    assert refusal.value.facts["sources"] == "Customers, Others"


def test_the_segments_of_an_export_are_a_union(world: World) -> None:
    world.put_profiles(people([50], language="fr", lifetime_value=10.0))
    world.apply(MORE.replace("lifetime_value > 800", "language = 'fr' AND lifetime_value < 100"))
    assert world.run("Loyal customers").counts["members"] == 11


def test_the_share_of_the_account_that_is_ours_is_told_and_kept_to(world: World) -> None:
    world.put_profiles(people(range(1, 3000)))
    seconds = {}
    for share in ("0.8", "0.1"):
        world.apply(CONFIGURATION.replace("tier: unlimited", f"tier: general\n    share: {share}"))
        with runs.planning(ADA, exports.get(ADA, "Newsletter"), MEANS) as (plan, _, target):
            assert target.client.budget_left() == round(100 * float(share)) - 1
            view = wording.planned(exports.get(ADA, "Newsletter"), plan)
        seconds[share] = view.cost.seconds
    assert seconds["0.1"] > seconds["0.8"]
    assert f"share: {share}" in configuration.dump(ADA)
