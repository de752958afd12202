"""A configuration file that is wrong: the line, the column, what is wrong there, and nothing changed."""

from pathlib import Path

import pytest

from tests.world import ADA, CONFIGURATION, World, now
from traginer.control import configuration, errors
from traginer.errors import TraginerError


def line_of(text: str, part: str) -> int:
    """The number of the line in which `part` stands."""
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def refused(world: World, text: str) -> TraginerError:
    """The error of a file; nothing was changed by it."""
    before = configuration.dump(ADA)
    with pytest.raises(TraginerError) as refusal:
        world.apply(text)
    assert configuration.dump(ADA) == before
    assert world.requests() == 0
    return refusal.value


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param("sources:\n  - name: [A\nexports: []\n", 3, 8, id="a bracket left open"),
        pytest.param("sources:\n\t- name: A\n", 2, 1, id="a tab"),
        pytest.param('sources:\n  - name: "A\n', 3, 1, id="a quote left open"),
        pytest.param("sources: *nobody\n", 1, 10, id="an alias of nothing"),
        pytest.param("sources:\n  - name: A\n   key: b\n", 3, 4, id="wrong indentation"),
        pytest.param("sources:\n  - <<: {name: A}\n", 2, 5, id="a merge key"),
        pytest.param("sources: !!python/object:os.system {}\n", 1, 10, id="a tag"),
        pytest.param("sources:\n  - !mine x: 1\n", 2, 5, id="a tagged word"),
        pytest.param("sources: &all\n  - *all\n", 1, 10, id="a value inside itself"),
        pytest.param("sources:\n  - name: A\n    key: b\n    name: B\n", 4, 5, id="a word twice"),
        pytest.param("sources:\n  - {name: A, [b]: c}\n", 2, 15, id="a list for a word"),
    ],
)
def test_a_file_that_is_not_good_yaml_is_refused_with_line_and_column(
    world: World, text: str, line: int, column: int
) -> None:
    error = refused(world, text)
    assert isinstance(error, errors.FileInvalid)
    assert (error.facts["line"], error.facts["column"]) == (line, column)
    assert f"traginer.yml, line {line}, column {column}: " in error.sentence


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("path: profiles", "pth: profiles", '"pth" is not known here. Did you mean "path"?', id="field"),
        pytest.param("segments:\n  - name", "segmets:\n  - name", '"segmets" is not known here. Did you mean "segments"?', id="section"),
        pytest.param("    list: 7\n", "", '"list" is missing.', id="missing"),
        pytest.param("list: 7", "list: seven", "\"list\" is a whole number, not 'seven'.", id="word for a number"),
        pytest.param("list: 7", "list: 0", '"list" is greater than 0, not 0.', id="zero"),
        pytest.param("list: 7", "list: 7.5", "\"list\" is a whole number, not 7.5.", id="fraction"),
        pytest.param("leavers: remove", "leavers: delete", "\"leavers\" is one of 'remove' or 'keep', not 'delete'.", id="choice"),
        pytest.param("leavers: remove", "schedule: weekly", "\"schedule\" is one of 'system' or 'none', not 'weekly'.", id="schedule"),
        pytest.param("leavers: remove", "schedule: {cron: 5}", '"cron" is a text, not 5.', id="cron"),
        pytest.param("leavers: remove", "timezone: Europe/Vic", "there is no time zone Europe/Vic.", id="zone"),
        pytest.param("leavers: remove", "guards: {max_shrink_percent: 130}", '"max_shrink_percent" is at most 100, not 130.', id="percent"),
        pytest.param("usable_by: administrators", "usable_by: everybody", "\"usable_by\" is one of 'administrators' or 'contributors', not 'everybody'.", id="usable_by"),
        pytest.param("[Catalan spenders]", "Catalan spenders", "\"segments\" is a list, not 'Catalan spenders'.", id="text for a list"),
        pytest.param("[Catalan spenders]", "[]", '"segments" is empty.', id="empty list"),
        pytest.param("type: parquet", "type: excel", "\"type\" is one of 'parquet', 'csv' or 'duckdb', not 'excel'.", id="type"),
        pytest.param("name: Newsletter\n", 'name: ""\n', '"name" is empty.', id="empty name"),
        pytest.param("{FIRSTNAME: first_name", "{FIRSTNAME: 5", '"FIRSTNAME" holds names and values, not 5.', id="attribute"),
        pytest.param("source: Customers\n    rules", "source: Customers\n    sql: SELECT 1\n    rules", "a segment has either rules or sql.", id="both"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_valid_is_refused_in_words(world: World, old: str, new: str, says: str) -> None:
    text = CONFIGURATION.replace(old, new)
    assert text != CONFIGURATION
    error = refused(world, text)
    assert isinstance(error, errors.FileInvalid)
    assert error.facts["why"] == says


@pytest.mark.parametrize(
    ("old", "new", "part", "column"),
    [
        ("leavers: remove", "leavrs: remove", "leavrs", 5),
        ("leavers: remove", "guards: {max_shrink_percent: lots}", "max_shrink", 14),
        ("list: 7", "list: seven", "list: seven", 5),
        ("region: country", "regoin: country", "regoin", 82),
        ("leavers: remove", "schedule: {cron: 5}", "cron", 16),
    ],
)
def test_the_line_and_column_of_a_wrong_value_are_named(
    world: World, old: str, new: str, part: str, column: int
) -> None:
    text = CONFIGURATION.replace(old, new)
    error = refused(world, text)
    assert (error.facts["line"], error.facts["column"]) == (line_of(text, part), column)


@pytest.mark.parametrize(
    ("old", "new", "code", "part"),
    [
        ("at_least: 500", "at_leest: 500", "rule-operator-unknown", "at_leest"),
        ("field: language", "field: langauge", "rule-field-unknown", "langauge"),
        ("at_least: 500", "at_least: lots", "rule-value", "lots"),
        ("within_last: {days: 90}", "within_last: ninety", "rule-value", "ninety"),
        ("is_one_of: [AD, ES]", "is_one_of: []", "rule-value", "is_one_of"),
        ("within_last: {days: 90}", "at_least: 5", "rule-value-unfit", "{field: last_purchase_at"),
    ],
)
def test_a_wrong_condition_is_refused_at_its_own_line(world: World, old: str, new: str, code: str, part: str) -> None:
    text = CONFIGURATION.replace(old, new)
    error = refused(world, text)
    assert isinstance(error, errors.FileInvalid)
    assert error.facts["line"] == line_of(text, part)
    assert code in str(error.facts["why"])


def test_an_unknown_operator_comes_with_those_that_may_be_meant(world: World) -> None:
    error = refused(world, CONFIGURATION.replace("at_least: 500", "at_leest: 500"))
    assert "at_least" in error.sentence


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("DELETE FROM profiles", "segment-sql-not-one-select"),
        ("SELECT customer_id FROM profiles; SELECT 1", "segment-sql-not-one-select"),
        ("ATTACH 'x' AS y", "segment-sql-not-one-select"),
        ("''", "segment-sql-not-one-select"),
        ("SELEC customer_id FROM profiles", "segment-sql"),
        ("SELECT customer_id FROM read_csv('/etc/passwd')", "segment-sql"),
        ("SELECT customer_id FROM source.profiles", "segment-sql-table-refused"),
        ("SELECT email FROM profiles", "segment-sql-key-not-selected"),
    ],
)
def test_sql_that_is_not_one_select_of_keys_from_profiles_is_refused(world: World, sql: str, code: str) -> None:
    text = f'segments:\n  - name: Written\n    source: Customers\n    sql: "{sql}"\n'
    error = refused(world, text)
    assert code in str(error)
    assert error.facts.get("line") == 4


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("source: Customers", "source: Custmers", 'Did you mean "Customers"?'),
        ("connection: Newsletter account", "connection: Newsletter acount", 'Did you mean "Newsletter account"?'),
        ("segments: [Catalan spenders]", "segments: [Catalan spender]", 'Did you mean "Catalan spenders"?'),
        ("email: email", "email: mail", "email"),
        ("LASTNAME: last_name", "LASTNAME: lastname", "last_name"),
        ("email: email", "email: lifetime_value", "DOUBLE"),
    ],
)
def test_a_name_that_nothing_has_is_refused_with_a_guess(world: World, old: str, new: str, says: str) -> None:
    assert says in str(refused(world, CONFIGURATION.replace(old, new)))


