"""Notices: that a change is told once, to those who want to hear of it, and what no notice ever tells."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from tests.control import cast
from tests.world import ADA, CONFIGURATION, MEANS, World, now, people
from traginer.control import accounts, connections, consent, exports, notifying, runs, schedules, worker
from traginer.control.errors import NotAllowed
from traginer.control.models import Connection, Export, Heartbeat, Notice, NoticeTarget, Run, RunStatus, Timer
from traginer.control.notices import EVENTS, Event, on_finished
from traginer.control.notifying import Wish
from traginer.control.notifying.errors import NoticeTargetUnknown
from traginer.control.notifying.words import TITLES, message
from traginer.control.schedules.silence import SILENT_AFTER
from traginer.control.worker_heartbeats import SCHEDULER, WORKER

TWIN = """\
exports:
  - {name: Twin, connection: Newsletter account, list: 8, email: email, segments: [Catalan spenders]}
"""


@dataclass
class Ear:
    """A target that wants to hear of everything, unless it is made otherwise."""

    target: NoticeTarget
    heard: int = 0

    def news(self) -> list[str]:
        """What it is told, in that order, since it was asked last."""
        notices = Notice.objects.filter(target=self.target, pk__gt=self.heard).order_by("pk")
        events = [notice.event for notice in notices]
        self.heard = max([self.heard, *(notice.pk for notice in notices)])
        return events


def hear(address: str = "https://hooks.example.org/a", **wish: Any) -> Ear:
    return Ear(notifying.add(ADA, Wish("webhook", address, **wish), now())[0])


def newsletter() -> Export:
    return exports.get(ADA, "Newsletter")


def account() -> Connection:
    return Connection.objects.get()


# Of an export


def test_the_first_failure_is_told_not_each_and_so_is_the_first_success_after_it(world: World) -> None:
    ear = hear()
    world.run()
    assert ear.news() == []
    away = world.profiles_file.rename(world.folder / "away.parquet")
    assert [world.run().status for _ in range(3)] == ["failure"] * 3
    assert ear.news() == [Event.FAILED]
    assert message(_last(), "en").title == 'The export "Newsletter" fails'
    assert "profiles.parquet" in message(_last(), "en").text
    away.rename(world.profiles_file)
    world.run()
    world.run()
    assert ear.news() == [Event.RECOVERED]


def test_a_hold_is_told_once_and_again_only_once_somebody_has_decided_about_it(world: World) -> None:
    world.run()
    ear = hear()
    world.put_profiles(people(range(4), lifetime_value=1.0))
    held = world.run()
    assert (world.run().status, ear.news()) == ("held", [Event.HELD])
    said = message(_last(), "en")
    assert "take 4 of 10 contacts off the list" in said.text
    assert f"traginer approve {held.run}" in said.text
    for run in Run.objects.filter(status=RunStatus.HELD):
        runs.discard(ADA, run.pk, MEANS)
    last = world.run()
    assert ear.news() == [Event.HELD]
    assert world.approve(last.run).status == "successful"
    assert ear.news() == [Event.RECOVERED, Event.SHRINKING]


def test_a_list_that_shrinks_is_told_to_those_whom_a_loss_of_that_size_concerns(world: World) -> None:
    world.run()
    careful, calm = hear(shrink_percent=10.0), hear("https://hooks.example.org/b", shrink_percent=25.0)
    world.put_profiles(people([0, 1], lifetime_value=1.0))
    assert world.run().status == "successful"
    assert (careful.news(), calm.news()) == ([Event.SHRINKING], [])
    assert message(_last(), "en").title == 'The list of the export "Newsletter" shrank by 20 %'
    world.run()
    assert careful.news() == []


def test_a_list_that_grew_as_much_as_it_lost_has_not_shrunk(world: World) -> None:
    world.run()
    ear = hear(shrink_percent=1.0)
    world.put_profiles([*people([0, 1], lifetime_value=1.0), *people([50, 51])])
    assert world.run().counts["removed"] == 2
    assert ear.news() == []


def test_a_list_that_is_emptied_because_its_export_is_removed_is_not_told(world: World) -> None:
    world.run()
    ear = hear()
    assert not exports.remove(ADA, newsletter(), "remove", now())
    runs.request(ADA, newsletter())
    assert worker.work_once(MEANS)
    assert (world.on_list(), ear.news()) == (set(), [])


def test_an_interrupted_run_that_every_worker_fails_to_carry_on_is_told_as_a_failure_and_its_end_too(
    world: World,
) -> None:
    ear = hear()
    cut = world.cut_run()
    notifying.observe(now())
    assert ear.news() == []
    Run.objects.filter(pk=cut.pk).update(token=cut.token + 10)
    notifying.observe(now())
    notifying.observe(now())
    assert ear.news() == [Event.FAILED]
    Run.objects.update(try_again_at=None)
    assert worker.work_once(MEANS)
    assert ear.news() == [Event.RECOVERED]


def test_a_run_that_was_canceled_or_skipped_is_not_told(world: World) -> None:
    ear = hear()
    runs.cancel(ADA, runs.request(ADA, newsletter()))
    runs.request(ADA, newsletter())
    exports.disable(ADA, newsletter(), now())
    worker.work_once(MEANS)
    assert ear.news() == []


# Of a connection


def test_a_refused_key_is_told_once_for_all_exports_of_the_connection(world: World) -> None:
    world.apply(TWIN)
    world.sandbox.create_list("Twin")
    ear = hear()
    world.sandbox.switch_off_key()
    assert [world.run(name).status for name in ("Newsletter", "Twin", "Newsletter")] == ["failure"] * 3
    assert ear.news() == [Event.KEY_REFUSED]
    world.sandbox.switch_on_key()
    assert [world.run(name).status for name in ("Newsletter", "Twin")] == ["successful"] * 2
    assert ear.news() == [Event.RECOVERED]
    assert message(_last(), "en").title == 'Brevo accepts the API key of the connection "Newsletter account" again'


def test_another_failure_behind_a_refused_key_is_told(world: World) -> None:
    ear = hear()
    world.sandbox.switch_off_key()
    world.run()
    world.sandbox.switch_on_key()
    world.sandbox.delete_list(7)
    world.run()
    assert ear.news() == [Event.KEY_REFUSED, Event.FAILED]


def test_an_export_that_failed_before_its_key_was_refused_is_told_to_work_again_with_the_key(world: World) -> None:
    ear = hear()
    away = world.profiles_file.rename(world.folder / "away.parquet")
    world.run()
    away.rename(world.profiles_file)
    world.sandbox.switch_off_key()
    world.run()
    assert ear.news() == [Event.FAILED, Event.KEY_REFUSED]
    world.sandbox.switch_on_key()
    world.run()
    assert ear.news() == [Event.RECOVERED, Event.RECOVERED]
    assert {message(notice, "en").title for notice in Notice.objects.filter(event=Event.RECOVERED)} == {
        'Brevo accepts the API key of the connection "Newsletter account" again',
        'The export "Newsletter" works again',
    }


def test_a_consent_that_is_withdrawn_or_asked_for_anew_is_told_though_nothing_runs(world: World) -> None:
    """S19: the consent is asked again when the text changes."""
    ear = hear()
    notifying.observe(now())
    consent.withdraw(ADA, account(), now())
    notifying.observe(now())
    notifying.observe(now())
    assert ear.news() == [Event.CONSENT_WITHDRAWN]
    consent.agree(ADA, account(), "1", now())
    notifying.observe(now())
    assert ear.news() == [Event.RECOVERED]
    folder = world.home / "consent"
    folder.mkdir()
    for language in ("en", "ca"):
        (folder / f"2.{language}.md").write_text("Another text")
    notifying.observe(now())
    assert ear.news() == [Event.CONSENT_OUTDATED]


def test_an_export_user_who_is_lost_is_told_and_the_one_who_takes_over_too(
    world: World, settings: LazySettings
) -> None:
    """S21: if that person loses the right, runs stop and say so; another administrator can take over."""
    ear = hear()
    settings.PASSWORD_HASHERS = cast.QUICK
    ada, eva = cast.account("ada"), cast.account("eva", "administrator")
    connections.become_export_user(accounts.acting(eva, "web"), account(), cast.PASSWORD, now())
    notifying.observe(now())
    assert ear.news() == []
    accounts.deactivate(ADA, "eva@example.org")
    notifying.observe(now())
    notifying.observe(now())
    assert ear.news() == [Event.EXPORT_USER_LOST]
    connections.become_export_user(accounts.acting(ada, "web"), account(), cast.PASSWORD, now())
    notifying.observe(now())
    assert ear.news() == [Event.RECOVERED]


# Of the schedules


def test_a_scheduler_that_falls_silent_is_told_by_a_worker_that_has_been_there_for_a_while(world: World) -> None:
    """L6: whoever relies on the schedule hears when nobody follows it."""
    ear, at = hear(), now()
    Timer.objects.create(name="system", rule={}, next_run_at=at + timedelta(days=1))
    _beat(SCHEDULER, at - 2 * SILENT_AFTER)
    notifying.observe(at)
    assert ear.news() == [], "nobody has been there long enough to know"
    _beat(WORKER, at, started_at=at - timedelta(hours=1))
    notifying.observe(at)
    notifying.observe(at)
    assert ear.news() == [Event.SCHEDULER_SILENT]
    Heartbeat.objects.filter(role=SCHEDULER).update(at=at)
    assert schedules.silence(at) is None
    notifying.observe(at)
    assert ear.news() == [Event.RECOVERED]


def _beat(role: str, at: datetime, started_at: datetime | None = None) -> None:
    Heartbeat.objects.create(role=role, owner=f"{role} of a test", started_at=started_at or at, at=at)


# To whom


def test_notices_go_to_those_of_the_export_and_to_those_of_all_and_to_nobody_twice(world: World) -> None:
    world.apply(TWIN)
    of_all, of_newsletter = hear(), hear(export=newsletter())
    of_twin = hear("https://hooks.example.org/b", export=exports.get(ADA, "Twin"))
    only_holds = hear("https://hooks.example.org/c", events=["held"])
    world.sandbox.delete_list(7)
    world.run()
    assert [of_twin.news(), only_holds.news()] == [[], []]
    assert sorted([of_all.news(), of_newsletter.news()]) == [[], [Event.FAILED]]


def test_a_change_that_many_workers_see_at_the_same_moment_is_told_once(world: World) -> None:
    ear = hear()
    world.sandbox.delete_list(7)
    run, _ = runs.run_now(ADA, newsletter(), MEANS)
    assert ear.news() == [Event.FAILED]
    consent.withdraw(ADA, account(), now())
    barrier = threading.Barrier(4)

    def see() -> None:
        try:
            barrier.wait()
            notifying.observe(now())
            on_finished(run)
        finally:
            connection.close()

    threads = [threading.Thread(target=see) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ear.news() == [Event.CONSENT_WITHDRAWN]


# What they say


@pytest.mark.parametrize("event", list(TITLES))
def test_every_kind_of_notice_has_words(world: World, event: Event) -> None:
    facts = {
        "export": "Newsletter",
        "connection": "Newsletter account",
        "run": 7,
        "percent": 12.0,
        "before": 10,
        "after": 8,
        "since": "",
        "timers": 1,
        "error": "export-detached",
        "error_facts": {"export": "Newsletter"},
        "hold": None,
        "counts": {},
    }
    at = now()
    notice = Notice(pk=1, event=event, facts=facts, at=at, due_at=at)
    for language in ("en", "ca"):
        said = message(notice, language)
        assert said.title
        assert len(said.paragraphs) >= 2
        assert "{" not in said.title + said.text


def test_every_kind_can_be_chosen_but_a_test() -> None:
    assert set(EVENTS) == set(Event) - {Event.TEST}


def test_the_page_of_notices_names_every_kind_and_no_other() -> None:
    page = Path(__file__).parents[2] / "src" / "traginer" / "guide" / "en" / "notices.md"
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert {kind for line in rows for kind in re.findall(r"`([a-z-]+)`", line.split("|")[1])} == set(EVENTS)


def test_a_notice_speaks_the_language_of_whoever_reads_it(world: World) -> None:
    hear()
    world.sandbox.delete_list(7)
    world.run()
    notice = _last()
    assert message(notice, "en").text.startswith("List 7 does not exist in the Brevo account")
    assert message(notice, "ca").text.startswith("La llista 7 no existeix al compte de Brevo")


def test_whatever_a_fact_holds_no_address_number_or_key_gets_out(world: World) -> None:
    at = now()
    poison = f"aina@example.org +34600100001 {World.api_key}"
    facts = {
        "export": poison,
        "connection": poison,
        "run": 7,
        "status": "failure",
        "counts": {"wanted": 3},
        "error": "brevo-refused",
        "error_facts": {"connection": poison, "status": 400, "brevo_code": "x", "message": poison, "kept": ""},
    }
    said = message(Notice(pk=1, event=Event.FAILED, facts=facts, at=at, due_at=at), "en")
    everything = said.title + said.text + said.html + str(said.as_dict())
    for personal in ("aina", "600100001", "5ecret"):
        assert personal not in everything
    assert "Brevo refused a request" in said.text
    assert said.as_dict()["counts"] == {"wanted": 3}


# Who may


@pytest.mark.parametrize(
    ("who", "of_all", "of_an_export", "by_webhook"),
    [("ada", True, True, True), ("bernat", False, True, False), ("carla", False, False, False)],
)
def test_who_may_choose_where_notices_go(
    world: World, who: str, of_all: bool, of_an_export: bool, by_webhook: bool
) -> None:
    world.apply(CONFIGURATION.replace("usable_by: administrators", "usable_by: contributors"))
    actor, export = cast.actor(who), newsletter()
    mail, hook = ("email", "ada@example.org"), ("webhook", "https://hooks.example.org/a")
    assert _allowed(lambda: notifying.add(actor, Wish(*mail), now())) is of_all
    assert _allowed(lambda: notifying.add(actor, Wish(*mail, export=export), now())) is of_an_export
    assert _allowed(lambda: notifying.add(actor, Wish(*hook, export=export), now())) is by_webhook
    seen = {(view.kind, view.export) for view in notifying.every(actor)}
    assert seen == {
        *([("email", None)] if of_all else []),
        *([("email", "Newsletter")] if of_an_export else []),
        *([("webhook", "Newsletter")] if by_webhook else []),
    }


def test_a_target_that_one_may_not_manage_is_not_there(world: World) -> None:
    target = hear().target
    with pytest.raises(NoticeTargetUnknown):
        notifying.get(cast.actor("carla"), target.pk)
    assert notifying.get(ADA, target.pk) == target


def _allowed(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except NotAllowed:
        return False
    return True


def _last() -> Notice:
    return Notice.objects.latest("pk")
