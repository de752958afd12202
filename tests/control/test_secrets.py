"""What lies in the state folder, and what leaves it in logs, backups, dumps, notices and answers: no key, no address."""

import stat
import tarfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import LazySettings

from tests.api.world import Asking
from tests.control import cast
from tests.control.receivers import MailServer, WebServer, mail_server, web_server
from tests.world import ADA, CONFIGURATION, MEANS, World, now, people
from traginer.cli import unexpected
from traginer.control import (
    accounts,
    audit,
    backup,
    configuration,
    connections,
    doctor,
    exports,
    logs,
    metrics,
    notifying,
    runs,
    tokens,
)
from traginer.control.accounts.errors import EntryRefused
from traginer.control.journal import Unwatched
from traginer.control.models import Batch, Connection, Notice, Run
from traginer.control.notifying import Wish
from traginer.control.runs import Means

HOOK_SECRET = "7-old-green-umbrellas"
SMTP_PASSWORD = "9-small-blue-lanterns"
ASKED = (
    *("connections", "exports", "sources", "segments", "runs", "users", "tokens", "audit", "notices/targets", "me"),
    *("connections/1", "exports/1", "sources/1", "segments/1", "configuration", "configuration/schema", "system"),
    *("runs/2", "runs/2/rejections", "runs/2/rejections.csv", "runs/3", "exports/1/schedule", "notices/targets/1"),
)
OF_A_FILE = """
notices:
  - {name: Of a file, kind: webhook, address: "${HOOK_URL}", secret: "${HOOK_SECRET}", events: [failed, recovered]}
  - {name: Mine, kind: email, address: ada@example.org}
"""


COMMANDS = ("runs", "doctor", "dump")


