"""Connections, and what lies behind them. No key is ever shown."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, WithJsonSchema

from traginer.api.bodies import Asked, Shown
from traginer.api.schemas.problems import Problem
from traginer.contacts.mapping import AttributeType
from traginer.control.connections import ConnectionView, Setup
from traginer.control.connections_account import Account, Health, ListChoice
from traginer.control.spec import BREVO_URL, ConnectionSpec, Name, UsableBy
from traginer.control.spec_base import ServerUrl

Configuration = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "x-configuration": "ConnectionBody"})]


class ConnectionBody(ConnectionSpec):
    """A Brevo account. `api_key` is never shown; without it, a change keeps the key that is there."""

    base_url: ServerUrl = Field(default=BREVO_URL, pattern=r"^https?://[^\s/?#]+(/\S*)?$", max_length=500)
    """Where its API answers."""


class ConnectionSetup(Shown):
    """How a connection is set up, for administrators. Of its key, the last four characters."""

    key_tail: str
    usable_by: str | list[str]
    company: str
    connected_at: datetime | None
    export_user: str
    agreed_by: str
    is_agreed: bool
    exports: list[str]
    created_at: datetime
    configuration: Configuration


class Connection(Shown):
    """A connection; `setup` is null for those it is shared with, who see its name and type only."""

    id: int
    name: str
    type: str
    setup: ConnectionSetup | None

    @classmethod
    def of(cls, number: int, view: ConnectionView) -> Self:
        """Of a connection as the service shows it."""
        setup = _setup(view.name, view.type, view.setup) if view.setup else None
        return cls(id=number, name=view.name, type=view.type, setup=setup)


class Share(Asked):
    """Who may use a connection beside administrators: nobody, all contributors, or these people."""

    usable_by: UsableBy


class BrevoPlan(Shown):
    """What the account pays for; `credits` are the sends left, null where Brevo does not tell."""

    name: str
    credits: float | None


class BrevoList(Shown):
    """A list of the account; `contacts` is its size as Brevo counts it."""

    list_id: int
    name: str
    contacts: int

    @classmethod
    def of(cls, choice: ListChoice) -> Self:
        """Of a list as the service gives it."""
        return cls(list_id=choice.list_id, name=choice.name, contacts=choice.contacts)


class NewList(Asked):
    """A list to be created in the account."""

    name: Name


class BrevoAttribute(Shown):
    """An attribute of the account's contacts; `options` are the values of a category."""

    name: str
    type: str
    options: list[str]

    @classmethod
    def of(cls, known: AttributeType) -> Self:
        """Of an attribute as the service gives it."""
        return cls(name=known.name, type=known.kind, options=[str(option) for option in known.options])


class BrevoAccount(Shown):
    """A Brevo account as it is now; `contacts_left` is null where the contract's limit was not entered."""

    company: str
    plans: list[BrevoPlan]
    attributes: list[BrevoAttribute]
    lists: list[BrevoList]
    contacts: int
    contact_limit: int | None
    contacts_left: int | None

    @classmethod
    def of(cls, account: Account) -> Self:
        """Of an account as the service gives it."""
        return cls(
            company=account.company,
            plans=[BrevoPlan(name=plan.name, credits=plan.credits) for plan in account.plans],
            attributes=[BrevoAttribute.of(known) for known in account.attributes.values()],
            lists=[BrevoList.of(choice) for choice in account.lists],
            contacts=account.contacts,
            contact_limit=account.contact_limit,
            contacts_left=account.contacts_left,
        )


class ConnectionHealth(Shown):
    """How a look at a connection ended: the account, or the problem that hides it."""

    connection: str
    is_good: bool
    message: str
    account: BrevoAccount | None
    problem: Problem | None

    @classmethod
    def of(cls, health: Health) -> Self:
        """Of what the service found."""
        return cls(
            connection=health.connection,
            is_good=health.account is not None,
            message=health.sentence,
            account=BrevoAccount.of(health.account) if health.account else None,
            problem=Problem.of(health.problem) if health.problem else None,
        )


def _setup(name: str, kind: str, setup: Setup) -> ConnectionSetup:
    limit = {"contact_limit": setup.contact_limit} if setup.contact_limit is not None else {}
    return ConnectionSetup(
        key_tail=setup.key_tail,
        usable_by=setup.usable_by,
        company=setup.company,
        connected_at=setup.connected_at,
        export_user=setup.export_user,
        agreed_by=setup.agreed_by,
        is_agreed=setup.is_agreed,
        exports=setup.exports,
        created_at=setup.created_at,
        configuration={
            "name": name,
            "type": kind,
            "base_url": setup.base_url,
            "tier": setup.tier,
            "share": setup.share,
            "usable_by": setup.usable_by,
            **limit,
        },
    )
