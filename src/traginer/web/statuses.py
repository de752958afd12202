"""The HTTP status of each error that a page shows: by class, the nearest one above an error counts."""

from traginer.api.errors import ServerBusy, TooSlow
from traginer.control import errors as control_errors
from traginer.control import runs_errors
from traginer.control.accounts import errors as accounts
from traginer.control.api_support import NothingNumbered
from traginer.control.notifying.errors import NoticeTargetUnknown
from traginer.control.profiles import PlaceUnknown, ProfileUnknown
from traginer.errors import MemoryShort, TraginerError
from traginer.i18n import N_
from traginer.web import errors

DEFAULT = 409
"""What was asked for is right in itself, and what is there now does not allow it."""

STATUSES: dict[type[TraginerError], int] = {
    errors.HostUnknown: 400,
    control_errors.NotAllowed: 403,
    accounts.PersonNeeded: 403,
    accounts.UserInactive: 403,
    accounts.SignOnFailed: 403,
    accounts.SignOnNotVerified: 403,
    accounts.SignOnWithoutRole: 403,
    errors.FormExpired: 403,
    control_errors.NotFound: 404,
    control_errors.RunNotFound: 404,
    accounts.UserUnknown: 404,
    accounts.TokenNotFound: 404,
    NothingNumbered: 404,
    NoticeTargetUnknown: 404,
    PlaceUnknown: 404,
    ProfileUnknown: 404,
    errors.PageUnknown: 404,
    accounts.EntryThrottled: 429,
    errors.PageBroken: 500,
    accounts.SignOnMisconfigured: 500,
    runs_errors.DatabaseUnavailable: 503,
    MemoryShort: 503,
    ServerBusy: 503,
    TooSlow: 503,
}

TITLES = {
    403: N_("Not allowed"),
    404: N_("Not found"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong"),
    503: N_("Not possible at this moment"),
}


def status_of(error: TraginerError) -> int:
    """The status of a page that tells of `error`."""
    return next((STATUSES[cls] for cls in type(error).__mro__ if cls in STATUSES), DEFAULT)


def is_final(error: TraginerError) -> bool:
    """Whether a form cannot be corrected so that it passes: not allowed, not there, not possible."""
    return status_of(error) != DEFAULT
