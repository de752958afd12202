"""The client of a connection, and what went over it: the one place that builds a Brevo client."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from traginer import brevo
from traginer.control import connections
from traginer.control.journal import Watch
from traginer.control.models import Connection, Run
from traginer.destination import BrevoList

log = logging.getLogger("traginer.brevo")
# It writes paths, and a path may hold an address. What may be known of a request is what `note` writes.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


@dataclass
class Traffic:
    """Requests and bytes of one run, counted as they go; `by_endpoint` by template, never by address."""

    requests: int = 0
    bytes_sent: int = 0
    by_endpoint: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run) -> Self:
        """What the run has cost already, before it was held or interrupted."""
        return cls(run.requests, run.bytes, dict(run.results.get("requests_by_endpoint", {})))

    def note(self, exchange: brevo.Exchange) -> None:
        """Count one request, and write it to the log."""
        self.requests += 1
        self.bytes_sent += exchange.bytes_sent
        self.by_endpoint[exchange.endpoint] = self.by_endpoint.get(exchange.endpoint, 0) + 1
        log.info(
            "%s %s sent=%d received=%d seconds=%.3f id=%s",
            exchange.endpoint,
            exchange.status,
            exchange.bytes_sent,
            exchange.bytes_received,
            exchange.seconds,
            exchange.request_id,
        )


@contextmanager
def opened(
    connection: Connection,
    list_id: int,
    watch: Watch,
    traffic: Traffic | None = None,
    *,
    read_only: bool = False,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[BrevoList]:
    """The list over the connection; what goes over it is counted in `traffic`. Raises KeyMissing, KeyUndecryptable.

    `sleep` waits for the limits of the account, and may raise to give up: nothing is sent then.
    """
    client = brevo.open_brevo(
        connections.api_key(connection),
        connection.base_url,
        tier=connection.tier,
        share=connection.share,
        sleep=sleep,
        on_request=(traffic or Traffic()).note,
        on_wait=watch.waiting,
    )
    with client:
        reached = client.read_only() if read_only else client
        host = urlsplit(connection.base_url).netloc
        yield BrevoList(reached, connection.name, host, list_id, polling=polling(connection))


def polling(connection: Connection) -> brevo.Polling:
    """When an import under way is looked at. A local Brevo without limits may be asked as soon as it can be done."""
    return brevo.Polling(first=0.02) if connection.tier == brevo.Tier.UNLIMITED else brevo.Polling()
