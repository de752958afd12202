"""The pages of the guide: the same in every language, whole, linked right, and true to the product."""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml
from jsonschema import Draft202012Validator

from tests import messages
from tests.world import World, people
from traginer import guide
from traginer.cli.main import COMMANDS, _program
from traginer.control import configuration
from traginer.control.rights import ACTIONS, Role
from traginer.guide import rendering
from traginer.guide.pages import FOLDER, PICTURES
from traginer.i18n import LANGUAGES, gettext, speaking

SOURCE = FOLDER.parent
NOT_READ = {"TRAGINER_SUPERVISED", "TRAGINER_TOKEN"}
"""What `traginer serve` sets for its own children; and the variable of an example."""
BREVOS = {"SMTP & API", "API keys", "Security", "Authorised IPs", "Brevo (Sendinblue)"}
"""Words of Brevo's own screens, and its name."""
EVERY_PAGE = [(name, language) for name in guide.NAMES for language in LANGUAGES]
PARTS = {"sources": "SourceSpec", "connections": "ConnectionSpec", "segments": "SegmentSpec", "exports": "ExportSpec"}
OTHERS = [language for language in LANGUAGES if language != "en"]
HEADING, CODE = re.compile(r"^(#+) ", re.MULTILINE), re.compile(r"^\|((?:(?<!\\)[^|]|\\\|)*)\|", re.MULTILINE)


def prose(name: str, language: str) -> str:
    """The page without its blocks of code, where a line may begin as a heading does."""
    return re.sub(r"^```.*?^```$", "", guide.written(name, language), flags=re.DOTALL | re.MULTILINE)


def codes(name: str, language: str) -> list[str]:
    """What stands as code in the first column of the tables of a page: names that no language translates."""
    return [code for cell in CODE.findall(prose(name, language)) for code in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_file_is_a_page_and_each_page_a_file(language: str) -> None:
    assert sorted(path.stem for path in (FOLDER / language).iterdir()) == sorted(guide.NAMES)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", guide.NAMES)
def test_a_page_says_the_same_in_the_other_language(name: str, language: str) -> None:
    """Its anchors are those of the English page, by the places of the headings."""
    assert HEADING.findall(prose(name, language)) == HEADING.findall(prose(name, "en"))
    here, there = guide.page(name, language), guide.page(name, "en")
    assert [part.anchor for part in here.sections] == [part.anchor for part in there.sections]
    assert codes(name, language) == codes(name, "en")
    assert guide.written(name, language).count("```") == guide.written(name, "en").count("```")
    assert guide.written(name, language) != guide.written(name, "en")


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_a_page_has_one_title_a_first_paragraph_and_no_anchor_twice(name: str, language: str) -> None:
    page = guide.page(name, language)
    assert [part.level for part in page.sections].count(1) == 1
    assert page.sections[0].level == 1
    assert page.lead
    anchors = [part.anchor for part in page.sections]
    assert len(anchors) == len(set(anchors))
    assert "" not in anchors
    assert "<th></th>" not in page.html


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_a_page_leads_to_headings_that_are_there_and_shows_pictures_of_its_language(name: str, language: str) -> None:
    tokens = rendering.parsed(guide.written(name, language))
    for target in rendering.targets(tokens):
        page, _, anchor = target.partition("#")
        if "://" in target:
            assert target.startswith(("https://", "http://127.0.0.1:")), target
            continue
        assert not page or page.removesuffix(".md") in guide.NAMES, target
        known = {part.anchor for part in guide.page(page.removesuffix(".md") or name, language).sections}
        assert not anchor or anchor in known, target
    for picture in rendering.pictures(tokens):
        assert picture.startswith(f"{language}/"), picture
        assert (PICTURES / picture).is_file(), picture


def test_the_languages_show_the_same_pictures_and_all_that_there_are() -> None:
    shown = {
        language: {
            path for name in guide.NAMES for path in rendering.pictures(rendering.parsed(guide.written(name, language)))
        }
        for language in LANGUAGES
    }
    names = {language: {Path(path).stem for path in paths} for language, paths in shown.items()}
    assert all(names[language] == names["en"] for language in LANGUAGES)
    kept = {str(path.relative_to(PICTURES)) for path in PICTURES.rglob("*.webp")}
    assert kept == set().union(*shown.values())


def test_markup_and_addresses_that_run_scripts_do_not_come_through() -> None:
    tokens = rendering.parsed("# T\n\nA <script>x</script> [a](javascript:alert(1)) [b](https://example.org)")
    html = rendering.html(tokens, ["t"], guide.IN_PRODUCT)
    assert "<script>" not in html
    assert "javascript:" not in re.sub(r"\[a\]\(javascript:alert\(1\)\)", "", html)
    assert '<a href="https://example.org" rel="noreferrer">b</a>' in html


def test_links_and_pictures_lead_to_where_a_door_keeps_them() -> None:
    text = "# T\n\n[s](segments.md#operators) ![p](../pictures/en/run.webp)"
    product = rendering.html(rendering.parsed(text), ["t"], guide.IN_PRODUCT)
    files = rendering.html(rendering.parsed(text), ["t"], guide.AS_FILES)
    assert ('href="segments#operators"' in product, 'src="pictures/en/run.webp"' in product) == (True, True)
    assert ('href="segments.html#operators"' in files, 'src="../pictures/en/run.webp"' in files) == (True, True)


def test_the_table_of_the_environment_names_every_variable_there_is() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if FOLDER not in path.parents]
    used = {name for text in texts for name in re.findall(r"\bTRAGINER_[A-Z_]*[A-Z]\b(?!_)", text)}
    table = guide.written("operations", "en").split("## Environment variables")[1]
    named = re.findall(r"^\| `(TRAGINER_\w+)` \|", table, re.MULTILINE)
    assert len(named) == len(set(named))
    assert set(named) == used - NOT_READ


