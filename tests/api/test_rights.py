"""Who may do what over the API: each role and each scope at each operation, against the one table of rights."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import transaction

from tests.api.world import ROLES, Answer, Asking
from traginer.api.document import operations
from traginer.api.examples import BODIES, EXPORT
from traginer.api.operations import OPERATIONS
from traginer.api.urls import DOCUMENT
from traginer.control import tokens
from traginer.control.models import Connection
from traginer.control.rights import ACTIONS, SCOPES, Actor

FITTING: Mapping[str, Any] = {
    "attach_export": {"connection": "Newsletter account"},
    "create_export": {**EXPORT, "name": "New"},
}


def all_operations() -> dict[str, tuple[str, str]]:
    """The method and the address of each operation, about the one thing of its kind that the world has."""
    found = {}
    for path, method, operation in operations(DOCUMENT):
        address = re.sub(r"{\w+}", "1", path)
        query = "?contacts=leave" if operation["operationId"] == "remove_export" else ""
        found[operation["operationId"]] = (method.upper(), address + query)
    return found


def answered(asking: Asking, name: str, secret: str) -> Answer:
    """The answer of an operation to a token; what it changed is undone."""
    method, path = all_operations()[name]
    with transaction.atomic():
        answer = asking.ask(method, path, FITTING.get(name, BODIES.get(name)), Authorization=f"Bearer {secret}")
        transaction.set_rollback(True)
    return answer


def is_allowed(answer: Answer) -> bool:
    """A refusal is a 403 with its code, and nothing else is one."""
    assert (answer.status == 403) is (answer.code == "not-allowed")
    assert answer.status not in {401, 422, 500}, answer.text
    return answer.status != 403


def expected(actor: Actor, action: str | None) -> bool:
    return action is None or actor.may(action, on=Connection.objects.get())


@pytest.mark.parametrize("who", ROLES)
def test_each_role_may_exactly_what_the_table_of_rights_says(asking: Asking, who: str) -> None:
    """S23, S24, L1, L2, L5: the API asks the same services for the same rights as the pages and the command line."""
    secret = asking.token(who)
    actor = tokens.actor_for(secret, None)
    may = {name: is_allowed(answered(asking, name, secret)) for name in OPERATIONS}
    assert may == {name: expected(actor, action) for name, action in OPERATIONS.items()}


@pytest.mark.parametrize("scope", SCOPES)
def test_each_scope_opens_exactly_what_the_table_of_rights_says(asking: Asking, scope: str) -> None:
    secret = asking.token("ada", scope)
    actor = tokens.actor_for(secret, None)
    may = {name: is_allowed(answered(asking, name, secret)) for name in OPERATIONS}
    assert may == {name: expected(actor, action) for name, action in OPERATIONS.items()}


def test_every_operation_names_the_right_that_it_asks_for_and_no_other_is_named() -> None:
    assert set(OPERATIONS) == set(all_operations())
    assert {action for action in OPERATIONS.values() if action} <= set(ACTIONS)


def test_no_operation_asks_for_what_no_token_may() -> None:
    """S19, S21: a program cannot agree to Data privacy and compliance, and cannot be an export user."""
    of_people = {action for action, row in ACTIONS.items() if not row.scopes}
    assert of_people >= {"consent:write", "connection:answer", "user:write", "token:write"}
    assert not of_people & set(OPERATIONS.values())


def test_what_is_not_shared_with_a_contributor_looks_as_if_it_did_not_exist(api: Asking) -> None:
    """L1, S28: a connection that a contributor may not use is not there for them, neither by its number nor by its name."""
    api.put("connections/1/share", {"usable_by": "administrators"})
    missing, hidden = api.get("connections/7", who="bernat"), api.get("connections/1", who="bernat")
    assert (missing.status, missing.code) == (hidden.status, hidden.code) == (404, "number-unknown")
    assert "Newsletter account" not in hidden.text
    assert api.get("connections", who="bernat").json["items"] == []
    assert api.post("exports", {**EXPORT, "name": "New"}, who="bernat").code == "not-found"
