"""No answer holds more than its reader may see: keys never, addresses of profiles for those with the right only."""

import json

import pytest

from tests.api.test_rights import all_operations, answered
from tests.api.world import ROLES, Asking
from tests.world import World, people
from traginer.api.operations import OPERATIONS
from traginer.control import audit
from traginer.control.models import Connection
from traginer.control.rights import Actor


def personal(asking: Asking) -> list[str]:
    return [profile[field] for profile in asking.world.profiles.values() for field in ("email", "phone")]


@pytest.mark.parametrize("who", [*ROLES, ""])
def test_no_answer_holds_a_key_or_a_token(asking: Asking, who: str) -> None:
    """S18: the API key is write-only; only its last four characters are ever shown, and to administrators."""
    secret = asking.token(who) if who else "trg_none"
    answers = [answered(asking, name, secret).text for name in OPERATIONS]
    kept = Connection.objects.get().encrypted_key
    for text in answers:
        assert World.api_key not in text
        assert kept not in text
        assert not any(token in text for token in asking.tokens.values())
    assert any(World.api_key[-4:] in text for text in answers) is (who == "ada")


@pytest.mark.parametrize("who", ["carla", ""])
def test_no_answer_to_a_viewer_or_to_nobody_holds_an_address(asking: Asking, who: str) -> None:
    """L5, L11: viewers see exports and their status, and never an address or a telephone number."""
    secret = asking.token(who) if who else "trg_none"
    answers = {name: answered(asking, name, secret).text for name in OPERATIONS}
    assert not [name for name, text in answers.items() if any(value in text for value in personal(asking))]


def test_a_contributor_sees_values_of_a_source_and_that_is_in_the_audit(asking: Asking) -> None:
    seen = answered(asking, "list_columns", asking.token("bernat")).text
    assert any(value in seen for value in personal(asking))


def test_who_looked_at_rejections_is_in_the_audit(api: Asking) -> None:
    api.world.put_profiles(people([50, 51], email="not an address"))
    api.world.run()
    assert api.get("runs/1/rejections?limit=1", who="bernat").json["total"] == 2
    assert api.get("runs/1/rejections.csv", who="bernat").status == 200
    noted = audit.entries(Actor("Ada", "administrator"), audit.Filters(action="rejection:read"))
    assert [(entry.actor, json.loads(entry.after)) for entry in reversed(noted)] == [
        ("bernat@example.org", {"profiles": 1}),
        ("bernat@example.org", {"profiles": 2}),
    ]


def test_an_api_key_in_the_wrong_place_is_not_repeated(api: Asking) -> None:
    for body in ({"name": World.api_key, "api_key": 5}, {"api_key": [World.api_key]}, {World.api_key: 1}):
        answer = api.post("connections", body)
        assert answer.status == 422
        assert World.api_key not in answer.text


def test_every_operation_is_looked_at() -> None:
    assert set(all_operations()) == set(OPERATIONS)
