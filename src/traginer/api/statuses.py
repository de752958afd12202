"""The HTTP status of each error, and what each status is called: one table, by class, the nearest one above an error counts."""

from traginer import destination
from traginer.api import errors
from traginer.contacts.errors import MappingError
from traginer.control import configuration_errors, idempotency, runs_errors, schedules_errors
from traginer.control import errors as control_errors
from traginer.control.accounts import errors as account_errors
from traginer.control.api_support import NothingNumbered, PartInvalid
from traginer.control.notifying import errors as notice_errors
from traginer.control.profiles import PlaceUnknown, ProfileUnknown
from traginer.delivery import errors as delivery_errors
from traginer.errors import MemoryShort, TraginerError
from traginer.i18n import N_
from traginer.segments.errors import RulesError, SqlError

DEFAULT = 409
"""What is asked for is right in itself, and what is there now does not allow it."""

STATUSES: dict[type[TraginerError], int] = {
    errors.BodyUnreadable: 400,
    errors.TokenMissing: 401,
    account_errors.TokenMistyped: 401,
    account_errors.TokenUnknown: 401,
    account_errors.TokenExpired: 401,
    account_errors.TokenRevoked: 401,
    account_errors.UserInactive: 401,
    account_errors.EntryRefused: 401,
    control_errors.NotAllowed: 403,
    account_errors.PersonNeeded: 403,
    account_errors.SecondFactorMissing: 403,
    errors.AddressUnknown: 404,
    control_errors.NotFound: 404,
    control_errors.RunNotFound: 404,
    account_errors.UserUnknown: 404,
    account_errors.TokenNotFound: 404,
    NothingNumbered: 404,
    PlaceUnknown: 404,
    ProfileUnknown: 404,
    notice_errors.NoticeTargetUnknown: 404,
    errors.MethodUnknown: 405,
    errors.BodyTooLarge: 413,
    errors.MediaTypeRefused: 415,
    errors.RequestInvalid: 422,
    PartInvalid: 422,
    RulesError: 422,
    SqlError: 422,
    MappingError: 422,
    schedules_errors.ScheduleInvalid: 422,
    idempotency.KeyReused: 422,
    control_errors.SegmentsOfSeveralSources: 422,
    control_errors.ConsentTextUnknown: 422,
    configuration_errors.ShareUnknown: 422,
    configuration_errors.ConsentFieldUnfit: 422,
    configuration_errors.ConsentValuesMissing: 422,
    configuration_errors.SourcePathNotAllowed: 422,
    account_errors.EmailInvalid: 422,
    account_errors.RoleUnknown: 422,
    account_errors.LanguageUnknown: 422,
    account_errors.PasswordTooWeak: 422,
    account_errors.ScopeUnknown: 422,
    account_errors.TokenLifeInvalid: 422,
    notice_errors.NoticeAddressInvalid: 422,
    notice_errors.NoticeEventUnknown: 422,
    errors.TooManyRequests: 429,
    account_errors.EntryThrottled: 429,
    errors.AnswerUnexpected: 500,
    control_errors.RunFailedUnexpectedly: 500,
    errors.ServerBusy: 503,
    errors.TooSlow: 503,
    runs_errors.DatabaseUnavailable: 503,
    destination.BrevoUnavailable: 503,
    delivery_errors.AccountBusy: 503,
    delivery_errors.NoAnswer: 503,
    MemoryShort: 503,
}

TITLES = {
    400: N_("The request cannot be read"),
    401: N_("Not authenticated"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Method not known here"),
    409: N_("Not possible as things are now"),
    413: N_("The request is too large"),
    415: N_("Media type not accepted"),
    422: N_("The request is not valid"),
    429: N_("Too many requests"),
    500: N_("Unexpected"),
    503: N_("Not possible at this moment"),
}


def status_of(error: type[TraginerError]) -> int:
    """The status of an answer that tells of `error`."""
    return next((STATUSES[cls] for cls in error.__mro__ if cls in STATUSES), DEFAULT)
