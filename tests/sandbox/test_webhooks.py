import json
from typing import Any

import pytest

from tests.sandbox.api import Api, Inbox, inbox, row
from traginer.sandbox import Sandbox

ANNA, BIEL = "anna@example.com", "biel@example.com"
KEY_NAME = "Sandbox key"


def _register(api: Api, ear: Inbox, *events: str, **settings: Any) -> int:
    body = {"url": f"{ear.url}/hook", "type": "marketing", "events": events, **settings}
    return int(api.post("/webhooks", body).json["id"])


def _heard(api: Api, ear: Inbox) -> list[Any]:
    api.sandbox.settle()
    return [json.loads(body) for _, _, body in ear.received]


def test_an_import_tells_of_each_addition_and_of_each_change_with_the_name_of_the_key(
    api: Api, sandbox: Sandbox
) -> None:
    sandbox.add_contact(ANNA, list_ids=[7])
    with inbox() as ear:
        hook = _register(api, ear, "listAddition", "contactUpdated")
        api.bring_in(row(ANNA, FIRSTNAME="Anna"), row(BIEL))
        added, updated = _heard(api, ear)
    assert added.keys() == {"id", "event", "email", "list_id", "date", "ts", "api_key_name"}
    assert {name: added[name] for name in ("id", "event", "email", "list_id", "api_key_name")} == {
        "id": hook,
        "event": "list_addition",
        "email": BIEL,
        "list_id": [7],
        "api_key_name": KEY_NAME,
    }
    assert updated["event"] == "contact_updated"
    assert updated["content"] == [{"email": ANNA, "attributes": {"FIRSTNAME": "Anna"}}]


def test_single_writes_tell_too(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(BIEL)
    with inbox() as ear:
        _register(api, ear, "listAddition", "contactUpdated", "contactDeleted")
        api.post("/contacts", {"email": ANNA, "listIds": [7]})
        api.put(f"/contacts/{BIEL}", {"attributes": {"FIRSTNAME": "Biel"}})
        api.post("/contacts/lists/7/contacts/add", {"emails": [ANNA, BIEL]})
        api.delete(f"/contacts/{ANNA}")
        heard = _heard(api, ear)
    assert [(each["event"], each["email"]) for each in heard] == [
        ("list_addition", ANNA),
        ("contact_updated", BIEL),
        ("list_addition", BIEL),
        ("contact_deleted", [ANNA]),
    ]
    assert heard[-1]["date"].endswith("Z")
    assert "T" in heard[-1]["date"]


@pytest.mark.parametrize(
    ("event", "told"), [("unsubscribed", "unsubscribe"), ("hardBounce", "hard_bounce"), ("spam", "spam")]
)
def test_a_person_who_opts_out_bounces_or_complains_is_told_of(
    api: Api, sandbox: Sandbox, event: str, told: str
) -> None:
    sandbox.add_contact(ANNA, list_ids=[7, 8])
    with inbox() as ear:
        _register(api, ear, event)
        sandbox.block(ANNA, event=event)
        heard = _heard(api, ear)
    assert [(each["event"], each["email"], each["list_id"]) for each in heard] == [(told, ANNA, [7, 8])]
    assert ("reason" in heard[0]) == (event != "unsubscribed")


def test_a_webhook_for_transactional_mail_hears_nothing_of_contacts(api: Api, sandbox: Sandbox) -> None:
    sandbox.add_contact(ANNA)
    with inbox() as ear:
        _register(api, ear, "spam", type="transactional")
        sandbox.block(ANNA, event="spam")
        assert _heard(api, ear) == []


def test_a_webhook_carries_its_token_its_headers_and_the_password_of_its_address(api: Api) -> None:
    with inbox() as ear:
        _register(
            api,
            ear,
            "listAddition",
            auth={"type": "bearer", "token": "t0ken"},
            headers=[{"key": "X-Secret", "value": "s"}],
        )
        _register(api, ear, "listAddition", url=ear.url.replace("://", "://ada:pw@") + "/basic")
        api.bring_in(row(ANNA))
        _heard(api, ear)
        sent = {path: headers for path, headers, _ in ear.received}
    assert (sent["/hook"]["authorization"], sent["/hook"]["x-secret"]) == ("Bearer t0ken", "s")
    assert sent["/basic"]["authorization"] == "Basic YWRhOnB3"


def test_a_batched_webhook_gets_one_array(api: Api) -> None:
    with inbox() as ear:
        _register(api, ear, "listAddition", batched=True)
        api.bring_in(row(ANNA), row(BIEL))
        heard = _heard(api, ear)
    assert [[each["email"] for each in batch] for batch in heard] == [[ANNA, BIEL]]


def test_calls_go_nowhere_but_to_this_machine_unless_switched_on(api: Api, sandbox: Sandbox) -> None:
    body = {"url": "https://hooks.example.com/x", "type": "marketing", "events": ["listAddition"]}
    assert api.post("/webhooks", body).status == 201
    api.bring_in(row(ANNA))
    sandbox.settle()
    assert [(made.call.url, made.outcome) for made in sandbox.callbacks()] == [(body["url"], "not-loopback")]
    sandbox.switches.callbacks = "anywhere"
    assert api.start_import(row(BIEL), notifyUrl="http://[::1]:9/").status == 202
    sandbox.settle()
    assert sandbox.callbacks()[-1].outcome != "not-loopback"


def test_a_changed_webhook_listens_to_its_new_events_and_a_deleted_one_to_none(api: Api) -> None:
    with inbox() as ear:
        hook = _register(api, ear, "listAddition")
        assert api.put(f"/webhooks/{hook}", {"events": ["contactUpdated"], "description": "News"}).status == 204
        api.bring_in(row(ANNA))
        assert _heard(api, ear) == []
        assert api.get(f"/webhooks/{hook}").json["description"] == "News"
        assert api.delete(f"/webhooks/{hook}").status == 204
        api.bring_in(row(ANNA, FIRSTNAME="Anna"))
        assert _heard(api, ear) == []


def test_there_are_at_most_forty_webhooks(api: Api) -> None:
    with inbox() as ear:
        for _ in range(40):
            _register(api, ear, "spam")
        body = {"url": ear.url, "type": "marketing", "events": ["spam"]}
        assert api.post("/webhooks", body).status == 400
    assert len(api.get("/webhooks?type=marketing").json["webhooks"]) == 40
    assert api.get("/webhooks").json == {"webhooks": []}
