"""The installation over the API: schedules, notices, accounts, audit, configuration, and whether all is well."""

import hashlib
import json
from datetime import UTC, datetime

import yaml

from tests.api.world import Asking
from tests.world import CONFIGURATION
from traginer.api.examples import CONNECTION, EXPORT, SEGMENT, SOURCE
from traginer.control.worker_heartbeats import WORKER, Pulse


def test_the_system_refresh_is_set_and_the_next_five_times_are_shown(api: Asking) -> None:
    """S36, L6: off by default; times of the day and days of the week, on the clock of a time zone."""
    assert api.get("schedule", who="carla").json == {"rule": {"kind": "off"}, "says": "Off.", "next": []}
    rule = {"kind": "times", "times": ["18:00", "6:00"], "days": ["mon", "fri"], "timezone": "Europe/Madrid"}
    kept = api.put("schedule", rule).json
    assert kept["rule"] == {**rule, "times": ["06:00", "18:00"]}
    assert kept["says"] == "On Monday and Friday at 06:00 and 18:00 (Europe/Madrid)."
    moments = [datetime.fromisoformat(moment) for moment in kept["next"]]
    assert len(moments) == 5
    assert {(moment.weekday(), moment.hour) for moment in moments} <= {(0, 6), (0, 18), (4, 6), (4, 18)}
    assert api.get("schedule").json["rule"] == kept["rule"]
    assert api.put("schedule", rule, who="bernat").status == 403


def test_an_export_follows_the_system_its_own_schedule_or_none(api: Asking) -> None:
    """L7, L9: system refresh by default, a schedule of its own, or on demand only."""
    assert api.get("exports/1/schedule", who="carla").json["says"] == "With the system refresh."
    own = api.put("exports/1/schedule", {"kind": "cron", "cron": "0 6 * * 1-5", "timezone": "UTC"}, who="bernat").json
    assert (own["rule"]["cron"], len(own["next"])) == ("0 6 * * 1-5", 5)
    assert api.put("exports/1/schedule", {"kind": "none"}).json == {
        "rule": {"kind": "none"}, "says": "Only on demand.", "next": [],
    }  # fmt: skip
    assert api.put("exports/1/schedule", {"kind": "off"}).json["errors"][0]["pointer"] == "#"
    for rule, code in [
        ({"kind": "cron", "cron": "0 6 31 2 *"}, "schedule-cron-invalid"),
        ({"kind": "cron", "cron": "often"}, "schedule-cron-invalid"),
        ({"kind": "times", "times": ["24:00"]}, "schedule-time-invalid"),
        ({"kind": "times", "times": ["6:00"], "timezone": "Nowhere"}, "schedule-zone-unknown"),
        ({"kind": "times", "times": []}, "request-invalid"),
        ({"kind": "times", "times": [6]}, "request-invalid"),
    ]:
        answer = api.put("exports/1/schedule", rule)
        assert (answer.status, answer.code) == (422, code)
    assert api.put("exports/1/schedule", {"kind": "none"}, who="carla").status == 403


def test_notices_go_to_targets_whose_secrets_are_shown_once(api: Asking) -> None:
    wish = {"kind": "webhook", "address": "https://hooks.example.org/5ecret", "events": ["failed"]}
    added = api.post("notices/targets", wish)
    assert (added.status, added.headers["Location"]) == (201, "/api/v1/notices/targets/1")
    assert added.json["secret"].startswith("trgw_")
    shown = api.get("notices/targets/1").json
    assert shown == {name: value for name, value in added.json.items() if name != "secret"}
    assert (shown["address"], shown["events"]) == ("https://hooks.example.org/…", ["failed"])
    own = {"kind": "email", "address": "bernat@example.org", "export": "Newsletter"}
    assert api.post("notices/targets", own, who="bernat").json["secret"] is None
    assert [one["id"] for one in api.get("notices/targets").json] == [1, 2]
    assert [one["id"] for one in api.get("notices/targets", who="bernat").json] == [2]
    assert api.delete("notices/targets/1", who="bernat").code == "notice-target-unknown"
    assert api.post("notices/targets", wish, who="bernat").status == 403
    assert api.post("notices/targets", {**wish, "address": "http://example.org"}).code == "notice-address-invalid"
    assert api.post("notices/targets/2/test").code == "mail-not-set-up"
    assert (api.delete("notices/targets/1").status, api.get("notices/targets/1").status) == (204, 404)


def test_accounts_are_shown_to_administrators(api: Asking) -> None:
    api.token("bernat")
    people = api.get("users").json["items"]
    assert [(one["email"], one["role"]) for one in people] == [
        ("ada@example.org", "administrator"),
        ("bernat@example.org", "contributor"),
    ]
    (found,) = api.get("users?name=Bernat@Example.org").json["items"]
    assert api.get(f"users/{found['id']}").json == found
    assert (found["has_second_factor"], found["is_active"]) == (False, True)
    for path in ("users", f"users/{found['id']}"):
        assert api.get(path, who="bernat").status == 403


