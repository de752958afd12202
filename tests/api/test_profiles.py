"""Profiles over the API: found, looked at, and why they are in a segment or not."""

from tests.api.world import Asking
from tests.web.addresses import AINA
from tests.world import people
from traginer.control.models import AuditEntry

SEARCH = {"source": "Customers", "search": "aina0@example.org"}


def test_a_profile_is_found_and_shown_with_what_became_of_it(api: Asking) -> None:
    api.world.run()
    [found] = api.post("profiles/search", SEARCH, who="bernat").json["items"]
    assert found == {"id": AINA, "key": "C0000", "name": "Aina 0 Pous", "email": "aina0@example.org"}
    profile = api.get(f"profiles/1/{AINA}", who="bernat").json
    assert {one["field"]: one["value"] for one in profile["values"]}["language"] == "ca"
    [export] = profile["exports"]
    assert (export["wanted"], export["next"], export["lists"][0]["list"]) == ("wanted", "nothing", 7)
    assert profile["segments"][0]["membership"]["belongs"] is True


def test_a_viewer_gets_no_value_and_finds_nobody_by_a_beginning(api: Asking) -> None:
    """L5, L11: viewers never see addresses."""
    masked = api.post("profiles/search", SEARCH, who="carla").json
    assert (masked["is_masked"], masked["items"][0]["email"]) == (True, "a•••")
    assert api.post("profiles/search", {**SEARCH, "search": "aina"}, who="carla").json["items"] == []
    assert "aina" not in api.get(f"profiles/1/{AINA}", who="carla").text
    assert not AuditEntry.objects.filter(action="profile:read").exists()


def test_what_is_not_there_is_a_404_and_a_search_for_nothing_is_refused(api: Asking) -> None:
    for path in ("profiles/9/" + AINA, "profiles/1/0123456789abcdef", "segments/1/members/1"):
        assert api.get(path).status == 404, path
    assert api.post("profiles/search", {**SEARCH, "search": ""}).status == 422
    assert api.post("profiles/search", {**SEARCH, "source": "Nowhere"}).code == "not-found"


def test_a_segment_says_why_shows_some_members_and_lies_over_another(api: Asking) -> None:
    api.world.put_profiles(people([0], lifetime_value=10.0))
    why = api.get(f"segments/1/members/{AINA}").json
    assert why["belongs"] is False
    assert [one["value"] for one in why["answers"] if one["pointer"] == "/all/1"] == ["10.0"]
    sample = api.get("segments/1/sample", who="carla").json
    assert (sample["is_masked"], len(sample["rows"])) == (True, 5)
    assert api.get("segments/1/overlaps/1").json == {"profiles": 12, "first": 9, "second": 9, "both": 9}


def test_a_source_says_what_stands_in_it(api: Asking) -> None:
    told = api.get("sources/1/description", who="bernat").json
    assert (told["profiles"], told["problem"]) == (12, None)
    assert {one["name"]: one["filled"] for one in told["columns"]}["last_purchase_at"] == 0
    assert api.get("sources/1/values?column=language&begins=c").json == ["ca"]
    assert api.get("sources/1/values", who="carla").status == 403
