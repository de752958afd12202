"""/users and /me: who has an account, and whom a token acts for."""

from django.http import HttpRequest
from ninja import Router

from traginer.api.bodies import Number
from traginer.api.entry import who
from traginer.api.paging import DEFAULT, Cursor, Limit, Name, Page, asking, by_name
from traginer.api.schemas.users import Me, User
from traginer.control import accounts, api_support

router = Router()


@router.get("/users", response=Page[User])
def list_users(request: HttpRequest, name: Name = "", limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[User]:
    """List the accounts, by e-mail; `name` is the e-mail of the one that is meant."""
    asked = asking(request, cursor, limit, str)
    people = accounts.every(who(request))
    found, following = by_name(asked, people, lambda person: person.email, name.strip().lower())
    factors = accounts.having_second_factor()
    shown = [User.of(person, has_factor=person.pk in factors) for person in found]
    return Page[User](items=shown, next=following)


@router.get("/users/{user}", response=User)
def get_user(request: HttpRequest, user: Number) -> User:
    """Show an account."""
    person = api_support.user(who(request), user)
    return User.of(person, has_factor=accounts.has_second_factor(person))


@router.get("/me", response=Me)
def get_me(request: HttpRequest) -> Me:
    """Show whom the token acts for, and its scopes."""
    return Me.of(who(request))
