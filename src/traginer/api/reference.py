"""The documentation as pages: every operation, every schema, every error. No script, and nothing from another server."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.template import Context, Engine

from traginer.api.statuses import status_of
from traginer.errors import TURNS, every_error
from traginer.i18n import N_, gettext

FOLDER = Path(__file__).parent / "templates"
STYLE = (FOLDER / "style.css").read_text(encoding="utf-8")
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)


def page(document: Mapping[str, Any]) -> HttpResponse:
    """The reference of the API, in English as the document is."""
    facts = {
        "title": f"{document['info']['title']} API {document['info']['version']}",
        "about": document["info"]["description"].strip(),
        "nouns": list(_nouns(document)),
        "schemas": [_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())],
    }
    return _answer("reference.html", facts)


def errors_page(language: str) -> HttpResponse:
    """Every error by its code, in the language now spoken: `type` of a problem leads here."""
    facts = {
        "title": gettext(N_("Errors by code")),
        "turn": gettext(N_("Whose turn")),
        "language": language,
        "errors": [
            {
                "code": error.code,
                "what": gettext(error.what),
                "next_step": gettext(error.next_step),
                "turn": gettext(TURNS[error.turn]),
                "status": status_of(error),
            }
            for error in every_error()
        ],
    }
    return _answer("errors.html", facts)


def _answer(template: str, facts: Mapping[str, Any]) -> HttpResponse:
    content = _engine().get_template(template).render(Context({**facts, "style": STYLE}))
    return HttpResponse(content, headers={"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"})


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(FOLDER)])


def _nouns(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    return ({"name": noun, "operations": operations} for noun, operations in found.items())


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    no_body: dict[str, Any] = {"content": {"application/json": {}}}
    body = operation.get("requestBody", no_body)["content"]["application/json"]
    example = body.get("example")
    return {
        **operation,
        "path": path,
        "method": method.upper(),
        "right": _right(operation.get("x-right")),
        "parameters": [{**one, "type": _type(one["schema"])} for one in operation["parameters"]],
        "body": _type(body.get("schema", {})),
        "example": json.dumps(example, indent=2, ensure_ascii=False) if example else "",
        "answers": [_given(status, answer) for status, answer in operation["responses"].items()],
    }


def _right(right: Mapping[str, Any] | None) -> str:
    if right is None:
        return "Any token."
    scopes = " or ".join(right["scopes"])
    return f"{right['action']}: {right['least_role']} or more, with the scope {scopes}."


def _given(status: str, answer: Mapping[str, Any]) -> dict[str, str]:
    contents: dict[str, Any] = answer.get("content", {})
    nothing: tuple[str, dict[str, Any]] = ("", {})
    kind, content = next(iter(contents.items()), nothing)
    told: Mapping[str, Any] = content.get("schema", {})
    schema = _type(told) if "$ref" in told else ""
    return {"status": status, "description": answer["description"], "type": kind, "schema": schema}


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return str(schema.get("type", "one of several"))


def _schema(name: str, schema: Mapping[str, Any]) -> dict[str, str]:
    rest = {word: value for word, value in schema.items() if word != "description"}
    return {"name": name, "description": schema.get("description", ""), "text": json.dumps(rest, indent=2)}
