"""What an entry of the audit says was and is, field by field."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from traginer.i18n import N_, gettext

NOTHING = "–"
FIELDS = {
    "account": N_("account"),
    "address": N_("address"),
    "agreed_by": N_("agreed by"),
    "api_key": N_("API key"),
    "at": N_("when"),
    "attributes": N_("attributes"),
    "base_url": N_("address of the API"),
    "claimed": N_("contacts in the ledger"),
    "columns": N_("columns"),
    "connection": N_("connection"),
    "consent": N_("consent"),
    "contact_limit": N_("contacts that the contract allows"),
    "cron": N_("cron expression"),
    "days": N_("days"),
    "email": N_("e-mail"),
    "enabled": N_("enabled"),
    "events": N_("kinds of notices"),
    "expires_at": N_("expires"),
    "export": N_("export"),
    "export_user": N_("export user"),
    "guards": N_("guards"),
    "in_doubt": N_("in doubt"),
    "is_active": N_("open"),
    "key": N_("key"),
    "key_at": N_("key entered"),
    "key_tail": N_("end of the key"),
    "kind": N_("kind"),
    "language": N_("language"),
    "leavers": N_("leavers"),
    "ledger": N_("ledger"),
    "list": N_("list"),
    "list_name": N_("name of the list"),
    "name": N_("name"),
    "others": N_("contacts of others"),
    "password": N_("password"),
    "path": N_("path"),
    "profiles": N_("profiles"),
    "purpose": N_("purpose"),
    "reason": N_("reason"),
    "recorded_by": N_("kept by"),
    "revoked": N_("revoked"),
    "role": N_("role"),
    "rules": N_("rules"),
    "run": N_("run"),
    "schedule": N_("schedule"),
    "scopes": N_("scopes"),
    "segments": N_("segments"),
    "share": N_("share of the limits"),
    "shrink_percent": N_("shrinking from this percentage on"),
    "source": N_("source"),
    "text": N_("version of the text"),
    "text_sha256": N_("hash of the text"),
    "tier": N_("rate limits of the plan"),
    "times": N_("times"),
    "timezone": N_("time zone"),
    "type": N_("type"),
    "usable_by": N_("who can use it"),
    "with_key": N_("with the key"),
    "withdrawn_by": N_("withdrawn by"),
}
"""What the outermost fields are called; the others as they are written in a configuration file."""
CODES = {
    "leavers": {"remove": N_("are taken off the list, and stay contacts"), "keep": N_("stay on the list")},
    "role": {"administrator": N_("Administrator"), "contributor": N_("Contributor"), "viewer": N_("Viewer")},
    "schedule": {"system": N_("with the system refresh"), "none": N_("only on demand")},
    "usable_by": {"administrators": N_("administrators"), "contributors": N_("administrators and contributors")},
}
"""What the codes mean that are the values of these fields."""


@dataclass(frozen=True)
class Change:
    """A field that is not as it was, in words; inside others, after theirs. `was` and `now` are texts for people."""

    field: str
    was: str
    now: str


def changes(before: str, after: str) -> list[Change]:
    """What differs between two JSON texts of an entry: everything, where there was nothing before or is nothing after."""
    was, now = (dict(_flat(json.loads(text))) for text in (before, after))
    names = sorted({*was, *now})
    return [
        Change(_label(name), _value(name, was), _value(name, now)) for name in names if was.get(name) != now.get(name)
    ]


def _label(name: str) -> str:
    outer, _, inner = name.partition(".")
    called = gettext(FIELDS.get(outer, outer))
    return f"{called} · {inner}" if inner else called


def _flat(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _flat(item, f"{name}.{key}" if name else str(key))
    elif value is not None:
        yield name, value


def _value(name: str, values: Mapping[str, Any]) -> str:
    value = values.get(name)
    code = CODES.get(name.partition(".")[0], {}).get(value, "") if isinstance(value, str) else ""
    return gettext(code) if code else _told(value)


def _told(value: Any) -> str:
    match value:
        case None | [] | {} | "":
            return NOTHING
        case True:
            return gettext(N_("yes"))
        case False:
            return gettext(N_("no"))
        case [*items]:
            return ", ".join(_told(item) if not isinstance(item, dict) else _json(item) for item in items)
        case _:
            return str(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
