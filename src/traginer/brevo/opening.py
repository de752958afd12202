"""How a client is put together: the network inside, then the log, then the limits."""

import math
import random
import time
from collections.abc import Callable

from traginer.brevo.client import Brevo
from traginer.brevo.layers import Exchange, Logged, Paced, Waiter
from traginer.brevo.limits import SHARE, Limiter, Tier
from traginer.brevo.patience import TRIES, Patience
from traginer.brevo.wire import ApiKey, HttpTransport, Timeouts

BREVO = "https://api.brevo.com/v3"


def open_brevo(
    api_key: str,
    base_url: str = BREVO,
    *,
    tier: str = Tier.GENERAL,
    share: float = SHARE,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
    on_request: Callable[[Exchange], None] | None = None,
    on_wait: Callable[[float, str], None] | None = None,
    jitter: Callable[[], float] = random.random,
    timeouts: Timeouts | None = None,
    tries: int = TRIES,
    longest_wait: float = math.inf,
    proxy: str | None = None,
) -> Brevo:
    """A client of the account that `api_key` opens. Nothing is sent yet.

    `share` of each budget of the account's `tier` is ours; limits count per account, so open one client per account
    and process. `on_request` hears of each request after it, `on_wait(seconds, why)` of each wait before it. `sleep`
    may raise to give up. A wait over `longest_wait` seconds is not begun: reads raise instead, writes answer Wait.
    `proxy` is a URL. Raises KeyMissing, KeyMalformed; ValueError for another unusable argument.
    """
    timeouts = timeouts or Timeouts()
    wire = HttpTransport(ApiKey(api_key), base_url, connect_seconds=timeouts.connect, proxy=proxy)
    waiter = Waiter(sleep, on_wait, longest_wait)
    paced = Paced(Logged(wire, on_request, now) if on_request else wire, Limiter(tier, share, now), waiter)
    return Brevo(paced, Patience(waiter, jitter, tries), timeouts=timeouts, left=paced.left, close=wire.close)
