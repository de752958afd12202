"""Whatever a file may hold can be stored, on both databases, and is what a dump gives again."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.world import ADA, World, now
from traginer.control import configuration, yamlfile
from traginer.control.api_support import PartInvalid
from traginer.control.errors import ConsentTextUnknown, FileInvalid
from traginer.control.notices import EVENTS
from traginer.control.notifying.errors import NoticeAddressInvalid
from traginer.control.spec import SECTIONS, FileSpec
from traginer.control.spec_notices import NoticeEvent

Strategy = st.SearchStrategy[Any]
NAME = "Odd"
UNFIT = (NoticeAddressInvalid, ConsentTextUnknown)
"""What services refuse, of what has the form of a configuration."""
ODD_TEXT = st.one_of(
    st.sampled_from(["yes", "1", "2026-01-31", "null", "${HOME}", "$${X}", "$$${X}", " a: b ", "#", "\r\n", "'\"", "", "\0"]),
    st.sampled_from(["x" * 200, "x" * 201, "é" * 200, "x" * 2001, "\ud800", "a\u2028b", "\x85"]),
    st.text(max_size=20),
)  # fmt: skip
ODD_NUMBER = st.sampled_from([0, -1, 1, 2**31, 2**63 - 1, 2**63, 2**600, True, "12", 1.0, 1.5, None, "x"])
ODD_SHARE = st.one_of(st.floats(), st.sampled_from([0, 1, 100, "12.5", True, 5e-324]))
ODD_ZONE = st.sampled_from(
    ["Europe/Madrid", "America/Argentina/ComodRivadavia", "Etc/GMT+12", "Mars/Olympus", "", "\0", 1]
)
ODD_TIME = st.sampled_from(["6:00", "23:59", "24:00", "٠٦:٣٠", True, 990, 1440, -1, 6.5, None])
SCHEDULES = st.one_of(
    st.just("none"),
    st.fixed_dictionaries({"cron": st.sampled_from(["0 6 * * 1-5", "0  6 1 * *", "*/5 * * * *", "0 0 29 2 *"])}),
    st.fixed_dictionaries(
        {"times": st.lists(st.integers(0, 1439), min_size=1, max_size=3)},
        optional={
            "days": st.lists(st.sampled_from(["mon", "tue", "sun"]), max_size=4),
            "timezone": st.just("Asia/Kolkata"),
        },
    ),
)
ODD_SCHEDULE = st.one_of(
    st.sampled_from(["off", True, {"cron": "* * * * * *"}, {"cron": "0 0 30 2 *"}, {"cron": " " * 201}, {"times": []}]),
    st.fixed_dictionaries({"times": st.lists(ODD_TIME, min_size=1, max_size=2), "timezone": ODD_ZONE}),
)
CONDITIONS = st.sampled_from(
    [
        {"field": "language", "is": "ca"},
        {"field": "last_purchase_at", "at_least": date(2026, 1, 31)},
        {"field": "last_purchase_at", "less_than": datetime(2026, 1, 31, 6, 30, tzinfo=UTC)},
        {"field": "lifetime_value", "is_between": [1, 2.5]},
        {"field": "last_purchase_at", "within_last": {"days": 90}},
        {"field": "first_name", "is": "${HOME}"},
    ]
)
BODIES = st.one_of(
    st.lists(CONDITIONS, min_size=1, max_size=3).map(lambda found: {"rules": {"any": found}}),
    st.sampled_from(["", " WHERE first_name = '${X}'"]).map(
        lambda end: {"sql": f"SELECT customer_id FROM profiles{end}"}
    ),
)
TARGETS = st.sampled_from(
    [
        {"kind": "webhook", "address": "https://hooks.example.org/s3cr3t", "secret": "a-long-enough-secret"},
        {"kind": "email", "address": "ada@example.org"},
    ]
)
ODD_URL = st.sampled_from(
    ["http://[::1]:9/v3//", "http://[", "http://:1", "http:///", "http://x:99999", "http://x:0", "http://é", f"http://x/{'x' * 492}"]
)  # fmt: skip


def some(**values: Strategy) -> Strategy:
    """Any choice among the values."""
    return st.fixed_dictionaries({}, optional=values)


CONNECTION = some(
    base_url=st.sampled_from(["http://127.0.0.1:9/v3/", "https://brevo.example.org"]),
    api_key=st.just("xkeysib-abcdefgh"),
    tier=st.sampled_from(["general", "unlimited"]),
    share=st.floats(0.1, 1),
    contact_limit=st.integers(1, 2**63 - 1),
    usable_by=st.sampled_from(["contributors", [], ["B@example.org", "b@example.org", "c@example.org"]]),
    consent=st.just({"agreed_by": "ada@example.org", "text": 1}),
)
EXPORT = some(
    connection=st.none(),
    enabled=st.booleans(),
    purpose=st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20),
    leavers=st.sampled_from(["remove", "keep"]),
    attributes=st.just({"FIRSTNAME": "first_name", "SMS": {"field": "phone", "default_region": "ES"}}),
    consent=st.just({"field": "language", "values": ["ca", "yes"]}),
    schedule=st.one_of(st.just("system"), SCHEDULES),
    timezone=st.just("Europe/Madrid"),
    guards=some(max_shrink_percent=st.floats(0, 100), max_removals=st.integers(0, 9), max_contacts=st.just(2**63 - 1)),
)
NOTICE = some(
    events=st.lists(st.sampled_from(get_args(NoticeEvent)), max_size=4),
    shrink_percent=st.floats(0.5, 100),
    language=st.sampled_from(["", "ca"]),
    export=st.just(NAME),
)
ODDITIES: Sequence[tuple[str, str, Strategy]] = [
    ("everything", "name", ODD_TEXT),
    ("connections", "contact_limit", ODD_NUMBER),
    ("sources", "table", ODD_TEXT),
    ("sources", "types", st.dictionaries(ODD_TEXT, st.just("text"), max_size=2)),
    ("connections", "api_key", ODD_TEXT),
    ("connections", "base_url", ODD_URL),
    ("connections", "share", ODD_SHARE),
    ("connections", "usable_by", st.lists(ODD_TEXT.map(lambda text: f"{text}@x"), max_size=2)),
    ("connections", "consent", st.fixed_dictionaries({"agreed_by": ODD_TEXT, "text": st.sampled_from([1, "1", True])})),
    ("exports", "list", ODD_NUMBER),
    ("exports", "purpose", ODD_TEXT),
    ("exports", "segments", st.sampled_from([[NAME, NAME], [], [NAME, "Catalan spenders", NAME]])),
    ("exports", "consent", st.fixed_dictionaries({"field": st.just("language"), "values": st.lists(ODD_TEXT, max_size=2)})),
    ("exports", "schedule", ODD_SCHEDULE),
    ("exports", "timezone", ODD_ZONE),
    ("exports", "guards", some(max_shrink_percent=ODD_SHARE, max_removals=ODD_NUMBER, min_contacts=ODD_NUMBER)),
    ("notices", "address", ODD_TEXT),
    ("notices", "secret", ODD_TEXT),
    ("notices", "shrink_percent", ODD_SHARE),
]  # fmt: skip


@st.composite
def documents(draw: Callable[[Strategy], Any]) -> dict[str, Any]:
    """One thing of each kind, fitting the shared world and each other; and then one word or two of it are odd."""
    found: dict[str, Any] = {
        "sources": [{"name": NAME, "type": "parquet", "path": "profiles.parquet", "key": "customer_id"}],
        "connections": [{"name": NAME, **draw(CONNECTION)}],
        "segments": [{"name": NAME, "source": NAME, **draw(BODIES)}],
        "exports": [
            {"name": NAME, "connection": NAME, "list": 7, "email": "email", "segments": [NAME], **draw(EXPORT)}
        ],
        "notices": [{"name": NAME, **draw(TARGETS), **draw(NOTICE)}],
        "system": {"schedule": draw(SCHEDULES)},
    }
    for section, word, values in draw(st.lists(st.sampled_from(ODDITIES), max_size=2)):
        if section == "everything":
            found = renamed(found, draw(values))
        else:
            found[section][0][word] = draw(values)
    return found


def renamed(value: Any, name: str) -> Any:
    """The document with everything called otherwise."""
    if isinstance(value, dict):
        return {word: renamed(inner, name) for word, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, name) for inner in value]
    return name if value == NAME else value


def as_dumped(spec: FileSpec, folder: Path) -> dict[str, Any]:
    """What a dump holds of it: no secret, and no path that hangs on where the file is."""
    found = spec.model_dump(by_alias=True)
    for source in found["sources"]:
        source["path"] = str(folder / source["path"])
    for connection in found["connections"]:
        connection["api_key"] = None
    for target in found["notices"]:
        target["secret"] = None
        target["address"] = target["address"] if target["kind"] == "email" else None
    return found


def dumped_of(spec: FileSpec, file: Path) -> dict[str, Any]:
    """What the dump in `file` says of the things that `spec` names."""
    found = FileSpec.model_validate(yamlfile.read(file).values).model_dump(by_alias=True)
    for section in SECTIONS:
        names = {one.name for one in getattr(spec, section)}
        found[section] = [one for one in found[section] if one["name"] in names]
    return found


@given(written=documents())
@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_what_a_file_may_hold_is_stored_and_dumped_as_it_was(world: World, written: dict[str, Any]) -> None:
    """L6, L9: a configuration that is accepted is kept whole; what cannot be kept is refused in words, at its place."""
    try:
        spec = FileSpec.model_validate(written)
    except ValidationError:
        event("refused")
        return
    file = world.folder / "dumped.yml"
    with transaction.atomic():
        try:
            configuration.apply_spec(ADA, spec, world.folder, now(), PartInvalid)
        except UNFIT:
            event("does not fit the world")
        else:
            event("kept")
            file.write_text(configuration.dump(ADA), encoding="utf-8")
            assert dumped_of(spec, file) == as_dumped(spec, world.folder)
            assert {item.outcome for item in configuration.apply(ADA, file, now())} == {"unchanged"}
        transaction.set_rollback(True)


def test_the_file_knows_every_kind_of_notice() -> None:
    assert set(get_args(NoticeEvent)) == set(EVENTS)


@pytest.mark.parametrize("text", ["${HOME}", "$${HOME}", "$$${HOME} and ${HOME}", "$HOME", "${}", "${1}", "$"])
def test_a_text_that_looks_like_a_variable_is_dumped_so_that_it_is_read_as_a_text(world: World, text: str) -> None:
    file = world.folder / "odd.yml"
    file.write_text(configuration.as_yaml(yamlfile.escaped({"a": [text]})), encoding="utf-8")
    assert yamlfile.read(file).values == {"a": [text]}


@pytest.mark.parametrize(
    ("text", "line"), [('a: "x\\0"', 1), ('a: 1\nb: ["\\ud800"]', 2), ('"\\0": 1', 1), (f"a: 0x{'f' * 5000}", 1)]
)
def test_what_no_text_may_hold_is_refused_where_it_stands(world: World, text: str, line: int) -> None:
    file = world.folder / "odd.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FileInvalid) as refusal:
        yamlfile.read(file)
    assert refusal.value.facts["line"] == line
