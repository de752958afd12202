"""What can be wrong with a request itself: its token, its address, its body, how often and when it comes."""

from traginer.control.api_support import NothingNumbered
from traginer.control.errors import ControlError
from traginer.control.idempotency import KeyReused, StillAnswering
from traginer.i18n import N_

__all__ = [
    "AddressUnknown",
    "AnswerUnexpected",
    "ApiError",
    "BodyTooLarge",
    "BodyUnreadable",
    "KeyReused",
    "MediaTypeRefused",
    "MethodUnknown",
    "NothingNumbered",
    "RequestInvalid",
    "ServerBusy",
    "StillAnswering",
    "TokenMissing",
    "TooManyRequests",
    "TooSlow",
]


class ApiError(ControlError):
    """Any failure that only a request over the API can meet."""


class TokenMissing(ApiError):
    code = "token-missing"
    what = N_("The request has no token.")
    next_step = N_("Send the header Authorization: Bearer trg_…, with a token that traginer token create made.")


class AddressUnknown(ApiError):
    code = "address-unknown"
    what = N_("The API has nothing at this address.")
    next_step = N_("See what it has at /api/v1/docs.")


class MethodUnknown(ApiError):
    code = "method-unknown"
    what = N_("This address does not know the method {method}.")
    next_step = N_("Use one of these: {methods}.")


class MediaTypeRefused(ApiError):
    code = "media-type-refused"
    what = N_("The request does not say that its body is JSON.")
    next_step = N_("Send JSON, with the header Content-Type: application/json.")


class BodyUnreadable(ApiError):
    code = "body-unreadable"
    what = N_("The body is not JSON: {why}.")
    next_step = N_("Send one JSON value in UTF-8.")


class BodyTooLarge(ApiError):
    code = "body-too-large"
    what = N_("The body is larger than {most} bytes.")
    next_step = N_("Send less at once.")


class RequestInvalid(ApiError):
    code = "request-invalid"
    what = N_("The request is not valid. {first}")
    next_step = N_("Correct what `errors` names, and send it again. Nothing was changed.")


class TooManyRequests(ApiError):
    code = "too-many-requests"
    what = N_("This token, or this address, asks more often than {most} times a minute.")
    next_step = N_("Wait {seconds} s, then go on more slowly.")


class ServerBusy(ApiError):
    code = "server-busy"
    what = N_("The server is busy with {most} requests of this kind.")
    next_step = N_("Wait {seconds} s, then try again.")


class TooSlow(ApiError):
    code = "too-slow"
    what = N_(
        "This takes longer than the {seconds} s that a request may take. Nothing was sent to Brevo, and nothing was changed."
    )
    next_step = N_("Use the command line on the machine of the installation, which waits as long as it takes.")


class AnswerUnexpected(ApiError):
    code = "answer-unexpected"
    what = N_("Something unexpected stopped the request: {kind}.")
    next_step = N_("Try again; if it stays so, report it with the output of traginer doctor.")
