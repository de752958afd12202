"""What every part of the configuration file shares: words that are known, and values that both databases can hold."""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from traginer.i18n import N_, gettext

LARGEST = 2**63 - 1
"""What a whole number may be: both databases keep it in 64 bits."""
LONGEST_NAME = 200
LONGEST_ADDRESS = 254
"""Of an e-mail address: RFC 5321, 4.5.3.1.3, less the angle brackets."""
MOST_THINGS = 1000
"""How many of one kind a list of the file may name."""

NOT_A_TEXT = N_("it holds a character that no text may hold")
_TOO_LARGE = N_("a number in it is too large")


class Spec(BaseModel):
    """A part of the file. Words that are not known are refused, so that a typing error is never a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)

    @field_validator("*", mode="after")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        """Refuses what one of the databases would: Postgres takes no U+0000 in a text, and neither takes half a character."""
        for why in _unfit(value):
            raise ValueError(gettext(why))
        return value


def is_text(value: str) -> bool:
    """Whether both databases can hold it: without U+0000, and without half a character, which is in no UTF-8 either."""
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _unfit(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if not is_text(value):
            yield NOT_A_TEXT
    elif isinstance(value, Mapping):
        yield from (why for pair in value.items() for part in pair for why in _unfit(part))
    elif isinstance(value, list):
        yield from (why for part in value for why in _unfit(part))
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield _TOO_LARGE
    elif isinstance(value, int) and abs(value) > LARGEST:
        yield _TOO_LARGE


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(gettext(N_("there is no time zone {name}")).format(name=name)) from None
    return name


def _no_truth(value: Any) -> Any:
    """YAML reads yes, no, on and off as truths, which Python takes for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError(gettext(N_("yes and no are no numbers: write the number")))  # noqa: TRY004 - pydantic takes no other
    return value


def _address_of_brevo(url: str) -> str:
    """In its one spelling, without a slash at its end."""
    try:
        parts = urlsplit(url)
        is_one = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_one = False
    if not is_one:
        raise ValueError(gettext(N_("{url} is not the address of a server")).format(url=url))
    return url.rstrip("/")


Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Zone = Annotated[str, AfterValidator(_known_zone), Field(max_length=64)]
"""A time zone by its name in the IANA database."""
NOT_LARGER = {"maximum": LARGEST}
"""For the JSON Schema; `Spec` refuses what is larger, in words."""
Count = Annotated[int, Field(ge=0, json_schema_extra=NOT_LARGER), BeforeValidator(_no_truth)]
Number = Annotated[int, Field(gt=0, json_schema_extra=NOT_LARGER), BeforeValidator(_no_truth)]
ServerUrl = Annotated[str, AfterValidator(_address_of_brevo)]
