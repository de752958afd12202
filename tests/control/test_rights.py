"""Who may do what: the table, the share of a connection, and what a refusal says and leaves behind."""

from pathlib import Path

import pytest

from tests.control.cast import account, actor, connection
from traginer.control import audit, rights
from traginer.control.errors import NotAllowed
from traginer.control.models import AuditEntry
from traginer.control.rights import ACTIONS, Actor

pytestmark = pytest.mark.usefixtures("installation")

VIEWERS = {"segment:read", "export:read", "run:read", "schedule:read", "system:read", "profile:search", "token:write"}
CONTRIBUTORS = VIEWERS | {
    "source:read", "source:write", "source:remove", "segment:write", "segment:remove", "connection:read", "profile:read",
    "rejection:read",
}  # fmt: skip
ON_CONNECTION = {
    "export:write", "export:remove", "export:detach", "export:schedule", "export:plan", "export:run", "run:cancel",
    "ledger:check",
}  # fmt: skip


def allowed(who: Actor, usable_by: object) -> set[str]:
    shared = connection(usable_by)
    return {action for action in ACTIONS if who.may(action, on=shared)}


@pytest.mark.parametrize(
    ("name", "usable_by", "may"),
    [
        ("ada", "administrators", set(ACTIONS)),
        ("bernat", "administrators", CONTRIBUTORS),
        ("bernat", [], CONTRIBUTORS),
        ("bernat", ["carla@example.org"], CONTRIBUTORS),
        ("bernat", ["Bernat@Example.org"], CONTRIBUTORS | ON_CONNECTION),
        ("bernat", "contributors", CONTRIBUTORS | ON_CONNECTION),
        ("carla", "contributors", VIEWERS),
        ("carla", ["carla@example.org"], VIEWERS),
        ("dídac", "contributors", set()),
    ],
)
def test_each_role_may_exactly_what_the_page_of_permissions_says(name: str, usable_by: object, may: set[str]) -> None:
    """S15, S16, S17, L1, L2, L5, L11: administrators only by default; contributors where it is shared; viewers look."""
    assert allowed(actor(name), usable_by) == may


def test_a_share_can_change_while_exports_stay() -> None:
    """L3: what a contributor may do with the exports of a connection follows the share at once."""
    shared, bernat = connection("administrators", "Shared later"), actor("bernat")
    assert not rights.may_use(bernat, shared)
    shared.usable_by = "contributors"
    assert rights.may_use(bernat, shared)
    assert not rights.may_use(actor("carla"), shared)
    shared.usable_by = ["carla@example.org"]
    assert not rights.may_use(bernat, shared)


def test_an_action_on_a_connection_cannot_be_asked_about_without_one() -> None:
    """S23: the right to configure an export hangs on its connection; a service that forgets it does not pass, for anybody."""
    with pytest.raises(TypeError):
        actor("ada").require("export:run")


def test_a_refusal_names_what_is_needed_and_whom_to_ask() -> None:
    """S24: who lacks a right reads which role or share it takes, and who can give it."""
    account("ada")
    with pytest.raises(NotAllowed) as refusal:
        actor("bernat").require("export:run", on=connection("administrators"))
    assert refusal.value.sentence == (
        "bernat@example.org may not run exports. It takes the role Administrator, or Contributor and a connection "
        "shared with contributors or with you by name."
    )
    assert refusal.value.advice == "Ask ada@example.org."
    assert refusal.value.code == "not-allowed"


def test_where_there_is_no_administrator_a_refusal_names_the_role() -> None:
    with pytest.raises(NotAllowed) as refusal:
        actor("carla").require("segment:write")
    assert refusal.value.sentence.endswith("It takes the role Contributor.")
    assert refusal.value.advice == "Ask an administrator."


@pytest.mark.parametrize(
    ("scopes", "says"),
    [({"read"}, "It takes a token with the scope run."), ({"write"}, "It takes a token with the scope run.")],
)
def test_a_token_without_the_scope_is_refused_what_its_owner_may(scopes: set[str], says: str) -> None:
    shared = connection("contributors")
    owner = actor("bernat")
    assert owner.may("export:run", on=shared)
    narrow = Actor(owner.name, owner.role, owner.user_id, "api", scopes=frozenset(scopes))
    with pytest.raises(NotAllowed) as refusal:
        narrow.require("export:run", on=shared)
    assert says in refusal.value.sentence
    assert Actor(owner.name, owner.role, scopes=frozenset({"run"})).may("export:run", on=shared)


def test_a_token_with_every_scope_may_nothing_more_than_its_owner_and_nothing_that_takes_a_person() -> None:
    for name in ("ada", "bernat", "carla"):
        owner = actor(name)
        token = Actor(owner.name, owner.role, scopes=frozenset(rights.SCOPES))
        shared = connection("contributors", f"shared for {name}")
        more = {a for a in ACTIONS if token.may(a, on=shared) and not owner.may(a, on=shared)}
        assert more == set()
        assert not any(token.may(action, on=shared) for action, row in ACTIONS.items() if not row.scopes)


def test_a_denied_attempt_is_in_the_audit_with_who_what_and_where_from() -> None:
    with pytest.raises(NotAllowed):
        actor("bernat").require("export:run", on=connection("administrators"))
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.role, entry.door, entry.address) == (
        "bernat@example.org", "contributor", "api", "203.0.113.7",
    )  # fmt: skip
    assert (entry.action, entry.kind, entry.name, entry.result) == (
        "export:run", "connection", "Newsletter account", "denied",
    )  # fmt: skip


def test_a_refusal_inside_a_transaction_is_noted_though_all_else_is_rolled_back() -> None:
    def change() -> None:
        with audit.atomic():
            made = connection("administrators")
            audit.changed(actor("ada"), "connection:write", made, None, {"name": made.name})
            with audit.atomic():
                actor("bernat").require("export:write", on=made)

    with pytest.raises(NotAllowed):
        change()
    assert [(entry.action, entry.result) for entry in AuditEntry.objects.all()] == [("export:write", "denied")]


def test_asking_what_somebody_may_leaves_nothing_behind() -> None:
    assert not actor("carla").may("segment:write")
    assert not AuditEntry.objects.exists()


def test_every_action_is_a_noun_and_a_verb(installation: Path) -> None:
    for action in ACTIONS:
        noun, verb = action.split(":")
        assert noun.isalpha()
        assert verb.isalpha()
