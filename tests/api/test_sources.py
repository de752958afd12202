"""Sources over the API."""

from tests.api.world import Asking
from traginer.api.examples import SOURCE

NEW = {**SOURCE, "name": "Customers / 2026"}


def test_a_source_is_created_changed_found_by_its_name_and_removed(api: Asking) -> None:
    made = api.post("sources", NEW)
    assert (made.status, made.headers["Location"]) == (201, "/api/v1/sources/2")
    shown = made.json
    assert shown["configuration"] == {**NEW, "path": str(api.world.profiles_file)}
    assert api.get("sources/2").json == shown
    assert api.get("sources?name=Customers+/+2026").json["items"] == [shown]
    assert [one["id"] for one in api.get("sources?search=2026").json["items"]] == [2]
    renamed = api.put("sources/2", {**shown["configuration"], "name": "People"})
    assert (renamed.status, renamed.json["name"]) == (200, "People")
    assert (api.delete("sources/2").status, api.delete("sources/2").code) == (204, "number-unknown")


def test_a_contributor_may_and_a_viewer_may_not(api: Asking) -> None:
    assert api.post("sources", NEW, who="carla").status == 403
    assert api.post("sources", NEW, who="bernat").status == 201


def test_a_source_lies_only_where_the_operator_has_allowed(api: Asking) -> None:
    for path in ("/etc/passwd", "../../etc/passwd", "../profiles.parquet"):
        answer = api.post("sources", {**NEW, "path": path})
        assert (answer.status, answer.code) == (422, "source-path-not-allowed")
    assert len(api.get("sources").json["items"]) == 1


def test_a_source_is_read_through(api: Asking) -> None:
    """S5: the columns of a source, with their types, are there for the form that maps them."""
    found = api.post("sources/1/check").json
    assert found["profiles"] == 12
    assert {column["name"]: column["type"] for column in found["columns"]}["lifetime_value"] == "number"
    api.world.profiles_file.unlink()
    gone = api.post("sources/1/check")
    assert (gone.status, gone.code, gone.json["turn"]) == (409, "source-missing", "source")


def test_values_of_a_source_are_shown_and_what_they_may_be_for(api: Asking) -> None:
    """S31: e-mail, first name, last name and phone are found by the names of the columns, in the words of the account."""
    samples = {column["name"]: column["samples"] for column in api.get("sources/1/columns").json}
    assert samples["email"] == ["aina0@example.org", "aina1@example.org", "aina2@example.org"]
    found = api.get("sources/1/suggestions?connection=Newsletter+account").json
    assert [(one["column"], one["attribute"], one["region"]) for one in found] == [
        ("email", None, None),
        ("first_name", "FIRSTNAME", None),
        ("last_name", "LASTNAME", None),
        ("phone", "SMS", "country"),
    ]
    assert api.get("sources/1/suggestions?connection=Nobody's").code == "not-found"
