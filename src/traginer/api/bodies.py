"""What operations take and give: JSON bodies, strictly, and the parameters and answers that they share."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.params.models import Body, BodyModel
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from traginer.api.errors import BodyUnreadable, MediaTypeRefused
from traginer.api.faults import Fault, invalid
from traginer.errors import Phrase
from traginer.i18n import N_, gettext

MOST_BYTES = 1_000_000
DEEPEST = 64
LARGEST = 2**63 - 1
"""What both databases can hold."""

NOT_A_TEXT = N_("This holds a character that no text may hold.")
NOT_A_NUMBER = N_("This number is too large.")
TOO_DEEP = N_("This is nested more than {most} deep.")
NO_LENGTH = N_("it is empty")
NOT_UTF8 = N_("it is not UTF-8")
WRONG_AT = N_("it cannot be read on from line {line}, column {column}")
NAME_TWICE = N_("a name stands twice in one object")


class Shown(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True)


class Asked(BaseModel):
    """A body that only the API has. Words that are not known are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class JsonBodyModel(BodyModel):
    """Takes nothing for what it is not: no number in a text, no truth in a number."""

    @classmethod
    def get_request_data(cls, request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG003 - ninja's signature
        """The values of the body under the name of the operation's argument."""
        return {cls.__read_from_single_attr__: read(request)}

    @classmethod
    def resolve(cls, request: HttpRequest, api: NinjaAPI, path_params: dict[str, Any]) -> Self:
        """The body as the operation takes it. Raises what is wrong with it."""
        values = cls.get_request_data(request, api, path_params)
        return cls.model_validate_json(json.dumps(values), strict=True)


class JsonBody(Body):  # type: ignore[misc] # ninja makes its parameters so, though pydantic would have it final
    """An operation's argument that is its body: `Annotated[Spec, JsonBody(...)]`."""

    _model = JsonBodyModel

    @classmethod
    def _param_source(cls) -> str:
        return "body"


def read(request: HttpRequest) -> Any:
    """The JSON value of the body. Raises MediaTypeRefused, BodyUnreadable, and Placed for what no database can hold."""
    if not request.body.strip():
        raise BodyUnreadable(why=Phrase(NO_LENGTH))
    media_type = (request.content_type or "").lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise MediaTypeRefused
    value = _parsed(request.body)
    if faults := list(_unfit(value)):
        raise invalid(faults)
    return value


def unfit(text: str) -> bool:
    """Whether a text holds what no database can: U+0000, or half of a character."""
    return "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BodyUnreadable(why=Phrase(NOT_UTF8)) from None
    except json.JSONDecodeError as error:
        place = gettext(WRONG_AT).format(line=error.lineno, column=error.colno)
        raise BodyUnreadable(why=place) from None
    except RecursionError:
        raise invalid([Fault("body", (), gettext(TOO_DEEP).format(most=DEEPEST))]) from None
    except ValueError:  # more digits than Python reads
        raise invalid([Fault("body", (), gettext(NOT_A_NUMBER))]) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BodyUnreadable(why=Phrase(NAME_TWICE))
    return found


def _no_constant(word: str) -> None:
    raise BodyUnreadable(why=word)


def _unfit(top: Any) -> Iterator[Fault]:
    """What no database can hold, and what is nested too deep."""
    ahead: list[tuple[tuple[str | int | float, ...], Any]] = [((), top)]
    while ahead:
        place, value = ahead.pop()
        if len(place) > DEEPEST:
            yield Fault("body", place, gettext(TOO_DEEP).format(most=DEEPEST))
        elif isinstance(value, Mapping):
            yield from (Fault("body", place, gettext(NOT_A_TEXT)) for name in value if unfit(name))
            ahead += [((*place, name), inner) for name, inner in value.items() if not unfit(name)]
        elif isinstance(value, list):
            ahead += [((*place, n), inner) for n, inner in enumerate(value)]
        elif why := _wrong(value):
            yield Fault("body", place, gettext(why))


def _wrong(value: Any) -> str:
    if isinstance(value, str):
        return NOT_A_TEXT if unfit(value) else ""
    if isinstance(value, float):
        return "" if math.isfinite(value) else NOT_A_NUMBER
    return NOT_A_NUMBER if isinstance(value, int) and abs(value) > LARGEST else ""


def _digits(value: Any) -> Any:
    """Refuses what Python reads as a number and nobody writes so, such as 1_000."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) < 20):
        raise ValueError(gettext(N_("It must be a whole number")))
    return value


DIGITS = BeforeValidator(_digits)


def between(least: int, most: int) -> WithJsonSchema:
    """How OpenAPI tells of a whole number."""
    return WithJsonSchema({"type": "integer", "minimum": least, "maximum": most})


def _iso(value: Any) -> Any:
    """Refuses what Python reads as a moment and nobody writes so, such as a number of seconds."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\dT", value):
        raise ValueError(gettext(N_("It must be a moment with its offset, such as 2026-11-25T00:00:00Z")))
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_iso)]
Number = Annotated[int, DIGITS, Field(ge=1, le=LARGEST), between(1, LARGEST)]
"""The id of a thing in an address."""


TEXT = {"type": "string"}
EVENT = {"type": "object", "properties": {"id": TEXT, "event": TEXT, "data": TEXT}}
CONFIGURATION = {"x-configuration": "ConfigurationBody"}


def answers(media_type: str, schema: Mapping[str, Any] = TEXT) -> dict[str, Any]:
    """How OpenAPI tells of an answer of another type than JSON."""
    return {"responses": {200: {"content": {media_type: {"schema": dict(schema)}}}}}
