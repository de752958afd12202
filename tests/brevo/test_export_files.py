"""The file of a contact export goes to disk, whatever its size."""

import errno
import io
import tracemalloc

import pytest
from tests.brevo.conftest import KEY
from tests.brevo.far_side import Answer, Cut, serving

from traginer.brevo import ReportGone, ReportTooLarge, Unavailable


@pytest.fixture
def file(tmp_path):
    with (tmp_path / "members.csv").open("w+b") as opened:
        yield opened


def test_an_export_file_replaces_what_was_there(far_side, brevo, file):
    file.write(b"something longer that was there before")
    far_side.will_answer(Answer(200, b"EMAIL\nada@example.org\n"))
    brevo.save_export(f"{far_side.origin}/1.csv", file)
    file.seek(0)
    assert file.read() == b"EMAIL\nada@example.org\n"


def test_an_export_file_that_is_cut_or_fails_is_fetched_anew_from_the_start(far_side, brevo, file):
    far_side.will_answer(
        Answer(200, b"EMAIL\n" + b"a@example.org\n" * 9, cut=Cut.IN_ANSWER),
        Answer(503, b"a page of somebody's proxy"),
        Answer(200, b"EMAIL\nada@example.org\n"),
    )
    brevo.save_export(f"{far_side.origin}/1.csv", file)
    file.seek(0)
    assert file.read() == b"EMAIL\nada@example.org\n"


def test_an_export_file_that_never_comes_whole_is_given_up(far_side, brevo, file):
    far_side.always = lambda _: Answer(200, b"EMAIL\nada@example.org\n", cut=Cut.IN_ANSWER)
    with pytest.raises(Unavailable):
        brevo.save_export(f"{far_side.origin}/1.csv", file)


def test_a_link_that_ran_out_leaves_nothing_in_the_file(far_side, brevo, file):
    far_side.will_answer(Answer(403, b"<Error><Code>AccessDenied</Code></Error>"))
    with pytest.raises(ReportGone):
        brevo.save_export(f"{far_side.origin}/1.csv", file)
    file.seek(0)
    assert file.read() == b""


def test_an_export_file_on_another_host_is_fetched_without_the_key(far_side, brevo, file):
    with serving() as stranger:
        stranger.always = lambda _: Answer(200, b"EMAIL\n")
        far_side.will_answer(Answer(302, b"moved", {"location": f"{stranger.origin}/2.csv"}))
        brevo.save_export(f"{far_side.origin}/1.csv", file)
        assert all(KEY not in str(seen) for seen in stranger.seen)
    file.seek(0)
    assert file.read() == b"EMAIL\n"


def test_a_file_beyond_reason_is_not_taken(far_side, brevo, file):
    far_side.always = lambda _: Answer(200, b"x" * 1001)
    with pytest.raises(ReportTooLarge):
        brevo.save_export(f"{far_side.origin}/1.csv", file, limit_bytes=1000)


def test_a_large_file_is_never_all_in_memory(far_side, brevo, file):
    content = b"EMAIL\n" + b"somebody@example.org\n" * 1_000_000
    far_side.will_answer(Answer(200, content))
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    brevo.save_export(f"{far_side.origin}/1.csv", file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert file.tell() == len(content)
    assert most - before < 4_000_000


class Full(io.BytesIO):
    """A disk without room."""

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_without_room_is_no_fault_of_the_far_side(far_side, brevo):
    far_side.always = lambda _: Answer(200, b"EMAIL\n")
    with pytest.raises(OSError, match="No space left"):
        brevo.save_export(f"{far_side.origin}/1.csv", Full())
    assert len(far_side.seen) == 1
