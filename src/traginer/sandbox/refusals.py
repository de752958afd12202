"""Every refusal of the API, in one table: status, code and words.

`seen` texts were captured on real accounts or stand in Brevo's own documentation; the others are ours, because Brevo's
words for the case are not known. A client must not read the words of either, but for the two 401s it has to tell apart.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Wording(NamedTuple):
    """How one refusal is answered."""

    status: int
    code: str
    message: str
    seen: bool = False


class Refusal(Exception):
    """Raised by an endpoint, answered by the front."""

    def __init__(self, status: int, code: str, message: str, metadata: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.metadata = status, code, message, metadata


NO_IDENTIFIER = (
    "We could not find any valid email or SMS or Contact ID in the file you uploaded. Please add at least one valid "
    "email address (for eg: example@domain.com) or at least one valid phone number with country code or at least one "
    "valid Contact ID and try again. Also check that you are not using space as a delimiter"
)
UNRECOGNISED_IP = (
    "We have detected you are using an unrecognised IP address {ip}. If you performed this action make sure to add the "
    "new IP address in this link: https://app.brevo.com/security/authorised_ips"
)

REFUSALS = {
    "key-missing": Wording(401, "unauthorized", "authentication not found in headers", seen=True),
    "key-unknown": Wording(401, "unauthorized", "Key not found", seen=True),
    "key-switched-off": Wording(401, "unauthorized", "{message}"),
    "ip-unrecognised": Wording(401, "unauthorized", UNRECOGNISED_IP, seen=True),
    "route-unknown": Wording(404, "document_not_found", "Route does not exist"),
    "method-not-allowed": Wording(405, "method_not_allowed", "{method} Method is not allowed on this path", seen=True),
    "json-invalid": Wording(400, "bad_request", "The request body is not a valid JSON object"),
    "body-too-large": Wording(400, "invalid_parameter", "Request body is over the limit of {most} bytes"),
    "query-invalid": Wording(400, "invalid_parameter", "Invalid value for parameter {name}"),
    "limit-exceeded": Wording(400, "out_of_range", "{name} exceeds its maximum value of {most}"),
    "field-missing": Wording(400, "missing_parameter", "{name} is missing"),
    "field-invalid": Wording(400, "invalid_parameter", "{name} is not valid"),
    "account-in-process": Wording(425, "account_in_process", "Your account is being processed, try again later"),
    "contract-full-402": Wording(402, "not_enough_credits", "Contact limit of your plan reached, please upgrade"),
    "contract-full-400": Wording(400, "invalid_parameter", "Contact limit of your plan reached, please upgrade"),
    "create-conflict": Wording(
        400,
        "duplicate_parameter",
        "Unable to create contact, {names} already associated with another Contact",
        seen=True,
    ),
    "update-conflict": Wording(
        400,
        "duplicate_parameter",
        "Unable to update contact, {names} already associated with another Contact",
        seen=True,
    ),
    "phone-invalid": Wording(400, "invalid_parameter", "Invalid phone number", seen=True),
    "email-invalid": Wording(400, "invalid_parameter", "Invalid email address", seen=True),
    "identifier-missing": Wording(400, "missing_parameter", "email, ext_id or attributes.SMS is missing"),
    "contact-missing": Wording(404, "document_not_found", "Contact does not exist", seen=True),
    "contact-protected": Wording(
        405, "method_not_allowed", "You're not allowed to delete registered email contact with Brevo"
    ),
    "none-on-list": Wording(400, "invalid_parameter", "Contact already in list and/or does not exist", seen=True),
    "too-many-entries": Wording(400, "out_of_range", "At most {most} contacts can be passed in one request"),
    "one-of": Wording(400, "invalid_parameter", "Exactly one of {names} must be passed"),
    "list-missing": Wording(404, "document_not_found", "List ID does not exist"),
    "list-unknown": Wording(400, "invalid_parameter", "List ID does not exist"),
    "list-dynamic": Wording(400, "invalid_parameter", "Contacts can not be added to or removed from a dynamic list"),
    "folder-missing": Wording(404, "document_not_found", "Folder ID does not exist", seen=True),
    "segment-missing": Wording(400, "invalid_parameter", "Segment ID does not exist"),
    "attribute-taken": Wording(400, "invalid_parameter", "Attribute name must be unique", seen=True),
    "attribute-missing": Wording(404, "document_not_found", "Attribute not found"),
    "attribute-limit": Wording(400, "invalid_parameter", "Maximum number of attributes reached"),
    "no-identifier": Wording(400, "invalid_parameter", NO_IDENTIFIER, seen=True),
    "import-without-list": Wording(400, "missing_parameter", "Either listIds or newList is required"),
    "file-unreachable": Wording(500, "invalid_parameter", "The file could not be fetched"),
    "url-not-allowed": Wording(
        400, "invalid_parameter", "{name} points outside this machine, which this sandbox refuses"
    ),
    "consent-groups-off": Wording(403, "permission_denied", "Consent groups are not enabled for your account"),
    "process-invalid": Wording(404, "invalid_parameter", "processId is invalid", seen=True),
    "webhook-missing": Wording(404, "document_not_found", "Webhook ID does not exist"),
    "webhook-limit": Wording(400, "invalid_parameter", "Maximum of {most} webhooks reached"),
    "blocked-missing": Wording(404, "document_not_found", "Contact email not found in the blocked list"),
    "sandbox-origin": Wording(403, "permission_denied", "Only pages of this sandbox may change it"),
    "sandbox-invalid": Wording(400, "invalid_parameter", "{reason}"),
    "fault-missing": Wording(404, "document_not_found", "The fault does not exist"),
    "sandbox-missing": Wording(404, "document_not_found", "{what} does not exist"),
}


def refuse(case: str, /, *, metadata: Mapping[str, object] | None = None, **facts: object) -> Refusal:
    """The refusal of that name, its words filled with facts."""
    wording = REFUSALS[case]
    return Refusal(wording.status, wording.code, wording.message.format(**facts), metadata)
