"""Long lists come in pages, each of which says where the next one begins."""

from typing import Any

import pytest

from tests.api.world import Asking
from traginer.api.examples import SEGMENT
from traginer.control.models import Run, Segment


def pages(api: Asking, path: str) -> list[list[dict[str, Any]]]:
    found, following = [], path
    while following:
        page = api.get(following).json
        found.append(page["items"])
        following = page["next"]
    return found


def segments(api: Asking, *names: str) -> None:
    source = Segment.objects.get().source
    Segment.objects.bulk_create(Segment(name=name, source=source, rules=SEGMENT["rules"]) for name in names)


def test_the_pages_of_a_list_hold_each_thing_once_in_order(api: Asking) -> None:
    segments(api, "b", "ç", "B", "a/b", "c?d=e&f", "z" * 200, "ß")
    found = pages(api, "segments?limit=3")
    names = [one["name"] for page in found for one in page]
    assert [len(page) for page in found] == [3, 3, 2]
    assert names == sorted({"b", "ç", "B", "a/b", "c?d=e&f", "z" * 200, "ß", "Catalan spenders"})


def test_the_next_page_keeps_the_filters_and_the_limit(api: Asking) -> None:
    segments(api, *(f"A & b {n}" for n in range(5)), "other")
    following = api.get("segments?search=A+%26&limit=2").json["next"]
    assert following.startswith("/api/v1/segments?search=A+%26&limit=2&cursor=")
    assert [[one["name"] for one in page] for page in pages(api, following)] == [["A & b 2", "A & b 3"], ["A & b 4"]]


def test_what_is_added_or_removed_meanwhile_does_not_shift_the_pages(api: Asking) -> None:
    segments(api, "a", "b", "c", "d")
    following = api.get("segments?search=&limit=3").json["next"]
    segments_before = ["0", "1", "2"]
    Segment.objects.filter(name__in=["a", "b"]).delete()
    source = Segment.objects.first().source  # type: ignore[union-attr]
    Segment.objects.bulk_create(Segment(name=name, source=source, rules={}) for name in segments_before)
    assert [one["name"] for one in api.get(following).json["items"]] == ["c", "d"]


def test_a_page_that_ends_the_list_has_no_next_one(api: Asking) -> None:
    segments(api, "a", "b")
    assert api.get("segments?limit=3").json["next"] is None
    assert api.get("segments?limit=2").json["next"] is not None


def test_runs_and_audit_go_back_from_the_newest(api: Asking) -> None:
    api.world.run()
    first = Run.objects.get()
    for _ in range(4):
        first.pk = None
        first.save()
    assert [[run["id"] for run in page] for page in pages(api, "runs?limit=2&status=successful")] == [
        [5, 4],
        [3, 2],
        [1],
    ]
    sequences = [entry["sequence"] for page in pages(api, "audit?limit=2&kind=connection") for entry in page]
    assert sequences == sorted(sequences, reverse=True)
    assert len(sequences) > 2


@pytest.mark.parametrize("path", ["segments", "runs", "audit", "users", "runs/1/rejections", "exports"])
def test_a_cursor_of_another_list_is_refused(api: Asking, path: str) -> None:
    api.world.run()
    of_names = api.get("segments?limit=1").json["next"]
    segments(api, "a")
    api.post("exports/1/runs")
    cursors = {
        str: api.get("segments?limit=1").json["next"].rpartition("cursor=")[2],
        int: api.get("runs?limit=1").json["next"].rpartition("cursor=")[2],
    }
    wrong = cursors[int] if path in {"segments", "users", "exports"} else cursors[str]
    for cursor in (wrong, "bnVsbA", "WzFd", "LTE", "A", "é", "MTAwMDAwMDAwMDAwMDAwMDAwMDAw"):
        answer = api.get(f"{path}?cursor={cursor}")
        assert (answer.status, answer.json["errors"][0]["parameter"]) == (422, "cursor")
    assert of_names is None
