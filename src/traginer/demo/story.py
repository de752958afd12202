"""The demonstration, step by step: sample profiles, a local Brevo, two exports, a changed world, and the proof."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding

from traginer.cli.showing import number, show_run
from traginer.control import configuration, exports, proof, runs, wording
from traginer.control.accounts import Actor
from traginer.control.journal import Unwatched
from traginer.demo.samples import change_profiles, write_profiles
from traginer.duck import open_duck
from traginer.i18n import N_, gettext
from traginer.sandbox import Sandbox

PROFILES = 10_000
CHANGED_SHARE = 0.01
EXPORTS = ("Newsletter", "Loyal customers")

CONFIGURATION = """\
sources:
  - name: Customers
    type: parquet
    path: profiles.parquet
    key: customer_id
connections:
  - name: Newsletter account
    type: brevo
    api_key: ${BREVO_API_KEY}
    base_url: ${BREVO_URL}
    usable_by: administrators
    consent: {agreed_by: ada@example.org, text: "1"}
segments:
  - name: Catalan spenders
    source: Customers
    rules:
      all:
        - {field: language, is: ca}
        - {field: lifetime_value, at_least: 500}
        - any:
            - {field: last_purchase_at, within_last: {days: 90}}
            - {field: country, is_one_of: [AD, ES]}
  - name: Recent buyers
    source: Customers
    rules:
      all:
        - {field: last_purchase_at, within_last: {days: 45}}
        - none:
            - {field: newsletter, is: false}
  - name: Loyal customers
    source: Customers
    sql: SELECT customer_id FROM profiles WHERE orders >= 8 AND loyalty IN ('gold', 'silver')
exports:
  - name: Newsletter
    connection: Newsletter account
    list: 7
    email: email
    attributes:
      FIRSTNAME: first_name
      LASTNAME: last_name
      SMS: {field: phone, region: country, default_region: ES}
      LIFETIME_VALUE: lifetime_value
    segments: [Catalan spenders, Recent buyers]
    leavers: remove
    schedule: system
    timezone: Europe/Madrid
  - name: Loyal customers
    connection: Newsletter account
    list: 8
    email: email
    attributes: {FIRSTNAME: first_name, LAST_PURCHASE: last_purchase_at}
    segments: [Loyal customers]
    timezone: Europe/Madrid
"""


class Story:
    """Tells and does. `folder` holds the profiles and the file; the local Brevo lives as long as the story."""

    def __init__(
        self, console: Console, folder: Path, actor: Actor, sandbox: Sandbox, watch: Callable[[], Any]
    ) -> None:
        self.console = console
        self.folder = folder
        self.actor = actor
        self.sandbox = sandbox
        self.watch = watch
        self.profiles = folder / "profiles.parquet"

    def tell(self) -> bool:
        """Tell it to the end. The answer says whether every list holds exactly what it should."""
        self._make_profiles()
        self._apply()
        self._run_all(gettext(N_("First run: everything is new")))
        self._change()
        self._run_all(gettext(N_("Second run: only the difference travels")), briefly=True)
        self._run_all(gettext(N_("Third run: nothing has changed")), briefly=True)
        return self._prove()

    def _make_profiles(self) -> None:
        self._title(gettext(N_("Sample profiles")))
        with open_duck(self.folder / "duck") as duck:
            write_profiles(duck, self.profiles, PROFILES, datetime.now(UTC).date())
        text = gettext(
            N_("{count} customers in {file}: untidy addresses, phones in ten notations, duplicates, empty fields.")
        )
        self._say(text.format(count=number(PROFILES), file=self.profiles))

    def _apply(self) -> None:
        self._title(gettext(N_("A local Brevo, and the configuration")))
        self.sandbox.create_attribute("LIFETIME_VALUE", "float")
        self.sandbox.create_attribute("LAST_PURCHASE", "date")
        self._say(gettext(N_("Brevo's stand-in answers at {url}.")).format(url=self.sandbox.base_url))
        file = self.folder / "traginer.yml"
        file.write_text(CONFIGURATION, encoding="utf-8")
        for item in configuration.apply(self.actor, file, datetime.now(UTC)):
            self._say(f"[green]+[/] {item.name} [dim]{gettext(wording.KINDS[item.kind])}[/]")

    def _run_all(self, title: str, *, briefly: bool = False) -> None:
        self._title(title)
        for name in EXPORTS:
            with self.watch() as watch:
                run, _ = runs.run_now(self.actor, exports.get(self.actor, name), runs.Means(watch))
            show_run(wording.described(run), briefly=briefly)
            self.console.print()

    def _change(self) -> None:
        self._title(gettext(N_("The world changes")))
        with open_duck(self.folder / "duck") as duck:
            change_profiles(duck, self.profiles, share=CHANGED_SHARE)
        self._say(gettext(N_("About one profile in a hundred gets another name, starts to spend, or stops.")))

    def _prove(self) -> bool:
        self._title(gettext(N_("Proof: the lists read back from Brevo")))
        return sum(self._prove_one(name) for name in EXPORTS) == len(EXPORTS)

    def _prove_one(self, name: str) -> bool:
        found = proof.prove(self.actor, exports.get(self.actor, name), runs.Means(Unwatched()))
        mark = "[bold green]✓[/]" if found.holds else "[bold red]✗[/]"
        text = gettext(
            N_(
                "{name}: {wanted} wanted, {ledger} in the ledger, {listed} on the list; {missing} missing, {stale} too many"
            )
        )
        figures = {n: number(getattr(found, n)) for n in ("wanted", "ledger", "listed", "missing", "stale")}
        self._say(f"{mark} " + text.format(name=f"[bold]{name}[/]", **figures))
        return found.holds

    def _title(self, text: str) -> None:
        self.console.print(f"\n[bold]{text}[/]")

    def _say(self, text: str) -> None:
        self.console.print(Padding(text, (0, 0, 0, 2), expand=False))


@contextmanager
def timed(console: Console) -> Iterator[None]:
    """Say how long it took."""
    started = time.perf_counter()
    yield
    console.print(
        gettext(N_("\nThe whole story took {seconds:.0f} seconds.")).format(seconds=time.perf_counter() - started)
    )
