"""How each published client reaches each route: one row per route, walked by the tests, so that no route is forgotten."""

from collections.abc import Callable
from typing import Any

import sib_api_v3_sdk as sib
from brevo.contacts import (
    AddContactToListRequestBodyEmails,
    CreateAttributeRequestEnumerationItem,
    ImportContactsRequestJsonBodyItem,
    RemoveContactFromListRequestBodyAll,
    RequestContactExportRequestCustomContactFilter,
    UpdateAttributeRequestEnumerationItem,
    UpdateBatchContactsRequestContactsItem,
)

from brevo import Brevo
from traginer.sandbox import Sandbox

HOOK = "http://127.0.0.1:9/hook"
_ATTRIBUTE = "/contacts/attributes/{attributeCategory}/{attributeName}"
_OPTION = "/contacts/attributes/multiple-choice/{multipleChoiceAttribute}/{multipleChoiceAttributeOption}"


def _contact_id(sandbox: Sandbox, email: str) -> int:
    contact = sandbox.contact(email)
    assert contact is not None
    return int(contact["id"])


def _completed_import(brevo: Brevo, sandbox: Sandbox) -> int:
    rows = [ImportContactsRequestJsonBodyItem(email=f"row{n}@example.com") for n in range(3)]
    rows.append(ImportContactsRequestJsonBodyItem(email="nobody"))
    started = brevo.contacts.import_contacts(json_body=rows, list_ids=[7], disable_notification=True)
    sandbox.settle()
    return int(started.process_id or 0)


def _read_process(brevo: Brevo, sandbox: Sandbox) -> None:
    found = brevo.process.get_process(process_id=_completed_import(brevo, sandbox))
    assert found.status == "completed"
    assert found.info.import_.invalid_emails.startswith("http://127.0.0.1")
    assert found.info.import_.duplicate_phone_id is None


def _read_processes(brevo: Brevo, sandbox: Sandbox) -> None:
    _completed_import(brevo, sandbox)
    assert [each.name for each in brevo.process.get_processes(limit=50, sort="desc").processes] == ["IMPORTUSER"]


def _export(brevo: Brevo, _sandbox: Sandbox) -> None:
    chosen = RequestContactExportRequestCustomContactFilter(action_for_contacts="allContacts", list_id=7)
    assert brevo.contacts.request_contact_export(custom_contact_filter=chosen, export_attributes=["FIRSTNAME"])


def _batch(brevo: Brevo, sandbox: Sandbox) -> None:
    change = UpdateBatchContactsRequestContactsItem(email="anna@example.com", attributes={"LASTNAME": "Pou"})
    brevo.contacts.update_batch_contacts(contacts=[change])
    assert sandbox.contact("anna@example.com")["attributes"]["LASTNAME"] == "Pou"


def _segments(brevo: Brevo, sandbox: Sandbox) -> None:
    sandbox.create_segment("Loyal", ["anna@example.com"])
    assert brevo.contacts.get_segments().segments[0].segment_name == "Loyal"


def _attributes(brevo: Brevo, sandbox: Sandbox) -> None:
    sandbox.create_attribute("SIZE", category="category", options=[{"value": 1, "label": "S"}])
    sandbox.create_attribute("TOPICS", "multiple-choice", options=["wine", "oil"])
    sandbox.create_attribute("ORDERS", category="calculated", value="COUNT[ORDER_ID]")
    names = [each.name for each in brevo.contacts.get_attributes().attributes]
    assert names == ["EMAIL", "FIRSTNAME", "LASTNAME", "SMS", "SIZE", "TOPICS", "ORDERS"]


def _create_attribute(brevo: Brevo, _sandbox: Sandbox) -> None:
    brevo.contacts.create_attribute(
        "category", "SIZE", enumeration=[CreateAttributeRequestEnumerationItem(value=1, label="S")]
    )


def _update_attribute(brevo: Brevo, sandbox: Sandbox) -> None:
    sandbox.create_attribute("SIZE", category="category", options=[{"value": 1, "label": "S"}])
    brevo.contacts.update_attribute(
        "category", "SIZE", enumeration=[UpdateAttributeRequestEnumerationItem(value=2, label="M")]
    )


def _delete_option(brevo: Brevo, sandbox: Sandbox) -> None:
    sandbox.create_attribute("TOPICS", "multiple-choice", options=["wine", "oil"])
    brevo.contacts.delete_multi_attribute_options("TOPICS", "oil")


