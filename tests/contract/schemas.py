"""What each answer must look like: facts of Brevo's OpenAPI file (2026-02-22) with the later changes of brevo-python 5.1.0.

Written down anew, as JSON Schema, by route and status. `None` is an answer without a body. Objects are closed: a field
that Brevo does not have is as wrong as one that is missing.
"""

from typing import Any

TEXT, WHOLE, NUMBER, TRUTH = {"type": "string"}, {"type": "integer"}, {"type": "number"}, {"type": "boolean"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
LINK = {"type": ["string", "null"], "pattern": "^https?://"}


def thing(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """A closed object."""
    return {
        "type": "object",
        "required": sorted(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def array(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def one_of(*values: str) -> dict[str, Any]:
    return {"enum": list(values)}


CREATED = thing({"id": WHOLE})
QUEUED = thing({"processId": WHOLE})
ERROR_CODES = (
    "invalid_parameter", "missing_parameter", "out_of_range", "campaign_processing", "campaign_sent",
    "document_not_found", "not_enough_credits", "permission_denied", "duplicate_parameter", "duplicate_request",
    "method_not_allowed", "unauthorized", "account_under_validation", "not_acceptable", "bad_request",
    "unprocessable_entity", "account_in_process",
)  # fmt: skip
ERROR = thing({"code": one_of(*ERROR_CODES), "message": TEXT}, {"metadata": {"type": "object"}})

ATTRIBUTE_VALUES = {
    "type": "object",
    "propertyNames": {"pattern": "^[A-Z0-9_]+$"},
    "additionalProperties": {"anyOf": [TEXT, NUMBER, TRUTH, array(TEXT)]},
}
_CONTACT = {
    "id": WHOLE,
    "emailBlacklisted": TRUTH,
    "smsBlacklisted": TRUTH,
    "whatsappBlacklisted": TRUTH,
    "createdAt": MOMENT,
    "modifiedAt": MOMENT,
    "listIds": array(WHOLE),
    "attributes": ATTRIBUTE_VALUES,
}
_CONTACT_OPTIONAL = {
    "email": TEXT,
    "listUnsubscribed": array(WHOLE),
    "consentGroups": array(thing({"id": WHOLE, "status": TEXT})),
}
CONTACT = thing(_CONTACT, _CONTACT_OPTIONAL)
CONTACTS = thing({"contacts": array(CONTACT), "count": WHOLE})
_EVENT = {"campaignId": WHOLE, "eventTime": MOMENT}
_EVENTS = array(thing(_EVENT, {"ip": TEXT, "count": WHOLE}))
_LINK = thing({"count": WHOLE, "eventTime": MOMENT, "ip": TEXT, "url": TEXT})
STATISTICS = thing(
    {},
    {
        "messagesSent": _EVENTS,
        "delivered": _EVENTS,
        "opened": _EVENTS,
        "hardBounces": _EVENTS,
        "softBounces": _EVENTS,
        "complaints": _EVENTS,
        "clicked": array(thing({"campaignId": WHOLE, "links": array(_LINK)})),
        "unsubscriptions": thing(
            {
                "userUnsubscription": array(thing(_EVENT, {"ip": TEXT})),
                "adminUnsubscription": array(thing({"eventTime": MOMENT}, {"ip": TEXT})),
            }
        ),
        "transacAttributes": array({"type": "object"}),
    },
)
CONTACT_IN_FULL = thing({**_CONTACT, "statistics": STATISTICS}, _CONTACT_OPTIONAL)

_COUNTERS = {"totalBlacklisted": WHOLE, "totalSubscribers": WHOLE, "uniqueSubscribers": WHOLE}
FOLDER = thing({"id": WHOLE, "name": TEXT, **_COUNTERS})
_LIST = {"id": WHOLE, "name": TEXT, "folderId": WHOLE, **_COUNTERS}
# The two totals of a list are always 0 in the listing, since 2021-06-30.
LIST = thing({**_LIST, "totalBlacklisted": {"const": 0}, "totalSubscribers": {"const": 0}})
LIST_IN_FULL = thing(
    {**_LIST, "createdAt": MOMENT},
    {"dynamicList": TRUTH, "campaignStats": array({"type": "object"}), "startDate": TEXT, "endDate": TEXT},
)
LISTS = thing({"lists": array(LIST), "count": WHOLE})
MOVED_ENTRIES = {"anyOf": [array(TEXT), array(WHOLE)]}
MOVED = thing({"contacts": thing({"success": MOVED_ENTRIES, "failure": MOVED_ENTRIES})})
REMOVED_ALL = thing({"contacts": thing({"processId": WHOLE, "total": WHOLE})})

ATTRIBUTES = thing(
    {
        "attributes": array(
            thing(
                {"name": TEXT, "category": one_of("normal", "transactional", "category", "calculated", "global")},
                {
                    "type": one_of("text", "date", "float", "boolean", "id", "multiple-choice", "user"),
                    "enumeration": array(thing({"value": WHOLE, "label": TEXT}, {"valueStr": TEXT})),
                    "multiCategoryOptions": array(TEXT),
                    "calculatedValue": TEXT,
                },
            )
        )
    }
)
_REPORTS = (
    "invalid_emails", "duplicate_contact_id", "duplicate_ext_id", "duplicate_email_id", "duplicate_phone_id",
    "duplicate_whatsapp_id", "duplicate_landline_number_id",
)  # fmt: skip
PROCESS = thing(
    {
        "id": WHOLE,
        "name": TEXT,
        "status": one_of("queued", "in_process", "processing", "completed", "failed", "cancelled"),
    },
    {"info": thing({"import": thing(dict.fromkeys(_REPORTS, LINK))}), "export_url": LINK},
)
SEGMENT = thing({"id": WHOLE, "segmentName": TEXT, "categoryName": TEXT}, {"updatedAt": MOMENT})
WEBHOOK = thing(
    {
        "id": WHOLE,
        "url": TEXT,
        "type": one_of("marketing", "transactional", "inbound"),
        "events": array(TEXT),
        "description": TEXT,
        "createdAt": MOMENT,
        "modifiedAt": MOMENT,
    },
    {
        "batched": TRUTH,
        "domain": TEXT,
        "auth": thing({"type": TEXT, "token": TEXT}),
        "headers": array(thing({"key": TEXT, "value": TEXT})),
    },
)
BLOCKED = thing(
    {
        "email": TEXT,
        "senderEmail": TEXT,
        "blockedAt": MOMENT,
        "reason": thing(
            {
                "code": one_of(
                    "unsubscribedViaMA", "unsubscribedViaEmail", "adminBlocked", "unsubscribedViaApi", "hardBounce",
                    "contactFlaggedAsSpam",
                ),
                "message": TEXT,
            }
        ),
    }
)  # fmt: skip
_SEATS = thing({"purchasedSeats": TEXT, "usedSeats": TEXT})
ACCOUNT = thing(
    {
        "organization_id": TEXT,
        "user_id": WHOLE,
        "enterprise": TRUTH,
        "companyName": TEXT,
        "email": TEXT,
        "firstName": TEXT,
        "lastName": TEXT,
        "plan": array(
            thing(
                {
                    "type": one_of("payAsYouGo", "free", "subscription", "sms"),
                    "creditsType": {"const": "sendLimit"},
                    "credits": NUMBER,
                },
                {"startDate": TEXT, "endDate": TEXT},
            )
        ),
        "relay": thing({"enabled": TRUTH, "data": thing({"userName": TEXT, "relay": TEXT, "port": WHOLE})}),
    },
    {
        "address": thing({"street": TEXT, "city": TEXT, "zipCode": TEXT, "country": TEXT}),
        "dateTimePreferences": thing({"timezone": TEXT, "timeFormat": TEXT, "dateFormat": TEXT}),
        "marketingAutomation": thing({"enabled": TRUTH}, {"key": TEXT}),
        "planVerticals": array(
            thing(
                {
                    "planCategory": one_of("Marketing", "Chat", "CRM"),
                    "planType": TEXT,
                    "name": TEXT,
                    "status": one_of("active", "inactive"),
                },
                {"startDate": TEXT, "endDate": TEXT, "users": _SEATS, "credits": TEXT},
            )
        ),
    },
)

_ATTRIBUTE = "/contacts/attributes/{attributeCategory}/{attributeName}"
_OPTION = "/contacts/attributes/multiple-choice/{multipleChoiceAttribute}/{multipleChoiceAttributeOption}"
ANSWERS: dict[str, dict[int, dict[str, Any] | None]] = {
    "GET /account": {200: ACCOUNT},
    "GET /processes": {200: thing({"count": WHOLE, "processes": array(PROCESS)})},
    "GET /processes/{processId}": {200: PROCESS},
    "POST /contacts/import": {202: QUEUED},
    "POST /contacts/export": {202: QUEUED},
    "POST /contacts/batch": {204: None},
    "GET /contacts/segments": {200: thing({"count": WHOLE, "segments": array(SEGMENT)})},
    "GET /contacts/attributes": {200: ATTRIBUTES},
    f"DELETE {_OPTION}": {204: None},
    f"POST {_ATTRIBUTE}": {201: None},
    f"PUT {_ATTRIBUTE}": {204: None},
    f"DELETE {_ATTRIBUTE}": {204: None},
    "GET /contacts/folders": {200: thing({"folders": array(FOLDER), "count": WHOLE})},
    "POST /contacts/folders": {201: CREATED},
    "GET /contacts/folders/{folderId}": {200: FOLDER},
    "PUT /contacts/folders/{folderId}": {204: None},
    "DELETE /contacts/folders/{folderId}": {204: None},
    "GET /contacts/folders/{folderId}/lists": {200: LISTS},
    "GET /contacts/lists": {200: LISTS},
    "POST /contacts/lists": {201: CREATED},
    "GET /contacts/lists/{listId}": {200: LIST_IN_FULL},
    "PUT /contacts/lists/{listId}": {204: None},
    "DELETE /contacts/lists/{listId}": {204: None},
    "GET /contacts/lists/{listId}/contacts": {200: CONTACTS},
    "POST /contacts/lists/{listId}/contacts/add": {201: MOVED},
    "POST /contacts/lists/{listId}/contacts/remove": {201: {"anyOf": [MOVED, REMOVED_ALL]}},
    "GET /contacts": {200: CONTACTS},
    "POST /contacts": {201: CREATED, 204: None},
    "GET /contacts/{identifier}": {200: CONTACT_IN_FULL},
    "PUT /contacts/{identifier}": {204: None},
    "DELETE /contacts/{identifier}": {204: None},
    "GET /contacts/{identifier}/campaignStats": {200: STATISTICS},
    "GET /webhooks": {200: thing({"webhooks": array(WEBHOOK)})},
    "POST /webhooks": {201: CREATED},
    "GET /webhooks/{webhookId}": {200: WEBHOOK},
    "PUT /webhooks/{webhookId}": {204: None},
    "DELETE /webhooks/{webhookId}": {204: None},
    "GET /smtp/blockedContacts": {200: thing({"contacts": array(BLOCKED), "count": WHOLE})},
    "DELETE /smtp/blockedContacts/{email}": {204: None},
}