def test_a_variable_that_is_not_set_is_named_with_its_place(world: World) -> None:
    text = CONFIGURATION.replace("${BREVO_API_KEY}", "${BREVO_KEY_OF_NOBODY}")
    error = refused(world, text)
    assert isinstance(error, errors.VariableMissing)
    assert error.facts["variable"] == "BREVO_KEY_OF_NOBODY"
    assert error.facts["line"] == line_of(text, "BREVO_KEY_OF_NOBODY")


def test_a_file_that_is_not_utf8_is_unreadable(world: World) -> None:
    (world.folder / "latin.yml").write_bytes("sources: [Núria]".encode("latin-1"))
    with pytest.raises(errors.FileUnreadable, match="UTF-8"):
        configuration.apply(ADA, world.folder / "latin.yml", now())


def test_a_file_that_anchors_make_huge_is_refused(world: World) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than" in refused(world, "\n".join(lines)).sentence


@pytest.mark.parametrize("name", ["nothing.yml", "."])
def test_a_file_that_is_not_there_is_unreadable(world: World, name: str) -> None:
    with pytest.raises(errors.FileUnreadable) as refusal:
        configuration.apply(ADA, world.folder / name, now())
    assert str(Path(name).name) in refusal.value.sentence


@pytest.mark.parametrize("text", ["[sources]", "hello", "5"])
def test_a_file_without_sections_is_refused(world: World, text: str) -> None:
    assert "The file" in refused(world, text).sentence


