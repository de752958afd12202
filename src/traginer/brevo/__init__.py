"""Brevo's API: plain values in, typed answers out. Knows nothing of ours.

    with open_brevo(key) as brevo:
        prefix, suffix = import_envelope(list_id=7)
        match brevo.start_import(prefix + rows + suffix):
            case Accepted(process_id): ...
            case Wait(seconds): ...
            case InDoubt(why): ...
            case TooLarge(): ...
            case Refused(stop=stop): raise stop

Errors are drawn in `errors`, limits in `limits`, the calls there are in `endpoints`.
"""

from traginer.brevo.answers import (
    Accepted,
    Account,
    Attribute,
    Contact,
    ContactList,
    Folder,
    ImportAnswer,
    InDoubt,
    ListMember,
    NothingToRemove,
    Plan,
    Process,
    ProcessStatus,
    Refused,
    RemovalAnswer,
    Removed,
    TooLarge,
    Wait,
)
from traginer.brevo.client import Brevo
from traginer.brevo.endpoints import Bucket
from traginer.brevo.envelope import BODY_LIMIT, NEVER_SENT, REMOVE_MAX, import_envelope
from traginer.brevo.errors import (
    BrevoError,
    Invalid,
    IPNotRecognised,
    KeyMalformed,
    KeyMissing,
    KeyOff,
    KeyUnknown,
    Later,
    MethodNotAllowed,
    NotFound,
    OutcomeUnknown,
    PaymentRequired,
    PermissionDenied,
    RateLimited,
    ReportGone,
    ReportTooLarge,
    Stop,
    Unavailable,
    WriteAttempted,
    masked,
)
from traginer.brevo.layers import Exchange
from traginer.brevo.limits import Tier, Why
from traginer.brevo.opening import BREVO, open_brevo
from traginer.brevo.polling import Polling
from traginer.brevo.wire import Timeouts

__all__ = [
    "BODY_LIMIT",
    "BREVO",
    "NEVER_SENT",
    "REMOVE_MAX",
    "Accepted",
    "Account",
    "Attribute",
    "Brevo",
    "BrevoError",
    "Bucket",
    "Contact",
    "ContactList",
    "Exchange",
    "Folder",
    "IPNotRecognised",
    "ImportAnswer",
    "InDoubt",
    "Invalid",
    "KeyMalformed",
    "KeyMissing",
    "KeyOff",
    "KeyUnknown",
    "Later",
    "ListMember",
    "MethodNotAllowed",
    "NotFound",
    "NothingToRemove",
    "OutcomeUnknown",
    "PaymentRequired",
    "PermissionDenied",
    "Plan",
    "Polling",
    "Process",
    "ProcessStatus",
    "RateLimited",
    "Refused",
    "RemovalAnswer",
    "Removed",
    "ReportGone",
    "ReportTooLarge",
    "Stop",
    "Tier",
    "Timeouts",
    "TooLarge",
    "Unavailable",
    "Wait",
    "Why",
    "WriteAttempted",
    "import_envelope",
    "masked",
    "open_brevo",
]
