"""A database that has grown: `python -m bench.web.seeding FOLDER BREVO_URL` fills it and prints a cookie for each person.

One run is real; all others are copies of it with another export, time and end.
"""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from traginer import control

control.start(web=True)

from django.conf import settings  # noqa: E402 - needs Django set up
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402

from traginer.control import configuration, exports, runs  # noqa: E402
from traginer.control.accounts.web import sessions  # noqa: E402
from traginer.control.audit import chain  # noqa: E402
from traginer.control.journal import Unwatched  # noqa: E402
from traginer.control.models import (  # noqa: E402
    AuditEntry,
    Export,
    ExportedSegment,
    Hold,
    Run,
    RunStatus,
    Segment,
    SegmentSnapshot,
    User,
)
from traginer.control.rights import Actor  # noqa: E402
from traginer.delivery.deliver import Pace  # noqa: E402
from traginer.demo.samples import write_profiles  # noqa: E402
from traginer.duck import open_duck  # noqa: E402

EXPORTS, SEGMENTS, RUNS, SNAPSHOTS_EACH, AUDIT_ENTRIES, PROFILES = 200, 500, 10_000, 30, 2_000, 20_000
PEOPLE = {"administrator": "ada@example.org", "viewer": "carla@example.org"}
BACKEND = "traginer.control.accounts.web.backend.Owners"
ADA = Actor("Ada", "administrator")
CONFIGURATION = """
sources: [{{name: Customers, type: parquet, path: profiles.parquet, key: customer_id}}]
connections:
  - {{name: Newsletter account, type: brevo, api_key: "{key}", base_url: "{url}", tier: unlimited,
     usable_by: contributors, consent: {{agreed_by: ada@example.org, text: "1"}}}}
segments: [{{name: Segment 1, source: Customers, rules: {{all: [{{field: language, is: ca}}]}}}}]
exports:
  - {{name: Export 1, connection: Newsletter account, list: 7, email: email, segments: [Segment 1],
     attributes: {{FIRSTNAME: first_name, LASTNAME: last_name}}}}
"""
ENDS = (
    {
        "status": RunStatus.FAILURE,
        "error": "source-unreadable",
        "error_facts": {"source": "Customers", "type": "parquet", "why": "It is cut off.", "path": "profiles.parquet"},
    },
    {"status": RunStatus.SKIPPED, "error": "export-under-way", "error_facts": {"export": "Export 1", "run": 1}},
    {"status": RunStatus.CANCELED},
    {"status": RunStatus.HELD, "finished_at": None},
)
"""How each in ten of the copies ended that did not end as the real run."""


def main() -> None:
    """Fill the installation of the environment."""
    folder, url, key = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    with open_duck(folder / "duck") as duck:
        write_profiles(duck, folder / "profiles.parquet", PROFILES, date(2026, 11, 1))
    file = folder / "traginer.yml"
    file.write_text(CONFIGURATION.format(url=url, key=key))
    configuration.apply(ADA, file, datetime.now(UTC))
    real, _ = runs.run_now(
        ADA, exports.get(ADA, "Export 1"), runs.Means(Unwatched(), _now, Pace(lambda _: None, _seconds))
    )
    with transaction.atomic():
        _segments()
        _exports()
        _runs(real)
        _audit()
    json.dump({role: _cookie(role, email) for role, email in PEOPLE.items()}, sys.stdout)


def _now() -> datetime:
    return datetime.now(UTC)


def _seconds() -> float:
    return _now().timestamp()


def _segments() -> None:
    first = Segment.objects.get()
    made = [Segment(name=f"Segment {n}", source=first.source, rules=first.rules) for n in range(2, SEGMENTS + 1)]
    Segment.objects.bulk_create(made)
    SegmentSnapshot.objects.bulk_create(
        SegmentSnapshot(segment=segment, at=_now() - timedelta(days=n), members=10_000 - n, joined=9, left=8)
        for segment in Segment.objects.all()
        for n in range(SNAPSHOTS_EACH, 0, -1)
    )


def _exports() -> None:
    first, segments = Export.objects.get(), list(Segment.objects.order_by("pk"))
    for n in range(2, EXPORTS + 1):
        export = Export.objects.create(
            name=f"Export {n}",
            attached_to=first.attached_to,
            list_id=first.list_id + n,
            email=first.email,
            attributes=first.attributes,
        )
        ExportedSegment.objects.bulk_create(
            ExportedSegment(export=export, segment=segments[(2 * n + position) % SEGMENTS], position=position)
            for position in range(2)
        )


def _runs(real: Run) -> None:
    """Every tenth of them ended otherwise; those that a guard held have their hold."""
    numbers = list(Export.objects.order_by("pk").values_list("pk", flat=True))
    copied = {
        field.attname: getattr(real, field.attname)
        for field in Run._meta.concrete_fields
        if field.attname not in ("id", "export_id")
    }
    made = []
    for n in range(RUNS - 1):
        began = _now() - timedelta(minutes=3 * (RUNS - n))
        times = {"as_of": began, "queued_at": began, "started_at": began, "finished_at": began + timedelta(seconds=40)}
        end = ENDS[n // 10 % len(ENDS)] if n % 10 == 0 else {}
        made.append(Run(export_id=numbers[(n * 7) % EXPORTS], **copied | times | end))
    Run.objects.bulk_create(made, batch_size=500)
    Hold.objects.bulk_create(
        Hold(run=run, reason="list-would-shrink", listed=20_000, leaving=9_000, at=run.queued_at)
        for run in Run.objects.filter(status=RunStatus.HELD)
    )


def _audit() -> None:
    for n in range(AUDIT_ENTRIES):
        name = f"Export {n % EXPORTS + 1}"
        facts = {"name": name, "list": n}
        chain.append(
            AuditEntry(
                at=_now(),
                actor=PEOPLE["administrator"],
                role="administrator",
                door="web",
                action="export:update",
                kind="export",
                name=name,
                before=chain.canonical(facts),
                after=chain.canonical(facts | {"list": n + 1}),
                result="done",
            )
        )


def _cookie(role: str, email: str) -> str:
    assert sessions.BEGAN  # what is loaded here begins a session
    person = User.objects.create(email=email, name=email.partition("@")[0].title(), role=role)
    browser = Client(REMOTE_ADDR="127.0.0.1")
    browser.force_login(person, BACKEND)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main()
