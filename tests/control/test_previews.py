"""What helps to fill in an export: columns with real values, what they may be for, and all that is wrong with a mapping."""

import pytest

from tests.control.cast import actor
from tests.world import ADA, World, people
from traginer.control import previews
from traginer.control.errors import NotAllowed
from traginer.control.models import AuditEntry, Connection, Source
from traginer.control.spec import ExportSpec


def source() -> Source:
    return Source.objects.get()


def samples(who: str) -> dict[str, tuple[str, ...]]:
    return {one.name: one.samples for one in previews.columns(actor(who), source())}


def test_columns_come_with_their_type_and_up_to_three_different_real_values(world: World) -> None:
    """S30: the data matching shows real values of the columns."""
    found = {one.name: one for one in previews.columns(actor("bernat"), source())}
    assert [*found][:4] == ["customer_id", "first_name", "last_name", "email"]
    assert (found["lifetime_value"].type.value, found["lifetime_value"].native) == ("number", "DOUBLE")
    assert found["email"].samples == ("aina0@example.org", "aina1@example.org", "aina2@example.org")
    assert found["last_name"].samples == ("Pous",)
    assert found["last_purchase_at"].samples == ()


def test_viewers_see_no_value_of_a_profile(world: World) -> None:
    """L5, L11: viewers see what is shared, never addresses."""
    masked = samples("carla")
    assert masked["email"] == ("a•••",) * 3
    assert masked["lifetime_value"] == ("•••",)
    assert "Pous" not in str(masked)


def test_that_somebody_saw_real_values_is_in_the_audit(world: World) -> None:
    samples("carla")
    assert not AuditEntry.objects.filter(action="profile:read").exists()
    samples("bernat")
    seen = AuditEntry.objects.get(action="profile:read")
    assert (seen.actor, seen.name, seen.after) == ("bernat@example.org", "Customers", '{"profiles":12}')


def test_who_has_no_role_sees_no_column(world: World) -> None:
    with pytest.raises(NotAllowed):
        previews.columns(actor("dídac"), source())


def test_a_long_value_is_cut(world: World) -> None:
    world.put_profiles(people([0], first_name="A" * 300))
    longest = max(samples("ada")["first_name"], key=len)
    assert len(longest) == 60
    assert longest.endswith("A…")


def test_first_name_last_name_and_phone_are_suggested_in_the_words_of_the_account(world: World) -> None:
    """S31, S32: FIRSTNAME, LASTNAME and SMS, or the account's own PRENOM and NOM, are found by asking Brevo."""
    found = {one.label: one for one in previews.suggestions(ADA, source(), Connection.objects.get())}
    assert {label: (one.attribute, one.column) for label, one in found.items()} == {
        "Email": ("", "email"),
        "First name": ("FIRSTNAME", "first_name"),
        "Last name": ("LASTNAME", "last_name"),
        "Phone": ("SMS", "phone"),
    }
    assert found["Phone"].region == "country"
    assert previews.suggestions(ADA, source()) == [*found.values()]


def test_an_account_in_french_is_given_its_own_names(world: World) -> None:
    for name in ("FIRSTNAME", "LASTNAME"):
        world.sandbox.delete_attribute(name)
    for name in ("PRENOM", "NOM"):
        world.sandbox.create_attribute(name)
    found = {one.label: one.attribute for one in previews.suggestions(ADA, source(), Connection.objects.get())}
    assert (found["First name"], found["Last name"]) == ("PRENOM", "NOM")


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({}, []),
        ({"email": "mail"}, ["column-unknown"]),
        ({"attributes": {"FIRSTNAM": "first_name", "LASTNAME": "surname"}}, ["attribute-unknown", "column-unknown"]),
        ({"consent": "lifetime_value"}, ["consent-field-unfit"]),
        ({"connection": None, "attributes": {"FIRSTNAM": "first_name"}}, []),
    ],
)
def test_all_that_is_wrong_with_a_mapping_is_told_at_once(
    world: World, values: dict[str, object], codes: list[str]
) -> None:
    words = {"name": "Draft", "connection": "Newsletter account", "list": 8, "email": "email"}
    draft = ExportSpec.model_validate({**words, "segments": ["Catalan spenders"], **values})
    assert [fault.code for fault in previews.faults(ADA, draft)] == codes
