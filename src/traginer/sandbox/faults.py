"""What goes wrong on purpose: which requests, how often, and in which way."""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from threading import Lock
from typing import Any

KINDS = ("status", "cut", "slow", "switch-off-key", "arm-ip-list", "delete-list")
BODIES = ("json", "html", "empty")


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong. Raises ValueError for what makes no sense.

    `when` tells whether the request is carried out first (after) or not at all (before); for switch-off-key,
    arm-ip-list and delete-list, whether the request already meets the change. `path` is the beginning of the path below /v3. `nth`
    skips the first matching requests; from there on each one fails with `probability`, `times` in all (0: for ever).
    `at` is the number of bytes of the answer that get through before a cut; `seconds` are real ones.
    """

    kind: str = "status"
    method: str = ""
    path: str = ""
    when: str = "before"
    status: int = 500
    body: str = "json"
    at: int = 0
    seconds: float = 1.0
    list_id: int = 0
    nth: int = 1
    times: int = 1
    probability: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        for spec in fields(self):
            value, default = getattr(self, spec.name), spec.default
            if type(value) is not type(default) and not (isinstance(default, float) and type(value) is int):
                raise ValueError(f"A fault's {spec.name} is of type {type(default).__name__}, not {value!r}.")
        _one_of("kind", self.kind, KINDS)
        _one_of("when", self.when, ("before", "after"))
        _one_of("body", self.body, BODIES)
        if not (100 <= self.status <= 599 and 0 <= self.probability <= 1 and 0 <= self.seconds <= 3600):
            raise ValueError("A fault needs a status from 100 to 599, a probability from 0 to 1 and at most an hour.")
        if self.nth < 1 or self.times < 0 or self.at < 0:
            raise ValueError("A fault's nth begins at 1; its times and at are not negative.")

    def matches(self, method: str, path: str) -> bool:
        """Whether the request is of the sort that this fault strikes."""
        return self.method.upper() in ("", method) and path.startswith(self.path)

    @classmethod
    def read(cls, text: str) -> "Fault":
        """A fault from a command line: `kind` or `kind:name=value,name=value`; a number as kind is a status."""
        kind, _, rest = text.partition(":")
        values: dict[str, Any] = {"kind": "status", "status": int(kind)} if kind.isdigit() else {"kind": kind}
        defaults: dict[str, object] = {spec.name: spec.default for spec in fields(cls)}
        for pair in filter(None, rest.split(",")):
            name, equals, value = pair.partition("=")
            if name not in defaults or not equals:
                raise ValueError(f"A fault has no {name!r}; it has {', '.join(defaults)}.")
            values[name] = _as_kind_of(defaults[name], value)
        return cls(**values)


def _as_kind_of(default: object, text: str) -> str | int | float:
    if isinstance(default, (int, float)):
        return type(default)(text)
    return text


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"A fault's {name} is one of {', '.join(choices)}, not {value!r}.")


@dataclass
class _Armed:
    fault: Fault
    chance: random.Random
    seen: int = 0
    fired: int = 0

    def strikes(self) -> bool:
        self.seen += 1
        spent = self.fault.times and self.fired >= self.fault.times
        if self.seen < self.fault.nth or spent or self.chance.random() >= self.fault.probability:
            return False
        self.fired += 1
        return True


class Faults:
    """The faults that wait for their request."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._armed: dict[int, _Armed] = {}
        self._last_id = 0

    def add(self, fault: Fault | str | None = None, **values: Any) -> int:
        """Arm a fault, given whole, as its command-line text, or by its fields; its id."""
        if isinstance(fault, str):
            fault = Fault.read(fault)
        armed = fault or Fault(**values)
        with self._lock:
            self._last_id += 1
            self._armed[self._last_id] = _Armed(armed, random.Random(armed.seed))  # noqa: S311 - chance, not secrecy
            return self._last_id

    def remove(self, fault_id: int) -> bool:
        """Disarm one fault; whether there was one."""
        with self._lock:
            return self._armed.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Disarm all."""
        with self._lock:
            self._armed.clear()

    def due(self, method: str, path: str) -> list[Fault]:
        """The faults that strike this request, in the order they were armed."""
        with self._lock:
            return [
                armed.fault for armed in self._armed.values() if armed.fault.matches(method, path) and armed.strikes()
            ]

    def as_json(self) -> list[Mapping[str, Any]]:
        """Every armed fault with how often it was matched and how often it struck."""
        with self._lock:
            return [
                {"id": one, **asdict(armed.fault), "seen": armed.seen, "fired": armed.fired}
                for one, armed in self._armed.items()
            ]
