"""The installation: whether anybody works here, what is wrong, and its key."""

from datetime import datetime
from typing import Self

from traginer.api.bodies import Shown
from traginer.control.doctor import Finding, Level
from traginer.control.vault_rotation import Rotation


class System(Shown):
    """The version, and when a worker and a scheduler gave the last sign of life; `is_silent`: schedules wait, and nobody follows them."""

    version: str
    worker_seen_at: datetime | None
    scheduler_seen_at: datetime | None
    is_silent: bool


class SystemFinding(Shown):
    """One thing that was looked at; where it is not ok, `next_step` says what to do."""

    about: str
    level: Level
    message: str
    next_step: str
    code: str

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Of what the service found."""
        return cls(
            about=finding.about,
            level=finding.level,
            message=finding.sentence,
            next_step=finding.advice,
            code=finding.code,
        )


class Examination(Shown):
    """What the doctor found; `is_good` where nothing is wrong."""

    is_good: bool
    findings: list[SystemFinding]


class KeyRotation(Shown):
    """How many secrets were encrypted anew, and whether the former keys still have to be taken out of TRAGINER_KEY."""

    secrets: int
    former_keys_stay: bool

    @classmethod
    def of(cls, rotation: Rotation) -> Self:
        """Of what the service did."""
        return cls(secrets=rotation.secrets, former_keys_stay=rotation.former_stay)
