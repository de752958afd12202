"""Segments: named sets of profiles, by rules or by a SELECT.

configuring  find and change them               counting     how many members, in all and rule by rule
sampling     some of the members                overlapping  two segments, one over the other
asking       the members as a condition of SQL, for all of these
"""

from traginer.control.segments.asking import UTC, belongs, is_listed, zone_of
from traginer.control.segments.configuring import (
    KIND,
    create,
    dump,
    every,
    exports_of,
    get,
    opened,
    put,
    remove,
    sql_of,
    sql_of_draft,
    update,
)
from traginer.control.segments.counting import Count, RuleCount, count, count_draft, rules_within
from traginer.control.segments.overlapping import Overlap, beside, overlap
from traginer.control.segments.sampling import Sample, sample, sample_draft

__all__ = [
    "KIND",
    "UTC",
    "Count",
    "Overlap",
    "RuleCount",
    "Sample",
    "belongs",
    "beside",
    "count",
    "count_draft",
    "create",
    "dump",
    "every",
    "exports_of",
    "get",
    "is_listed",
    "opened",
    "overlap",
    "put",
    "remove",
    "rules_within",
    "sample",
    "sample_draft",
    "sql_of",
    "sql_of_draft",
    "update",
    "zone_of",
]
