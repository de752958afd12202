"""Notices and the system schedule as a file: secrets go in and never come out, and what is not named stays."""

from typing import Any

import pytest
import yaml

from tests.control.cast import actor
from tests.world import ADA, CONFIGURATION, World, now
from traginer.control import configuration, errors, notifying, schedules
from traginer.control.configuration_errors import NameTaken
from traginer.control.models import AuditEntry, NoticeTarget, SystemSchedule
from traginer.control.notifying import Wish, targets
from traginer.control.notifying.errors import NoticeAddressMissing, NoticeSecretMissing
from traginer.errors import TraginerError

SECRET = "sixteen-or-more-characters"
NOTICES = """
notices:
  - {name: Ada, kind: email, address: ada@example.org, events: [failed, held], language: ca}
  - {name: Hook, kind: webhook, address: "${HOOK_URL}", secret: "${HOOK_SECRET}", export: Newsletter, shrink_percent: 5}
system:
  schedule: {times: ["06:00"], days: [mon, fri], timezone: Europe/Madrid}
"""


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_URL", "https://hooks.example.org/s3cr3t-path")
    monkeypatch.setenv("HOOK_SECRET", SECRET)


def outcomes(world: World, text: str) -> dict[str, str]:
    return {f"{item.kind} {item.name}": item.outcome for item in world.apply(text)}


def test_targets_of_notices_are_made_as_the_file_says_and_sealed(world: World) -> None:
    assert outcomes(world, NOTICES) == {"notice Ada": "created", "notice Hook": "created", "system schedule": "updated"}
    ada, hook = notifying.every(ADA)
    assert (ada.shown, ada.events, ada.language, ada.export) == ("ada@example.org", ("failed", "held"), "ca", None)
    assert (hook.shown, hook.export, hook.shrink_percent) == ("https://hooks.example.org/…", "Newsletter", 5.0)
    kept = NoticeTarget.objects.get(name="Hook")
    assert (targets.address_of(kept), targets.secret_of(kept)) == ("https://hooks.example.org/s3cr3t-path", SECRET)
    assert set(outcomes(world, NOTICES).values()) == {"unchanged"}


def test_a_dump_holds_neither_secret_nor_address_of_a_webhook_and_keeps_both(world: World) -> None:
    """S18: no dump shows what is as good as a password."""
    world.apply(NOTICES)
    dumped = configuration.dump(ADA)
    assert yaml.safe_load(dumped)["notices"] == [
        {
            "name": "Ada",
            "kind": "email",
            "address": "ada@example.org",
            "events": ["failed", "held"],
            "shrink_percent": 10.0,
            "language": "ca",
        },
        {"name": "Hook", "kind": "webhook", "export": "Newsletter", "shrink_percent": 5.0},
    ]
    assert "s3cr3t-path" not in dumped
    assert SECRET not in dumped
    assert set(outcomes(world, dumped).values()) == {"unchanged"}
    assert targets.secret_of(NoticeTarget.objects.get(name="Hook")) == SECRET


