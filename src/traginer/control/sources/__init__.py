"""Sources: where profiles live.

configuring  find and change them             reading     open one, and its columns
describing   what stands in one, by column    naming      what a column is for, by its name
values       what to choose from in a rule
"""

from traginer.control.sources.configuring import (
    KIND,
    allowed_folders,
    create,
    dump,
    every,
    exports_of,
    get,
    put,
    remove,
    segments_of,
    update,
)
from traginer.control.sources.describing import ColumnFacts, Described, described, sampled
from traginer.control.sources.reading import Checked, check, columns_of, looked_at, opened, read_once
from traginer.control.sources.values import values

__all__ = [
    "KIND",
    "Checked",
    "ColumnFacts",
    "Described",
    "allowed_folders",
    "check",
    "columns_of",
    "create",
    "described",
    "dump",
    "every",
    "exports_of",
    "get",
    "looked_at",
    "opened",
    "put",
    "read_once",
    "remove",
    "sampled",
    "segments_of",
    "update",
    "values",
]
