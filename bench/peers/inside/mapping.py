"""The mapping all peers share, for those that read Parquet themselves: column names are Brevo's attribute names."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from door import Errand

LIST_ID = 7
ENVELOPE = {"listIds": [LIST_ID], "updateExistingContacts": True, "disableNotification": True}
ATTRIBUTES = {
    "FIRSTNAME": "first_name",
    "LASTNAME": "last_name",
    "CITY": "city",
    "LIFETIME_VALUE": "lifetime_value",
    "LAST_PURCHASE": "last_purchase_at",
    "SMS": "phone",
}
# Types that JSON has a word for: Brevo drops a number or a day written in a way it does not expect.
_TYPES = {"LIFETIME_VALUE": pa.float64(), "LAST_PURCHASE": pa.date32()}


def contacts(errand: Errand, *, rows: int, keep: tuple[str, ...] = ()) -> Iterator[pa.RecordBatch]:
    """The profiles that have something in their e-mail field: email, the attributes, and the columns `keep`."""
    columns = ["email", *ATTRIBUTES.values(), *keep]
    names = ["email", *ATTRIBUTES, *keep]
    with pq.ParquetFile(errand.profiles) as file:
        for batch in file.iter_batches(batch_size=rows, columns=columns):
            filled = batch.filter(pc.fill_null(pc.not_equal(batch["email"], ""), fill_value=False))
            arrays = [_typed(name, filled[column]) for name, column in zip(names, columns, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, names=names)


def _typed(name: str, values: pa.Array) -> pa.Array:
    if name == "LAST_PURCHASE":
        values = pc.floor_temporal(values, unit="day")
    return values.cast(_TYPES[name]) if name in _TYPES else values


def row(contact: dict[str, Any]) -> dict[str, Any]:
    """A contact as a row of an import."""
    return {"email": contact["email"], "attributes": {name: contact[name] for name in ATTRIBUTES}}
