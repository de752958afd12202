"""Reading the fields of a JSON body: present, of the right type, or a refusal that names them."""

from typing import Any

from traginer.sandbox.messages import Request
from traginer.sandbox.refusals import refuse
from traginer.sandbox.world import World

MOST_ID = 2**53


def text(body: dict[str, Any], name: str) -> str:
    """A text that must be there."""
    if name not in body:
        raise refuse("field-missing", name=name)
    return optional_text(body, name) or _invalid(name)


def optional_text(body: dict[str, Any], name: str) -> str | None:
    """A text that may be left out."""
    value = body.get(name)
    if value is None:
        return None
    return value.strip() if isinstance(value, str) else _invalid(name)


def boolean(body: dict[str, Any], name: str, default: bool = False) -> bool:
    """A truth value, with what it is when left out."""
    value = body.get(name)
    if value is None:
        return default
    return value if isinstance(value, bool) else bool(_invalid(name))


def optional_boolean(body: dict[str, Any], name: str) -> bool | None:
    """A truth value, or None when it was not sent."""
    return None if body.get(name) is None else boolean(body, name)


def number(body: dict[str, Any], name: str) -> int:
    """A whole number that must be there."""
    if body.get(name) is None:
        raise refuse("field-missing", name=name)
    value = body[name]
    return value if _is_id(value) else int(_invalid(name))


def numbers(body: dict[str, Any], name: str) -> list[int]:
    """An array of ids; empty when left out."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(_is_id(each) for each in value):
        _invalid(name)
    return list(value)


def texts(body: dict[str, Any], name: str) -> list[str]:
    """An array of texts; empty when left out."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        _invalid(name)
    return list(value)


def mapping(body: dict[str, Any], name: str) -> dict[str, Any]:
    """An object; empty when left out."""
    value = body.get(name)
    if value is None:
        return {}
    return value if isinstance(value, dict) else dict(_invalid(name))


def list_ids(world: World, body: dict[str, Any], name: str = "listIds") -> list[int]:
    """Ids of lists that exist and can be filled by hand."""
    ids = list(dict.fromkeys(numbers(body, name)))
    for list_id in ids:
        row = world.lists.find(list_id)
        if row is None:
            raise refuse("list-unknown")
        if row["dynamic"]:
            raise refuse("list-dynamic")
    return ids


def page_of(request: Request, *, most: int, default: int) -> dict[str, Any]:
    """The limit, offset and order of a page."""
    return {
        "limit": request.number("limit", default, most=most),
        "offset": request.number("offset", 0),
        "descending": request.descending(),
    }


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_ID


def _invalid(name: str) -> Any:
    raise refuse("field-invalid", name=name)
