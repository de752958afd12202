"""Identifiers that meet: phones and external ids that another contact or another row already has."""

import pytest

from tests.sandbox.api import Api, row
from traginer.sandbox import Sandbox

ANNA, BIEL, CARME = "anna@example.com", "biel@example.com", "carme@example.com"
PHONE = "34600111222"


@pytest.fixture(autouse=True)
def _biel_has_the_phone(sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA)
    sandbox.add_contact(BIEL, {"SMS": PHONE, "EXT_ID": "b-2", "FIRSTNAME": "Biel"}, list_ids=[7])


def test_by_default_a_row_with_anothers_phone_is_reported_and_skipped(api: Api, sandbox: Sandbox) -> None:
    process = api.bring_in(row(ANNA, SMS="+34600111222", FIRSTNAME="Anna"), row(CARME))
    assert sandbox.contacts_on(7) == {BIEL: sandbox.contact(BIEL)["attributes"], CARME: {}}
    assert api.report(process, "duplicate_phone_id")[1] == f"{ANNA};;{PHONE};;"


def test_the_row_can_also_be_reported_and_kept_without_the_phone(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.phone_conflict = "keep-without"
    process = api.bring_in(row(ANNA, SMS="+34600111222", FIRSTNAME="Anna"))
    assert sandbox.contacts_on(7)[ANNA] == {"FIRSTNAME": "Anna"}
    assert len(api.report(process, "duplicate_phone_id")) == 2


def test_merging_deletes_the_lesser_contact_and_is_counted(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.phone_conflict = "merge"
    process = api.bring_in(row(ANNA, SMS="+34600111222"), row(CARME), row(BIEL, FIRSTNAME="Again"))
    assert process["info"]["import"]["duplicate_phone_id"] is None
    assert sandbox.contacts_on(7) == {ANNA: {"SMS": PHONE}, CARME: {}, BIEL: {"FIRSTNAME": "Again"}}
    assert sandbox.contact(ANNA)["id"] < sandbox.contact(BIEL)["id"]
    assert sandbox.invariants().contacts_merged_away == 1


def test_the_external_id_outranks_the_address(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.phone_conflict = "merge"
    api.bring_in(row(ANNA, EXT_ID="b-2", LASTNAME="Pou"))
    assert sandbox.emails() == {ANNA}
    assert sandbox.contact(ANNA)["attributes"] == {
        "FIRSTNAME": "Biel",
        "LASTNAME": "Pou",
        "SMS": PHONE,
        "EXT_ID": "b-2",
    }


@pytest.mark.parametrize(
    ("name", "value", "report"),
    [
        ("SMS", "+34 655 000 111", "duplicate_phone_id"),
        ("WHATSAPP", "+34655000111", "duplicate_whatsapp_id"),
        ("LANDLINE_NUMBER", "0034938850000", "duplicate_landline_number_id"),
        ("EXT_ID", "x-1", "duplicate_ext_id"),
    ],
)
def test_an_identifier_twice_in_one_body_is_reported_under_its_own_name(
    api: Api, sandbox: Sandbox, name: str, value: str, report: str
) -> None:
    process = api.bring_in(row(ANNA, **{name: value}), row(CARME, **{name: value}))
    assert sandbox.emails_on(7) == {ANNA, BIEL}
    assert len(api.report(process, report)) == 2
    assert [kind for kind, link in process["info"]["import"].items() if link] == [report]


def test_rows_are_found_by_any_identifier_and_by_the_contacts_id(api: Api, sandbox: Sandbox) -> None:
    anna = sandbox.contact(ANNA)["id"]
    api.bring_in({"attributes": {"SMS": PHONE, "LASTNAME": "Serra"}}, {"attributes": {"EXT_ID": "new"}})
    api.post("/contacts/import", {"fileBody": f"CONTACT ID;LASTNAME\n{anna};Pou", "listIds": [7]})
    sandbox.settle()
    assert sandbox.contact(BIEL)["attributes"]["LASTNAME"] == "Serra"
    assert sandbox.contact(ANNA)["attributes"] == {"LASTNAME": "Pou"}
    assert api.get("/contacts/new?identifierType=ext_id").status == 200


def test_a_known_contact_may_get_a_phone_that_is_free(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(CARME, {"SMS": "34655000111"})
    api.bring_in(row(CARME, EXT_ID="c-3", SMS="34655000222"), row(ANNA, SMS="34655000333"))
    assert sandbox.contact(CARME)["attributes"] == {"SMS": "34655000222", "EXT_ID": "c-3"}


@pytest.mark.parametrize(("rule", "kept"), [("keep-without", {ANNA, BIEL}), ("drop-row", {BIEL})])
def test_an_unusable_phone_is_left_out_or_costs_the_row(api: Api, sandbox: Sandbox, rule: str, kept: set[str]) -> None:
    sandbox.switches.invalid_phone = rule
    process = api.bring_in(row(ANNA, SMS="+39 12"), row(BIEL, SMS=PHONE))
    assert set(process["info"]["import"].values()) == {None}
    assert sandbox.emails_on(7) == kept
    assert "SMS" not in sandbox.contact(ANNA)["attributes"]


def test_how_phones_are_checked_is_a_switch(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.phone_rule = "digits"
    api.bring_in(row(ANNA, SMS="+3412345"))
    assert sandbox.contact(ANNA)["attributes"] == {"SMS": "3412345"}


def test_a_contact_with_only_a_phone_is_shown_under_a_made_up_address(api: Api, sandbox: Sandbox) -> None:
    api.bring_in({"attributes": {"SMS": "+34655000111"}})
    assert api.get("/contacts/34655000111@mailin-sms.com").json["email"] == "34655000111@mailin-sms.com"
    sandbox.switches.phone_only_email = False
    assert "email" not in api.get("/contacts/34655000111").json


def test_reports_are_laid_out_as_the_switches_say(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.patch(
        {"report_columns": "offender", "report_header": False, "report_bom": True, "report_separator": ","}
    )
    process = api.bring_in(row(ANNA, SMS=PHONE), row("bad"), row(CARME))
    assert api.report(process, "duplicate_phone_id") == [f"\ufeff{PHONE}"]
    assert api.report(process) == ["\ufeffbad"]


def test_report_links_expire_where_that_is_switched_on(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.files_live_seconds = 60.0
    process = api.bring_in(row("bad"), row(CARME))
    assert len(api.report(process)) == 2
    sandbox.clock.advance(61)
    link = process["info"]["import"]["invalid_emails"].removeprefix(sandbox.url)
    assert api.ask("GET", link).status == 404


@pytest.mark.parametrize(
    ("position", "arrived", "holder_stays", "merged"),
    [("report", None, True, 0), ("keep-without", {}, True, 0), ("merge", {"SMS": PHONE}, False, 1)],
)
def test_a_new_address_with_a_number_somebody_holds_follows_the_switch(
    api: Api, sandbox: Sandbox, position: str, arrived: dict[str, str] | None, holder_stays: bool, merged: int
) -> None:
    sandbox.switches.phone_conflict = position
    api.bring_in(row("dora@example.com", SMS="+34600111222"))
    found = sandbox.contact("dora@example.com")
    assert (found and {name: found["attributes"].get(name) for name in arrived or {}}) == arrived
    assert (sandbox.contact(BIEL) is not None) is holder_stays
    assert sandbox.invariants().contacts_merged_away == merged
