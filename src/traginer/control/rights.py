"""Who may do what: one table, and the actor that every service takes first and asks."""

from dataclasses import dataclass

from traginer.control import audit
from traginer.control.errors import NotAllowed
from traginer.control.models import Connection, Role, User
from traginer.errors import Phrase
from traginer.i18n import N_

__all__ = ["ACTIONS", "RANK", "SCOPES", "Action", "Actor", "Role", "administrators", "may_use"]

SCOPES = ("read", "run", "write")
NAMED_AT_MOST = 3

ANY = frozenset(SCOPES)
READ, RUN, WRITE = (frozenset({scope}) for scope in SCOPES)
NO_TOKEN: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Action:
    """One row: what it is in words, the least role, and the scopes of which a token needs one (none: no token may).

    `on_connection`: contributors may only with the connection shared with them.
    """

    deed: str
    least: Role
    scopes: frozenset[str]
    on_connection: bool = False


# Viewers look, contributors also build and export where a connection is shared with them, administrators decide:
# the rights of the page "Permissions" of Customer Insights (research/customer-insights.md, 2.7).
ACTIONS = {
    "segment:read": Action(N_("see segments"), Role.VIEWER, ANY),
    "export:read": Action(N_("see exports"), Role.VIEWER, ANY),
    "run:read": Action(N_("see runs"), Role.VIEWER, ANY),
    "schedule:read": Action(N_("see the schedule of the system"), Role.VIEWER, ANY),
    "system:read": Action(N_("see the status of the system"), Role.VIEWER, ANY),
    "profile:search": Action(N_("search profiles, addresses masked"), Role.VIEWER, READ),
    "token:write": Action(N_("create and revoke tokens of their own"), Role.VIEWER, NO_TOKEN),
    "source:read": Action(N_("see sources"), Role.CONTRIBUTOR, ANY),
    "connection:read": Action(N_("see the name and the type of a connection"), Role.CONTRIBUTOR, ANY),
    "profile:read": Action(N_("see profiles with their addresses"), Role.CONTRIBUTOR, READ),
    "rejection:read": Action(N_("see which profiles a run left out"), Role.CONTRIBUTOR, READ),
    "source:write": Action(N_("create and change sources"), Role.CONTRIBUTOR, WRITE),
    "source:remove": Action(N_("remove sources"), Role.CONTRIBUTOR, WRITE),
    "segment:write": Action(N_("create and change segments"), Role.CONTRIBUTOR, WRITE),
    "segment:remove": Action(N_("remove segments"), Role.CONTRIBUTOR, WRITE),
    "export:write": Action(N_("create and change exports"), Role.CONTRIBUTOR, WRITE, on_connection=True),
    "export:remove": Action(N_("remove exports"), Role.CONTRIBUTOR, WRITE, on_connection=True),
    "export:detach": Action(N_("detach exports from a connection"), Role.CONTRIBUTOR, WRITE, on_connection=True),
    "export:schedule": Action(N_("schedule exports"), Role.CONTRIBUTOR, WRITE, on_connection=True),
    "export:plan": Action(N_("see the plan of exports"), Role.CONTRIBUTOR, RUN, on_connection=True),
    "export:run": Action(N_("run exports"), Role.CONTRIBUTOR, RUN, on_connection=True),
    "run:cancel": Action(N_("cancel runs"), Role.CONTRIBUTOR, RUN, on_connection=True),
    "run:approve": Action(N_("approve and discard held runs"), Role.ADMINISTRATOR, RUN),
    "ledger:check": Action(N_("check ledgers"), Role.CONTRIBUTOR, RUN, on_connection=True),
    "ledger:rebuild": Action(N_("make ledgers anew"), Role.ADMINISTRATOR, WRITE),
    "configuration:read": Action(N_("see the whole configuration"), Role.ADMINISTRATOR, READ),
    "connection:inspect": Action(N_("see how a connection is set up"), Role.ADMINISTRATOR, READ),
    "connection:write": Action(N_("create and change connections"), Role.ADMINISTRATOR, WRITE),
    "connection:remove": Action(N_("remove connections"), Role.ADMINISTRATOR, WRITE),
    "connection:share": Action(N_("choose who can use a connection"), Role.ADMINISTRATOR, WRITE),
    "connection:answer": Action(N_("be the export user of a connection"), Role.ADMINISTRATOR, NO_TOKEN),
    "consent:write": Action(N_("agree to Data privacy and compliance"), Role.ADMINISTRATOR, NO_TOKEN),
    "profile:erase": Action(N_("erase profiles"), Role.ADMINISTRATOR, NO_TOKEN),
    "schedule:write": Action(N_("change the schedule of the system"), Role.ADMINISTRATOR, WRITE),
    "system:write": Action(N_("change the settings of the system"), Role.ADMINISTRATOR, WRITE),
    "system:examine": Action(N_("examine the installation"), Role.ADMINISTRATOR, READ),
    "user:read": Action(N_("see who has an account"), Role.ADMINISTRATOR, READ),
    "user:write": Action(N_("change accounts and roles"), Role.ADMINISTRATOR, NO_TOKEN),
    "token:manage": Action(N_("see and revoke tokens of others"), Role.ADMINISTRATOR, NO_TOKEN),
    "audit:read": Action(N_("read the audit"), Role.ADMINISTRATOR, READ),
}

