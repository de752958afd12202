"""What is done with each peer, and what is found: every fact is read off the account, none is taken from the peer."""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from bench.peers.farside import FarSide, Traffic, open_sandbox
from bench.peers.inside.door import Errand, Told
from bench.peers.measuring import Measured, Runner
from bench.peers.truth import Difference, Truth

BODY_BYTES = 8_000_000  # what Brevo advises for a body
SPARE = 0.95  # of a body, for peers that count rows: rows differ in length
LEAST_BODIES = 8  # in a run that is cut, so that it has a middle however few the profiles
UNKNOWN = "LIFETIME_VALUE"
REFUSED_SHARE = 0.01


@dataclass(frozen=True)
class Life:
    """A first send, the same again, and again after some have left. `complete_seconds`: until the account had worked it off."""

    seconds: float
    complete_seconds: float
    first: Traffic
    told: Told
    listed: Difference
    again_seconds: float
    again: Traffic
    left: Traffic
    leavers_on_list: int


@dataclass(frozen=True)
class Cut:
    """A run killed while the answer to the import in its middle was on the way, and the next run, which ended by itself."""

    rows: int
    listed: Difference
    told: Told


@dataclass(frozen=True)
class Unknown:
    """A run into an account that lacks one attribute of the mapping."""

    rows: int
    listed: Difference
    told: Told


@dataclass(frozen=True)
class Refused:
    """A run of which the account refuses one good row in a hundred in its reports, and the next, when it refuses none.

    Those that can go by a column do so here, which makes `rows_again` what they send when nothing has changed.
    """

    told: Told
    listed: Difference
    rows_again: int
    listed_again: Difference


@dataclass(frozen=True)
class Found:
    """Everything about one peer."""

    version: str
    has_cursor: bool
    client_seconds: list[float]
    peak_mb: float
    life: Life
    cut: Cut
    unknown: Unknown
    refused: Refused


@dataclass(frozen=True)
class Course:
    """The same course for every peer. `rows` have something in the e-mail field, and make `json_bytes` of bodies."""

    folder: Path
    truth: Truth
    rows: int
    json_bytes: int

    def run(self, runner: Runner, sink_url: str, repeat: int) -> Found:
        """All scenarios with one peer, in folders that are gone afterwards."""
        place = self.folder / runner.peer.name
        try:
            sink_runs = [self._to_sink(runner, place / f"sink-{n}", f"{sink_url}/v3") for n in range(repeat)]
            with open_sandbox() as far:
                visit = Visit(self, runner, far, place)
                return Found(
                    version=runner.peer.version,
                    has_cursor=runner.peer.has_cursor,
                    client_seconds=[run.seconds for run in sink_runs],
                    peak_mb=max(run.peak_mb for run in sink_runs),
                    life=visit.life(),
                    cut=visit.cut(),
                    unknown=visit.unknown(),
                    refused=visit.refused(),
                )
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def prepared(
        self, runner: Runner, folder: Path, url: str, key: str, *, body_bytes: int = BODY_BYTES, cursor: bool = False
    ) -> Errand:
        """An errand in a fresh folder with its own link to the profiles; the peer has written its configuration."""
        folder.mkdir(parents=True)
        os.link(self.truth.before, folder / "profiles.parquet")
        rows = max(1, int(body_bytes * SPARE * self.rows / self.json_bytes))
        errand = Errand(str(folder / "profiles.parquet"), str(folder), url, key, rows, body_bytes, cursor)
        runner.prepare(errand)
        return errand

    def _to_sink(self, runner: Runner, folder: Path, url: str) -> Measured:
        measured = runner.send_well(self.prepared(runner, folder, url, "xkeysib-bench"))
        shutil.rmtree(folder)
        return measured


@dataclass(frozen=True)
class Visit:
    """One peer at the sandbox."""

    course: Course
    runner: Runner
    far: FarSide
    place: Path

    def life(self) -> Life:
        """First send, unchanged, one in a hundred gone."""
        errand = self._fresh("life")
        started = time.perf_counter()
        first = self.runner.send_well(errand)
        self.far.settle()
        complete_seconds = time.perf_counter() - started
        after_first = self.far.traffic()
        listed = self.course.truth.compare(self._list())
        again = self.runner.send_well(errand)
        self.far.settle()
        after_again = self.far.traffic()
        self._let_some_leave(errand)
        self.runner.send_well(errand)
        self.far.settle()
        return Life(
            first.seconds, complete_seconds, after_first, first.told, listed,
            again.seconds, after_again.since(after_first), self.far.traffic().since(after_again),
            self.course.truth.leavers_on(self._list()),
        )  # fmt: skip

    def cut(self) -> Cut:
        """Killed with `kill -9` in the middle, then run again."""
        body_bytes = min(BODY_BYTES, self.course.json_bytes // LEAST_BODIES)
        middle = self.course.json_bytes // body_bytes // 2
        errand = self._fresh("cut", body_bytes=body_bytes)
        self.far.stall(middle)
        self.runner.send_and_kill(errand, lambda: self.far.imports() >= middle)
        self.far.settle()
        second = self.runner.send_well(errand)
        self.far.settle()
        return Cut(self.far.traffic().rows, self.course.truth.compare(self._list()), second.told)

    def unknown(self) -> Unknown:
        """Into an account without one of the attributes."""
        measured = self.runner.send(self._fresh("unknown", without=UNKNOWN))
        self.far.settle()
        return Unknown(self.far.traffic().rows, self.course.truth.compare(self._list()), measured.told)

    def refused(self) -> Refused:
        """The account refuses good rows, and the next time it does not; nothing has changed in the source."""
        errand = self._fresh("refused", cursor=self.runner.peer.has_cursor)
        self.far.refuse_some(REFUSED_SHARE)
        first = self.runner.send_well(errand)
        self.far.settle()
        self.far.refuse_some(0.0)
        before = self.far.traffic()
        listed = self.course.truth.compare(self._list())
        self.runner.send_well(errand)
        self.far.settle()
        again = self.far.traffic().since(before)
        return Refused(first.told, listed, again.rows, self.course.truth.compare(self._list()))

    def _fresh(self, name: str, *, without: str = "", body_bytes: int = BODY_BYTES, cursor: bool = False) -> Errand:
        self.far.reset(without=without)
        far = self.far
        return self.course.prepared(
            self.runner, self.place / name, far.api_url, far.key, body_bytes=body_bytes, cursor=cursor
        )

    def _let_some_leave(self, errand: Errand) -> None:
        profiles = Path(errand.profiles)
        profiles.unlink()
        os.link(self.course.truth.after, profiles)

    def _list(self) -> Path:
        path = self.place / "list.jsonl"
        self.far.write_list(path)
        return path
