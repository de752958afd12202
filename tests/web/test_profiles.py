"""Data > Segments and Data > Sources: rules in groups, a live count, a sentence and SQL; files with their columns."""

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from tests.web.browsers import Browser, Web
from traginer.control.models import Segment, Source
from traginer.segments import OPERATORS, parse_rules, to_raw
from traginer.segments.operators import Operator
from traginer.values import Column, ColumnType
from traginer.web import rules_form

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.fixture
def form() -> dict[str, Any]:
    """Two rules, and a group of one in the group."""
    return {
        "name": "Big spenders",
        "source": "1",
        "by": "rules",
        "sql": "",
        "do": "save",
        "place": ["r-0", "r-1", "r-1-0"],
        "join.r": "all",
        "field.r-0": "lifetime_value",
        "operator.r-0": "at_least",
        "value.r-0": "500",
        "join.r-1": "none",
        "field.r-1-0": "country",
        "operator.r-1-0": "is_one_of",
        "value.r-1-0": "FR, DE",
    }


RULES = {
    "all": [
        {"field": "lifetime_value", "at_least": 500},
        {"none": [{"field": "country", "is_one_of": ["FR", "DE"]}]},
    ]
}


def test_a_segment_is_made_of_nested_rules(ada: Browser, form: dict[str, Any]) -> None:
    """S4: segments are built in the product."""
    page = ada.send("/segments/add", form)
    assert page.h1 == ["Big spenders"]
    assert Segment.objects.get(name="Big spenders").rules == RULES
    assert "12 members" in page.text
    assert "lifetime_value is at least 500" in page.text
    assert "SELECT" in page.html
    again = ada.open("/segments/2/edit")
    assert (again.chosen["value.r-0"], again.chosen["join.r-1"], again.chosen["value.r-1-0"]) == (
        "500",
        "none",
        "FR, DE",
    )


def test_members_are_counted_before_saving(ada: Browser, form: dict[str, Any]) -> None:
    part = ada.send("/segments/add", {**form, "do": "count", "name": ""}, 200, part=True)
    assert "12 members of 12 profiles" in part.text
    assert "12 members" in ada.send("/segments/add", {**form, "do": "count"}, 200).text
    assert Segment.objects.count() == 1


def test_rules_and_groups_are_added_and_taken_away(ada: Browser, form: dict[str, Any]) -> None:
    def places(do: str) -> list[str]:
        page = ada.send("/segments/add", {**form, "do": do}, 200, part=True)
        return sorted(name.partition(".")[2] for name in page.options if name.startswith("field."))

    assert places("refresh") == ["r-0", "r-1-0"]
    assert places("add-rule:r-1") == ["r-0", "r-1-0", "r-1-1"]
    assert places("add-group:r") == ["r-0", "r-1-0", "r-2-0"]
    assert places("remove-rule:r-0") == ["r-0-0"]
    assert places("remove-rule:r-1") == ["r-0"]


def test_operators_follow_the_type_of_the_field(ada: Browser, form: dict[str, Any]) -> None:
    page = ada.send("/segments/add", {**form, "do": "refresh"}, 200, part=True)
    assert {"greater_than", "is_between"} <= set(page.options["operator.r-0"])
    assert "contains" not in page.options["operator.r-0"]
    assert "contains" in page.options["operator.r-1-0"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"source": ""}, "choice-missing"),
        ({"name": ""}, "form-invalid"),
        ({"value.r-0": "many"}, "rule-value-unfit"),
        ({"by": "sql", "sql": "DELETE FROM profiles"}, "sql-"),
    ],
)
def test_a_segment_that_cannot_be_says_why(
    ada: Browser, form: dict[str, Any], change: dict[str, str], code: str
) -> None:
    assert code in ada.send("/segments/add", {**form, **change}, 422).text
    assert Segment.objects.count() == 1


def test_a_segment_by_a_select_shows_it(ada: Browser, form: dict[str, Any]) -> None:
    sql = "SELECT customer_id FROM profiles WHERE language = 'fr'"
    page = ada.send("/segments/add", {**form, "by": "sql", "sql": sql})
    assert "2 members" in page.text
    assert "language = &#x27;fr&#x27;" in page.html