def _add(brevo: Brevo, sandbox: Sandbox) -> None:
    entries = AddContactToListRequestBodyEmails(emails=["carme@example.com", "nobody@example.com"])
    moved = brevo.contacts.add_contact_to_list(7, request=entries)
    assert (moved.contacts.success, moved.contacts.failure) == (["carme@example.com"], ["nobody@example.com"])
    assert "carme@example.com" in sandbox.emails_on(7)


def _remove(brevo: Brevo, sandbox: Sandbox) -> None:
    moved = brevo.contacts.remove_contact_from_list(7, request=RemoveContactFromListRequestBodyAll(all_=True))
    assert moved.contacts.total == 2
    sandbox.settle()
    assert sandbox.emails_on(7) == set()


def _create(brevo: Brevo, sandbox: Sandbox) -> None:
    created = brevo.contacts.create_contact(email="d+tag@example.com", attributes={"FIRSTNAME": "Dídac"}, list_ids=[7])
    assert created.id == _contact_id(sandbox, "d+tag@example.com")


def _update(brevo: Brevo, sandbox: Sandbox) -> None:
    brevo.contacts.update_contact("b-2", identifier_type="ext_id", attributes={"FIRSTNAME": "Biel"}, list_ids=[8])
    assert sandbox.contact("biel@example.com")["listIds"] == [7, 8]


def _webhook(brevo: Brevo) -> int:
    return int(brevo.webhooks.create_webhook(url=HOOK, type="marketing", events=["listAddition"]).id)


def _blocked(brevo: Brevo, sandbox: Sandbox) -> None:
    sandbox.block("anna@example.com")
    found = brevo.transactional_emails.get_transac_blocked_contacts(start_date="2020-01-01", end_date="2100-01-01")
    assert found.count == 1


def _unblock(brevo: Brevo, sandbox: Sandbox) -> None:
    sandbox.block("anna@example.com")
    brevo.transactional_emails.unblock_or_resubscribe_a_transactional_contact("anna@example.com")


Drive = Callable[[Any, Sandbox], object]
BREVO_PYTHON: dict[str, Drive] = {
    "GET /account": lambda brevo, _: brevo.account.get_account(),
    "GET /processes": _read_processes,
    "GET /processes/{processId}": _read_process,
    "POST /contacts/import": _completed_import,
    "POST /contacts/export": _export,
    "POST /contacts/batch": _batch,
    "GET /contacts/segments": _segments,
    "GET /contacts/attributes": _attributes,
    f"DELETE {_OPTION}": _delete_option,
    f"POST {_ATTRIBUTE}": _create_attribute,
    f"PUT {_ATTRIBUTE}": _update_attribute,
    f"DELETE {_ATTRIBUTE}": lambda brevo, _: brevo.contacts.delete_attribute("normal", "LASTNAME"),
    "GET /contacts/folders": lambda brevo, _: brevo.contacts.get_folders(limit=50),
    "POST /contacts/folders": lambda brevo, _: brevo.contacts.create_folder(name="Spring"),
    "GET /contacts/folders/{folderId}": lambda brevo, _: brevo.contacts.get_folder(1),
    "PUT /contacts/folders/{folderId}": lambda brevo, _: brevo.contacts.update_folder(1, name="Summer"),
    "DELETE /contacts/folders/{folderId}": lambda brevo, _: brevo.contacts.delete_folder(1),
    "GET /contacts/folders/{folderId}/lists": lambda brevo, _: brevo.contacts.get_folder_lists(1, sort="asc"),
    "GET /contacts/lists": lambda brevo, _: brevo.contacts.get_lists(limit=50),
    "POST /contacts/lists": lambda brevo, _: brevo.contacts.create_list(name="Autumn", folder_id=1),
    "GET /contacts/lists/{listId}": lambda brevo, _: brevo.contacts.get_list(7),
    "PUT /contacts/lists/{listId}": lambda brevo, _: brevo.contacts.update_list(7, name="News"),
    "DELETE /contacts/lists/{listId}": lambda brevo, _: brevo.contacts.delete_list(7),
    "GET /contacts/lists/{listId}/contacts": lambda brevo, _: brevo.contacts.get_contacts_from_list(7, limit=500),
    "POST /contacts/lists/{listId}/contacts/add": _add,
    "POST /contacts/lists/{listId}/contacts/remove": _remove,
    "GET /contacts": lambda brevo, _: brevo.contacts.get_contacts(
        list_ids=[7, 8], modified_since="2020-01-01T00:00:00+02:00"
    ),
    "POST /contacts": _create,
    "GET /contacts/{identifier}": lambda brevo, _: brevo.contacts.get_contact_info("anna@example.com"),
    "PUT /contacts/{identifier}": _update,
    "DELETE /contacts/{identifier}": lambda brevo, _: brevo.contacts.delete_contact("carme@example.com"),
    "GET /contacts/{identifier}/campaignStats": lambda brevo, _: brevo.contacts.get_contact_stats("anna@example.com"),
    "GET /webhooks": lambda brevo, _: _webhook(brevo) and brevo.webhooks.get_webhooks(type="marketing"),
    "POST /webhooks": lambda brevo, _: _webhook(brevo),
    "GET /webhooks/{webhookId}": lambda brevo, _: brevo.webhooks.get_webhook(_webhook(brevo)),
    "PUT /webhooks/{webhookId}": lambda brevo, _: brevo.webhooks.update_webhook(_webhook(brevo), events=["spam"]),
    "DELETE /webhooks/{webhookId}": lambda brevo, _: brevo.webhooks.delete_webhook(_webhook(brevo)),
    "GET /smtp/blockedContacts": _blocked,
    "DELETE /smtp/blockedContacts/{email}": _unblock,
}


