"""The tables of the control plane. A state that somebody caused is a row with its author; a status follows from rows.

Nothing here holds an address, a phone or another value of a profile, and no API key in clear.
"""

from traginer.control.models.accounts import FailedEntry, Revocation, Role, Token, User
from traginer.control.models.api import KeptAnswer
from traginer.control.models.audit import AuditEntry, Result
from traginer.control.models.configuration import (
    Connection,
    Consent,
    ConsentText,
    Detachment,
    Disablement,
    Export,
    ExportedSegment,
    ExportUser,
    Ledger,
    Removal,
    Segment,
    Source,
    Withdrawal,
)
from traginer.control.models.notices import Condition, Notice, NoticeState, NoticeTarget
from traginer.control.models.runs import OPEN, Approval, Batch, Cancellation, Hold, Run, RunStatus
from traginer.control.models.schedules import Heartbeat, Slot, SlotOutcome, SystemSchedule, Timer
from traginer.control.models.snapshots import SegmentSnapshot
from traginer.control.models.tallies import Tally

__all__ = [
    "OPEN",
    "Approval",
    "AuditEntry",
    "Batch",
    "Cancellation",
    "Condition",
    "Connection",
    "Consent",
    "ConsentText",
    "Detachment",
    "Disablement",
    "Export",
    "ExportUser",
    "ExportedSegment",
    "FailedEntry",
    "Heartbeat",
    "Hold",
    "KeptAnswer",
    "Ledger",
    "Notice",
    "NoticeState",
    "NoticeTarget",
    "Removal",
    "Result",
    "Revocation",
    "Role",
    "Run",
    "RunStatus",
    "Segment",
    "SegmentSnapshot",
    "Slot",
    "SlotOutcome",
    "Source",
    "SystemSchedule",
    "Tally",
    "Timer",
    "Token",
    "User",
    "Withdrawal",
]