@pytest.mark.parametrize("text", ["", "# nothing\n", "sources: []\n", "---\n"])
def test_a_file_that_names_nothing_changes_nothing(world: World, text: str) -> None:
    assert world.apply(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "connections:\n  - name: A\n    api_key: [KEY]\n",
        "connections:\n  - name: A\n    api_key: {a: KEY}\n",
        "connections:\n  - name: A\n    apikey: KEY\n",
        "connections: {name: A, api_key: KEY}\n",
        "connections:\n  - KEY\n",
        "connections: KEY\n",
        "connections:\n  - name: A\n    base_url: KEY\n",
        "connections:\n  - name: A\n    consent: KEY\n",
        "connections:\n  - name: A\n    KEY: x\n",
        "KEY\n",
        "- KEY\n",
    ],
)
def test_an_api_key_is_never_shown_wherever_it_was_put(world: World, text: str) -> None:
    error = refused(world, text.replace("KEY", World.api_key))
    assert World.api_key[:20] not in str(error)
    assert World.api_key[-10:] not in str(error)


def test_a_person_who_may_not_write_changes_nothing(world: World) -> None:
    with pytest.raises(errors.NotAllowed):
        world.apply(CONFIGURATION.replace("list: 7", "list: 8"), who="Bernat")
    assert "list: 7" in configuration.dump(ADA)


@pytest.mark.parametrize("path", ["x" * 5000, "a/" * 3000, f"{'x' * 300}.parquet"])
def test_a_path_that_no_file_can_have_is_one_without_a_file(world: World, path: str) -> None:
    with pytest.raises(TraginerError) as refusal:
        world.apply(CONFIGURATION.replace("profiles.parquet", path))
    assert refusal.value.code == "source-missing"
