"""How often a wrong password or code may be tried: counted in the database, so that all processes agree."""

import hashlib
import math
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.db import transaction
from django.db.models import QuerySet

from traginer.control.accounts.errors import EntryThrottled
from traginer.control.alone import alone
from traginer.control.models import FailedEntry

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 20
NETWORK_BITS = 64
"""Whoever has one IPv6 address has its whole /64."""


def begin(email: str, address: str, at: datetime) -> FailedEntry:
    """Count an attempt as failed before it is looked at, so that attempts at the same time cannot outrun the count.

    Raises EntryThrottled, with the minutes to wait, after PER_ACCOUNT failures of the account from the address or
    PER_ADDRESS of the address in WINDOW.
    """
    account, network = _account(email), _network(address)
    with transaction.atomic():
        alone(f"entry {network}")
        FailedEntry.objects.filter(at__lte=at - WINDOW).delete()
        of_address = FailedEntry.objects.filter(address=network)
        for failures, most in ((of_address.filter(account=account), PER_ACCOUNT), (of_address, PER_ADDRESS)):
            _require_fewer(failures, most, at)
        return FailedEntry.objects.create(account=account, address=network, at=at)


def forgive(attempt: FailedEntry) -> None:
    """The attempt was none that failed."""
    attempt.delete()


def succeed(attempt: FailedEntry) -> None:
    """Its account came in from its address: what failed there before is forgotten. The address itself is still watched."""
    FailedEntry.objects.filter(account=attempt.account, address=attempt.address).delete()


def _require_fewer(failures: QuerySet[FailedEntry], most: int, at: datetime) -> None:
    counted = list(failures.order_by("-at").values_list("at", flat=True)[:most])
    if len(counted) == most:
        seconds = (counted[-1] + WINDOW - at).total_seconds()
        raise EntryThrottled(minutes=max(1, math.ceil(seconds / 60)))


def _account(email: str) -> str:
    """A stand-in for what was typed, which may be an address that is not ours to keep, or a password."""
    return hashlib.sha256(email.strip().lower().encode(errors="replace")).hexdigest()


def _network(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(IPv6Address(int(known) >> NETWORK_BITS << NETWORK_BITS))
    return str(known)
