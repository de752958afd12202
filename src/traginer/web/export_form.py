"""The form of an export: what it holds, and the spec that it says."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from traginer.control import api_support, connections, segments
from traginer.control.rights import Actor
from traginer.control.spec import ExportSpec
from traginer.errors import Phrase
from traginer.i18n import N_
from traginer.web import forms, mapping_form
from traginer.web.errors import ChoiceMissing, ListMissing, SegmentsMissing
from traginer.web.mapping_form import Row

SHRINK, REMOVALS = (
    N_("Largest share of the list that one run may take off"),
    N_("Most contacts that one run may take off"),
)
FEWEST, MOST = (
    N_("Fewest contacts that the list may be wanted to hold"),
    N_("Most contacts that the list may be wanted to hold"),
)
GUARDS = {"max_shrink_percent": SHRINK, "max_removals": REMOVALS, "min_contacts": FEWEST, "max_contacts": MOST}


@dataclass(frozen=True)
class Draft:
    """The form as somebody left it. `connection` and `segments` are numbers; `kept` is what the form does not show."""

    values: dict[str, Any]
    connection: int | None
    segments: list[int]
    rows: list[Row]
    kept: dict[str, Any] = field(default_factory=dict)


def blank(query: QueryDict) -> Draft:
    """The form before anybody has typed; an address may name its connection and its segment."""
    chosen = forms.numbers(query.getlist("connection"))
    values = {"leavers": "remove", "max_shrink_percent": "30", "timezone": "UTC"}
    return Draft(values, chosen[0] if chosen else None, forms.numbers(query.getlist("segments")), [])


def of_spec(spec: ExportSpec) -> Draft:
    """The form of an export that there is."""
    guards = {name: _text(getattr(spec.guards, name)) for name in GUARDS}
    values = {
        "name": spec.name,
        "purpose": spec.purpose,
        "list": str(spec.list_id),
        "email": spec.email,
        "leavers": spec.leavers,
        "timezone": spec.timezone,
        **guards,
        "consent_field": spec.consent.field if spec.consent else "",
        "consent_values": ", ".join(spec.consent.values) if spec.consent else "",
    }
    known = api_support.numbers(segments.KIND)
    connection = api_support.numbers(connections.KIND).get(spec.connection or "")
    chosen = [known[name] for name in spec.segments]
    return Draft(values, connection, chosen, mapping_form.of_spec(spec), _kept(spec))


def of_post(form: QueryDict, kept: ExportSpec | None) -> Draft:
    """The form as it was sent."""
    chosen = forms.numbers(form.getlist("connection"))
    values = {name: value for name, value in form.items() if name not in {*mapping_form.PARTS, "csrfmiddlewaretoken"}}
    values["list"] = form.get("list_id", "").strip() or form.get("list", "")
    segments_chosen = forms.numbers(form.getlist("segments"))
    rows = mapping_form.of_post(form)
    return Draft(values, chosen[0] if chosen else None, segments_chosen, rows, _kept(kept) if kept else {})


def spec_of(actor: Actor, draft: Draft) -> ExportSpec:
    """What the form says. Raises ChoiceMissing, ListMissing, SegmentsMissing, FormInvalid, NothingNumbered."""
    values = draft.values
    _require_chosen(draft)
    list_id = forms.whole(str(values.get("list", "")), N_("List ID"))
    if list_id is None:
        raise ListMissing
    connection = api_support.connection(actor, draft.connection) if draft.connection else None
    written = {
        "name": values.get("name", "").strip(),
        "purpose": values.get("purpose", "").strip(),
        "list": list_id,
        "email": values["email"],
        "attributes": mapping_form.attributes(draft.rows),
        "segments": [api_support.segment(actor, number).name for number in draft.segments],
        "leavers": values.get("leavers", "remove"),
        "timezone": values.get("timezone", "").strip() or "UTC",
        "guards": _guards(values),
        "consent": _consent(values),
        **draft.kept,
    }
    return forms.spec(
        ExportSpec, {**written, "connection": connection.name if connection else None}, keeping="connection"
    )


def _require_chosen(draft: Draft) -> None:
    if not draft.values.get("name", "").strip():
        raise ChoiceMissing(field=Phrase(N_("Display name")))
    if not draft.segments:
        raise SegmentsMissing
    if not draft.values.get("email"):
        raise ChoiceMissing(field=Phrase(N_("Email")))


def _guards(values: dict[str, Any]) -> dict[str, int]:
    read = {name: forms.whole(str(values.get(name, "")), label) for name, label in GUARDS.items()}
    shrink = {} if read["max_shrink_percent"] is not None else {"max_shrink_percent": 100}
    return {name: bound for name, bound in read.items() if bound is not None} | shrink


def _consent(values: dict[str, Any]) -> dict[str, Any] | None:
    if not values.get("consent_field"):
        return None
    return {"field": values["consent_field"], "values": forms.words(values.get("consent_values", ""))}


def _kept(spec: ExportSpec) -> dict[str, Any]:
    return {"schedule": spec.schedule, "enabled": spec.enabled}


def _text(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"
