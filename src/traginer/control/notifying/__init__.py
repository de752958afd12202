"""Notices on their way: who is to be told and how (`targets`), in which words (`words`), and the carrying (`delivering`).

`observing` sees what changes while no run ends; `mail`, `webhook` and `apprised` are the ways that notices go.
"""

from traginer.control.notifying.configuring import dump, put, sealed_of, shown
from traginer.control.notifying.delivering import Postman, deliver_due, test
from traginer.control.notifying.observing import observe
from traginer.control.notifying.targets import KINDS, TargetView, Wish, add, every, get, remove

__all__ = [
    "KINDS",
    "Postman",
    "TargetView",
    "Wish",
    "add",
    "deliver_due",
    "dump",
    "every",
    "get",
    "observe",
    "put",
    "remove",
    "sealed_of",
    "shown",
    "test",
]
