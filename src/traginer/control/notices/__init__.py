"""What people are told without asking: that something has changed, once, and never that it is still so.

`changes` sees what has changed, `writing` writes down who is to hear of it, in the transaction that changed it;
`control.notifying` says it in words and carries it.
"""

from traginer.control.notices.changes import on_finished
from traginer.control.notices.events import EVENTS, Event

__all__ = ["EVENTS", "Event", "on_finished"]
