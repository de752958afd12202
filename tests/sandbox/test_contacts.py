from urllib.parse import quote

import pytest

from tests.sandbox.api import Api
from traginer.sandbox import Sandbox

ANNA, BIEL = "anna@example.com", "biel@example.com"


@pytest.fixture(autouse=True)
def _people(sandbox: Sandbox) -> None:
    phones = {"SMS": "34600111222", "WHATSAPP": "34600111333", "LANDLINE_NUMBER": "34938850000"}
    sandbox.add_contact(ANNA, {"FIRSTNAME": "Anna", "EXT_ID": "a/1", **phones}, list_ids=[7])
    sandbox.clock.advance(10)
    sandbox.add_contact(BIEL)


@pytest.mark.parametrize(
    "path",
    [
        "anna@example.com",
        "ANNA%40example.com",
        "1",
        "34600111222",
        "+34600111222",
        "anna@example.com?identifierType=email_id",
        "1?identifierType=contact_id",
        "34600111222?identifierType=phone_id",
        "34600111333?identifierType=whatsapp_id",
        "34938850000?identifierType=landline_number_id",
        "a%2F1?identifierType=ext_id",
    ],
)
def test_a_contact_is_found_by_each_identifier(api: Api, path: str) -> None:
    told = api.get(f"/contacts/{path}")
    assert (told.status, told.json["id"]) == (200, 1)
    assert told.json["attributes"]["SMS"] == "34600111222"


@pytest.mark.parametrize(
    "path", ["a%2F1", "34600111333", "2?identifierType=email_id", "anna?identifierType=contact_id"]
)
def test_without_its_type_an_identifier_of_another_sort_finds_nobody(api: Api, path: str) -> None:
    assert api.get(f"/contacts/{path}").status == 404


def test_a_change_without_type_takes_only_address_and_id(api: Api, sandbox: Sandbox) -> None:
    change = {"attributes": {"LASTNAME": "Pou"}}
    assert api.put("/contacts/34600111222", change).status == 404
    assert api.put("/contacts/34600111222?identifierType=phone_id", change).status == 204
    assert sandbox.contact(ANNA)["attributes"]["LASTNAME"] == "Pou"


def test_an_update_through_create_answers_204_and_joins_lists(api: Api, sandbox: Sandbox) -> None:
    body = {"email": BIEL, "attributes": {"FIRSTNAME": "Biel"}, "listIds": [7, 8], "updateEnabled": True}
    assert api.post("/contacts", body)[::2] == (204, b"")
    assert sandbox.contact(BIEL)["listIds"] == [7, 8]
    assert api.post("/contacts", {**body, "getId": True}).json == {"id": 2}


def test_lists_are_left_by_unlinking(api: Api, sandbox: Sandbox) -> None:
    assert api.put(f"/contacts/{ANNA}", {"unlinkListIds": [7], "listIds": [8]}).status == 204
    assert sandbox.contact(ANNA)["listIds"] == [8]


def test_changing_the_address_of_a_blocked_contact_resubscribes_it_and_is_counted(api: Api, sandbox: Sandbox) -> None:
    sandbox.block(ANNA)
    told = api.put(f"/contacts/{ANNA}", {"attributes": {"EMAIL": "anna.pou@example.com"}})
    assert sandbox.contact("anna.pou@example.com")["emailBlacklisted"] is False
    assert sandbox.invariants().incidents[0]["request_id"] == told.headers["sib-request-id"]


def test_lifting_a_block_is_counted_and_setting_one_is_not(api: Api, sandbox: Sandbox) -> None:
    api.put(f"/contacts/{ANNA}", {"emailBlacklisted": True})
    assert sandbox.contact(ANNA)["emailBlacklisted"] is True
    assert sandbox.invariants().blocks_lifted == 0
    api.put(f"/contacts/{ANNA}", {"emailBlacklisted": False})
    assert sandbox.invariants().blocks_lifted == 1


def test_deleting_a_contact_takes_it_off_every_list_and_is_counted(api: Api, sandbox: Sandbox) -> None:
    told = api.delete(f"/contacts/{ANNA}")
    assert (told.status, sandbox.emails_on(7), sandbox.contact(ANNA)) == (204, set(), None)
    seen = sandbox.invariants()
    assert (seen.contacts_deleted, seen.incidents[0]["request_id"]) == (1, told.headers["sib-request-id"])
    assert api.delete(f"/contacts/{ANNA}").status == 404


def test_a_forced_merge_keeps_the_latest_and_deletes_the_other(api: Api, sandbox: Sandbox) -> None:
    body = {"email": BIEL, "attributes": {"SMS": "34600111222"}, "forceMerge": True, "getId": True}
    assert api.post("/contacts", body).json == {"id": 2}
    assert (sandbox.emails(), sandbox.contact(BIEL)["attributes"]) == ({BIEL}, {"SMS": "34600111222"})
    assert sandbox.invariants().contacts_merged_away == 1


