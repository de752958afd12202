"""/system: the installation."""

from django.http import HttpRequest
from ninja import Router

from traginer import __version__
from traginer.api.entry import who
from traginer.api.schemas.system import Examination, KeyRotation, System, SystemFinding
from traginer.api.waiting import long
from traginer.control import doctor, schedules, vault_rotation, worker_heartbeats
from traginer.control.doctor import Level
from traginer.control.runs.means import now

router = Router()


@router.get("/system", response=System)
def get_system(request: HttpRequest) -> System:
    """Show the version, and when a worker and a scheduler gave the last sign of life."""
    who(request).require("system:read")
    return System(
        version=__version__,
        worker_seen_at=worker_heartbeats.last(worker_heartbeats.WORKER),
        scheduler_seen_at=worker_heartbeats.last(worker_heartbeats.SCHEDULER),
        is_silent=schedules.silence(now()) is not None,
    )


@router.post("/system/examination", response=Examination)
def examine_system(request: HttpRequest) -> Examination:
    """Look at the installation, its sources, connections, exports and runs, and say what is wrong, as the doctor does."""
    with long():
        findings = [SystemFinding.of(finding) for finding in doctor.examine(who(request), now())]
    return Examination(is_good=all(finding.level is not Level.WRONG for finding in findings), findings=findings)


@router.post("/system/key-rotation", response=KeyRotation)
def rotate_key(request: HttpRequest) -> KeyRotation:
    """Encrypt every secret with a new key. People have to log in again; tokens stay."""
    return KeyRotation.of(vault_rotation.rotate(who(request)))
