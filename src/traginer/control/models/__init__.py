"""The tables of the control plane. A state that somebody caused is a row with its author; a status follows from rows.

Nothing here holds an address, a phone or another value of a profile, and no API key in clear.
"""

from traginer.control.models.configuration import Connection, Consent, Export, ExportedSegment, Ledger, Segment, Source
from traginer.control.models.runs import Approval, Batch, Hold, Run, RunStatus

__all__ = [
    "Approval",
    "Batch",
    "Connection",
    "Consent",
    "Export",
    "ExportedSegment",
    "Hold",
    "Ledger",
    "Run",
    "RunStatus",
    "Segment",
    "Source",
]
