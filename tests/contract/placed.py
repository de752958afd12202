"""Where each switch of the sandbox is put while our own client is tested, and what may come of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from tests.e2e.virtual import LIST, World
from traginer import brevo
from traginer.sandbox import Fault, LoggedRequest, Switches

REJECTS = {"reject_probability": 0.5, "reject_seed": 1}
SLOW = {"queue_delay_seconds": 30.0}
SMALL = {"body_limit_bytes": 900}


def _nothing(_: World) -> None:
    pass


def _somebody_else_holds_a_number(world: World) -> None:
    world.sandbox.add_contact("p3@example.org")
    world.sandbox.add_contact("stranger@example.net", {"SMS": "+34600100003"})


def _another_tool_imports(times: int) -> Callable[[World], None]:
    def arrange(world: World) -> None:
        prefix, suffix = brevo.import_envelope(8)
        for n in range(times):
            body = prefix + f'{{"email":"other{n}@example.net"}}'.encode() + suffix
            assert isinstance(world.other_tool.start_import(body), brevo.Accepted)

    return arrange


def _the_hour_is_used_up(world: World) -> None:
    for _ in range(100):
        world.other_tool.account()


def _the_key_is_off(world: World) -> None:
    world.sandbox.switch_off_key()


def _the_key_is_on(world: World) -> None:
    world.sandbox.switch_on_key()


def _the_list_goes_during_the_import(world: World) -> None:
    world.sandbox.faults.add(Fault("delete-list", path="/contacts/import", when="after", list_id=LIST))


@dataclass(frozen=True)
class Place:
    """A switch's place in the test.

    `values` stand for those of a number or a text; the values of the others are known. `beside` are switches without
    which this one would not matter, `arrange` what happened before the first run. `ends` are the codes that a first run
    ends with, by value; `later` those of the run after it, where they differ. `mends` is what a person does about it;
    None where nobody can. With `rejects`, Brevo refuses rows. `seen` is true of a request that shows the switch at work.
    """

    values: tuple[Any, ...] = ()
    beside: Mapping[str, Any] = field(default_factory=dict)
    arrange: Callable[[World], None] = _nothing
    ends: Mapping[Any, str] = field(default_factory=dict)
    later: Mapping[Any, str] = field(default_factory=dict)
    mends: Callable[[World], None] | None = _nothing
    rejects: bool = False
    merges: Any = None
    seen: Callable[[LoggedRequest], bool] | None = None


PLACES: Mapping[str, Place] = {
    "tier": Place(),
    "language": Place(),
    "date_format": Place(),
    "account_dates": Place(),
    "switched_off_key_message": Place(
        ("API Key is not enabled", "La clau no està activa"),
        arrange=_the_key_is_off,
        ends={"API Key is not enabled": "brevo-key-off", "La clau no està activa": "brevo-key-off"},
        mends=_the_key_is_on,
    ),
    "consent_groups": Place(),
    "account_in_process": Place(),
    "rate_limit_body": Place(
        beside={"tier": "general"}, arrange=_the_hour_is_used_up, seen=lambda request: request.status == 429
    ),
    "body_limit_bytes": Place((10_000_000, 900, 500)),
    "too_large_status": Place(beside=SMALL, seen=lambda request: request.status in (400, 413)),
    "contact_limit": Place((0, 100, 6), ends={6: "brevo-contract-full"}),
    "contact_limit_answer": Place(
        beside={"contact_limit": 6},
        ends={"402": "brevo-contract-full", "400": "brevo-contract-full", "failed": "brevo-import-failed"},
    ),
    "attribute_limit": Place((0, 3)),
    "queue_delay_seconds": Place((0.0, 5.0, 4_000.0)),
    "rows_per_second": Place((0.0, 100.0, 0.01)),
    "running_status": Place(beside=SLOW),
    "overlapping_imports": Place(beside=SLOW, arrange=_another_tool_imports(1)),
    "stuck_seconds": Place(
        (0.0, 600.0),
        beside={**SLOW, "overlapping_imports": "stuck"},
        arrange=_another_tool_imports(2),
        ends={0.0: "brevo-account-busy"},
        mends=None,
    ),
    "import_without_list": Place(),
    "import_false_unblocks": Place(),
    "existing_join_list": Place(),
    "duplicate_rows": Place(),
    "phone_conflict": Place(arrange=_somebody_else_holds_a_number, rejects=True, merges="merge"),
    "invalid_phone": Place(),
    "phone_rule": Place(),
    "list_deleted": Place(
        arrange=_the_list_goes_during_the_import,
        ends={"fail": "brevo-import-failed"},
        later={"complete": "brevo-list-not-found", "fail": "brevo-list-not-found"},
        mends=None,
    ),
    "reject_probability": Place((0.0, 0.3, 1.0), rejects=True),
    "reject_seed": Place((0, 1), beside=REJECTS, rejects=True),
    "csv_quotes": Place(),
    "decimal_comma": Place(),
    "numbers_as_text": Place(),
    "category_shown": Place(),
    "phone_only_email": Place(),
    "search_lag_seconds": Place((0.0, 3_600.0)),
    "empty_segment_times_out": Place(),
    "process_times": Place(),
    "processes_live_seconds": Place((0.0, 3_600.0, 0.1), ends={0.1: "brevo-import-forgotten"}),
    "files_live_seconds": Place((0.0, 3_600.0, 0.1), beside=REJECTS, rejects=True, ends={0.1: "brevo-report-missing"}),
    "report_separator": Place(beside=REJECTS, rejects=True),
    "report_header": Place(beside=REJECTS, rejects=True),
    "report_bom": Place(beside=REJECTS, rejects=True),
    "report_columns": Place(beside=REJECTS, arrange=_somebody_else_holds_a_number, rejects=True),
    "callbacks": Place(),
}


@dataclass(frozen=True)
class Position:
    """One switch at one value."""

    name: str
    value: Any
    place: Place

    @property
    def switches(self) -> Switches:
        """A fresh account in this position, without limits unless they are what is tested."""
        return Switches(**{"tier": "unlimited", **self.place.beside, self.name: self.value})

    @property
    def ends(self) -> str:
        return self.place.ends.get(self.value, "")

    @property
    def later(self) -> str:
        return self.place.later.get(self.value, self.ends)

    def __str__(self) -> str:
        return f"{self.name}={self.value!r}"


def positions() -> list[Position]:
    """Every switch there is, at each of its values."""
    found = []
    for spec in fields(Switches):
        place = PLACES.get(spec.name, Place())
        found += [Position(spec.name, value, place) for value in _values(spec, place)]
    return found


def _values(spec: Any, place: Place) -> tuple[Any, ...]:
    if isinstance(spec.default, bool):
        return (False, True)
    return spec.metadata["choices"] or place.values
