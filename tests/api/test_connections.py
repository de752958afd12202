"""Connections over the API."""

from tests.api.world import Asking
from traginer.control import connections
from traginer.control.models import Connection


def new(api: Asking) -> dict[str, object]:
    sandbox = api.world.sandbox
    return {"name": "Shop", "api_key": sandbox.api_key, "base_url": sandbox.base_url, "tier": "unlimited"}


def test_a_connection_is_created_changed_and_removed_and_its_key_is_never_shown(api: Asking) -> None:
    """S12, S18: a name of its own, and a key of which only the last four characters come back."""
    made = api.post("connections", new(api))
    assert (made.status, made.headers["Location"]) == (201, "/api/v1/connections/2")
    setup = made.json["setup"]
    assert (setup["key_tail"], setup["usable_by"], setup["is_agreed"]) == (
        api.world.api_key[-4:],
        "administrators",
        False,
    )
    assert setup["configuration"].keys() == {"name", "type", "base_url", "tier", "share", "usable_by"}
    changed = api.put("connections/2", {**setup["configuration"], "name": "Shop, again", "contact_limit": 5000})
    assert (changed.json["name"], changed.json["setup"]["key_tail"]) == ("Shop, again", setup["key_tail"])
    assert connections.api_key(Connection.objects.get(pk=2)) == api.world.api_key
    assert (api.delete("connections/2").status, api.get("connections/2").status) == (204, 404)


def test_whoever_uses_a_connection_sees_its_name_and_type_only(api: Asking) -> None:
    """L1, L2: contributors see the name and the type of a connection that is shared with them, and nothing else."""
    assert api.get("connections/1", who="bernat").json == {
        "id": 1, "name": "Newsletter account", "type": "brevo", "setup": None,
    }  # fmt: skip
    assert api.get("connections?name=Newsletter+account", who="bernat").json["items"][0]["setup"] is None
    assert api.get("connections", who="carla").status == 403


def test_who_can_use_a_connection_is_chosen_by_administrators(api: Asking) -> None:
    """S15, S17: administrators, contributors, or people by name."""
    shared = api.put("connections/1/share", {"usable_by": ["Bernat@Example.org"]})
    assert shared.json["setup"]["usable_by"] == ["bernat@example.org"]
    assert api.get("connections/1", who="bernat").status == 200
    assert api.put("connections/1/share", {"usable_by": ["nobody"]}).json["errors"][0]["pointer"] == "#/usable_by"
    assert api.put("connections/1/share", {"usable_by": "administrators"}, who="bernat").status == 403


def test_a_look_at_a_connection_tells_the_account_or_the_exact_reason_why_not(api: Asking) -> None:
    """S2, S20: account, plans and contacts by a real call; what is wrong comes with what to do about it."""
    health = api.post("connections/1/check").json
    assert (health["is_good"], health["message"]) == (True, "Connected to Botiga Pous")
    assert {choice["list_id"] for choice in health["account"]["lists"]} >= {7, 8}
    api.post("connections", {**new(api), "api_key": "xkeysib-wrong"})
    health = api.post("connections/2/check").json
    assert (health["is_good"], health["account"], health["problem"]["code"]) == (False, None, "brevo-key-refused")
    assert api.post("connections/1/check", who="bernat").status == 403


def test_lists_are_found_and_created_and_attributes_are_told(api: Asking) -> None:
    """S3, S32: the lists of the account by name, with their sizes, a new one, and the account's own attributes."""
    assert api.post("connections/1/lists", {"name": "Spring"}, who="bernat").status == 201
    found = api.get("connections/1/lists?search=spr", who="bernat").json
    assert [(one["name"], one["contacts"]) for one in found] == [("Spring", 0)]
    names = {one["name"]: one["type"] for one in api.get("connections/1/attributes", who="bernat").json}
    assert (names["FIRSTNAME"], names["SMS"]) == ("text", "phone")


def test_a_token_cannot_agree_for_a_person(api: Asking) -> None:
    """S19: consent is evidence of a person who has read a text; a program may not give it, and nothing is created."""
    agreed = {**new(api), "consent": {"agreed_by": "ada@example.org", "text": "1"}}
    refused = api.post("connections", agreed)
    assert (refused.status, refused.code) == (403, "not-allowed")
    assert "It takes a person who has logged in" in refused.json["detail"] or "No token may" in refused.json["detail"]
    assert len(api.get("connections").json["items"]) == 1


def test_an_address_that_is_none_or_too_long_is_refused(api: Asking) -> None:
    for base_url in ("ftp://example.org", "https://", "https://example.org/" + "x" * 500, "${HOME}"):
        answer = api.post("connections", {**new(api), "base_url": base_url})
        assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "#/base_url")
