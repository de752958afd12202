"""What forms hold, read into the shapes that services take; what does not fit them, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict
from pydantic import BaseModel, ValidationError

from traginer.control import problems
from traginer.errors import Phrase
from traginer.i18n import N_, gettext
from traginer.web.errors import ChoiceMissing, FormInvalid


def spec[Shape: BaseModel](shape: type[Shape], values: Mapping[str, Any], *, keeping: str = "") -> Shape:
    """`values` as a spec; empty ones are left out, so that its defaults hold, but for `keeping`. Raises FormInvalid."""
    filled = {name: value for name, value in values.items() if value not in ("", None) or name == keeping}
    try:
        return shape.model_validate(filled)
    except ValidationError as error:
        _, why = problems.first(error.errors(include_url=False))
        raise FormInvalid(why=why) from None


def required(form: QueryDict, name: str, label: str) -> str:
    """The text under `name`; `label` is what the field is called, a text marked by N_. Raises ChoiceMissing."""
    text = form.get(name, "").strip()
    if not text:
        raise ChoiceMissing(field=Phrase(label))
    return text


def words(text: str) -> list[str]:
    """What a person lists in one field, with commas or line breaks between."""
    return [part.strip() for part in text.replace("\n", ",").replace(";", ",").split(",") if part.strip()]


def whole(text: str, label: str) -> int | None:
    """The whole number that somebody typed, groups and all; None for nothing. Raises FormInvalid."""
    plain = "".join(text.split())
    if not plain:
        return None
    if not plain.isascii() or not plain.isdigit():
        raise FormInvalid(why=_not_a_number(label))
    return int(plain)


def numbers(texts: Sequence[str]) -> list[int]:
    """The numbers among `texts`, which come from choices of ours."""
    return [int(text) for text in texts if text.isascii() and text.isdigit()]


def _not_a_number(label: str) -> str:
    return gettext(N_('The field "{field}" takes a whole number.')).format(field=gettext(label))
