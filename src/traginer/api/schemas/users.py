"""Who has an account, and who the token of a request acts for."""

from datetime import datetime
from typing import Any, Literal, Self

from traginer.api.bodies import Shown
from traginer.control.rights import Actor

Role = Literal["viewer", "contributor", "administrator"]


class User(Shown):
    """An account; `language` is empty where it follows the browser."""

    id: int
    email: str
    name: str
    role: Role
    language: str
    is_active: bool
    has_second_factor: bool
    last_login: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, person: Any, *, has_factor: bool) -> Self:
        """Of an account as the service gives it."""
        return cls(
            id=person.pk,
            email=person.email,
            name=person.name,
            role=person.role,
            language=person.language,
            is_active=person.is_active,
            has_second_factor=has_factor,
            last_login=person.last_login,
            created_at=person.created_at,
        )


class Me(Shown):
    """Whom the token acts for, what its owner is, and its scopes, which narrow that."""

    name: str
    role: Role
    token: str
    scopes: list[Literal["read", "run", "write"]]

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """Of an actor that came in with a token."""
        scopes: Any = sorted(actor.scopes or ())
        return cls(name=actor.name, role=actor.role, token=actor.via.removeprefix("token "), scopes=scopes)
