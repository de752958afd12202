"""The whole API under requests that its own document calls right, wrong and on the edge, as each role and as nobody.

A few examples of each operation by default; TRAGINER_FUZZ=50 tries the edges of everything and 50 examples for each role.
Each request is undone, so that all of them meet the same small world: one export that has run once, and its local Brevo.
"""

import copy
import os
from collections.abc import Callable

import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.api.world import Asking
from tests.world import World
from traginer.api.urls import DOCUMENT
from traginer.control.models import Connection

EXAMPLES = int(os.environ.get("TRAGINER_FUZZ", "0"))
RULES = ["create_segment", "replace_segment", "count_draft", "apply_configuration", "diff_configuration"]
"""The rules of a segment have 2,000 edges, most of which only parse rules: they are tried on demand."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
    allow_header_conformance,
]


def schema_of(*, edges: bool) -> schemathesis.BaseSchema:
    """The document as schemathesis reads it."""
    config = SchemathesisConfig.from_dict(
        {
            "generation": {"deterministic": True, "with-security-parameters": False, "database": "none"},
            "phases": {"coverage": {"enabled": edges}},
        }
    )
    schema = schemathesis.openapi.from_dict(copy.deepcopy(DOCUMENT), config=config)
    schema.app = get_wsgi_application()
    return schema


def trying(examples: int) -> Callable[..., object]:
    return settings(
        max_examples=EXAMPLES or examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


WITHOUT_EDGES = schema_of(edges=bool(EXAMPLES))
WITH_EDGES = schema_of(edges=True).exclude(operation_id=[] if EXAMPLES else RULES)
RULES_WITHOUT_EDGES = schema_of(edges=False).include(operation_id=RULES)


def answered(case: schemathesis.Case, asking: Asking, who: str) -> schemathesis.Response:
    """The answer to the case, which keeps its promises and holds no secret; what it changed is undone."""
    # A WSGI client unpacks nothing, and what is packed hides what is looked for.
    headers = {"Accept-Encoding": "identity"}
    if who:
        headers["Authorization"] = f"Bearer {asking.token(who)}"
    with transaction.atomic():
        response = case.call(headers=headers)
        secrets = [World.api_key, *asking.tokens.values(), *Connection.objects.values_list("encrypted_key", flat=True)]
        transaction.set_rollback(True)
    case.validate_response(response, checks=CHECKS)
    for secret in secrets:
        assert not secret or secret.encode() not in response.content
    return response


def addresses(asking: Asking) -> list[bytes]:
    return [profile[field].encode() for profile in asking.world.profiles.values() for field in ("email", "phone")]


@WITH_EDGES.parametrize()
@trying(3)
def test_an_administrator_meets_only_what_is_documented(case: schemathesis.Case, asking: Asking) -> None:
    answered(case, asking, "ada")


@RULES_WITHOUT_EDGES.parametrize()
@trying(5)
def test_an_administrator_meets_only_what_is_documented_of_rules(case: schemathesis.Case, asking: Asking) -> None:
    answered(case, asking, "ada")


@WITHOUT_EDGES.parametrize()
@trying(2)
def test_a_contributor_meets_only_what_is_documented(case: schemathesis.Case, asking: Asking) -> None:
    answered(case, asking, "bernat")


@WITHOUT_EDGES.parametrize()
@trying(2)
def test_a_viewer_sees_no_address_whatever_they_ask(case: schemathesis.Case, asking: Asking) -> None:
    """L5, L11: viewers look, and never see addresses."""
    response = answered(case, asking, "carla")
    assert not any(address in response.content for address in addresses(asking))


@WITHOUT_EDGES.parametrize()
@trying(2)
def test_nobody_gets_nothing(case: schemathesis.Case, asking: Asking) -> None:
    assert answered(case, asking, "").status_code in {401, 405}