def _sib_process(client: Any, sandbox: Sandbox) -> None:
    started = _sib_import(client, sandbox)
    assert sib.ProcessApi(client).get_process(started).status == "completed"


def _sib_import(client: Any, sandbox: Sandbox) -> int:
    body = sib.RequestContactImport(file_body="EMAIL;FIRSTNAME\nd@example.com;Dídac\nnobody;X", list_ids=[7])
    started = sib.ContactsApi(client).import_contacts(body)
    sandbox.settle()
    assert sandbox.contact("d@example.com")["attributes"] == {"FIRSTNAME": "Dídac"}
    return int(started.process_id)


def _sib_processes(client: Any, sandbox: Sandbox) -> None:
    _sib_import(client, sandbox)
    assert sib.ProcessApi(client).get_processes(limit=50).count == 1


def _sib_export(client: Any, _sandbox: Sandbox) -> None:
    chosen = sib.RequestContactExportCustomContactFilter(action_for_contacts="allContacts", list_id=7)
    sib.ContactsApi(client).request_contact_export(sib.RequestContactExport(custom_contact_filter=chosen))


def _sib_attributes(client: Any, sandbox: Sandbox) -> None:
    sandbox.create_attribute("SIZE", category="category", options=[{"value": 1, "label": "S"}])
    assert len(_contacts(client).get_attributes().attributes) == 5


def _sib_webhook(client: Any) -> int:
    body = sib.CreateWebhook(url=HOOK, events=["listAddition"], type="marketing", description="Sandbox")
    return int(sib.WebhooksApi(client).create_webhook(body).id)


def _sib_unblock(client: Any, sandbox: Sandbox) -> None:
    sandbox.block("anna@example.com")
    sib.TransactionalEmailsApi(client).smtp_blocked_contacts_email_delete("anna@example.com")


def _sib_blocked(client: Any, sandbox: Sandbox) -> None:
    sandbox.block("anna@example.com")
    assert sib.TransactionalEmailsApi(client).get_transac_blocked_contacts().count == 1


def _sib_batch(client: Any, _sandbox: Sandbox) -> None:
    change = sib.UpdateBatchContactsContacts(email="anna@example.com", attributes={"LASTNAME": "Pou"})
    sib.ContactsApi(client).update_batch_contacts(sib.UpdateBatchContacts(contacts=[change]))


def _sib_update(client: Any, _sandbox: Sandbox) -> None:
    change = sib.UpdateContact(attributes={"FIRSTNAME": "Anna"})
    sib.ContactsApi(client).update_contact("anna@example.com", change)


def _sib_create(client: Any, sandbox: Sandbox) -> None:
    body = sib.CreateContact(email="d+tag@example.com", attributes={"FIRSTNAME": "Dídac"}, list_ids=[7])
    assert sib.ContactsApi(client).create_contact(body).id == _contact_id(sandbox, "d+tag@example.com")


