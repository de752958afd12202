"""GET /account."""

from typing import Any

from traginer.sandbox.messages import Answer, Request, answer
from traginer.sandbox.world import ACCOUNT_EMAIL, COMPANY, World

_STARTED, _ENDS = ("2026-01-01", "1767225600"), ("2026-12-31", "1798675200")


def get_account(world: World, _request: Request) -> Answer:
    """The account. Brevo names neither the number of contacts nor a limit of them here."""
    dates = _dates(world.switches.account_dates)
    users = {"purchasedSeats": "1", "usedSeats": "1"}
    marketing = {
        "planCategory": "Marketing",
        "planType": "subscription",
        "name": "Starter",
        "status": "active",
        **dates,
    }
    return answer(
        200,
        {
            "organization_id": "5fa2b8c1234567890abcdef0",
            "user_id": 1234567,
            "enterprise": world.switches.tier == "extended",
            "companyName": COMPANY,
            "email": ACCOUNT_EMAIL,
            "firstName": "Roser",
            "lastName": "Pous",
            "address": {"street": "Carrer Major 1", "city": "Vic", "zipCode": "08500", "country": "Spain"},
            "dateTimePreferences": {
                "timezone": "Europe/Madrid",
                "timeFormat": "24",
                "dateFormat": world.switches.date_format,
            },
            "plan": [{"type": "subscription", "creditsType": "sendLimit", "credits": 20000, **dates}],
            "planVerticals": [{**marketing, "users": users, "credits": "20000"}],
            "relay": {
                "enabled": True,
                "data": {"userName": ACCOUNT_EMAIL, "relay": "smtp-relay.brevo.com", "port": 587},
            },
            "marketingAutomation": {"enabled": False},
        },
    )


def _dates(form: str) -> dict[str, Any]:
    if form == "none":
        return {}
    place = 1 if form == "unix" else 0
    return {"startDate": _STARTED[place], "endDate": _ENDS[place]}
