"""The OpenAPI document, and the pages that show it: complete, and true."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from tests.api.world import Asking
from traginer.api import problems
from traginer.api.document import operations
from traginer.api.errors import TokenMissing
from traginer.api.examples import BODIES
from traginer.api.operations import OPERATIONS
from traginer.api.urls import DOCUMENT
from traginer.control.rights import ACTIONS

GUIDE = Path(__file__).parents[2] / "src" / "traginer" / "guide" / "en" / "api.md"
ALL = {operation["operationId"]: (path, method, operation) for path, method, operation in operations(DOCUMENT)}


def references(value: Any) -> set[str]:
    if isinstance(value, list):
        return {found for inner in value for found in references(inner)}
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return own | {found for inner in value.values() for found in references(inner)}


def test_the_document_is_openapi_3_1_and_every_reference_in_it_leads_somewhere() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert references(DOCUMENT) == {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert "x-configuration" not in str(DOCUMENT)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_it_does_who_may_and_how_it_is_refused(name: str) -> None:
    path, method, operation = ALL[name]
    assert operation["summary"]
    assert operation["security"] == [{"Token": []}]
    assert len(operation["tags"]) == 1
    statuses = set(operation["responses"])
    assert statuses >= {"401", "422", "429", "500", "503"}
    assert any(status.startswith("2") for status in statuses)
    assert ("403" in statuses) is (OPERATIONS[name] is not None)
    assert ("404" in statuses) is ("{" in path or method != "get" or name == "list_runs")
    assert ("requestBody" in operation) is (name in BODIES) is ("415" in statuses)
    for status, answer in operation["responses"].items():
        kinds = set(answer.get("content", {}))
        assert kinds == {"application/problem+json"} if status >= "400" else kinds != {"application/problem+json"}


def test_the_scheme_of_the_tokens_is_told() -> None:
    scheme = DOCUMENT["components"]["securitySchemes"]["Token"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


@pytest.mark.parametrize("name", BODIES)
def test_every_example_of_a_body_is_one(name: str) -> None:
    content = ALL[name][2]["requestBody"]["content"]["application/json"]
    whole = {**content["schema"], "components": DOCUMENT["components"]}
    assert content["example"] == BODIES[name]
    assert list(validator_for(whole, Draft202012Validator)(whole).iter_errors(content["example"])) == []


def test_document_and_reference_are_there_for_everybody_and_load_nothing_from_elsewhere(api: Asking) -> None:
    assert api.get("openapi.json", who="").json == DOCUMENT
    page = api.get("docs", who="")
    policy = page.headers["Content-Security-Policy"]
    assert page.headers["Content-Type"].startswith("text/html")
    assert all(f'id="{name}"' in page.text for name in [*ALL, *DOCUMENT["components"]["schemas"]])
    assert not re.findall(r"<script|<link|<img|<iframe|\son\w+=|(?:href|src)=.(?:https?:)?//|url\(", page.text)
    style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy


def test_every_link_inside_the_reference_leads_somewhere(api: Asking) -> None:
    text = api.get("docs", who="").text
    assert set(re.findall(r'href="#(\w+)"', text)) <= set(re.findall(r'id="(\w+)"', text))


def test_the_guide_names_every_operation_and_no_other() -> None:
    rows = re.findall(r"^\| `(GET|POST|PUT|DELETE) (/\S+)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(rows) == {(method.upper(), path.removeprefix("/api/v1")) for path, method, _ in ALL.values()}
    assert len(rows) == len(ALL)


def test_the_guide_names_what_no_token_may() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert [deed.deed for deed in ACTIONS.values() if not deed.scopes and deed.deed not in text] == []


def test_problems_lead_to_where_people_reach_the_pages(settings: LazySettings) -> None:
    settings.PUBLIC_URL = "https://traginer.example.org/"
    kind = problems.described(TokenMissing())["type"]
    assert kind == "https://traginer.example.org/api/v1/docs/errors#token-missing"
