"""A ledger made anew from what is on the list: ours is only what is wanted, or was ours."""

import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from traginer.delivery import ledger, rebuild
from traginer.delivery.errors import ListUnreadable
from traginer.duck import Duck, open_duck

CONTACTS = pa.schema([(name, pa.string()) for name in ("key", "email", "fingerprint")])
BREVO = "EMAIL;ADDED_TIME;MODIFIED_TIME\n{}"


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[Duck]:
    with open_duck(tmp_path / "duck") as session:
        yield session


def file_of(folder: Path, *emails: str, layout: str = BREVO) -> Path:
    path = folder / "listed.csv"
    lines = (f"{email};2026-01-01T00:00:00.000Z;2026-01-02T00:00:00.000Z\n" for email in emails)
    path.write_text(layout.format("".join(lines)), encoding="utf-8")
    return path


def put_wanted(duck: Duck, fingerprints: Mapping[str, str]) -> None:
    """The session's `contacts`: address -> fingerprint; the key is the address in capitals."""
    rows = [{"key": email.upper(), "email": email, "fingerprint": value} for email, value in fingerprints.items()]
    duck.connection.register("given", pa.Table.from_pylist(rows, schema=CONTACTS))
    duck.run("CREATE OR REPLACE TABLE contacts AS SELECT * FROM given")


def former(duck: Duck, folder: Path, fingerprints: Mapping[str, str | None], name: str = "export-1") -> Path:
    rows = [(f"key of {email}", email, value) for email, value in fingerprints.items()]
    table = pa.table({name: [row[n] for row in rows] for n, name in enumerate(CONTACTS.names)}, schema=CONTACTS)
    duck.connection.register("written", table)
    return ledger.write(duck, "SELECT * FROM written", folder / name / "list-7-run-1-1.parquet")


def rebuilt(
    duck: Duck, folder: Path, *, listed: Sequence[str], wanted: Mapping[str, str], before: Path | None
) -> tuple[rebuild.Rebuilt, dict[str, tuple[str, str | None]]]:
    """What was counted, and address -> (key, fingerprint) of the ledger that was written."""
    put_wanted(duck, wanted)
    rebuild.load_listed(duck, file_of(folder, *listed))
    rebuild.load_former(duck, before)
    made = rebuild.rebuild(duck, folder / "export-1" / "list-7-run-2-1.parquet")
    ledger.check(made.path)
    rows = duck.rows(f"SELECT email, key, fingerprint FROM read_parquet('{made.path}')")
    assert len({email for email, *_ in rows}) == len(rows)
    return made, {email: (key, fingerprint) for email, key, fingerprint in rows}


def test_without_a_former_ledger_only_who_is_listed_and_wanted_is_ours_and_in_doubt(duck: Duck, tmp_path: Path) -> None:
    made, rows = rebuilt(
        duck,
        tmp_path,
        listed=["a@x.org", "b@x.org", "hand@x.org"],
        wanted={"a@x.org": "1", "c@x.org": "3"},
        before=None,
    )
    assert rows == {"a@x.org": ("A@X.ORG", None)}
    assert (made.listed, made.claimed, made.in_doubt, made.others, made.to_add) == (3, 1, 1, 2, 1)
    assert (made.former, made.dropped, made.unwanted) == (0, 0, 0)


def test_a_former_ledger_keeps_its_fingerprints_and_claims_who_left_since(duck: Duck, tmp_path: Path) -> None:
    before = former(duck, tmp_path, {"a@x.org": "1", "left@x.org": "2", "gone@x.org": "3", "doubt@x.org": None})
    made, rows = rebuilt(
        duck,
        tmp_path,
        listed=["a@x.org", "left@x.org", "doubt@x.org", "hand@x.org"],
        wanted={"a@x.org": "1", "gone@x.org": "3", "doubt@x.org": "4"},
        before=before,
    )
    assert rows == {
        "a@x.org": ("A@X.ORG", "1"),
        "left@x.org": ("key of left@x.org", "2"),
        "doubt@x.org": ("DOUBT@X.ORG", None),
    }
    assert (made.listed, made.claimed, made.in_doubt, made.unwanted) == (4, 3, 1, 1)
    assert (made.others, made.to_add, made.former, made.dropped) == (1, 1, 4, 1)


