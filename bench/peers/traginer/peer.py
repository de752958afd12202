"""Traginer itself, through its command line."""

import io
import json
import os
from contextlib import redirect_stdout
from pathlib import Path

from door import Errand, Told

CONFIGURATION = """
sources: [{{name: Customers, type: parquet, path: {profiles}, key: customer_id}}]
connections:
  - {{name: Account, type: brevo, api_key: {key}, base_url: "{url}", tier: unlimited,
     consent: {{agreed_by: bench@example.org, text: "1"}}}}
segments: [{{name: Everybody, source: Customers, rules: {{all: [{{field: customer_id, is_not_empty: true}}]}}}}]
exports:
  - {{name: Bench, connection: Account, list: 7, email: email, segments: [Everybody], attributes: {{
       FIRSTNAME: first_name, LASTNAME: last_name, CITY: city, LIFETIME_VALUE: lifetime_value,
       LAST_PURCHASE: last_purchase_at, SMS: {{field: phone, region: country, default_region: ES}}}}}}
"""


def prepare(errand: Errand) -> None:
    """`traginer apply`."""
    path = Path(errand.folder) / "traginer.yml"
    path.write_text(CONFIGURATION.format(**vars(errand)), encoding="utf-8")
    _traginer(errand, "apply", str(path))


def send(errand: Errand) -> None:
    """`traginer run Bench --json`."""
    answer = _traginer(errand, "run", "Bench", "--json")
    (Path(errand.folder) / "answer.json").write_text(answer, encoding="utf-8")


def told(errand: Errand) -> Told:
    """The counts of its answer: invalid are those it refused itself, rejected those of Brevo's reports."""
    answer = json.loads((Path(errand.folder) / "answer.json").read_text(encoding="utf-8"))
    if "error" in answer:
        return Told(0, says=answer["error"]["code"], failed=True)
    counts, status = answer["counts"], answer["status"]
    failed = status not in {"successful", "completed_with_warnings"}
    return Told(counts["confirmed"], counts["invalid"] + counts["rejected"], f"{status}: {answer['reason']}", failed)


def _traginer(errand: Errand, *arguments: str) -> str:
    """What the command prints. Its exit code says whether a run went well, which the answer says as well."""
    os.environ |= {"TRAGINER_HOME": f"{errand.folder}/home", "TRAGINER_BODY_BYTES": str(errand.body_bytes)}
    from traginer.cli.main import main  # noqa: PLC0415 - it reads the environment

    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            main(arguments)
    except SystemExit:
        pass
    return printed.getvalue()
