"""A run as it goes, as server-sent events."""

import json

import pytest

from tests.api.world import Asking
from tests.control.cast import actor
from traginer.api import events
from traginer.api.events import AT_ONCE, LONGEST_SECONDS, Means
from traginer.control.errors import RunNotFound
from traginer.control.models import Run, RunStatus


class Clock:
    """The time, as a test says it: each pause is over at once, after what was to happen meanwhile."""

    def __init__(self, *deeds: dict[str, object]) -> None:
        self.now, self.deeds = 0.0, iter(deeds)

    def pause(self, seconds: float) -> None:
        self.now += seconds
        if deed := next(self.deeds, None):
            Run.objects.update(**deed)

    def means(self) -> Means:
        return Means(lambda: self.now, self.pause)


def followed(clock: Clock, known: str = "", language: str = "en") -> list[str]:
    return list(events.told(actor("carla"), 1, known, language, clock.means()))


def read(text: str) -> tuple[str, dict[str, object]]:
    """The name and the content of an event."""
    fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
    return fields["event"], json.loads(fields["data"])


@pytest.fixture
def queued(api: Asking) -> Asking:
    api.post("exports/1/runs")
    return api


def test_each_change_of_a_run_is_told_once_until_its_end(queued: Asking) -> None:
    clock = Clock(
        {"status": RunStatus.PROCESSING, "stage": "deliver", "total": 10},
        {},
        {"done": 4},
        {"status": RunStatus.CANCELED},
    )
    first, *told = followed(clock)
    assert first == "retry: 2000\n\n"
    names = [(name, run["status"], (run["progress"] or {}).get("done")) for name, run in map(read, told)]  # type: ignore[attr-defined]
    assert names == [
        ("progress", "queued", 0), ("progress", "processing", 0), ("progress", "processing", 4), ("end", "canceled", None),
    ]  # fmt: skip


def test_a_run_that_has_ended_is_told_at_once(api: Asking) -> None:
    api.world.run()
    answer = api.get("runs/1/events", who="carla")
    assert answer.headers["Content-Type"] == "text/event-stream"
    name, run = read(answer.text.split("\n\n", 1)[1])
    assert (name, run) == ("end", api.get("runs/1").json)


def test_whoever_comes_back_is_not_told_again_what_they_know(queued: Asking) -> None:
    told = followed(Clock({"status": RunStatus.CANCELED}))
    last = told[-1].split("\n", 1)[0].removeprefix("id: ")
    assert followed(Clock(), known=last) == ["retry: 2000\n\n"]
    assert queued.get("runs/1/events", Last_Event_ID=last).text == "retry: 2000\n\n"


def test_a_stream_ends_after_a_while_and_gives_signs_of_life_until_then(queued: Asking) -> None:
    clock = Clock()
    told = followed(clock)
    assert clock.now == LONGEST_SECONDS
    assert told[2:] == [": still here\n\n"] * 11


def test_a_stream_speaks_the_language_of_its_reader(queued: Asking) -> None:
    _, run = read(followed(Clock({"status": RunStatus.CANCELED}), language="ca")[1])
    assert run["status_text"] == "A la cua"


def test_streams_are_few_and_a_place_is_free_when_one_ends(queued: Asking) -> None:
    streams = [events.stream(actor("carla"), 1, "", "en") for _ in range(AT_ONCE)]
    refused = queued.get("runs/1/events")
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (503, "server-busy", "5")
    for stream in streams:
        stream.close()
    Run.objects.update(status=RunStatus.CANCELED)
    for _ in range(AT_ONCE + 1):
        assert queued.get("runs/1/events").status == 200


def test_a_run_that_does_not_exist_takes_no_place(api: Asking) -> None:
    for _ in range(AT_ONCE + 1):
        with pytest.raises(RunNotFound):
            events.stream(actor("carla"), 7, "", "en")