def test_the_audit_is_read_filtered_and_its_hashes_can_be_checked_by_anybody(api: Asking) -> None:
    api.put("schedule", {"kind": "off"}, who="carla")
    (denied,) = api.get("audit?result=denied").json["items"]
    assert (denied["actor"], denied["action"], denied["door"]) == ("carla@example.org", "schedule:write", "api")
    content = {name: value for name, value in denied.items() if name != "hash"}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == denied["hash"]
    assert api.get("audit?until=2020-01-01T00:00:00Z").json["items"] == []


def test_the_audit_is_exported_as_lines_and_verified_against_an_end_that_was_noted(api: Asking) -> None:
    lines = [json.loads(line) for line in api.get("audit/lines").text.splitlines()]
    assert [line["sequence"] for line in lines] == list(range(1, len(lines) + 1))
    end = api.get("audit/verification").json["end"]
    assert end == f"{lines[-1]['sequence']}:{lines[-1]['hash']}"
    assert api.get(f"audit/verification?end={end}").json["is_whole"] is True
    forged = api.get(f"audit/verification?end=1:{'0' * 64}").json
    assert (forged["is_whole"], forged["broken_at"], forged["end"]) == (False, 1, None)
    assert api.get("audit/verification?end=1:abc").status == 422
    for path in ("audit", "audit/lines", "audit/verification"):
        assert api.get(path, who="bernat").status == 403


def test_whether_anybody_works_here_is_for_everybody_and_what_is_wrong_for_administrators(api: Asking) -> None:
    Pulse(WORKER).beat()
    system = api.get("system", who="carla").json
    assert datetime.fromisoformat(system["worker_seen_at"]).tzinfo == UTC
    assert (system["scheduler_seen_at"], system["is_silent"]) == (None, False)
    found = api.post("system/examination").json
    assert {finding["level"] for finding in found["findings"]} <= {"ok", "attention", "wrong"}
    assert any(finding["about"] == "Newsletter" for finding in found["findings"])
    assert api.post("system/examination", who="bernat").status == 403


def test_the_key_of_the_installation_is_changed_and_connections_keep_theirs(api: Asking) -> None:
    rotated = api.post("system/key-rotation")
    assert rotated.json == {"secrets": 1, "former_keys_stay": False}
    assert api.post("connections/1/check").json["is_good"] is True
    assert api.post("system/key-rotation", who="bernat").status == 403


def test_the_configuration_comes_as_the_file_that_apply_takes(api: Asking) -> None:
    dumped = api.get("configuration")
    assert dumped.headers["Content-Type"] == "application/yaml"
    values = yaml.safe_load(dumped.text)
    assert [one["name"] for one in values["exports"]] == ["Newsletter"]
    assert "api_key" not in dumped.text
    again = api.post("configuration", values)
    assert {one["outcome"] for one in again.json["objects"]} == {"unchanged"}
    assert api.get("configuration", who="bernat").status == 403


def test_a_configuration_is_compared_and_applied_all_or_nothing(api: Asking) -> None:
    new = {
        "sources": [{**SOURCE, "name": "People"}],
        "segments": [{**SEGMENT, "name": "Some", "source": "People"}],
        "exports": [{**EXPORT, "list": 8, "segments": ["Catalan spenders"]}],
    }
    compared = api.post("configuration/diff", new).json["objects"]
    assert [(one["kind"], one["name"], one["outcome"]) for one in compared] == [
        ("source", "People", "created"), ("segment", "Some", "created"), ("export", "Newsletter", "updated"),
    ]  # fmt: skip
    assert {"field": "list", "before": 7, "after": 8} in compared[2]["changes"]
    assert api.get("exports/1").json["list"] == 7
    wrong = {**new, "segments": [{**SEGMENT, "name": "Some", "rules": {"field": "nothing", "is": 1}}]}
    refused = api.post("configuration", wrong)
    assert (refused.status, refused.code) == (422, "configuration-part-invalid")
    assert refused.json["errors"][0]["pointer"] == "#/segments/0/rules/field"
    assert api.get("sources?name=People").json["items"] == []
    assert api.post("configuration", new).json["objects"] == compared
    assert api.get("exports/1").json["list"] == 8


def test_a_configuration_takes_what_each_part_of_it_takes(api: Asking) -> None:
    assert api.post("configuration", {"segments": [{**SEGMENT, "name": "Own"}]}, who="bernat").status == 200
    assert api.post("configuration", {"connections": [CONNECTION]}, who="bernat").status == 403
    assert api.post("configuration", {"segments": [{**SEGMENT, "name": "Own"}]}, who="carla").status == 403


def test_the_environment_of_the_server_cannot_be_read_by_a_configuration(api: Asking) -> None:
    values = yaml.safe_load(CONFIGURATION)
    for path, body in [("configuration", values), ("configuration/diff", {"sources": [{**SOURCE, "name": "${HOME}"}]})]:
        answer = api.post(path, body)
        assert (answer.status, answer.code) == (422, "request-invalid")
        assert "${NAME}" in answer.json["detail"]


def test_the_schema_of_the_configuration_is_for_everybody_with_a_token(api: Asking) -> None:
    schema = api.get("configuration/schema", who="carla").json
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "ExportSpec" in schema["$defs"]
    assert api.get("configuration/schema", who="").status == 401
