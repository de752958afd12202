"""drt: a model in SQL, and its REST destination in batch mode, since it has none for Brevo.

The model makes the JSON of a row in DuckDB, which is far quicker than making it in the template.
"""

import io
import json
from contextlib import redirect_stdout
from pathlib import Path

from door import Errand, Told

PROFILES = "default: {type: duckdb, database: ':memory:'}\n"
PROJECT = "{name: bench, profile: default}\n"
CONTACTS = """
name: contacts
model: >
  SELECT to_json({{'email': email, 'attributes': {{'FIRSTNAME': first_name, 'LASTNAME': last_name, 'CITY': city,
         'LIFETIME_VALUE': lifetime_value, 'LAST_PURCHASE': last_purchase_at::DATE, 'SMS': phone}}}})::VARCHAR AS contact,
         updated_at FROM read_parquet('{profiles}') WHERE email <> ''
destination:
  type: rest_api
  url: {url}/contacts/import
  headers: {{Content-Type: application/json}}
  auth: {{type: api_key, header: api-key, value: {key}}}
  body_mode: batch
  batch_template: >
    {{"listIds": [7], "updateExistingContacts": true, "disableNotification": true,
    "jsonBody": [{{{{ rows | map(attribute="contact") | join(",") }}}}]}}
  rate_limit: {{requests_per_second: 1000}}
sync: {{{mode}, batch_size: {rows_per_body}}}
"""


def prepare(errand: Errand) -> None:
    """Write the profile, the project and the one sync."""
    folder = Path(errand.folder)
    mode = "mode: incremental, cursor_field: updated_at" if errand.cursor else "mode: full"
    texts = {
        ".drt/profiles.yml": PROFILES,
        "drt_project.yml": PROJECT,
        "syncs/contacts.yml": CONTACTS.format(mode=mode, **vars(errand)),
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def send(errand: Errand) -> None:
    """`drt run --output json`."""
    from drt.cli.main import app  # noqa: PLC0415 - only in its own environment

    answer = io.StringIO()
    try:
        with redirect_stdout(answer):
            app(["run", "--output", "json"], standalone_mode=False)
    finally:
        (Path(errand.folder) / "answer.json").write_text(answer.getvalue(), encoding="utf-8")


def told(errand: Errand) -> Told:
    """The sums of its JSON. A 202 makes every row of a request a synced row; failed are those of requests refused whole."""
    (only,) = json.loads((Path(errand.folder) / "answer.json").read_text(encoding="utf-8"))["syncs"]
    says = f"{only['status']}, {only['rows_failed']} rows failed"
    return Told(only["rows_synced"], says=says, failed=only["status"] != "success")
