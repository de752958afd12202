"""Who may in: the account's API keys, and the addresses it recognises."""

import hmac
import ipaddress
import json
from collections.abc import Iterable, Mapping

from traginer.sandbox.refusals import refuse
from traginer.sandbox.store import Store
from traginer.sandbox.switches import Switches

# Well formed (64 hex digits, 16 letters), secret to nobody: docs and tests may show it.
DEFAULT_API_KEY = f"xkeysib-{'0' * 64}-{'SandboxKey000000'}"
KEY_NAME = "Sandbox key"


class Keys:
    """The key of the account, and whether it and the caller's address are accepted. Remembered by the store."""

    def __init__(self, store: Store, switches: Switches, api_key: str) -> None:
        self._store, self._switches, self.api_key = store, switches, api_key

    def check(self, headers: Mapping[str, str], peer: str) -> None:
        """Raises Refusal with one of Brevo's four 401s."""
        key = headers.get("api-key", "")
        if not key:
            raise refuse("key-missing")
        if not hmac.compare_digest(key.encode(), self.api_key.encode()):
            raise refuse("key-unknown")
        if self._store.note("key_switched_off"):
            raise refuse("key-switched-off", message=self._switches.switched_off_key_message)
        if not self._recognises(peer):
            raise refuse("ip-unrecognised", ip=peer)

    def switch_off(self) -> None:
        """From now on the key is known but no longer accepted."""
        self._store.remember("key_switched_off", "yes")

    def switch_on(self) -> None:
        """Accept the key again."""
        self._store.run("DELETE FROM note WHERE name = 'key_switched_off'")

    def recognise(self, addresses: Iterable[str] | None) -> None:
        """Accept only these addresses and networks; None goes back to learning, when everyone is accepted."""
        if addresses is None:
            self._store.run("DELETE FROM note WHERE name = 'recognised_ips'")
            return
        networks = [str(ipaddress.ip_network(address, strict=False)) for address in addresses]
        self._store.remember("recognised_ips", json.dumps(networks))

    def recognised(self) -> list[str] | None:
        """The accepted networks, or None while learning."""
        text = self._store.note("recognised_ips")
        return None if text is None else list(json.loads(text))

    def _recognises(self, peer: str) -> bool:
        networks = self.recognised()
        return networks is None or any(ipaddress.ip_address(peer) in ipaddress.ip_network(one) for one in networks)
