"""What the ways that notices go have in common."""

import ipaddress

SECONDS = 10.0
"""How long a mail server or a webhook may take to answer."""


class Undelivered(Exception):
    """The other side did not take the notice; `why` is a code or the kind of an error, without anything that was sent."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, and what is said to it goes over no network."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