class Evidence:
    """All that was left behind or sent out, by where it was found."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.found: dict[str, bytes] = {}
        self.secrets = {"API key": World.api_key, "password": cast.PASSWORD, "SMTP": SMTP_PASSWORD}

    def keep(self, where: str, what: str | bytes) -> None:
        self.found[where] = what.encode() if isinstance(what, str) else what

    def keep_folder(self, name: str, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.keep(f"{name}/{path.relative_to(folder)}", content_of(path))

    def holding(self, *texts: str) -> list[str]:
        """Where any of the texts was found, in any spelling of its case."""
        wanted = [text.lower().encode() for text in texts]
        return sorted(where for where, what in self.found.items() if any(text in what.lower() for text in wanted))

    def holding_personal(self) -> set[str]:
        """The folders, or other places, where an address, a telephone number or a name of a profile was found."""
        rows = self.world.profiles.values()
        phones = {row["phone"].lstrip("+") for row in rows if len(row["phone"]) > 9}
        emails = {row["email"] for row in rows if "@" in row["email"]}
        found = self.holding(*emails, *phones, *(phone[2:] for phone in phones), "aina")
        return {"/".join(where.split("/")[:2]) for where in found}


def content_of(path: Path) -> bytes:
    """The bytes of a file, and of one that is compressed by columns also what is in them."""
    content = path.read_bytes()
    if path.suffix == ".parquet":
        content += str(pq.read_table(path).to_pylist()).encode()
    return content


POISON = f"the row (Aina 1, aina1@example.org, +34600100001) with {World.api_key} is not unique"


class Poisoned(Unwatched):
    """Something fails in the middle of a run, and says so in words that it should not use."""

    def stage(self, name: str, done: int, total: int) -> None:
        if name == "compare":
            raise ValueError(POISON)


@pytest.fixture
def evidence(
    world: World, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Evidence:
    """Everything that can happen has happened, while the most talkative log was written."""
    settings.PASSWORD_HASHERS = cast.QUICK
    found = Evidence(world)
    with web_server() as hooks, mail_server() as post, monkeypatch.context() as patch:
        patch.setenv("TRAGINER_LOG", "DEBUG,json")
        patch.setenv("HOOK_URL", f"{hooks.url}/f1le-path")
        patch.setenv("HOOK_SECRET", HOOK_SECRET)
        patch.setenv("TRAGINER_SMTP_URL", post.url.replace("//", f"//ada:{SMTP_PASSWORD}@"))
        logs.configure()
        asking = _people(found)
        _notices(found, hooks)
        _runs(found)
        _stopped()
        _notices_sent(found, hooks, post)
        _answers(found, asking)
        _kept(found)
        out, err = capsys.readouterr()
        found.keep("output", out)
        found.keep("log", err)
    logs.configure()
    return found


def _people(found: Evidence) -> Asking:
    asking = Asking(found.world)
    for name in cast.ROLES:
        found.secrets[f"token of {name}"] = asking.token(name)
    ada = cast.account("ada")
    accounts.by_password(ada.email, cast.PASSWORD, "203.0.113.7")
    with pytest.raises(EntryRefused):
        accounts.by_password(ada.email, SMTP_PASSWORD, "203.0.113.7")
    connections.become_export_user(accounts.acting(ada, "web"), Connection.objects.get(), cast.PASSWORD, now())
    return asking


def _notices(found: Evidence, hooks: WebServer) -> None:
    _, secret = notifying.add(ADA, Wish("webhook", f"{hooks.url}/s3cr3t-path"), now())
    found.secrets |= {"webhook": secret, "path of the webhook": "s3cr3t-path"}
    found.world.apply(OF_A_FILE)
    found.secrets |= {"webhook of the file": HOOK_SECRET, "its path": "f1le-path"}
    notifying.add(ADA, Wish("email", "ada@example.org"), now())


def _runs(found: Evidence) -> None:
    """Rows that Brevo rejects, invalid ones, some who left, an error in the middle, a refused key, and a good end."""
    world = found.world
    world.sandbox.switches.reject_probability = 0.3
    world.run()
    world.sandbox.switches.reject_probability = 0.0
    world.put_profiles([*people([30], email="aina5@example.org"), *people([32], email="no address", phone="123")])
    _somebody_left_already(world)
    world.run()
    world.put_profiles(people([31]))
    runs.run_now(ADA, exports.get(ADA, "Newsletter"), Means(Poisoned(), MEANS.now, MEANS.pace))
    world.sandbox.switch_off_key()
    world.run()
    world.sandbox.switch_on_key()
    world.run()
    endings = [run.error or run.status for run in Run.objects.order_by("pk")]
    assert endings == ["completed_with_warnings"] * 2 + ["unexpected", "brevo-key-off", "completed_with_warnings"]
    assert Batch.objects.filter(kind="removal").exists()
    found.keep("write-ahead log", (world.home / "traginer.sqlite3-wal").read_bytes())


def _stopped() -> None:
    """A command meets an error that nobody expected, in words that it should not use."""
    with pytest.raises(ValueError) as spoiled:  # noqa: PT011 - its words are the point
        int(POISON)
    unexpected.told(spoiled.value)


def _notices_sent(found: Evidence, hooks: WebServer, post: MailServer) -> None:
    while notifying.deliver_due(now()):
        pass
    assert {notice.state for notice in Notice.objects.all()} == {"sent"}
    found.keep("webhooks", b"".join(came.body for came in hooks.received))
    found.keep("letters", "".join(str(part) for letter in post.letters for part in letter.walk()))


def _answers(found: Evidence, asking: Asking) -> None:
    file = found.world.write_yaml(CONFIGURATION)
    found.keep("dump", configuration.dump(ADA))
    found.keep("diff", str(configuration.diff(ADA, found.world.folder / "traginer.yml", now())))
    found.keep("audit", "\n".join(audit.lines(ADA)))
    found.keep("doctor", str(doctor.examine(ADA, now())))
    found.keep("metrics", metrics.exposition(ADA, now()))
    found.keep("commands", "".join(said.out + said.err for said in map(found.world.cli, COMMANDS)))
    for words in (
        ("rejections", "2"),
        ("rejections", "2", "--json"),
        ("notice", "list"),
        ("diff", str(file), "--whole"),
    ):
        found.keep(" ".join(words[:2]), found.world.cli(*words).out)
    for who in cast.ROLES:
        found.keep(f"API to {who}", "".join(asking.get(path, who=who).text for path in ASKED))
    assert b"Newsletter account" in found.found["API to ada"]
    assert b"C0032" in found.found["API to bernat"]  # of the rejections


def _kept(found: Evidence) -> None:
    """The home as it lies there, and a backup."""
    world = found.world
    found.keep_folder("home", world.home)
    backup.make(ADA, world.folder / "all.tar.gz", now())
    with tarfile.open(world.folder / "all.tar.gz") as tar:
        tar.extractall(world.folder / "unpacked", filter="data")
    found.keep_folder("backup", world.folder / "unpacked")


def test_after_everything_that_can_happen_no_secret_is_anywhere_and_addresses_are_in_the_ledgers_alone(
    evidence: Evidence,
) -> None:
    """S18: the API key is encrypted at rest; no screen, API answer, log or error ever shows it again."""
    looked_at = {"home/traginer.sqlite3", "write-ahead log", "backup/traginer.sqlite3", "log", "letters"}
    assert looked_at < set(evidence.found)
    assert all(evidence.found[name] for name in looked_at)
    for name, secret in evidence.secrets.items():
        assert evidence.holding(secret) == [], name
    assert evidence.holding((evidence.world.home / "key").read_text().strip()) == ["home/key"]
    assert evidence.holding_personal() == {"home/ledgers", "backup/ledgers"}
    log = evidence.found["log"].decode()
    assert "stopped by ValueError" in log
    assert "in _stopped" in log, "the traceback of a command"
    assert "POST /contacts/lists/{id}/contacts/remove" in log
    assert tokens.PREFIX not in log.replace(tokens.PREFIX + "…", "")


def test_during_a_run_addresses_are_on_the_spool_and_in_the_ledgers_alone(world: World) -> None:
    world.run()
    world.put_profiles(people([40]))
    world.cut_run()
    found = Evidence(world)
    found.keep_folder("home", world.home)
    assert found.holding_personal() == {"home/ledgers", "home/spool"}
    assert found.holding(World.api_key) == []


def test_state_is_its_owners_alone(world: World) -> None:
    """In the middle of a run too, when bodies and plan lie on the spool."""
    world.cut_run()
    assert [path for path in world.files() if path.suffix == ".json"], "a body lies on the spool"
    for path in [world.home, *world.home.rglob("*")]:
        allowed = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == allowed, path


def test_a_fresh_installation_is_its_owners_alone(world: World) -> None:
    folder = world.folder / "fresh"
    assert world.command("runs", TRAGINER_HOME=str(folder)).exit_code == 0
    assert (folder / "traginer.sqlite3").exists()
    for path in [folder, *folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_neither_address_nor_key_is_in_the_most_talkative_log(world: World) -> None:
    world.run()
    _somebody_left_already(world)
    said = world.command("run", "Newsletter", TRAGINER_LOG="DEBUG")
    assert said.exit_code == 0
    assert "POST /contacts/lists/{id}/contacts/remove" in said.err
    assert "GET /contacts/{email}" in said.err
    assert "aina" not in said.err
    assert World.api_key not in said.err
    assert World.api_key[-8:] not in said.err


def test_a_failed_command_shows_neither_address_nor_key(world: World) -> None:
    world.sandbox.switch_off_key()
    said = world.cli("run", "Newsletter", "--json")
    assert said.exit_code == 1
    assert "@example.org" not in said.out + said.err.replace("ada@example.org", "")
    assert World.api_key[-8:] not in said.out + said.err


def _somebody_left_already(world: World) -> None:
    """Two leave, and one of them was taken off by hand: Brevo is asked about that one by address."""
    first, second = sorted(world.on_list())[:2]
    world.sandbox.take_off(7, first)
    world.forget_profile(*(key for key, row in world.profiles.items() if row["email"] in {first, second}))