def test_another_secret_or_path_is_a_change_that_shows_neither(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.apply(NOTICES)
    monkeypatch.setenv("HOOK_URL", "https://hooks.example.org/0ther-path")
    monkeypatch.setenv("HOOK_SECRET", f"an0ther-{SECRET}")
    (changed,) = configuration.diff(ADA, world.write_yaml(NOTICES), now())
    assert (changed.name, {one.field for one in changed.changes}) == ("Hook", {"address", "secret"})
    assert "ther-" not in str(changed)
    world.apply(NOTICES)
    entry = AuditEntry.objects.filter(kind="noticetarget").latest("sequence")
    assert '"renewed":["address","secret"]' in entry.after
    assert "ther-" not in entry.before + entry.after
    assert targets.secret_of(NoticeTarget.objects.get(name="Hook")) == f"an0ther-{SECRET}"


@pytest.mark.parametrize(
    ("notice", "refused"),
    [
        ("{name: New, kind: webhook}", NoticeAddressMissing),
        ("{name: New, kind: email}", NoticeAddressMissing),
        ('{name: New, kind: webhook, address: "https://x.example.org/"}', NoticeSecretMissing),
        ("{name: Ada, kind: webhook, secret: sixteen-characters}", NoticeAddressMissing),
        ("{name: New, kind: email, address: a@example.org, export: Nothing}", errors.NotFound),
        ("{name: New, kind: email, address: a@example.org, secret: sixteen-characters}", errors.FileInvalid),
        ("{name: New, kind: webhook, address: 'https://x.example.org/', secret: short}", errors.FileInvalid),
        ("{name: New, kind: email, address: a@example.org, events: [everything]}", errors.FileInvalid),
    ],
)
def test_a_target_that_could_not_be_told_is_refused_and_nothing_changes(
    world: World, notice: str, refused: type[TraginerError]
) -> None:
    world.apply(NOTICES)
    before = configuration.dump(ADA)
    with pytest.raises(refused) as refusal:
        world.apply(f"{CONFIGURATION.replace('list: 7', 'list: 8')}notices:\n  - {notice}\n")
    assert "sixteen" not in str(refusal.value)
    assert configuration.dump(ADA) == before


def test_a_target_added_by_hand_has_a_name_of_its_own_and_is_in_the_dump(world: World) -> None:
    for _ in range(2):
        notifying.add(ADA, Wish("email", "ada@example.org"), now())
    notifying.add(ADA, Wish("email", "ada@example.org", name="Mine"), now())
    assert [view.name for view in notifying.every(ADA)] == ["ada@example.org", "ada@example.org 2", "Mine"]
    assert set(outcomes(world, configuration.dump(ADA)).values()) == {"unchanged"}
    with pytest.raises(NameTaken):
        notifying.add(ADA, Wish("email", "b@example.org", name="Mine"), now())


@pytest.mark.parametrize("who", ["bernat", "carla"])
def test_who_may_not_change_the_system_changes_neither_its_notices_nor_its_schedule(world: World, who: str) -> None:
    for section in ("notices", "system"):
        part = {
            section: yaml.safe_load(NOTICES.replace("${HOOK_URL}", "https://x.org").replace("${HOOK_SECRET}", SECRET))[
                section
            ]
        }
        with pytest.raises(errors.NotAllowed):
            configuration.apply(actor(who, "cli"), world.write_yaml(yaml.safe_dump(part)), now())
    assert (NoticeTarget.objects.count(), SystemSchedule.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("none", {"kind": "off"}),
        ("{cron: '0 6 * * *'}", {"kind": "cron", "cron": "0 6 * * *", "timezone": "UTC"}),
        ("{times: [16:30]}", {"kind": "times", "times": ["16:30"], "days": [], "timezone": "UTC"}),
    ],
)
def test_the_system_refresh_runs_as_the_file_says(world: World, written: str, rule: dict[str, Any]) -> None:
    """L6: the schedule of the system refresh, as code."""
    world.apply("system: {schedule: {times: ['01:00']}}")
    world.apply(f"system: {{schedule: {written}}}")
    assert schedules.of_system(ADA) == rule
    world.apply(configuration.dump(ADA))
    assert (schedules.of_system(ADA), SystemSchedule.objects.count()) == (rule, 2)


def test_a_whole_diff_names_what_the_file_does_not(world: World) -> None:
    world.apply(NOTICES)
    file = world.write_yaml(CONFIGURATION)
    assert configuration.diff(ADA, file, now()) == []
    found = configuration.diff(ADA, file, now(), whole=True)
    assert [(item.kind, item.name, item.outcome) for item in found] == [
        ("notice", "Ada", "unnamed"),
        ("notice", "Hook", "unnamed"),
    ]
    with pytest.raises(errors.NotAllowed):
        configuration.diff(actor("bernat"), world.write_yaml("sources: []"), now(), whole=True)
    said = world.cli("diff", str(file), "--whole")
    assert (said.exit_code, "notice Hook: the file does not name it" in said.out) == (3, True)
    assert world.cli("diff", str(world.write_yaml(configuration.dump(ADA))), "--whole").exit_code == 0


def test_each_word_of_the_file_says_what_it_is() -> None:
    parts = {name: part for name, part in configuration.schema()["$defs"].items() if name.endswith("Spec")}
    assert {"NoticeSpec", "SystemSpec", "GuardsSpec", "ExportSpec"} <= set(parts)
    silent = [
        f"{n}.{word}"
        for n, part in parts.items()
        for word, told in part["properties"].items()
        if "description" not in told
    ]
    assert silent == []