def test_the_deprecated_batch_changes_all_or_nobody(api: Api, sandbox: Sandbox) -> None:
    changes = [{"email": ANNA, "attributes": {"FIRSTNAME": "A"}}, {"id": 99, "attributes": {"FIRSTNAME": "B"}}]
    assert api.post("/contacts/batch", {"contacts": changes}).status == 404
    assert sandbox.contact(ANNA)["attributes"]["FIRSTNAME"] == "Anna"
    assert (
        api.post("/contacts/batch", {"contacts": [changes[0], {"sms": "+34600111222", "listIds": [8]}]}).status == 204
    )
    assert sandbox.contact(ANNA)["listIds"] == [7, 8]


def test_an_account_in_process_answers_425_to_single_writes_only(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.account_in_process = True
    assert api.post("/contacts", {"email": "new@example.com"}).status == 425
    assert api.put(f"/contacts/{ANNA}", {}).json["code"] == "account_in_process"
    assert api.get(f"/contacts/{ANNA}").status == 200


@pytest.mark.parametrize(("mode", "status"), [("402", 402), ("400", 400), ("failed", 402)])
def test_one_contact_too_many_for_the_contract_is_refused(api: Api, sandbox: Sandbox, mode: str, status: int) -> None:
    sandbox.switches.patch({"contact_limit": 2, "contact_limit_answer": mode})
    assert api.post("/contacts", {"email": "new@example.com"}).status == status
    assert api.post("/contacts", {"email": ANNA, "updateEnabled": True}).status == 204


def test_a_new_contact_may_be_found_only_after_a_while(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.search_lag_seconds = 5.0
    api.post("/contacts", {"email": "new@example.com"})
    assert api.get("/contacts/new@example.com").status == 404
    sandbox.clock.advance(5)
    assert api.get("/contacts/new@example.com").status == 200


def _emails(api: Api, query: str) -> list[str]:
    told = api.get(f"/contacts?{query}")
    assert told.status == 200, told.body
    return [each["email"] for each in told.json["contacts"]]


def test_all_contacts_come_newest_first_in_pages_that_count_everybody(api: Api) -> None:
    assert _emails(api, "limit=1") == [BIEL]
    assert _emails(api, "limit=1&offset=1") == [ANNA]
    assert _emails(api, "sort=asc") == [ANNA, BIEL]
    assert api.get("/contacts?limit=1").json["count"] == 2
    assert _emails(api, "limit=0") == []


def test_contacts_are_chosen_by_list_segment_ids_and_age(api: Api, sandbox: Sandbox) -> None:
    segment = sandbox.create_segment("Loyal", [BIEL])
    since = quote(api.get(f"/contacts/{BIEL}").json["createdAt"].replace("Z", "+00:00"))
    before = quote(api.get(f"/contacts/{ANNA}").json["createdAt"].replace("Z", "+00:00"))
    assert _emails(api, "listIds=7") == _emails(api, "listIds[]=7&listIds[]=8") == [ANNA]
    assert _emails(api, f"segmentId={segment}") == [BIEL]
    assert _emails(api, "ids=1&ids=2&sort=asc") == [ANNA, BIEL]
    assert _emails(api, f"createdSince={since}") == []
    assert _emails(api, f"modifiedSince={before}") == [BIEL]
    assert api.get("/contacts?modifiedSince=2026-01-01T00:00:00+02:00").status == 400, "an unescaped + is a blank"


def test_contacts_are_chosen_by_the_value_of_an_attribute(api: Api, sandbox: Sandbox) -> None:
    sandbox.create_attribute("TOPICS", "multiple-choice", options=["wine", "oil", "bread"])
    sandbox.create_attribute("SIZE", category="category", options=[{"value": 1, "label": "S"}])
    sandbox.create_attribute("VIP", "boolean")
    sandbox.create_attribute("SPENT", "float")
    api.put(f"/contacts/{ANNA}", {"attributes": {"TOPICS": ["wine", "oil"], "SIZE": "S", "VIP": True, "SPENT": 12.5}})
    api.put(f"/contacts/{BIEL}", {"attributes": {"TOPICS": ["wine"], "VIP": False}})
    for text in ('TOPICS,"wine,oil"', 'SIZE,"1"', 'SIZE, "S"', "VIP, true", "SPENT,12.50", 'FIRSTNAME,"Anna"'):
        assert _emails(api, f"filter={quote(f'equals({text})')}") == [ANNA], text
    assert _emails(api, f"filter={quote('equals(TOPICS,"wine")')}") == [BIEL, ANNA]


def test_category_values_are_shown_by_label_or_by_number(api: Api, sandbox: Sandbox) -> None:
    sandbox.create_attribute("SIZE", category="category", options=[{"value": 3, "label": "L"}])
    api.put(f"/contacts/{BIEL}", {"attributes": {"SIZE": 3}})
    assert api.get(f"/contacts/{BIEL}").json["attributes"] == {"SIZE": "L"}
    sandbox.switches.category_shown = "value"
    assert api.get(f"/contacts/{BIEL}").json["attributes"] == {"SIZE": "3"}


def test_leaving_one_list_by_opting_out_shows_on_the_contact(api: Api, sandbox: Sandbox) -> None:
    sandbox.unsubscribe_from(7, ANNA)
    assert api.get(f"/contacts/{ANNA}").json["listUnsubscribed"] == [7]
