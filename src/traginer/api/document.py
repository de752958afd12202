"""The OpenAPI document: what ninja knows of the operations, and what holds for all of them."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from django.conf import settings

from traginer.api.application import API
from traginer.api.bodies import between
from traginer.api.errors import BodyTooLarge, TooManyRequests
from traginer.api.examples import BODIES
from traginer.api.operations import OPERATIONS
from traginer.api.problems import MEDIA_TYPE, described
from traginer.api.schemas.problems import Problem
from traginer.control import configuration
from traginer.control.rights import ACTIONS

PREFIX = "/api/v1/"
REFERENCE = "#/components/schemas/"
REFUSALS = {
    400: "The body cannot be read.",
    401: "No token, or one that is not valid.",
    403: "The token, or the person it acts for, may not.",
    404: "There is nothing under this id that you may see.",
    409: "Right in itself, and not possible as things are now.",
    413: "The body is too large.",
    415: "The body is not said to be JSON.",
    422: "Something in the request is not valid; `errors` says where.",
    429: "Asked too often; Retry-After says how long to wait.",
    500: "Unexpected; the log of the server says where.",
    503: "Not possible at this moment; Retry-After says when to try again.",
}
READS_THAT_LOOK_AROUND = {
    "list_columns",
    "list_suggestions",
    "count_segment",
    "describe_source",
    "list_values",
    "sample_segment",
    "overlap_segments",
    "get_profile",
    "explain_membership",
    "list_lists",
    "list_attributes",
    "list_runs",
}
"""They need something else that may not be there, or in no state to answer: a source, Brevo, an export."""
HEADERS = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}}},
    "429": {"Retry-After": {"schema": between(1, 3600).json_schema}},
    "503": {"Retry-After": {"schema": between(1, 3600).json_schema}},
    "201": {"Location": {"schema": {"type": "string"}, "description": "The address of what was created."}},
}


def document(api: API) -> dict[str, Any]:
    """The whole document, as plain values."""
    found: dict[str, Any] = {**api.get_openapi_schema(path_prefix=PREFIX)}
    found["servers"] = [{"url": settings.PUBLIC_URL.rstrip("/") or "/"}]
    schemas = found["components"]["schemas"]
    schemas |= _problem_schemas()
    _tell_rules(schemas)
    for path, method, operation in operations(found):
        _complete(operation, path, method)
    _tidy(found)
    return found


def operations(found: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation with its path and its method."""
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _complete(operation: dict[str, Any], path: str, method: str) -> None:
    summary, _, rest = operation.pop("description", "").partition(": ")
    operation["summary"] = summary.rstrip(".")
    if rest:
        operation["description"] = rest[0].upper() + rest[1:]
    action = OPERATIONS[operation["operationId"]]
    if action:
        row = ACTIONS[action]
        operation["x-right"] = {"action": action, "least_role": row.least.value, "scopes": sorted(row.scopes)}
    if body := operation.get("requestBody"):
        body["content"]["application/json"]["example"] = BODIES[operation["operationId"]]
    refusals = {str(status): _refusal(status) for status in _refused_with(operation, path, method)}
    given = {str(status): answer for status, answer in operation["responses"].items()}
    operation["responses"] = {
        status: {**answer, **({"headers": HEADERS[status]} if status in HEADERS else {})}
        for status, answer in sorted({**given, **refusals}.items())
    }


def _refused_with(operation: Mapping[str, Any], path: str, method: str) -> Iterator[int]:
    name = operation["operationId"]
    yield from (401, 422, 429, 500, 503)
    if OPERATIONS[name]:
        yield 403
    if "{" in path:
        yield 404
    if method != "get" or name in READS_THAT_LOOK_AROUND:
        yield 404
        yield 409
    if "requestBody" in operation:
        yield from (400, 413, 415)


@cache
def _refusal(status: int) -> dict[str, Any]:
    content = {"schema": {"$ref": f"{REFERENCE}Problem"}}
    examples = {413: BodyTooLarge(most=1_000_000), 429: TooManyRequests(most=600, seconds=3)}
    if status in examples:
        content["example"] = described(examples[status])
    return {"description": REFUSALS[status], "content": {MEDIA_TYPE: content}}


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(mode="serialization", by_alias=True, ref_template=REFERENCE + "{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def _tell_rules(schemas: dict[str, Any]) -> None:
    """The rules of a segment as the configuration file's schema tells them."""
    written = configuration.schema()
    told = {name: schema for name, schema in written["$defs"].items() if name not in schemas and "Spec" not in name}
    schemas |= told
    schemas["SegmentSpec"]["properties"]["rules"] = written["$defs"]["SegmentSpec"]["properties"]["rules"]
    schemas["SegmentSpec"]["oneOf"] = [{"required": ["rules"]}, {"required": ["sql"]}]


def _tidy(value: Any) -> None:
    """In place: no titles that only repeat a name, references that lead somewhere, no null that a query cannot say."""
    if isinstance(value, dict):
        _tidy_one(value)
        inside = [inner for name, inner in value.items() if name != "example"]
    else:
        inside = value if isinstance(value, list) else []
    for inner in inside:
        _tidy(inner)


def _tidy_one(value: dict[str, Any]) -> None:
    if isinstance(value.get("title"), str) and ("type" in value or "anyOf" in value or "oneOf" in value):
        del value["title"]
    if configured := value.pop("x-configuration", None):
        value.clear()
        value["$ref"] = REFERENCE + configured
    if isinstance(value.get("$ref"), str):
        value["$ref"] = value["$ref"].replace("#/$defs/", REFERENCE)
    if value.get("in") in ("query", "header") and "anyOf" in value.get("schema", {}):
        value["schema"] = next(schema for schema in value["schema"]["anyOf"] if schema != {"type": "null"})
