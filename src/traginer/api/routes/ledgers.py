"""/exports/{export}/ledger: what a list holds because of an export."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from traginer.api.bodies import JsonBody, Number
from traginer.api.entry import who
from traginer.api.schemas.ledgers import LedgerCheck, LedgerCheckRequest, LedgerRebuildRequest, LedgerRebuilt
from traginer.api.waiting import long
from traginer.control import api_support, ledgers

router = Router()


@router.post("/exports/{export}/ledger/check", response=LedgerCheck)
def check_ledger(
    request: HttpRequest, export: Number, how: Annotated[LedgerCheckRequest, JsonBody(...)]
) -> LedgerCheck:
    """Say whether the ledger of an export is whole, and how it compares with Brevo."""
    actor = who(request)
    found, look = api_support.export(actor, export), ledgers.compare if how.deep else ledgers.check
    with long() as means:
        return LedgerCheck.of(look(actor, found, means))


@router.post("/exports/{export}/ledger/rebuild", response=LedgerRebuilt)
def rebuild_ledger(
    request: HttpRequest, export: Number, how: Annotated[LedgerRebuildRequest, JsonBody(...)]
) -> LedgerRebuilt:
    """Make the ledger of an export anew from its list in Brevo. Claims nobody who may be somebody else's, and sends nothing."""
    actor = who(request)
    found = api_support.export(actor, export)
    with long() as means, ledgers.rebuilding(actor, found, means) as rebuilding:
        if how.keep:
            rebuilding.keep()
        return LedgerRebuilt.of(rebuilding)
