"""What a CSV file means, and what is said of one that is broken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from traginer.duck import Duck
from traginer.profiles import errors
from traginer.profiles.files import FileSource
from traginer.values import ColumnType

type Read = Callable[..., tuple[dict[str, ColumnType], list[tuple[object, ...]]]]
MANY = 30_000


@pytest.fixture
def read(tmp_path: Path, duck: Duck) -> Read:
    """The types of the columns and the rows, in order of the first column."""

    def read_one(text: str | bytes, **options: object) -> tuple[dict[str, ColumnType], list[tuple[object, ...]]]:
        path = tmp_path / "profiles.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        source = FileSource("Customers", "csv", str(path), "id", **options)  # type: ignore[arg-type]
        source.open(duck)
        columns = source.columns(duck)
        source.check(duck)
        source.load(duck, "SELECT * FROM profiles", "members")
        return {name: column.type for name, column in columns.items()}, duck.rows("FROM members ORDER BY 1")

    return read_one


@pytest.mark.parametrize("value", ["08001", "+34600111222", " 007", "00"])
def test_a_value_with_a_leading_zero_or_plus_keeps_its_column_as_text(read: Read, value: str) -> None:
    types, rows = read(f"id,code\nC1,17001\nC2,{value}\n")
    assert types["code"] is ColumnType.TEXT
    assert rows == [("C1", "17001"), ("C2", value)]


@pytest.mark.parametrize("value", ["0", "0.5", "-3", "17001", "1e5"])
def test_what_is_written_as_a_number_is_one(read: Read, value: str) -> None:
    types, _ = read(f"id,amount\nC1,17001\nC2,{value}\n")
    assert types["amount"] is ColumnType.NUMBER


def test_one_leading_zero_far_down_is_seen(read: Read) -> None:
    lines = "".join(f"C{n},{n}\n" for n in range(1, MANY))
    types, rows = read(f"id,code\n{lines}D,007\n")
    assert types["code"] is ColumnType.TEXT
    assert rows[-1] == ("D", "007")


def test_a_column_that_begins_empty_is_judged_by_its_values(read: Read) -> None:
    lines = "".join(f"C{n},\n" for n in range(MANY))
    types, rows = read(f"id,code\n{lines}D,007\n")
    assert types["code"] is ColumnType.TEXT
    assert rows[-1] == ("D", "007")


def test_the_key_is_exactly_what_is_written(read: Read) -> None:
    types, rows = read("id,name\n1E5,Ada\n100000,Bernat\n")
    assert types["id"] is ColumnType.TEXT
    assert {key for key, _ in rows} == {"1E5", "100000"}


def test_types_of_the_source_override_what_is_guessed(read: Read) -> None:
    types, rows = read(
        "id,code,since\n1,5,2024-01-02\n2,6,2024-01-03\n", types={"code": ColumnType.TEXT, "id": ColumnType.NUMBER}
    )
    assert types == {"id": ColumnType.NUMBER, "code": ColumnType.TEXT, "since": ColumnType.DATE}
    assert rows[0][:2] == (1.0, "5")


def test_a_type_for_a_column_that_is_not_there_changes_nothing(read: Read) -> None:
    types, _ = read("id,code\n1,5\n", types={"gone": ColumnType.TEXT})
    assert list(types) == ["id", "code"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_mark_between_values_is_that_of_the_header(read: Read, mark: str) -> None:
    _, rows = read(f'id{mark}"last, name; first"{mark}email\nC1{mark}"Pous; Ada, Maria"{mark}ada@example.org\n')
    assert rows == [("C1", "Pous; Ada, Maria", "ada@example.org")]


def test_quotes_line_ends_and_a_byte_order_mark_are_understood(read: Read) -> None:
    _, rows = read('\ufeffid,note\r\nC1,"two\r\nlines, and ""quotes"""\r\nC2,\r\n')
    assert rows == [("C1", 'two\r\nlines, and "quotes"'), ("C2", None)]


def test_a_file_with_text_columns_only_has_its_header_as_names(read: Read) -> None:
    types, rows = read("id,name\nC1,Ada\n")
    assert list(types) == ["id", "name"]
    assert rows == [("C1", "Ada")]


@pytest.mark.parametrize("text", ["id,name\n", "id,name", "id,name\r\n\r\n"])
def test_a_header_alone_is_an_empty_source(read: Read, text: str) -> None:
    with pytest.raises(errors.SourceEmpty):
        read(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("id,email\nC1,ada@example.org\nC2,secret@example.org,too\n", 3, id="a value too many"),
        pytest.param("id,email,name\nC1,ada@example.org,Ada\nsecret@example.org\n", 3, id="values too few"),
        pytest.param('id,email\nC1,"secret@example.org\nC2,b@example.org\n', 2, id="a quote left open"),
        pytest.param(b"id,name\nC1,Ada\nC2,secret N\xfaria\n", 3, id="not UTF-8"),
        pytest.param(
            "id,email\n" + "".join(f"C{n},p{n}@example.org\n" for n in range(MANY)) + "D,secret,too\n",
            MANY + 2,
            id="far down",
        ),
    ],
)
def test_a_malformed_line_is_named_and_no_value_of_it(read: Read, text: str | bytes, line: int) -> None:
    with pytest.raises(errors.SourceUnreadable) as refusal:
        read(text)
    assert f"line {line} does" in refusal.value.sentence
    assert "secret" not in str(refusal.value)


def test_a_value_that_does_not_fit_the_type_it_was_given_is_named_by_line(read: Read) -> None:
    with pytest.raises(errors.SourceUnreadable) as refusal:
        read("id,amount\nC1,1\nC2,secret\n", types={"amount": ColumnType.NUMBER})
    assert "line 3" in refusal.value.sentence
    assert "secret" not in str(refusal.value)


def test_a_leading_zero_in_any_of_several_files_counts_for_all(tmp_path: Path, duck: Duck) -> None:
    (tmp_path / "1.csv").write_text("id,code\nC1,1.50\n")
    (tmp_path / "2.csv").write_text("id,code,extra\nC2,007,x\n")
    source = FileSource("Customers", "csv", str(tmp_path / "*.csv"), "id")
    source.open(duck)
    assert source.columns(duck)["code"].type is ColumnType.TEXT
    assert duck.rows("FROM profiles ORDER BY id") == [("C1", "1.50", None), ("C2", "007", "x")]
