"""What templates say of our own things: columns, attributes, runs, plans. Built into every template."""

from django import template

from traginer.contacts.mapping import Kind
from traginer.control.previews import ColumnPreview
from traginer.control.rights import Actor
from traginer.control.wording import PlanView, RunView
from traginer.i18n import N_, gettext
from traginer.values import ColumnType
from traginer.web import chart, mapping_form
from traginer.web.export_form import Draft
from traginer.web.export_offer import Offer

KINDS = {
    Kind.TEXT: N_("text"),
    Kind.FLOAT: N_("number"),
    Kind.BOOLEAN: N_("yes or no"),
    Kind.DATE: N_("date"),
    Kind.CATEGORY: N_("category"),
    Kind.MULTIPLE_CHOICE: N_("multiple choice"),
    Kind.PHONE: N_("phone"),
    Kind.READ_ONLY: N_("filled by Brevo"),
}
TYPES = {
    ColumnType.TEXT: N_("text"),
    ColumnType.NUMBER: N_("number"),
    ColumnType.BOOLEAN: N_("yes or no"),
    ColumnType.DATE: N_("date"),
    ColumnType.TIMESTAMP: N_("moment"),
    ColumnType.OTHER: N_("something else"),
}
UNITS = {
    "minutes": N_("minutes"),
    "hours": N_("hours"),
    "days": N_("days"),
    "weeks": N_("weeks"),
    "months": N_("months"),
    "years": N_("years"),
}
register = template.Library()


@register.filter
def listed(view: RunView) -> int:
    """How many contacts the list held because of the export after the run."""
    return chart.listed(view)


@register.filter
def left_out(view: RunView) -> int:
    """How many profiles the run did not send, or Brevo rejected."""
    return chart.left_out(view)


@register.filter
def attribute_name(attribute: str) -> str:
    """An attribute of Brevo as people call it, and its own name."""
    label = mapping_form.LABELS.get(attribute)
    return f"{gettext(label)} ({attribute})" if label else attribute


@register.filter
def may(actor: Actor, action: str) -> bool:
    """Whether the actor has a right that is about no connection."""
    return actor.may(action)


@register.filter
def leaving(plan: PlanView) -> int:
    """How many contacts a run would take off the list."""
    return int(plan.figures["left"] - plan.figures["not_removed"])


@register.filter
def kind(of: Kind) -> str:
    """The type of an attribute in words."""
    return gettext(KINDS[of])


@register.filter
def column_label(column: ColumnPreview) -> str:
    """A column in a list to choose from: its name, its type, some values."""
    told = f"{column.name} · {gettext(TYPES[column.type])}"
    return f"{told} · {', '.join(column.samples)}" if column.samples else told


@register.filter
def attribute_names(offer: Offer) -> set[str]:
    """The names that the account knows."""
    return {one.name for one in offer.attributes}


@register.filter
def typed_list(draft: Draft, offer: Offer) -> str:
    """The list's number where no choice shows it."""
    known = {str(one.list_id) for one in offer.lists}
    chosen = str(draft.values.get("list", ""))
    return "" if chosen in known else chosen


@register.filter
def column_type(of: ColumnType) -> str:
    """The type of a column in words."""
    return gettext(TYPES[of])


@register.filter
def unit_name(unit: str) -> str:
    """A unit of time in words."""
    return gettext(UNITS.get(unit, unit))
