"""Configuration as a file: all or nothing, idempotent, and back again without secrets."""

from typing import Any

import jsonschema
import pytest
import yaml

from tests.control.cast import actor
from tests.world import ADA, CAST, CONFIGURATION, MEANS, World, now, people
from traginer.control import configuration, connections, errors, exports, runs, wording
from traginer.control.models import AuditEntry, Connection, Consent, Export, ExportUser, Segment, Source
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
EVERYTHING = """
  - name: Everything
    connection: Newsletter account
    enabled: false
    purpose: Monthly news
    list: 8
    email: email
    attributes: {FIRSTNAME: first_name, SMS: {field: phone, region: country, default_region: ES}}
    segments: [Catalan spenders]
    leavers: keep
    consent: {field: language, values: [ca, es]}
    schedule: {times: ["06:00", "16:30"], days: [mon, fri], timezone: Europe/Madrid}
    timezone: Europe/Madrid
    guards: {max_shrink_percent: 12.5, max_removals: 10, min_contacts: 1, max_contacts: 2000}
  - {name: Detached, connection: null, list: 9, email: email, segments: [Catalan spenders], schedule: none, consent: language}
"""
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
        ("${BREVO_API_KEY}", f"xkeysib-{'e' * 64}-EndsAlike{World.api_key[-4:]}", "connection Newsletter account"),
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


def test_a_file_holds_everything_there_is_to_configure_but_secrets(world: World) -> None:
    text = f"exports:{EVERYTHING}".replace("consent: language}", "}")
    assert set(outcomes(world, text).values()) == {"created"}
    world.apply(
        "connections:\n  - {name: Newsletter account, base_url: '${BREVO_URL}', contact_limit: 5000, usable_by: [B@x.org]}"
    )
    dumped = yaml.safe_load(configuration.dump(ADA))
    asked = {item["name"]: item for item in yaml.safe_load(text)["exports"]}
    for item in dumped["exports"][:2]:
        assert asked[item["name"]].items() <= item.items()
    assert {"contact_limit": 5000, "usable_by": ["b@x.org"]}.items() <= dumped["connections"][0].items()
    assert set(outcomes(world, configuration.dump(ADA)).values()) == {"unchanged"}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("{times: [16:30, '6:00']}", {"times": ["06:00", "16:30"], "timezone": "UTC"}),
        ("{times: ['07:15'], days: [fri, mon]}", {"times": ["07:15"], "days": ["mon", "fri"], "timezone": "UTC"}),
        ("{cron: '0  6 * * 1-5', timezone: Europe/Madrid}", {"cron": "0 6 * * 1-5", "timezone": "Europe/Madrid"}),
        ("system", "system"),
        ("none", "none"),
    ],
)
def test_a_schedule_has_one_spelling(world: World, written: str, kept: object) -> None:
    """L6, L7: the system refresh (default), times of chosen days, cron, or off."""
    world.apply(CONFIGURATION.replace("leavers: remove", f"schedule: {written}"))
    assert yaml.safe_load(configuration.dump(ADA))["exports"][0]["schedule"] == kept


@pytest.mark.parametrize(
    ("schedule", "says"),
    [
        ("{times: ['25:00']}", '"25:00" is not a time of day: write hours and minutes, as in 06:30.'),
        ("{times: []}", '"times" is empty.'),
        ("{times: ['06:00'], days: [someday]}", "\"days\" is one of 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun', not 'someday'."),
        ("{cron: 'every day'}", '"every day" is not a cron expression of five fields.'),
        ("{at: '06:00'}", '"at" is not known here.'),
        ("7", "\"schedule\" is one of 'system' or 'none', not 7."),
    ],
)  # fmt: skip
def test_a_schedule_that_never_comes_is_refused_when_it_is_written(world: World, schedule: str, says: str) -> None:
    with pytest.raises(errors.FileInvalid) as refusal:
        world.apply(CONFIGURATION.replace("leavers: remove", f"schedule: {schedule}"))
    assert str(refusal.value.facts["why"]).startswith(says)


def difference(world: World, text: str) -> dict[str, dict[str, tuple[Any, Any]]]:
    found = configuration.diff(ADA, world.write_yaml(text), now())
    return {f"{item.kind} {item.name}": {c.field: (c.before, c.after) for c in item.changes} for item in found}


