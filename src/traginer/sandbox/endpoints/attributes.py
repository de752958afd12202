"""/contacts/attributes: read, create, change, delete."""

from typing import Any

from traginer.sandbox.attributes import CATEGORIES, NAME, OPTION_LENGTH, TYPES, Attribute
from traginer.sandbox.endpoints import fields
from traginer.sandbox.identifiers import BY_ATTRIBUTE
from traginer.sandbox.messages import NO_CONTENT, Answer, Request, answer
from traginer.sandbox.refusals import refuse
from traginer.sandbox.world import World


def get_attributes(world: World, _request: Request) -> Answer:
    """All attributes."""
    return answer(200, {"attributes": [each.as_json() for each in world.attributes.all().values()]})


def create_attribute(world: World, request: Request) -> Answer:
    """A new attribute."""
    category, name = _category(request), request.path_args["attributeName"].upper()
    known = world.attributes.all()
    if not NAME.fullmatch(name):
        raise refuse("field-invalid", name="attributeName")
    if name in known or name in BY_ATTRIBUTE:
        raise refuse("attribute-taken")
    limit = world.switches.attribute_limit
    if limit and len(known) >= limit:
        raise refuse("attribute-limit")
    world.attributes.save(_new(category, name, request.json))
    return Answer(201)


def _new(category: str, name: str, body: dict[str, Any]) -> Attribute:
    if category in ("calculated", "global"):
        fields.boolean(body, "isRecurring")
        return Attribute(name, category, None, value=fields.text(body, "value"))
    if category == "category":
        return Attribute(name, category, "category", _enumeration(body))
    kind = fields.optional_text(body, "type") or "text"
    if kind not in TYPES[category]:
        raise refuse("field-invalid", name="type")
    return Attribute(name, category, kind, _choices(body) if kind == "multiple-choice" else [])


def _enumeration(body: dict[str, Any]) -> list[dict[str, Any]]:
    pairs = body.get("enumeration")
    if not isinstance(pairs, list) or not all(isinstance(pair, dict) for pair in pairs):
        raise refuse("field-missing" if pairs is None else "field-invalid", name="enumeration")
    options: list[dict[str, Any]] = [
        {"value": fields.number(pair, "value"), "label": fields.text(pair, "label")} for pair in pairs
    ]
    if any(len(option["label"]) > OPTION_LENGTH for option in options):
        raise refuse("field-invalid", name="enumeration")
    return options


def _choices(body: dict[str, Any]) -> list[str]:
    choices = list(dict.fromkeys(fields.texts(body, "multiCategoryOptions")))
    if any(not 0 < len(choice) <= OPTION_LENGTH for choice in choices):
        raise refuse("field-invalid", name="multiCategoryOptions")
    return choices


def update_attribute(world: World, request: Request) -> Answer:
    """Other options or another calculation; the type can't change."""
    found, body = _attribute(world, request), request.json
    options, value = found.options, found.value
    if found.category in ("calculated", "global"):
        value = fields.text(body, "value")
    elif found.category == "category":
        options = _enumeration(body)
    elif found.type == "multiple-choice":
        options = list(dict.fromkeys([*found.options, *_choices(body)]))
    else:
        raise refuse("field-invalid", name="attributeCategory")
    world.attributes.save(Attribute(found.name, found.category, found.type, options, value))
    return NO_CONTENT


def delete_attribute(world: World, request: Request) -> Answer:
    """The attribute goes, and its values with it."""
    world.attributes.delete(_attribute(world, request).name)
    return NO_CONTENT


def delete_option(world: World, request: Request) -> Answer:
    """One option of a multiple-choice attribute goes."""
    found = world.attributes.all().get(request.path_args["multipleChoiceAttribute"].upper())
    option = request.path_args["multipleChoiceAttributeOption"]
    if found is None or found.type != "multiple-choice" or option not in found.options:
        raise refuse("attribute-missing")
    left = [each for each in found.options if each != option]
    world.attributes.save(Attribute(found.name, found.category, found.type, left, found.value))
    return NO_CONTENT


def _category(request: Request) -> str:
    category = request.path_args["attributeCategory"]
    if category not in CATEGORIES:
        raise refuse("field-invalid", name="attributeCategory")
    return category


def _attribute(world: World, request: Request) -> Attribute:
    category = _category(request)
    found = world.attributes.all().get(request.path_args["attributeName"].upper())
    if found is None or found.category != category:
        raise refuse("attribute-missing")
    return found
