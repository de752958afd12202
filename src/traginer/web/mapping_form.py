"""The data matching in a form: the address, and a row for each attribute."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from traginer.control.previews import FIRST_NAME_ATTRIBUTES, LAST_NAME_ATTRIBUTES, PHONE_ATTRIBUTES, Suggestion
from traginer.control.spec import ExportSpec
from traginer.i18n import N_

LABELS: dict[str, str] = {
    **dict.fromkeys(FIRST_NAME_ATTRIBUTES, N_("First name")),
    **dict.fromkeys(LAST_NAME_ATTRIBUTES, N_("Last name")),
    **dict.fromkeys(PHONE_ATTRIBUTES, N_("Phone")),
}
"""What people call the attributes that accounts have from the beginning, in any of Brevo's languages."""
PARTS = ("attribute", "field", "region", "default_region")


@dataclass(frozen=True)
class Row:
    """An attribute of the account and the column that fills it; a country only for telephone numbers."""

    attribute: str = ""
    field: str = ""
    region: str = ""
    default_region: str = ""

    @property
    def is_phone(self) -> bool:
        """Whether the form asks for a country."""
        return self.attribute in PHONE_ATTRIBUTES


BLANK = Row()


def of_post(form: QueryDict) -> list[Row]:
    """The rows as they were sent; what was done to them by a button is done."""
    lists = [form.getlist(part) for part in PARTS]
    rows = [Row(*(text.strip() for text in parts)) for parts in zip(*lists, strict=False)]
    do, _, place = form.get("do", "").partition(":")
    if do == "remove-attribute":
        rows = [row for n, row in enumerate(rows) if str(n) != place]
    return [*rows, BLANK] if do == "add-attribute" else rows


def of_spec(spec: ExportSpec) -> list[Row]:
    """The rows of an export that there is."""
    return [
        Row(name, item.field, item.region or "", item.default_region or "") for name, item in spec.attributes.items()
    ]


def suggested(suggestions: Iterable[Suggestion]) -> tuple[str, list[Row]]:
    """The column of the address ("" where none looks like it), and a row for each other suggestion."""
    email, rows = "", []
    for one in suggestions:
        if one.attribute:
            rows.append(Row(one.attribute, one.column, one.region))
        else:
            email = one.column
    return email, rows


def attributes(rows: Iterable[Row]) -> Mapping[str, dict[str, Any]]:
    """The rows as a spec takes them; rows that nobody filled are no attributes."""
    return {row.attribute: _attribute(row) for row in rows if row.attribute and row.field}


def _attribute(row: Row) -> dict[str, Any]:
    country = {"region": row.region, "default_region": row.default_region.upper()} if row.is_phone else {}
    return {"field": row.field, **{name: value for name, value in country.items() if value}}
