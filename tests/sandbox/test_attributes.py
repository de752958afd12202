from typing import Any

import pytest

from tests.sandbox.api import Api, row
from traginer.sandbox import Sandbox, Switches

ANNA = "anna@example.com"


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", ["FIRSTNAME", "LASTNAME"]), ("fr", ["PRENOM", "NOM"]), ("es", ["NOMBRE", "APELLIDOS"])],
)
def test_a_new_account_names_its_attributes_in_its_own_language(language: str, names: list[str]) -> None:
    with Sandbox(switches=Switches(language=language)) as sandbox:
        api = Api(sandbox)
        found = [each["name"] for each in api.get("/contacts/attributes").json["attributes"]]
        api.connection.close()
    assert found == ["EMAIL", *names, "SMS"]


KINDS: dict[str, tuple[dict[str, Any], list[tuple[object, object]]]] = {
    "text": ({}, [("Núria", "Núria"), (" x ", " x "), (5, None), (True, None), (["a"], None)]),
    "date": (
        {},
        [
            ("1989-02-11", "1989-02-11"),
            ("1989-02-11T10:00:00Z", "1989-02-11"),
            ("11/02/1989", "1989-02-11"),
            ("11-02-1989", "1989-02-11"),
            ("1989-02-30", None),
            ("today", None),
            (19890211, None),
        ],
    ),
    "float": (
        {},
        [(1.5, 1.5), ("1.5", 1.5), ("12", 12), (3, 3), ("1,5", None), (True, None), ("NaN", None), ("x", None)],
    ),
    "boolean": (
        {},
        [(True, True), ("Yes", True), ("no", False), ("1", True), (0, False), ("si", None), (2, None), ([], None)],
    ),
    "multiple-choice": (
        {"multiCategoryOptions": ["wine", "oil"]},
        [
            (["oil", "wine"], ["wine", "oil"]),
            ("oil, wine", ["wine", "oil"]),
            (["oil", "tea"], ["oil"]),
            (["tea"], None),
        ],
    ),
    "category": (
        {"enumeration": [{"value": 1, "label": "Small"}, {"value": 2, "label": "Large"}]},
        [("Small", "Small"), (2, "Large"), ("2", "Large"), ("Huge", None), (1.5, None)],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["one by one", "import"])
def test_a_value_is_kept_when_it_fits_the_type_and_vanishes_when_not(
    api: Api, sandbox: Sandbox, kind: str, way: str
) -> None:
    settings, values = KINDS[kind]
    category = "category" if kind == "category" else "normal"
    body = {**settings, "type": kind}
    assert api.post(f"/contacts/attributes/{category}/THING", body)[::2] == (201, b"")
    for number, (sent, kept) in enumerate(values):
        email = f"p{number}@example.com"
        if way == "import":
            api.bring_in(row(email, THING=sent))
        else:
            assert api.post("/contacts", {"email": email, "attributes": {"THING": sent}}).status == 201
        assert sandbox.contact(email)["attributes"].get("THING") == kept, sent


def test_dates_that_are_not_iso_are_read_as_the_account_writes_them(api: Api, sandbox: Sandbox) -> None:
    sandbox.create_attribute("BORN", "date")
    sandbox.switches.date_format = "mm-dd-yyyy"
    api.bring_in(row(ANNA, BORN="02/11/1989"))
    assert sandbox.contact(ANNA)["attributes"] == {"BORN": "1989-02-11"}


def test_decimal_commas_and_numbers_in_texts_are_switches(api: Api, sandbox: Sandbox) -> None:
    sandbox.create_attribute("SPENT", "float")
    sandbox.switches.patch({"decimal_comma": True, "numbers_as_text": True})
    api.bring_in(row(ANNA, SPENT="1,5", FIRSTNAME=7, LASTNAME=True))
    assert sandbox.contact(ANNA)["attributes"] == {"SPENT": 1.5, "FIRSTNAME": "7", "LASTNAME": "true"}


def test_calculated_values_can_not_be_sent(api: Api, sandbox: Sandbox) -> None:
    api.post("/contacts/attributes/calculated/ORDERS", {"value": "COUNT[ORDER_ID]", "isRecurring": True})
    api.bring_in(row(ANNA, ORDERS=7))
    assert sandbox.contact(ANNA)["attributes"] == {}
    shown = api.get("/contacts/attributes").json["attributes"][-1]
    assert shown == {"name": "ORDERS", "category": "calculated", "calculatedValue": "COUNT[ORDER_ID]"}


def test_a_deleted_attribute_takes_its_values_along(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA, {"FIRSTNAME": "Anna", "LASTNAME": "Pou"})
    assert api.delete("/contacts/attributes/normal/LASTNAME").status == 204
    assert sandbox.contact(ANNA)["attributes"] == {"FIRSTNAME": "Anna"}


def test_options_can_be_added_changed_and_taken_away(api: Api, sandbox: Sandbox) -> None:
    sandbox.create_attribute("TOPICS", "multiple-choice", options=["wine"])
    sandbox.create_attribute("SIZE", category="category", options=[{"value": 1, "label": "S"}])
    assert api.put("/contacts/attributes/normal/TOPICS", {"multiCategoryOptions": ["oil"]}).status == 204
    assert api.put("/contacts/attributes/category/SIZE", {"enumeration": [{"value": 2, "label": "M"}]}).status == 204
    assert api.delete("/contacts/attributes/multiple-choice/TOPICS/wine").status == 204
    assert api.delete("/contacts/attributes/multiple-choice/TOPICS/wine").status == 404
    shown = {each["name"]: each for each in api.get("/contacts/attributes").json["attributes"]}
    assert shown["TOPICS"]["multiCategoryOptions"] == ["oil"]
    assert shown["SIZE"]["enumeration"] == [{"value": 2, "label": "M", "valueStr": "2"}]


@pytest.mark.parametrize(
    ("category", "body"),
    [
        ("normal", {"type": "id"}),
        ("transactional", {"type": "user"}),
        ("category", {}),
        ("category", {"enumeration": [{"value": 1, "label": "x" * 201}]}),
        ("normal", {"type": "multiple-choice", "multiCategoryOptions": ["x" * 201]}),
        ("global", {}),
    ],
)
def test_an_attribute_that_its_category_does_not_allow_is_refused(
    api: Api, category: str, body: dict[str, Any]
) -> None:
    assert api.post(f"/contacts/attributes/{category}/THING", body).status == 400


def test_the_number_of_attributes_can_be_limited(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.attribute_limit = 5
    assert api.post("/contacts/attributes/normal/ONE", {"type": "text"}).status == 201
    assert api.post("/contacts/attributes/normal/TWO", {"type": "text"}).status == 400
