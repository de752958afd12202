"""What lies behind a connection: the Brevo account as it is now, its lists and its attributes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from traginer import brevo
from traginer.contacts.mapping import AttributeType
from traginer.control import audit, connections, consent, traffic, vault
from traginer.control.journal import Unwatched
from traginer.control.models import Connection
from traginer.control.rights import Actor
from traginer.control.runs.means import Means
from traginer.control.spec import ConnectionSpec
from traginer.destination import BrevoList, Known, identity
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext

NO_LIST = 0
"""Looking at an account is about none of its lists."""
MEANS = Means(Unwatched())
"""For whoever waits as long as it takes."""


@dataclass(frozen=True)
class ListChoice:
    """A list of the account, to pick from; `contacts` is its size as Brevo counts it."""

    list_id: int
    name: str
    contacts: int


@dataclass(frozen=True)
class Account:
    """A Brevo account as it is now.

    `plans` are the names of what the account pays for, with its sends left where Brevo tells them. Brevo does not tell
    how many contacts the contract allows: `contact_limit` is what the operator has entered, None where nothing was.
    """

    company: str
    plans: tuple[brevo.Plan, ...]
    attributes: dict[str, AttributeType]
    lists: tuple[ListChoice, ...]
    contacts: int
    contact_limit: int | None

    @property
    def contacts_left(self) -> int | None:
        """For how many more contacts the contract has room; None where what it allows is not known."""
        return None if self.contact_limit is None else max(self.contact_limit - self.contacts, 0)


@dataclass(frozen=True)
class Health:
    """How a look at a connection ended: the account, or the problem that hides it."""

    connection: str
    account: Account | None
    problem: TraginerError | None

    @property
    def sentence(self) -> str:
        """What was found, in the language now spoken."""
        if self.account is None:
            return self.problem.sentence if self.problem else ""
        return gettext(N_("Connected to {account}")).format(account=self.account.company)


def check(actor: Actor, connection: Connection, at: datetime, means: Means = MEANS) -> Health:
    """Look at the account with the connection's key, and keep what Brevo says. What is wrong comes back, not up.

    `means` waits for the limits of the account, here and below, and may raise to give up.
    """
    actor.require("connection:inspect")
    try:
        found, seen = _looked_at(connection, means)
    except TraginerError as problem:
        return Health(connection.name, None, problem)
    connections.remember(connection, seen)
    Connection.objects.filter(pk=connection.pk).update(connected_at=at)
    connection.refresh_from_db()
    return Health(connection.name, found, None)


def connect(actor: Actor, connection: Connection, at: datetime, means: Means = MEANS) -> Health:
    """Initialise the connection, once somebody has agreed to Data privacy and compliance. Raises what consent lacks."""
    actor.require("connection:write")
    consent.require(connection)
    before = connection.company
    health = check(actor, connection, at, means)
    audit.changed(actor, "connection:write", connection, {"account": before}, {"account": connection.company})
    return health


def try_out(actor: Actor, spec: ConnectionSpec, means: Means = MEANS) -> Health:
    """Look at the account that the key of `spec` opens. Nothing is kept, and nothing needs to be saved before."""
    actor.require("connection:write")
    draft = Connection(name=spec.name, base_url=spec.base_url.rstrip("/"), tier=spec.tier, share=spec.share)
    draft.contact_limit = spec.contact_limit
    draft.encrypted_key = vault.encrypted(spec.api_key) if spec.api_key else ""
    try:
        found, _ = _looked_at(draft, means)
    except TraginerError as problem:
        return Health(spec.name, None, problem)
    return Health(spec.name, found, None)


def lists(actor: Actor, connection: Connection, search: str = "", means: Means = MEANS) -> list[ListChoice]:
    """The lists of the account whose name or number holds `search`, by name. Raises what hides the account."""
    actor.require("export:write", on=connection)
    wanted = search.casefold()
    with _opened(connection, means) as target:
        found = [one for one in _choices(target) if wanted in one.name.casefold() or wanted in str(one.list_id)]
    return sorted(found, key=lambda one: (one.name.casefold(), one.list_id))


def attributes(actor: Actor, connection: Connection, means: Means = MEANS) -> dict[str, AttributeType]:
    """The attributes of the account's contacts, by name, as they are now. Raises what hides the account."""
    actor.require("export:write", on=connection)
    with _opened(connection, means) as target:
        return target.attributes()


def create_list(actor: Actor, connection: Connection, name: str, means: Means = MEANS) -> ListChoice:
    """Create a list in the account, in its first folder. Raises FolderMissing, and what hides the account."""
    actor.require("export:write", on=connection)
    consent.require(connection)
    with traffic.opened(connection, NO_LIST, means.watch, sleep=means.sleep) as target:
        made = ListChoice(target.create_list(name), name, 0)
    audit.note(actor, "export:write", connection, after={"list": made.list_id, "list_name": name})
    return made


def _looked_at(connection: Connection, means: Means) -> tuple[Account, Known]:
    with _opened(connection, means) as target:
        account = target.account(connection.account)
        known = Known(identity(account), account.company, "", 0, target.attributes())
        plans = tuple(plan for plan in account.plans if plan.active)
        found = Account(
            account.company,
            plans,
            dict(known.attributes),
            _choices(target),
            target.contacts(),
            connection.contact_limit,
        )
    return found, known


def _choices(target: BrevoList) -> tuple[ListChoice, ...]:
    return tuple(ListChoice(one.id, one.name, one.subscribers) for one in target.lists())


@contextmanager
def _opened(connection: Connection, means: Means) -> Iterator[BrevoList]:
    with traffic.opened(connection, NO_LIST, means.watch, read_only=True, sleep=means.sleep) as target:
        yield target
