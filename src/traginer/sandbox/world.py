"""Everything there is in one sandbox, put together; and what a fresh account looks like."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traginer.sandbox.attributes import Attributes, default_attributes
from traginer.sandbox.callbacks import Callbacks
from traginer.sandbox.clock import Clock
from traginer.sandbox.contacts import Contacts
from traginer.sandbox.exporting import Export, Removal
from traginer.sandbox.faults import Faults
from traginer.sandbox.importing import Import
from traginer.sandbox.incidents import Incidents
from traginer.sandbox.keys import Keys
from traginer.sandbox.limits import Limits
from traginer.sandbox.lists import Lists
from traginer.sandbox.processes import EXPORT, IMPORT, REMOVAL, Processes
from traginer.sandbox.requestlog import RequestLog
from traginer.sandbox.store import Store
from traginer.sandbox.switches import Switches
from traginer.sandbox.webhooks import Webhooks
from traginer.sandbox.worker import Work, Worker

ACCOUNT_EMAIL = "botiga@example.com"
COMPANY = "Botiga Pous"


@dataclass(frozen=True)
class World:
    """The parts of a sandbox. `url` is where it listens, without a slash at its end."""

    url: str
    store: Store
    clock: Clock
    switches: Switches
    attributes: Attributes
    contacts: Contacts
    lists: Lists
    processes: Processes
    webhooks: Webhooks
    callbacks: Callbacks
    incidents: Incidents
    keys: Keys
    limits: Limits
    faults: Faults
    log: RequestLog
    worker: Worker

    def reset(self) -> None:
        """Back to a fresh account: contacts, lists, processes, faults, log and counts are gone; the switches stay."""
        with self.store.transaction():
            self.store.clear()
            self.attributes.forget()
            populate(self)
        self.faults.clear()
        self.log.clear()
        self.limits.forget()


def build(url: str, home: Path | None, *, api_key: str, switches: Switches) -> World:
    """A sandbox's parts over the database in `home`, or in memory; a new database gets the fresh account."""
    store = Store(home)
    clock = Clock(offset=float(store.note("clock_offset") or 0.0))
    attributes, incidents = Attributes(store, switches), Incidents(store, clock)
    contacts = Contacts(store, clock, switches, attributes, incidents)
    lists, processes, callbacks = Lists(store, clock), Processes(store, clock, switches), Callbacks(switches)
    webhooks = Webhooks(store, clock, callbacks)
    worker = Worker(clock, processes, callbacks, _opener(contacts, lists, processes, webhooks))
    world = World(
        url, store, clock, switches, attributes, contacts, lists, processes, webhooks, callbacks, incidents,
        Keys(store, switches, api_key), Limits(clock, switches), Faults(), RequestLog(), worker,
    )  # fmt: skip
    if store.value("SELECT count(*) FROM attribute") == 0:
        with store.transaction():
            populate(world)
    clock.watch(lambda: store.remember("clock_offset", str(clock.offset)))
    clock.watch(worker.settle)
    return world


def _opener(contacts: Contacts, lists: Lists, processes: Processes, webhooks: Webhooks) -> Callable[[Any], Work]:
    openers: dict[str, Callable[[Any], Work]] = {
        IMPORT: lambda process: Import(process, contacts, lists, processes, webhooks),
        EXPORT: lambda process: Export(process, contacts, processes),
        REMOVAL: lambda process: Removal(process, lists, processes),
    }
    return lambda process: openers[process["name"]](process)


def populate(world: World) -> None:
    """The account as it is on its first day, plus the two lists our examples speak of."""
    for attribute in default_attributes(world.switches.language):
        world.attributes.save(attribute)
    world.lists.create_folder("Traginer", folder_id=1)
    world.lists.create("Newsletter", 1, list_id=7)
    world.lists.create("Loyal customers", 1, list_id=8)
