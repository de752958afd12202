"""Exports: which segments go to which list, over which connection, with which data matching.

`configuring` finds and changes them, `states` says what may become of one, `matching` gives the data plane what it carries,
`ledgers` knows what their lists hold because of us, `drafting` is for what nobody has saved, `listing` and `trends` are for
people who look.
"""

from traginer.control.exports.configuring import (
    KIND,
    create,
    dump,
    duplicate,
    every,
    get,
    put,
    scheduled,
    spec_of,
    update,
)
from traginer.control.exports.drafting import Draft, drafted
from traginer.control.exports.ledgers import claims_beside, foreseen_ledger, ledger_at, ledger_of, run_named
from traginer.control.exports.listing import STATES, ExportRow, Permissions, listed, permissions_of
from traginer.control.exports.matching import (
    guards_of,
    is_emptying,
    mapping_of,
    opened_segments,
    opened_source,
    require_mapping,
    segments_of,
    source_of,
    takes_leavers_off,
)
from traginer.control.exports.states import (
    Fate,
    attach,
    awaits_last_run,
    detach,
    disable,
    enable,
    remove,
    require_runnable,
    require_still_wanted,
    settle_removal,
)
from traginer.control.exports.trends import Point, trends

__all__ = [
    "KIND",
    "STATES",
    "Draft",
    "ExportRow",
    "Fate",
    "Permissions",
    "Point",
    "attach",
    "awaits_last_run",
    "claims_beside",
    "create",
    "detach",
    "disable",
    "drafted",
    "dump",
    "duplicate",
    "enable",
    "every",
    "foreseen_ledger",
    "get",
    "guards_of",
    "is_emptying",
    "ledger_at",
    "ledger_of",
    "listed",
    "mapping_of",
    "opened_segments",
    "opened_source",
    "permissions_of",
    "put",
    "remove",
    "require_mapping",
    "require_runnable",
    "require_still_wanted",
    "run_named",
    "scheduled",
    "segments_of",
    "settle_removal",
    "source_of",
    "spec_of",
    "takes_leavers_off",
    "trends",
    "update",
]
