import pytest

from tests.sandbox.api import Api
from traginer.sandbox import Sandbox

ANNA, BIEL, CARME = "anna@example.com", "biel@example.com", "carme@example.com"


@pytest.fixture(autouse=True)
def _people(sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA, {"EXT_ID": "a"}, list_ids=[7])
    sandbox.add_contact(BIEL, {"EXT_ID": "b"}, list_ids=[7])
    sandbox.add_contact(CARME, {"EXT_ID": "c"})


def test_a_fresh_account_has_two_lists_in_one_folder(api: Api) -> None:
    assert [(each["id"], each["name"]) for each in api.get("/contacts/lists?sort=asc").json["lists"]] == [
        (7, "Newsletter"),
        (8, "Loyal customers"),
    ]
    assert api.get("/contacts/folders").json["folders"][0]["name"] == "Traginer"


def test_the_listing_counts_only_unique_subscribers_and_the_single_list_counts_them_all(
    api: Api, sandbox: Sandbox
) -> None:
    sandbox.block(ANNA)
    listed = api.get("/contacts/lists?sort=asc").json["lists"][0]
    assert (listed["uniqueSubscribers"], listed["totalSubscribers"], listed["totalBlacklisted"]) == (2, 0, 0)
    single = api.get("/contacts/lists/7").json
    assert (single["uniqueSubscribers"], single["totalSubscribers"], single["totalBlacklisted"]) == (2, 1, 1)


def test_adding_names_who_joined_and_who_did_not(api: Api, sandbox: Sandbox) -> None:
    told = api.post("/contacts/lists/7/contacts/add", {"emails": [CARME, ANNA, "nobody@example.com"]})
    assert (told.status, told.json) == (
        201,
        {"contacts": {"success": [CARME], "failure": [ANNA, "nobody@example.com"]}},
    )
    assert sandbox.emails_on(7) == {ANNA, BIEL, CARME}


@pytest.mark.parametrize("body", [{"emails": ["Anna@Example.com"]}, {"ids": [1]}, {"extIds": ["a"]}])
def test_removing_takes_addresses_ids_or_external_ids_and_keeps_the_contact(
    api: Api, sandbox: Sandbox, body: dict[str, list[object]]
) -> None:
    told = api.post("/contacts/lists/7/contacts/remove", body)
    assert (told.status, told.json["contacts"]) == (201, {"success": next(iter(body.values())), "failure": []})
    assert sandbox.emails_on(7) == {BIEL}
    assert sandbox.contact(ANNA) is not None
    assert sandbox.invariants().contacts_deleted == 0
    assert api.post("/contacts/lists/7/contacts/remove", body).status == 400


def test_a_hundred_and_fifty_entries_are_taken_at_once_and_no_more(api: Api, sandbox: Sandbox) -> None:
    emails = [f"p{n}@example.com" for n in range(150)]
    for email in emails:
        sandbox.add_contact(email)
    assert api.post("/contacts/lists/8/contacts/add", {"emails": [*emails, ANNA]}).json["code"] == "out_of_range"
    assert len(api.post("/contacts/lists/8/contacts/add", {"emails": emails}).json["contacts"]["success"]) == 150
    assert sandbox.emails_on(8) == set(emails)


def test_removing_everybody_is_a_process(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.queue_delay_seconds = 30.0
    told = api.post("/contacts/lists/7/contacts/remove", {"all": True})
    assert told.json == {"contacts": {"processId": 1, "total": 2}}
    assert (api.process(1)["status"], sandbox.emails_on(7)) == ("queued", {ANNA, BIEL})
    sandbox.clock.advance(30)
    assert (api.process(1)["status"], sandbox.emails_on(7)) == ("completed", set())


def test_a_dynamic_list_says_so_and_can_not_be_filled_by_hand(api: Api, sandbox: Sandbox) -> None:
    list_id = sandbox.dynamic_list("Spenders", [ANNA])
    assert api.get(f"/contacts/lists/{list_id}").json["dynamicList"] is True
    assert api.get(f"/contacts/lists/{list_id}/contacts").json["count"] == 1
    assert api.post(f"/contacts/lists/{list_id}/contacts/add", {"emails": [BIEL]}).status == 400
    assert api.start_import({"email": BIEL}, listIds=[list_id]).status == 400
    assert sandbox.emails_on(list_id) == {ANNA}


def test_a_folder_takes_its_lists_with_it_but_no_contact(api: Api, sandbox: Sandbox) -> None:
    folder = api.post("/contacts/folders", {"name": "Old"}).json["id"]
    assert api.put("/contacts/lists/7", {"folderId": folder}).status == 204
    assert [each["id"] for each in api.get(f"/contacts/folders/{folder}/lists").json["lists"]] == [7]
    assert api.delete(f"/contacts/folders/{folder}").status == 204
    assert sandbox.lists() == {8: "Loyal customers"}
    assert sandbox.emails() == {ANNA, BIEL, CARME}


def test_lists_come_in_pages_of_at_most_fifty_and_ids_are_never_used_again(api: Api) -> None:
    made = [api.post("/contacts/lists", {"name": f"L{n}", "folderId": 1}).json["id"] for n in range(60)]
    assert made == list(range(9, 69))
    page = api.get("/contacts/lists?limit=50&offset=50&sort=asc").json
    assert (page["count"], len(page["lists"])) == (62, 12)
    assert api.delete("/contacts/lists/68").status == 204
    assert api.post("/contacts/lists", {"name": "New", "folderId": 1}).json == {"id": 69}


def test_reading_on_page_by_page_gives_everybody_once_also_after_a_change(api: Api, sandbox: Sandbox) -> None:
    emails = [f"p{n:03}@example.com" for n in range(100)]
    for email in emails:
        sandbox.add_contact(email, list_ids=[8])

    def page(offset: int, order: str) -> list[str]:
        told = api.get(f"/contacts/lists/8/contacts?limit=30&offset={offset}&sort={order}").json
        return [each["email"] for each in told["contacts"]]

    assert [one for offset in (0, 30, 60, 90) for one in page(offset, "asc")] == emails
    assert [one for offset in (0, 30, 60, 90) for one in page(offset, "desc")] == emails[::-1]
    assert page(30, "asc") == emails[30:60]
    sandbox.take_off(8, emails[0])
    assert page(30, "asc") == emails[31:61]


def test_members_are_chosen_by_when_they_changed(api: Api, sandbox: Sandbox) -> None:
    sandbox.clock.advance(60)
    now = api.ask("GET", "/sandbox/clock").json["now"]
    sandbox.clock.advance(60)
    api.put(f"/contacts/{BIEL}", {"attributes": {"FIRSTNAME": "Biel"}})
    found = api.get(f"/contacts/lists/7/contacts?modifiedSince={now}").json
    assert (found["count"], found["contacts"][0]["email"]) == (1, BIEL)