def test_a_segment_in_use_is_not_removed(ada: Browser, form: dict[str, Any]) -> None:
    assert "still-used" in ada.send("/segments/1/remove", {}, 422).text
    ada.send("/segments/add", form)
    assert ada.send("/segments/2/remove", {}).h1 == ["Segments"]


TYPED = {
    "is_empty": "",
    "is_not_empty": "",
    "year_to_date": "",
    "is_between": ("10", "20"),
    "is_not_between": ("10", "20"),
    "within_last": "90",
    "month_of": "6, 7",
    "day_of_week": "1",
    "day_of": "15",
    "year_of": "2026",
    "time_at": ("09:00", "17:30"),
}


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=lambda operator: operator.name)
def test_every_operator_comes_back_from_the_form_as_it_was_typed(operator: Operator) -> None:
    kind = next(one for one in (ColumnType.TEXT, ColumnType.NUMBER, ColumnType.TIMESTAMP) if one in operator.types)
    typed = TYPED.get(operator.name, "5" if kind is ColumnType.NUMBER else "ca")
    value, second = typed if isinstance(typed, tuple) else (typed, "")
    columns: Mapping[str, Column] = {"f": Column("f", kind, "")}
    sent = QueryDict(mutable=True)
    sent.update({"place": "r-0", "join.r": "any", "field.r-0": "f", "operator.r-0": operator.name})
    sent.update({"value.r-0": value, "second.r-0": second, "unit.r-0": "weeks", "ignore.r-0": "on"})
    tree = rules_form.of_post(sent)
    raw = rules_form.raw(tree, columns)
    assert raw["any"][0].keys() >= {"field", operator.name}
    kept = to_raw(parse_rules(raw)) if operator.folds or kind is not ColumnType.TEXT else raw
    assert rules_form.raw(rules_form.of_raw(kept), columns) in (kept, raw)


def test_a_file_becomes_a_source_with_its_columns(ada: Browser, web: Web) -> None:
    file = SimpleUploadedFile("people.csv", b"id,email,born\n1,one@example.org,1990-01-02\n2,two@example.org,\n")
    page = ada.send("/sources/add", {"name": "People", "key": "id", "file": file})
    assert page.h1 == ["People"]
    assert {"email", "one@example.org · two@example.org", "date"} <= set(page.texts)
    kept = web.world.folder / "people.csv"
    assert kept.stat().st_mode & 0o077 == 0
    assert Source.objects.get(name="People").path == str(kept)


def test_a_second_file_of_the_same_name_leaves_the_first_alone(ada: Browser, web: Web) -> None:
    for n in (1, 2):
        file = SimpleUploadedFile("people.csv", f"id\n{n}\n".encode())
        ada.send("/sources/add", {"name": f"People {n}", "key": "id", "file": file})
    assert (web.world.folder / "people.csv").read_text(encoding="utf-8") == "id\n1\n"
    assert (web.world.folder / "people-2.csv").read_text(encoding="utf-8") == "id\n2\n"


@pytest.mark.parametrize(
    ("name", "values", "code"),
    [
        ("people.exe", {}, "upload-unfit"),
        ("../../people.csv", {"name": "Customers"}, "name-taken"),
        ("people.csv", {"key": ""}, "choice-missing"),
        ("", {"path": "../traginer.sqlite3"}, "upload-unfit"),
        ("", {"path": "/etc/people.csv"}, "source-path-not-allowed"),
    ],
)
def test_a_source_that_cannot_be_leaves_no_file(
    ada: Browser, web: Web, name: str, values: dict[str, str], code: str
) -> None:
    sent: dict[str, Any] = {"name": "People", "key": "id", **values}
    if name:
        sent["file"] = SimpleUploadedFile(name, b"id\n1\n")
    assert code in ada.send("/sources/add", sent, 422).text
    assert sorted(path.suffix for path in web.world.folder.iterdir() if path.suffix in {".csv", ".exe"}) == []


def test_a_file_that_lies_there_already_is_chosen(ada: Browser, web: Web) -> None:
    assert "profiles.parquet" in ada.open("/sources/add").html
    page = ada.send("/sources/add", {"name": "The same", "key": "customer_id", "path": "profiles.parquet"})
    assert {"The same", "12"} <= set(page.texts)


def test_a_source_in_use_is_not_removed(ada: Browser) -> None:
    assert "still-used" in ada.send("/sources/1/remove", {}, 422).text
