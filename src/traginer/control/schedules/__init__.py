"""Schedules: when the system refresh and the exports run by themselves.

rules     times, cron, and the moments that follow        telling    a rule in words
timers    when each schedule is next due                  deciding   what people choose
firing    each slot once, late ones too                   following  the process that does it; silence: whether anybody does
"""

from traginer.control.schedules.deciding import of_system, set_export, set_system
from traginer.control.schedules.firing import Fired, tick
from traginer.control.schedules.following import follow, keep_house
from traginer.control.schedules.rules import DAYS, NEVER, Rule, checked, is_valid, next_times, read
from traginer.control.schedules.silence import Silence, silence
from traginer.control.schedules.telling import DAY_NAMES, describe
from traginer.control.schedules.timers import NONE, OFF, WITH_SYSTEM, arrange, follows_system, system_rule

__all__ = [
    "DAYS",
    "DAY_NAMES",
    "NEVER",
    "NONE",
    "OFF",
    "WITH_SYSTEM",
    "Fired",
    "Rule",
    "Silence",
    "arrange",
    "checked",
    "describe",
    "follow",
    "follows_system",
    "is_valid",
    "keep_house",
    "next_times",
    "of_system",
    "read",
    "set_export",
    "set_system",
    "silence",
    "system_rule",
    "tick",
]