RANK = {role.value: rank for rank, role in enumerate(Role)}
"""The roles by how much they may do; what is no role may nothing."""

ROLE_NEEDED = {
    Role.VIEWER: N_("It takes the role Viewer."),
    Role.CONTRIBUTOR: N_("It takes the role Contributor."),
    Role.ADMINISTRATOR: N_("It takes the role Administrator."),
}
SHARE_NEEDED = N_(
    "It takes the role Administrator, or Contributor and a connection shared with contributors or with you by name."
)
SCOPE_NEEDED = {
    READ: N_("It takes a token with the scope read."),
    RUN: N_("It takes a token with the scope run."),
    WRITE: N_("It takes a token with the scope write."),
    NO_TOKEN: N_("No token may do this: it takes a person who has logged in."),
}


@dataclass(frozen=True)
class Actor:
    """Who asks: `name` is a person's e-mail, or whoever owns the terminal; `via` the token or terminal they used.

    `door` is cli, api, web or worker; `address` where the request came from. `scopes` narrow a token's rights; None is no token.
    """

    name: str
    role: str
    user_id: int | None = None
    door: str = "cli"
    address: str | None = None
    via: str = ""
    scopes: frozenset[str] | None = None

    def require(self, action: str, on: Connection | None = None) -> None:
        """Raises NotAllowed, with the attempt noted in the audit, unless `action`, a key of ACTIONS, is this actor's right.

        What is done by way of a connection is asked about with that connection: without it, TypeError.
        """
        lacking = _lacking(self, action, on)
        if lacking:
            audit.denied(self, action, on)
            raise NotAllowed(
                actor=self.name, deed=Phrase(ACTIONS[action].deed), needed=Phrase(lacking), whom=administrators()
            )

    def may(self, action: str, on: Connection | None = None) -> bool:
        """Whether `require` would let it pass; for what a page offers. Nothing is noted."""
        return not _lacking(self, action, on)


def may_use(actor: Actor, connection: Connection) -> bool:
    """Whether exports over the connection are this actor's to manage: all of them, whoever made them."""
    if actor.role == Role.ADMINISTRATOR:
        return True
    if actor.role != Role.CONTRIBUTOR:
        return False
    usable_by = connection.usable_by
    if isinstance(usable_by, str):
        return usable_by == "contributors"
    return actor.name.lower() in {str(email).lower() for email in usable_by}


def _lacking(actor: Actor, action: str, on: Connection | None) -> str:
    """What the actor lacks, in words; nothing where it is their right."""
    row = ACTIONS[action]
    if row.on_connection and on is None:
        raise TypeError(f"{action} needs the connection it is about")
    if RANK.get(actor.role, -1) < RANK[row.least]:
        return SHARE_NEEDED if row.on_connection else ROLE_NEEDED[row.least]
    if row.on_connection and on is not None and not may_use(actor, on):
        return SHARE_NEEDED
    if actor.scopes is not None and not actor.scopes & row.scopes:
        return SCOPE_NEEDED.get(row.scopes, SCOPE_NEEDED[READ])
    return ""


def administrators() -> str:
    """Whom to ask: some administrators by e-mail, or the word where there are none."""
    active = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")
    named = ", ".join(active.values_list("email", flat=True)[:NAMED_AT_MOST])
    return named or Phrase(N_("an administrator"))