def test_a_ledger_of_another_export_claims_nobody(duck: Duck, tmp_path: Path) -> None:
    """The person was put on the list by hand, and stands in the ledger of the other export."""
    before = former(duck, tmp_path, {"hand@x.org": "1"})
    before.write_bytes(former(duck, tmp_path, {"hand@x.org": "2"}, name="export-2").read_bytes())
    _, rows = rebuilt(duck, tmp_path, listed=["hand@x.org"], wanted={}, before=before)
    assert rows == {}


def test_fingerprints_of_another_kind_are_in_doubt(duck: Duck, tmp_path: Path) -> None:
    before = former(duck, tmp_path, {"a@x.org": "text", "b@x.org": "c4ca4238a0b923820dcc509a6f75849b"})
    put_wanted(duck, {"a@x.org": "1", "b@x.org": "2"})
    duck.run(
        "CREATE OR REPLACE TABLE contacts AS SELECT key, email, md5(fingerprint)::UUID AS fingerprint FROM contacts"
    )
    rebuild.load_listed(duck, file_of(tmp_path, "a@x.org", "b@x.org"))
    rebuild.load_former(duck, before)
    made = rebuild.rebuild(duck, tmp_path / "export-1" / "list-7-run-2-1.parquet")
    rows = dict(duck.rows(f"SELECT email, fingerprint::VARCHAR FROM read_parquet('{made.path}')"))
    assert rows == {"a@x.org": None, "b@x.org": "c4ca4238-a0b9-2382-0dcc-509a6f75849b"}


def test_a_ledger_and_its_list_are_compared(duck: Duck, tmp_path: Path) -> None:
    rebuild.load_former(duck, former(duck, tmp_path, {"a@x.org": "1", "b@x.org": "2", "c@x.org": "3"}))
    rebuild.load_listed(duck, file_of(tmp_path, "b@x.org", "hand@x.org"))
    compared = rebuild.compare(duck)
    assert (compared.ledger, compared.listed, compared.both, compared.gone, compared.others) == (3, 2, 1, 2, 1)


def listed(duck: Duck, path: Path) -> set[str]:
    rebuild.load_listed(duck, path)
    rows = [email for (email,) in duck.rows("SELECT email FROM listed")]
    assert len(set(rows)) == len(rows)
    return set(rows)


LAYOUTS = {
    "as Brevo writes": "EMAIL;ADDED_TIME\na@x.org;2026\nB@x.org;2026\n",
    "commas": "EMAIL,ADDED_TIME\na@x.org,2026\nb@x.org,2026\n",
    "tabs": "ADDED_TIME\tEMAIL\n2026\ta@x.org\n2026\tb@x.org\n",
    "one column": "EMAIL\na@x.org\nb@x.org\n",
    "byte order mark, small letters": "\ufeffid;email;x\n1;a@x.org;\n2;b@x.org;\n",
    "carriage returns": "EMAIL;X\r\na@x.org;\r\nb@x.org;\r\n",
    "quotes": '"EMAIL";"X"\n"a@x.org";"one; two ""three"""\n"b@x.org";""\n',
    "a value of two lines": 'EMAIL;X\na@x.org;"one\ntwo"\nb@x.org;x\n',
    "contacts without an address, and one twice": "EMAIL;SMS\na@x.org;\n;34600111222\n a@x.org;\nb@x.org\n",
    "lines longer and shorter than the header": "EMAIL;X;Y\na@x.org;1;2;3;4\nb@x.org\n",
    "no end of the last line": "EMAIL;X\na@x.org;1\nb@x.org;2",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_that_the_file_of_a_list_may_have_is_read(duck: Duck, tmp_path: Path, layout: str) -> None:
    path = tmp_path / "listed.csv"
    path.write_text(LAYOUTS[layout], encoding="utf-8", newline="")
    assert listed(duck, path) == {"a@x.org", "b@x.org"}


def test_a_list_of_nobody_is_read(duck: Duck, tmp_path: Path) -> None:
    assert listed(duck, file_of(tmp_path)) == set()


NO_LISTS = {
    "nothing": b"",
    "a page of somebody's proxy": b"<html><body>502</body></html>",
    "other columns": b"NAME;SMS\nAda;1\n",
    "no text": b"EMAIL;X\nada\xff@x.org;1\n",
}


@pytest.mark.parametrize("content", NO_LISTS)
def test_a_file_that_is_no_list_is_said_to_be_none_and_nothing_of_it_is_quoted(
    duck: Duck, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "listed.csv"
    path.write_bytes(NO_LISTS[content])
    with pytest.raises(ListUnreadable) as caught:
        rebuild.load_listed(duck, path)
    assert "x.org" not in "".join(traceback.format_exception(caught.value))
