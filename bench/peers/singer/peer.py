"""Singer: a target with the SDK's BatchSink, and a tap that writes the same Parquet as RECORD messages, joined by a pipe."""

import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import mapping
import requests
from door import Errand, Told
from singer_sdk import typing as th
from singer_sdk.contrib.msgspec import MsgSpecReader, encoder
from singer_sdk.sinks import BatchSink
from singer_sdk.target_base import Target

PROPERTIES = {name: {"type": ["string", "null"]} for name in ("email", *mapping.ATTRIBUTES, "updated_at")}
PROPERTIES["LIFETIME_VALUE"] = {"type": ["number", "null"]}
SCHEMA = {"type": "SCHEMA", "stream": "contacts", "key_properties": ["email"], "schema": {"properties": PROPERTIES}}
TAP_ROWS = 10_000
_SENT: list[int] = []


class BrevoSink(BatchSink):
    """Posts a batch as one import."""

    def setup(self) -> None:
        """One connection for all batches."""
        self.session = requests.Session()

    def process_batch(self, context: dict) -> None:
        """Raises HTTPError for anything but a 2xx, which ends the target."""
        rows = [mapping.row(contact) for contact in context["records"]]
        body = encoder.encode(mapping.ENVELOPE | {"jsonBody": rows})
        headers = {"api-key": self.config["key"], "Content-Type": "application/json"}
        self.session.post(f"{self.config['url']}/contacts/import", data=body, headers=headers).raise_for_status()
        _SENT.append(len(rows))


class TargetBrevo(Target):
    """The target; msgspec reads the messages, the quicker of the SDK's two readers."""

    name = "target-brevo"
    config_jsonschema = th.PropertiesList(
        th.Property("url", th.StringType), th.Property("key", th.StringType)
    ).to_dict()
    default_sink_class = BrevoSink
    message_reader_class = MsgSpecReader


def prepare(_errand: Errand) -> None:
    """Nothing: the configuration is handed over when the target starts."""


def send(errand: Errand) -> None:
    """`tap | target`, the tap in a process of its own; the state that the target gives out is kept for the next run."""
    settings = {
        "url": errand.url,
        "key": errand.key,
        "batch_size_rows": errand.rows_per_body,
        "validate_records": False,
    }
    state = io.StringIO()
    command = [sys.executable, "-P", __file__, json.dumps(vars(errand))]
    with redirect_stdout(state), subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        TargetBrevo(config=settings).listen(process.stdout)
    if process.returncode:
        raise RuntimeError("the tap failed")
    if lines := state.getvalue().splitlines():
        _state_path(errand).write_text(lines[-1], encoding="utf-8")


def told(_errand: Errand) -> Told:
    """What the sink posted without an exception; the SDK's own counters count rows read."""
    return Told(sum(_SENT), says="no exception")


def _state_path(errand: Errand) -> Path:
    return Path(errand.folder) / "state.json"


def tap(errand: Errand) -> None:
    """Write SCHEMA, RECORD and STATE messages. As a Singer bookmark does, the cursor takes rows as new as the newest again."""
    path = _state_path(errand)
    since = json.loads(path.read_text(encoding="utf-8"))["updated_at"] if errand.cursor and path.exists() else ""
    out, newest = sys.stdout.buffer, since
    out.write(encoder.encode(SCHEMA) + b"\n")
    for batch in mapping.contacts(errand, rows=TAP_ROWS, keep=("updated_at",)):
        for contact in batch.to_pylist():
            contact["updated_at"] = contact["updated_at"].isoformat()
            if contact["updated_at"] >= since:
                newest = max(newest, contact["updated_at"])
                out.write(encoder.encode({"type": "RECORD", "stream": "contacts", "record": contact}) + b"\n")
    out.write(encoder.encode({"type": "STATE", "value": {"updated_at": newest}}) + b"\n")


if __name__ == "__main__":
    tap(Errand(**json.loads(sys.argv[1])))
