"""One export of a million profiles, in processes of its own, against a far side that costs nothing."""

from datetime import date
from pathlib import Path

import pytest
from bench.measuring import repetition
from bench.sink import open_sink

from traginer.demo.samples import write_profiles
from traginer.duck import open_duck

PEAK_MB = 768
"""Usually about 470; what the allocator keeps back is more while other tests crowd the machine."""


@pytest.mark.slow
def test_a_million_profiles_travel_in_one_export_within_bounded_memory(tmp_path: Path) -> None:
    """S6: a million is no limit, and neither is memory; what has not changed asks nothing of Brevo."""
    master = tmp_path / "profiles.parquet"
    with open_duck(tmp_path / "duck") as duck:
        write_profiles(duck, master, 1_000_000, date(2026, 11, 1))
    with open_sink() as url:
        runs = repetition(master, url).runs
    assert runs["first send"].bytes > 150_000_000
    assert runs["unchanged"].requests == 0
    assert runs["1 % changed, 1 % left"].bytes < runs["first send"].bytes / 50
    assert max(run.peak_mb for run in runs.values()) < PEAK_MB
