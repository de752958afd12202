import json

import pytest

from tests.sandbox.api import Api, inbox, row
from traginer.sandbox import Sandbox

ANNA, BIEL, CARME = "anna@example.com", "biel@example.com", "carme@example.com"


def test_an_import_makes_contacts_puts_them_on_the_list_and_removes_nobody(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(CARME, list_ids=[7])
    process = api.bring_in(row(ANNA, FIRSTNAME="Anna"), row(BIEL))
    assert process == {
        "id": 1,
        "name": "IMPORTUSER",
        "status": "completed",
        "info": {
            "import": {
                "invalid_emails": None,
                "duplicate_contact_id": None,
                "duplicate_ext_id": None,
                "duplicate_email_id": None,
                "duplicate_phone_id": None,
                "duplicate_whatsapp_id": None,
                "duplicate_landline_number_id": None,
            }
        },
    }
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": "Anna"}, BIEL: {}, CARME: {}}


def test_an_import_updates_whom_it_knows_in_any_case_of_letters(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA, {"FIRSTNAME": "Ana", "LASTNAME": "Pou"})
    api.bring_in(row("ANNA@Example.com", FIRSTNAME="Anna"))
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": "Anna", "LASTNAME": "Pou"}}
    assert sandbox.emails() == {ANNA}


def test_without_update_existing_contacts_keep_their_values(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA, {"FIRSTNAME": "Ana"})
    api.bring_in(row(ANNA, FIRSTNAME="Anna"), row(BIEL), updateExistingContacts=False)
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": "Ana"}, BIEL: {}}


def test_whether_existing_contacts_join_the_list_without_update_is_a_switch(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA)
    sandbox.switches.existing_join_list = False
    api.bring_in(row(ANNA), row(BIEL), updateExistingContacts=False)
    assert sandbox.emails_on(7) == {BIEL}


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_value_erases_only_when_asked_to(api: Api, sandbox: Sandbox, empty: object) -> None:
    sandbox.add_contact(ANNA, {"FIRSTNAME": "Anna", "SMS": "+34600111222"})
    api.bring_in(row(ANNA, FIRSTNAME=empty, SMS=empty))
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": "Anna", "SMS": "34600111222"}}
    api.bring_in(row(ANNA, FIRSTNAME=empty, SMS=empty), emptyContactsAttributes=True)
    assert sandbox.contacts_on(7) == {ANNA: {}}


def test_a_bad_address_is_reported_in_a_file_and_the_rest_goes_in(api: Api, sandbox: Sandbox) -> None:
    bad = ["anna", "anna@", "anna@example", "a..b@example.com", "an na@example.com", "à@example.com", "@example.com"]
    process = api.bring_in(row(BIEL), *(row(email) for email in bad))
    assert sandbox.emails() == {BIEL}
    assert api.report(process) == ["EMAIL;EXT_ID;SMS;WHATSAPP;LANDLINE_NUMBER", *(f"{email};;;;" for email in bad)]


@pytest.mark.parametrize(("rule", "kept"), [("first", "Anna"), ("last", "Annabel")])
def test_of_two_rows_with_one_address_one_wins_and_the_other_is_reported(
    api: Api, sandbox: Sandbox, rule: str, kept: str
) -> None:
    sandbox.switches.duplicate_rows = rule
    process = api.bring_in(row(ANNA, FIRSTNAME="Anna"), row("Anna@example.com", FIRSTNAME="Annabel"))
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": kept}}
    assert len(api.report(process, "duplicate_email_id")) == 2


def test_unknown_attributes_and_values_of_the_wrong_type_vanish_without_a_word(api: Api, sandbox: Sandbox) -> None:
    for name, kind in (("BIRTHDAY", "date"), ("SPENT", "float"), ("VIP", "boolean")):
        sandbox.create_attribute(name, kind)
    process = api.bring_in(
        row(ANNA, FIRSTNAME=7, BIRTHDAY="soon", SPENT="much", VIP="maybe", NOBODY_KNOWS="this"),
        row(BIEL, FIRSTNAME="Biel", BIRTHDAY="31-12-1989", SPENT="12.50", VIP="Yes"),
    )
    assert set(process["info"]["import"].values()) == {None}
    assert sandbox.contacts_on(7) == {
        ANNA: {},
        BIEL: {"FIRSTNAME": "Biel", "BIRTHDAY": "1989-12-31", "SPENT": 12.5, "VIP": True},
    }


def test_lower_case_attribute_names_are_understood(api: Api, sandbox: Sandbox) -> None:
    api.bring_in(row(ANNA, firstname="Anna"))
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": "Anna"}}


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_csv_body_is_read_with_each_separator_and_with_a_byte_order_mark(
    api: Api, sandbox: Sandbox, separator: str, mark: str
) -> None:
    lines = [["FIRSTNAME", "Email"], ["Núria", ANNA], ['"Josep; Pep, fill"', BIEL], [], ["", CARME]]
    text = mark + "\r\n".join(separator.join(line) for line in lines)
    assert api.post("/contacts/import", {"fileBody": text, "listIds": [7]}).status == 202
    sandbox.settle()
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": "Núria"}, BIEL: {"FIRSTNAME": "Josep; Pep, fill"}, CARME: {}}


def test_quotes_can_be_switched_off_and_then_shift_the_cells(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.csv_quotes = False
    text = 'EMAIL;FIRSTNAME;LASTNAME\nanna@example.com;"Anna;Maria";Pou'
    api.post("/contacts/import", {"fileBody": text, "listIds": [7]})
    sandbox.settle()
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": '"Anna', "LASTNAME": 'Maria"'}}


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/people.csv", b"EMAIL;FIRSTNAME\nanna@example.com;N\xc3\xbaria"),
        ("/people.csv", "EMAIL;FIRSTNAME\nanna@example.com;Núria".encode("cp1252")),
        ("/people.json", json.dumps([row(ANNA, FIRSTNAME="Núria")]).encode()),
    ],
)
def test_a_file_is_fetched_from_this_machine(api: Api, sandbox: Sandbox, path: str, content: bytes) -> None:
    with inbox(content) as shelf:
        assert api.post("/contacts/import", {"fileUrl": shelf.url + path, "listIds": [7]}).status == 202
    sandbox.settle()
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": "Núria"}}


