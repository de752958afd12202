"""One body for each operation that takes one, as the documentation shows it: all of one small installation."""

from typing import Any

SOURCE: dict[str, Any] = {"name": "Customers", "type": "parquet", "path": "profiles.parquet", "key": "customer_id"}
CONNECTION: dict[str, Any] = {
    "name": "Newsletter account",
    "api_key": "xkeysib-your-key",
    "tier": "general",
    "usable_by": "contributors",
}
SEGMENT: dict[str, Any] = {
    "name": "Catalan spenders",
    "source": "Customers",
    "rules": {"all": [{"field": "language", "is": "ca"}, {"field": "lifetime_value", "at_least": 500}]},
}
EXPORT: dict[str, Any] = {
    "name": "Newsletter",
    "connection": "Newsletter account",
    "list": 7,
    "email": "email",
    "attributes": {"FIRSTNAME": "first_name", "SMS": {"field": "phone", "region": "country"}},
    "segments": ["Catalan spenders"],
    "leavers": "remove",
    "schedule": "system",
}
CONFIGURATION: dict[str, Any] = {"sources": [SOURCE]}

BODIES: dict[str, dict[str, Any]] = {
    "create_source": SOURCE,
    "replace_source": SOURCE,
    "create_segment": SEGMENT,
    "replace_segment": SEGMENT,
    "count_draft": SEGMENT,
    "search_profiles": {"source": "Customers", "search": "aina0@example.org"},
    "create_connection": CONNECTION,
    "replace_connection": CONNECTION,
    "share_connection": {"usable_by": ["bernat@example.org"]},
    "create_list": {"name": "Newsletter"},
    "create_export": EXPORT,
    "replace_export": EXPORT,
    "check_draft": EXPORT,
    "plan_draft": EXPORT,
    "duplicate_export": {"name": "Newsletter, again"},
    "disable_export": {"reason": "The campaign is over."},
    "attach_export": {"connection": "Newsletter account"},
    "set_system_schedule": {"kind": "times", "times": ["06:00", "18:00"], "days": [], "timezone": "Europe/Madrid"},
    "set_export_schedule": {"kind": "cron", "cron": "0 6 * * 1-5", "timezone": "Europe/Madrid"},
    "check_ledger": {"deep": False},
    "rebuild_ledger": {"keep": False},
    "add_target": {"kind": "email", "address": "ada@example.org", "events": ["failed", "held", "recovered"]},
    "apply_configuration": CONFIGURATION,
    "diff_configuration": CONFIGURATION,
}
