"""The people of the tests of accounts, each with the same password, hashed as the product does it but with less work."""

import runpy
from functools import cache
from typing import Any, ClassVar

from django.contrib.auth.hashers import Argon2PasswordHasher

from traginer.control import accounts, settings
from traginer.control.models import Connection, User
from traginer.control.rights import Actor

PASSWORD = "four quiet copper kettles"
ROLES = {"ada": "administrator", "bernat": "contributor", "carla": "viewer"}


class QuickArgon2(Argon2PasswordHasher):
    """The hasher of the product with the least work it can be told to do; counts how often it worked."""

    time_cost, memory_cost, parallelism = 1, 8, 1
    worked: ClassVar[int] = 0

    def encode(self, password: str, salt: str) -> str:
        QuickArgon2.worked += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        QuickArgon2.worked += 1
        return super().verify(password, encoded)


QUICK = [f"{__name__}.QuickArgon2"]
"""For PASSWORD_HASHERS."""


def settings_now() -> dict[str, Any]:
    """The settings that a process which begins now would read from the environment."""
    return runpy.run_path(settings.__file__)


@cache
def hashed() -> str:
    hasher = QuickArgon2()
    return hasher.encode(PASSWORD, hasher.salt())


def account(name: str, role: str = "", **values: object) -> User:
    """The account of one of the cast, made if there is none."""
    defaults = {"role": role or ROLES[name], "password": hashed(), "name": name.title(), **values}
    return User.objects.get_or_create(email=f"{name}@example.org", defaults=defaults)[0]


def actor(name: str, door: str = "api") -> Actor:
    """One of the cast at a door; Dídac has a role that may nothing."""
    if name == "dídac":
        return Actor("dídac@example.org", "nobody", door=door)
    return accounts.acting(account(name), door, "203.0.113.7")


def connection(usable_by: object, name: str = "Newsletter account") -> Connection:
    """A connection that nothing runs over."""
    return Connection.objects.create(name=name, base_url="http://127.0.0.1:9/v3", usable_by=usable_by)
