"""The session of a run: what it does at its limits."""

from pathlib import Path

import pytest

from traginer.duck import open_duck
from traginer.errors import MemoryShort

MIB = 1024 * 1024


def test_a_sort_larger_than_the_memory_spills_and_ends(tmp_path: Path) -> None:
    with open_duck(tmp_path / "duck", memory_bytes=64 * MIB) as duck:
        duck.run("CREATE TABLE many AS SELECT md5(range::VARCHAR) AS text FROM range(2000000)")
        assert duck.value("SELECT count(*) FROM (SELECT text FROM many ORDER BY text LIMIT 1500000)") == 1_500_000


def test_memory_that_cannot_be_had_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    with pytest.raises(MemoryShort) as short, open_duck(tmp_path / "duck", memory_bytes=16 * MIB) as duck:
        duck.run("SELECT list(range::VARCHAR) FROM range(20000000)")
    assert "16 MB" in str(short.value)


def test_a_user_who_looks_at_standard_output_sees_no_bar(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with open_duck(tmp_path / "duck") as duck:
        duck.value("SELECT count(*) FROM range(20000) a, range(20000) b WHERE (a.range * b.range) % 7 = 1")
    assert capfd.readouterr().out == ""
