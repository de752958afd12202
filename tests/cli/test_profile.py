"""`traginer profile`: one profile, its segments and what became of it."""

from tests.web.addresses import AINA
from tests.world import World, people


def test_a_profile_is_shown_by_its_key_or_its_address(world: World) -> None:
    world.put_profiles(people([0], email="no address"))
    world.run()
    said = world.cli("profile", "C0000")
    assert said.exit_code == 0
    assert "The e-mail address is not written as one" in said.out
    assert "Catalan spenders" in said.out
    found = world.cli("profile", "aina3@example.org", "--json").json
    assert (found["key"], found["exports"][0]["lists"][0]["list"]) == ("C0003", 7)
    assert world.cli("profile", "C0000", "--json").json["id"] == AINA


def test_a_profile_that_is_not_there_is_told(world: World) -> None:
    said = world.cli("profile", "C9999")
    assert (said.exit_code, "profile-unknown" in said.err) == (1, True)
    assert "C9999" not in said.err
    assert "not-found" in world.cli("profile", "C0000", "--source", "Nowhere").err