def test_the_page_of_the_command_line_names_every_command() -> None:
    table = guide.written("cli", "en").split("## Commands")[1].split("\n## ")[0]
    named = [name for cell in CODE.findall(table) for name in re.findall(r"`([^`]+)`", cell)]
    assert sorted(named) == sorted(COMMANDS)


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_a_page_types_no_command_that_does_not_exist(name: str, language: str) -> None:
    typed = re.findall(r"^(?:\$ )?traginer (?:--as \S+ )?([a-z]+)", guide.written(name, language), re.MULTILINE)
    assert set(typed) <= set(COMMANDS)


def test_the_page_of_permissions_names_every_role() -> None:
    rows = re.findall(r"^\| (\w+) \|", guide.written("permissions", "en").split("## Roles")[1], re.MULTILINE)
    assert [row.lower() for row in rows[1:4]] == [role.value for role in Role]
    assert {action.least for action in ACTIONS.values()} == set(Role)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_exports_is_the_seeds_page_in_its_order(language: str) -> None:
    """The seed's page "Export segments to Sendinblue", for this product: its words, in its order."""
    words = {
        "en": ["Add export", "Connection for export", "Data matching", "Email", "Add attribute", "First name", "Save"],
        "ca": [
            *("Afegeix una exportació", "Connexió per a l'exportació", "Coincidència de les dades"),
            *("Correu electrònic", "Afegeix un atribut", "nom", "Desa"),
        ],
    }
    text, places = guide.written("exports", language), []
    for word in words[language]:
        places.append(text.index(f"**{word}**", places[-1] if places else 0))
    assert places == sorted(places)


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_every_example_of_a_configuration_is_one(name: str, language: str) -> None:
    schema = configuration.schema()
    for block in fenced(name, language, "yaml"):
        example = yaml.safe_load(block)
        if isinstance(example, dict) and set(example) <= set(schema["properties"]):
            needed = {field: schema["$defs"][PARTS[field]]["required"] for field in example if field in PARTS}
            whole = all(set(names) <= set(item) for field, names in needed.items() for item in example[field])
            if whole:
                assert list(Draft202012Validator(schema).iter_errors(example)) == [], block


@pytest.mark.parametrize(("name", "language"), EVERY_PAGE)
def test_every_command_that_a_page_types_is_understood(name: str, language: str) -> None:
    for block in fenced(name, language):
        for line in re.findall(r"^(?:\$ )?(traginer .*)$", block, re.MULTILINE):
            words = shlex.split(re.split(r"\s{2,}| & | > | < ", line)[0])[1:]
            understood(words, line)


def test_the_whole_file_of_the_page_of_configuration_is_applied(world: World) -> None:
    world.put_profiles(people(range(3)))
    english, catalan = (
        fenced("configuration", language, "yaml")[0].replace("newsletter,", "language,") for language in LANGUAGES
    )
    assert [one.kind for one in world.apply(english)] == [
        *("source", "connection", "segment", "export", "notice", "system")
    ]
    assert [one.outcome for one in world.apply(catalan)] == ["unchanged"] * 6


@pytest.mark.parametrize("name", guide.NAMES)
def test_a_page_names_buttons_and_places_as_the_screens_do(said: set[str], name: str) -> None:
    """What stands before or after a > or after "select", in bold; in Catalan as far as the catalogue has it."""
    chosen = r"\*\*([^*]+)\*\*(?= >)|(?<!-)> \*\*([^*]+)\*\*|\b[Ss]elect \*\*([^*]+)\*\*"
    text = re.sub(r"\s+", " ", guide.written(name, "en"))
    words = {word for found in re.findall(chosen, text) for word in found if word} - BREVOS
    assert words - said == set()
    catalan = re.sub(r"\s+", " ", guide.written(name, "ca"))
    with speaking("ca"):
        assert [word for word in words if gettext(word) != word and f"**{gettext(word)}**" not in catalan] == []


@pytest.fixture(scope="module")
def said() -> set[str]:
    """All texts of the product."""
    return {part for message in messages.extracted() for part in ids(message.id)}


def ids(message: object) -> tuple[str, ...]:
    return message if isinstance(message, tuple) else (str(message),)


def fenced(name: str, language: str, kind: str = "[a-z]*") -> list[str]:
    """The blocks of code of a page."""
    pattern = rf"^```{kind}$\n(.*?)^```$"
    return re.findall(pattern, guide.written(name, language), flags=re.DOTALL | re.MULTILINE)


def understood(words: list[str], line: str) -> None:
    """Raises where the words name no command, an option that it does not have, or too few of what it needs."""
    try:
        context = _program().make_context("traginer", words)
    except click.exceptions.NoArgsIsHelpError:
        return
    command: click.Command = context.command
    left = [*context._protected_args, *context.args]
    while isinstance(command, click.Group):
        _, found, left = command.resolve_command(context, left)
        assert found is not None, line
        try:
            context = found.make_context(found.name, left, parent=context)
        except click.UsageError as error:
            raise AssertionError(line) from error
        command, left = found, [*context._protected_args, *context.args]