def _contacts(client: Any) -> Any:
    return sib.ContactsApi(client)


# sib-api-v3-sdk 7.6.0 knows neither segments nor the deletion of single options.
SIB: dict[str, Drive] = {
    "GET /account": lambda client, _: sib.AccountApi(client).get_account(),
    "GET /processes": _sib_processes,
    "GET /processes/{processId}": _sib_process,
    "POST /contacts/import": _sib_import,
    "POST /contacts/export": _sib_export,
    "POST /contacts/batch": _sib_batch,
    "GET /contacts/attributes": _sib_attributes,
    f"POST {_ATTRIBUTE}": lambda client, _: _contacts(client).create_attribute(
        "normal", "CITY", sib.CreateAttribute(type="text")
    ),
    f"PUT {_ATTRIBUTE}": lambda client, sandbox: (
        sandbox.create_attribute("ORDERS", category="global", value="COUNT[A]"),
        _contacts(client).update_attribute("global", "ORDERS", sib.UpdateAttribute(value="COUNT[B]")),
    ),
    f"DELETE {_ATTRIBUTE}": lambda client, _: _contacts(client).delete_attribute("normal", "LASTNAME"),
    "GET /contacts/folders": lambda client, _: _contacts(client).get_folders(50, 0),
    "POST /contacts/folders": lambda client, _: _contacts(client).create_folder(sib.CreateUpdateFolder(name="Spring")),
    "GET /contacts/folders/{folderId}": lambda client, _: _contacts(client).get_folder(1),
    "PUT /contacts/folders/{folderId}": lambda client, _: _contacts(client).update_folder(
        1, sib.CreateUpdateFolder(name="Summer")
    ),
    "DELETE /contacts/folders/{folderId}": lambda client, _: _contacts(client).delete_folder(1),
    "GET /contacts/folders/{folderId}/lists": lambda client, _: _contacts(client).get_folder_lists(1),
    "GET /contacts/lists": lambda client, _: _contacts(client).get_lists(limit=50),
    "POST /contacts/lists": lambda client, _: _contacts(client).create_list(sib.CreateList(name="Autumn", folder_id=1)),
    "GET /contacts/lists/{listId}": lambda client, _: _contacts(client).get_list(7),
    "PUT /contacts/lists/{listId}": lambda client, _: _contacts(client).update_list(7, sib.UpdateList(name="News")),
    "DELETE /contacts/lists/{listId}": lambda client, _: _contacts(client).delete_list(7),
    "GET /contacts/lists/{listId}/contacts": lambda client, _: _contacts(client).get_contacts_from_list(7, limit=500),
    "POST /contacts/lists/{listId}/contacts/add": lambda client, _: _contacts(client).add_contact_to_list(
        7, sib.AddContactToList(emails=["carme@example.com"])
    ),
    "POST /contacts/lists/{listId}/contacts/remove": lambda client, _: _contacts(client).remove_contact_from_list(
        7, sib.RemoveContactFromList(emails=["anna@example.com"])
    ),
    "GET /contacts": lambda client, _: _contacts(client).get_contacts(limit=1000),
    "POST /contacts": _sib_create,
    "GET /contacts/{identifier}": lambda client, _: _contacts(client).get_contact_info("anna@example.com"),
    "PUT /contacts/{identifier}": _sib_update,
    "DELETE /contacts/{identifier}": lambda client, _: _contacts(client).delete_contact("carme@example.com"),
    "GET /contacts/{identifier}/campaignStats": lambda client, _: _contacts(client).get_contact_stats(
        "anna@example.com"
    ),
    "GET /webhooks": lambda client, _: _sib_webhook(client) and sib.WebhooksApi(client).get_webhooks(type="marketing"),
    "POST /webhooks": lambda client, _: _sib_webhook(client),
    "GET /webhooks/{webhookId}": lambda client, _: sib.WebhooksApi(client).get_webhook(_sib_webhook(client)),
    "PUT /webhooks/{webhookId}": lambda client, _: sib.WebhooksApi(client).update_webhook(
        _sib_webhook(client), sib.UpdateWebhook(events=["spam"])
    ),
    "DELETE /webhooks/{webhookId}": lambda client, _: sib.WebhooksApi(client).delete_webhook(_sib_webhook(client)),
    "GET /smtp/blockedContacts": _sib_blocked,
    "DELETE /smtp/blockedContacts/{email}": _sib_unblock,
}
