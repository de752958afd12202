"""Snapshots of segments: how many members a segment had whenever a schedule came to it, who joined and who left.

taking   at the beginning of a scheduled run        membership   who belongs, as a file to compare with
looking  the trend, and forgetting what is old
"""

from traginer.control.snapshots.looking import Taken, forget_old, latest, trend
from traginer.control.snapshots.membership import folder
from traginer.control.snapshots.taking import take

__all__ = ["Taken", "folder", "forget_old", "latest", "take", "trend"]
