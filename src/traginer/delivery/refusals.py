"""From the far side's report files back to profiles: which rows of a batch were refused, and why.

The layout of the files is documented nowhere (brevo-api.md §11, 15), so each line is searched for an address, and for a
phone where it has none. What matches no row of the batch is counted, never guessed.
"""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from traginer.delivery.freeze import PLAN
from traginer.delivery.holders import REFUSED_FOR
from traginer.delivery.journal import Batch
from traginer.duck import Duck, literal
from traginer.durable import make_folder, replacing

REFUSALS = "refusals"
NEVER_ARRIVED = "brevo-email-invalid"
"""The one reason that proves a contact is not on the list; after the others it may be."""
_ADDRESS = r"""[^\s;,"'<>|]+@[^\s;,"'<>|]+"""
_DIGITS = r"[0-9][0-9 .-]{5,}[0-9]"


def refusals_path(spool: Path, batch: int) -> Path:
    """Where the refused rows of batch number `batch` stand (key, email, reason)."""
    return spool / REFUSALS / f"{batch:05}.parquet"


def rows_of(batch: Batch, spool: Path) -> str:
    """The rows of `batch` in the plan, as a FROM item."""
    return f"(SELECT * FROM read_parquet({literal(spool / PLAN)}) WHERE batch = {batch.origin} AND position >= {batch.first} AND position < {batch.first + batch.rows})"


def numbers_of(batch: Batch, spool: Path) -> str:
    """The telephone numbers of `batch` in the plan, as a FROM item (key, email, phone)."""
    rows = rows_of(batch, spool)
    given = (f"SELECT key, email, {name} AS phone FROM {rows} WHERE {name} IS NOT NULL" for name in REFUSED_FOR)
    return f"(SELECT DISTINCT * FROM ({' UNION ALL '.join(given)}))"


def keep_reports(spool: Path, batch: Batch, reports: Mapping[str, bytes]) -> None:
    """The report files as they came, for a person to look at."""
    folder = make_folder(spool / "reports")
    for reason, content in reports.items():
        with replacing(folder / f"{batch.number:05}-{reason}.csv") as part:
            part.write_bytes(content)


def match_reports(duck: Duck, spool: Path, batch: Batch, reports: Mapping[str, bytes]) -> tuple[dict[str, int], int]:
    """Write the refused rows of `batch`; gives their number by reason, and how many report lines match no row."""
    lines = pa.Table.from_pylist(
        [{"reason": reason, "content": _text(content)} for reason, content in sorted(reports.items())],
        schema=pa.schema([("reason", pa.string()), ("content", pa.string())]),
    )
    duck.connection.register("report_files", lines)
    duck.run(_LINES.format(rows=rows_of(batch, spool), numbers=numbers_of(batch, spool)), [_ADDRESS, _DIGITS])
    duck.run(_REFUSED)
    duck.connection.unregister("report_files")
    _write(duck, refusals_path(spool, batch.number))
    counts = dict(duck.rows("SELECT reason, count(*) FROM refused GROUP BY reason"))
    unmatched = duck.value(_UNMATCHED)
    return counts, int(unmatched)


def refuse_whole(duck: Duck, spool: Path, batch: Batch, reason: str) -> None:
    """Every row of `batch` is refused for the same `reason`."""
    duck.run(
        f"CREATE OR REPLACE TABLE refused AS SELECT key, email, ? AS reason FROM {rows_of(batch, spool)}", [reason]
    )
    _write(duck, refusals_path(spool, batch.number))


def keep_listed(duck: Duck, spool: Path, batch: Batch, taken_off: frozenset[str]) -> int:
    """Write the rows of a removal batch that are still on the list; gives their number."""
    taken = pa.table({"email": pa.array(sorted(taken_off), pa.string())})
    duck.connection.register("taken_off", taken)
    duck.run(
        f"CREATE OR REPLACE TABLE refused AS SELECT key, email, 'still-on-list' AS reason"
        f" FROM {rows_of(batch, spool)} WHERE email NOT IN (SELECT email FROM taken_off)"
    )
    duck.connection.unregister("taken_off")
    _write(duck, refusals_path(spool, batch.number))
    return int(duck.value("SELECT count(*) FROM refused"))


_LINES = """
CREATE OR REPLACE TABLE report_lines AS
  WITH lines AS (SELECT reason, unnest(regexp_split_to_array(content, '\\r\\n|\\n|\\r')) AS line FROM report_files),
  marks AS (SELECT reason, trim(line) <> '' AS is_said, lower(regexp_extract(line, ?)) AS email,
                   regexp_replace(regexp_extract(line, ?), '[^0-9]', '', 'g') AS digits FROM lines)
  SELECT marks.*, coalesce(by_email.key, by_phone.key) AS key, coalesce(by_email.email, by_phone.email) AS matched
    FROM marks
    LEFT JOIN {rows} by_email ON marks.email <> '' AND by_email.email = marks.email
    LEFT JOIN {numbers} by_phone ON marks.email = '' AND marks.digits <> '' AND ltrim(by_phone.phone, '+') = ltrim(marks.digits, '0')
"""
# A file may begin with a header, which looks like a line that names nobody.
_UNMATCHED = """
SELECT coalesce(sum(named + greatest(nameless - 1, 0)), 0) FROM (
  SELECT count(*) FILTER (email <> '' OR digits <> '') AS named, count(*) FILTER (is_said AND email = '' AND digits = '') AS nameless
    FROM report_lines WHERE key IS NULL GROUP BY reason)
"""
_REFUSED = """
CREATE OR REPLACE TABLE refused AS
  SELECT key, matched AS email, min(reason) AS reason FROM report_lines WHERE key IS NOT NULL GROUP BY key, matched
"""


def _write(duck: Duck, path: Path) -> None:
    make_folder(path.parent)
    with replacing(path) as part:
        duck.run(f"COPY refused TO {literal(part)} (FORMAT parquet)")


def _text(content: bytes) -> str:
    """Brevo's files are UTF-8 or Windows-1252 (brevo-api.md §5.1)."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