def test_a_new_list_is_made_by_the_import(api: Api, sandbox: Sandbox) -> None:
    api.bring_in(row(ANNA), listIds=[7], newList={"listName": "Spring", "folderId": 1})
    assert sandbox.lists() == {7: "Newsletter", 8: "Loyal customers", 9: "Spring"}
    assert sandbox.emails_on(9) == sandbox.emails_on(7) == {ANNA}


def test_an_import_without_a_list_makes_contacts_where_that_is_switched_on(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.import_without_list = "accept"
    api.bring_in(row(ANNA), listIds=[])
    assert sandbox.emails() == {ANNA}


def test_the_end_of_an_import_is_told_by_an_empty_post(api: Api, sandbox: Sandbox) -> None:
    with inbox() as ear:
        api.bring_in(row(ANNA), notifyUrl=f"{ear.url}/done/17?token=a")
        sandbox.settle()
        assert [(path, body) for path, _, body in ear.received] == [("/done/17?token=a", b"")]


def test_consent_groups_are_joined_and_shown_where_the_account_has_them(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.consent_groups = True
    api.bring_in(row(ANNA), consentGroupIds=[3, 1])
    shown = api.get(f"/contacts/{ANNA}").json
    assert shown["consentGroups"] == [{"id": 1, "status": "subscribed"}, {"id": 3, "status": "subscribed"}]


def test_a_blocked_contact_is_updated_and_listed_and_stays_blocked(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA)
    sandbox.block(ANNA)
    api.bring_in(row(ANNA, FIRSTNAME="Anna"))
    api.bring_in(row(ANNA), emailBlacklist=False)
    assert sandbox.contact(ANNA)["emailBlacklisted"] is True
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": "Anna"}}
    assert sandbox.invariants().blocks_lifted == 0


def test_whether_a_false_flag_lifts_a_block_is_a_switch_and_each_lift_is_counted(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.import_false_unblocks = True
    sandbox.add_contact(ANNA)
    sandbox.block(ANNA)
    started = api.start_import(row(ANNA), emailBlacklist=False)
    sandbox.settle()
    assert sandbox.contact(ANNA)["emailBlacklisted"] is False
    seen = sandbox.invariants()
    assert seen.blocks_lifted == 1
    assert seen.incidents[0]["request_id"] == started.headers["sib-request-id"]


def test_a_blocking_import_blocks_everybody_in_it(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA)
    api.bring_in(row(ANNA), row(BIEL), emailBlacklist=True, smsBlacklist=True)
    blocks = {(each["emailBlacklisted"], each["smsBlacklisted"]) for each in map(sandbox.contact, (ANNA, BIEL)) if each}
    assert blocks == {(True, True)}


def test_good_rows_can_be_rejected_by_chance_and_the_chance_can_be_repeated(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.patch({"reject_probability": 0.2, "reject_seed": 5})
    rows = [row(f"p{n}@example.com") for n in range(200)]
    process = api.bring_in(*rows)
    rejected = {line.split(";")[0] for line in api.report(process)[1:]}
    assert 20 < len(rejected) < 60
    assert sandbox.emails_on(7) == {each["email"] for each in rows} - rejected
    with Sandbox(tier="unlimited", switches=sandbox.switches) as second:
        other = Api(second)
        assert {line.split(";")[0] for line in other.report(other.bring_in(*rows))[1:]} == rejected
        other.connection.close()


@pytest.mark.parametrize(("status", "asked"), [(400, 400), (413, 413)])
def test_a_body_over_the_limit_is_refused_whole(api: Api, sandbox: Sandbox, status: int, asked: int) -> None:
    sandbox.switches.patch({"too_large_status": asked, "body_limit_bytes": 2000})
    assert api.start_import(*(row(f"p{n}@example.com") for n in range(100))).status == status
    assert api.start_import(*(row(f"p{n}@example.com") for n in range(10))).status == 202
    sandbox.settle()
    assert len(sandbox.emails()) == 10


@pytest.mark.parametrize(("mode", "status", "code"), [("402", 402, "not_enough_credits"), ("400", 400, None)])
def test_an_import_over_the_contract_is_refused_at_once(
    api: Api, sandbox: Sandbox, mode: str, status: int, code: str | None
) -> None:
    sandbox.switches.patch({"contact_limit": 3, "contact_limit_answer": mode})
    api.bring_in(row(ANNA), row(BIEL))
    told = api.start_import(row(ANNA), row(CARME), row("didac@example.com"))
    assert told.status == status
    assert code in (None, told.json["code"])
    assert api.start_import(row(ANNA, FIRSTNAME="Anna"), row(CARME)).status == 202
    sandbox.settle()
    assert sandbox.emails() == {ANNA, BIEL, CARME}


def test_an_import_over_the_contract_can_also_fail_on_the_way_having_taken_what_fits(
    api: Api, sandbox: Sandbox
) -> None:
    sandbox.switches.patch({"contact_limit": 2, "contact_limit_answer": "failed"})
    process = api.bring_in(row(ANNA), row(BIEL), row(CARME))
    assert process["status"] == "failed"
    assert sandbox.emails_on(7) == {ANNA, BIEL}


@pytest.mark.parametrize(("rule", "status"), [("complete", "completed"), ("fail", "failed")])
def test_an_import_whose_list_disappears_ends_as_the_switch_says(
    api: Api, sandbox: Sandbox, rule: str, status: str
) -> None:
    sandbox.switches.patch({"list_deleted": rule, "rows_per_second": 1.0})
    started = api.start_import(row(ANNA), row(BIEL))
    sandbox.clock.advance(1)
    sandbox.delete_list(7)
    sandbox.clock.advance(10)
    assert api.process(started.json["processId"])["status"] == status
    assert sandbox.emails() == ({ANNA, BIEL} if rule == "complete" else {ANNA})


def test_rows_that_are_no_rows_are_left_out(api: Api, sandbox: Sandbox) -> None:
    api.bring_in(7, "x", None, [], {}, {"email": None}, {"email": ["a"]}, {"email": ANNA, "attributes": 5})
    assert sandbox.contacts_on(7) == {ANNA: {}}


def test_half_a_surrogate_pair_does_not_stop_an_import(api: Api, sandbox: Sandbox) -> None:
    body = b'{"listIds":[7],"jsonBody":[{"email":"anna@example.com","attributes":{"FIRSTNAME":"A\\ud800"}}]}'
    assert api.post("/contacts/import", body).status == 202
    sandbox.settle()
    assert sandbox.contacts_on(7) == {ANNA: {"FIRSTNAME": "A?"}}
