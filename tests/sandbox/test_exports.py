import csv
import io
from typing import Any

import pytest

from tests.sandbox.api import Api, inbox
from traginer.sandbox import Sandbox

ANNA, BIEL, CARME = "anna@example.com", "biel@example.com", "carme@example.com"


@pytest.fixture(autouse=True)
def _people(sandbox: Sandbox) -> None:
    sandbox.create_attribute("VIP", "boolean")
    sandbox.create_attribute("TOPICS", "multiple-choice", options=["wine", "oil"])
    sandbox.add_contact(ANNA, {"FIRSTNAME": 'Anna "Nan"; Pou', "VIP": True, "SMS": "34600111222"}, list_ids=[7, 8])
    sandbox.add_contact(BIEL, {"TOPICS": ["wine", "oil"]}, list_ids=[7])
    sandbox.add_contact(CARME)


def _export(api: Api, **body: Any) -> list[list[str]]:
    told = api.post(
        "/contacts/export", {"customContactFilter": {"actionForContacts": "allContacts", "listId": 7}, **body}
    )
    assert told.status == 202, told.body
    api.sandbox.settle()
    process = api.process(told.json["processId"])
    assert (process["name"], process["status"]) == ("SEARCH_EXPORT_USERS", "completed")
    file = api.ask("GET", process["export_url"].removeprefix(api.sandbox.url))
    assert file.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(file.body.decode()), delimiter=";"))


def test_an_export_holds_everybody_on_the_list_with_the_columns_asked_for(api: Api) -> None:
    lines = _export(
        api,
        exportAttributes=["firstname", "VIP", "TOPICS", "SMS"],
        exportMetadata=["_listIds"],
        exportSubscriptionStatus=["email_marketing"],
    )
    assert lines[0] == [
        "EMAIL",
        "FIRSTNAME",
        "VIP",
        "TOPICS",
        "SMS",
        "ADDED_TIME",
        "MODIFIED_TIME",
        "_listIds",
        "email_marketing",
    ]
    assert [line[:5] + line[7:] for line in lines[1:]] == [
        [ANNA, 'Anna "Nan"; Pou', "Yes", "", "34600111222", "7,8", "subscribed"],
        [BIEL, "", "", "wine,oil", "", "7", "subscribed"],
    ]


@pytest.mark.parametrize(
    ("action", "emails"),
    [("allContacts", [ANNA, BIEL]), ("subscribed", [BIEL]), ("unsubscribed", [ANNA]), ("unsubscribedPerList", [BIEL])],
)
def test_an_export_can_be_limited_by_subscription(api: Api, sandbox: Sandbox, action: str, emails: list[str]) -> None:
    sandbox.block(ANNA)
    sandbox.unsubscribe_from(7, BIEL)
    lines = _export(
        api,
        customContactFilter={"actionForContacts": action, "listId": 7},
        exportMandatoryAttributes=False,
        exportAttributes=["EMAIL"],
    )
    assert [line[0] for line in lines[1:]] == emails


def test_a_segment_can_be_exported(api: Api, sandbox: Sandbox) -> None:
    segment = sandbox.create_segment("Loyal", [CARME])
    lines = _export(api, customContactFilter={"actionForContacts": "allContacts", "segmentId": segment})
    assert [line[0] for line in lines[1:]] == [CARME]


def test_an_export_waits_in_the_queue_and_tells_its_end(api: Api, sandbox: Sandbox) -> None:
    sandbox.switches.queue_delay_seconds = 60.0
    with inbox() as ear:
        chosen = {"actionForContacts": "allContacts", "listId": 7}
        api.post("/contacts/export", {"customContactFilter": chosen, "notifyUrl": f"{ear.url}/exported"})
        assert api.process(1) == {"id": 1, "name": "SEARCH_EXPORT_USERS", "status": "queued"}
        sandbox.clock.advance(60)
        sandbox.settle()
        assert api.process(1)["status"] == "completed"
        assert [path for path, _, _ in ear.received] == ["/exported"]


def test_the_link_of_an_export_can_not_be_guessed_and_may_expire(api: Api, sandbox: Sandbox) -> None:
    _export(api)
    link = api.process(1)["export_url"].removeprefix(sandbox.url)
    assert api.ask("GET", "/sandbox/files/export-1.csv").status == 404
    sandbox.switches.files_live_seconds = 5.0
    sandbox.clock.advance(6)
    assert api.ask("GET", link).status == 404