def test_a_diff_tells_what_apply_would_do_and_changes_nothing(world: World) -> None:
    before, entries = configuration.dump(ADA), AuditEntry.objects.count()
    assert difference(world, CONFIGURATION) == {}
    other = f"xkeysib-{'f' * 64}-AnotherKey000000"
    text = WHOLE.replace("list: 7", "list: 9").replace("tier: unlimited", "tier: general")
    found = difference(world, text.replace("${BREVO_API_KEY}", other))
    assert found["export Newsletter"] == {"list": (7, 9)}
    assert found["connection Newsletter account"] == {
        "tier": ("unlimited", "general"),
        "api_key": (f"…{World.api_key[-4:]}", "…0000"),
    }
    assert found["segment Gold"]["sql"] == (None, "SELECT customer_id FROM profiles WHERE lifetime_value > 800")
    assert (configuration.dump(ADA), AuditEntry.objects.count()) == (before, entries)
    applied = {f"{item.kind} {item.name}" for item in world.apply(text) if item.outcome != "unchanged"}
    assert applied == set(found)
    assert connections.api_key(Connection.objects.get()) == World.api_key


def test_a_diff_of_a_faulty_file_says_what_is_wrong(world: World) -> None:
    with pytest.raises(TraginerError, match="langauge"):
        difference(world, CONFIGURATION.replace("field: language", "field: langauge"))


@pytest.mark.parametrize("who", ["bernat", "carla", "dídac"])
def test_who_may_not_configure_everything_may_not_dump_it(world: World, who: str) -> None:
    with pytest.raises(errors.NotAllowed):
        configuration.dump(actor(who))


def test_a_contributor_applies_what_is_theirs_and_nothing_where_a_part_is_not(world: World) -> None:
    Connection.objects.update(usable_by="contributors")
    bernat = actor("bernat", "cli")
    path = world.write_yaml(f"segments:{GOLD}exports:{LOYAL}")
    assert {item.outcome for item in configuration.apply(bernat, path, now())} == {"created"}
    before = configuration.dump(ADA)
    whole = world.write_yaml(WHOLE.replace("at_least: 500", "at_least: 1").replace("tier: unlimited", "tier: general"))
    with pytest.raises(errors.NotAllowed):
        configuration.apply(bernat, whole, now())
    assert configuration.dump(ADA) == before


def test_each_object_of_a_file_is_in_the_audit_with_before_and_after(world: World) -> None:
    world.apply(CONFIGURATION.replace("list: 7", "list: 8").replace("at_least: 500", "at_least: 50"))
    changed = AuditEntry.objects.exclude(before="null").order_by("sequence")
    assert [(entry.kind, entry.name, entry.actor) for entry in changed] == [
        ("segment", "Catalan spenders", "Ada"),
        ("export", "Newsletter", "Ada"),
    ]
    assert {kind for (kind,) in AuditEntry.objects.filter(before="null").values_list("kind")} == {
        *("source", "connection", "segment", "export"),
    }


def test_whoever_applies_a_file_on_this_machine_is_the_export_user_of_its_connections(world: World) -> None:
    """S21: the operator is the export user by name."""
    assert [(row.name, row.person) for row in ExportUser.objects.all()] == [("Ada", None)]
    configuration.apply(CAST["Ada"], world.write_yaml(CONFIGURATION), now())
    assert ExportUser.objects.count() == 1


# The schema


def schema_errors(text: str) -> list[str]:
    checker = jsonschema.Draft202012Validator(configuration.schema())
    return [error.message for error in checker.iter_errors(yaml.safe_load(text))]


def test_the_schema_is_one_and_takes_every_file_that_apply_takes(world: World) -> None:
    jsonschema.Draft202012Validator.check_schema(configuration.schema())
    world.apply(MORE)
    for text in (CONFIGURATION, WHOLE, f"exports:{EVERYTHING}", configuration.dump(ADA)):
        assert schema_errors(text) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("leavers: remove", "leavrs: remove"),
        ("leavers: remove", "leavers: delete"),
        ("leavers: remove", "schedule: weekly"),
        ("at_least: 500", "at_leest: 500"),
        ("list: 7", "list: seven"),
        ("    list: 7\n", ""),
        ("base_url: ${BREVO_URL}", "base_url: api.brevo.com"),
        ("agreed_by: ada@example.org, ", ""),
    ],
)
def test_the_schema_refuses_what_apply_refuses(old: str, new: str) -> None:
    assert CONFIGURATION.replace(old, new) != CONFIGURATION
    assert schema_errors(CONFIGURATION.replace(old, new)) != []
