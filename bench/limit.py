"""The physical limit of an export here: the same rows copied by DuckDB to JSON bodies, read, and posted, in one thread.

`python -m bench.limit PROFILES FOLDER URL` measures in a process of its own, as the runs are measured, and prints seconds.
"""

import time

STARTED = time.perf_counter()

import sys  # noqa: E402 - what is imported counts, as it does for a run
from pathlib import Path  # noqa: E402

import urllib3  # noqa: E402

from traginer.duck import literal, open_duck  # noqa: E402

ROWS = """
SELECT {'email': email, 'attributes': {'FIRSTNAME': first_name, 'LASTNAME': last_name, 'SMS': phone, 'CITY': city,
        'LIFETIME_VALUE': lifetime_value, 'LAST_PURCHASE': last_purchase_at::DATE}} AS row
  FROM read_parquet(%s) WHERE email IS NOT NULL"""


def carry(profiles: Path, folder: Path, url: str) -> None:
    """From the first row read to the last body posted."""
    bodies = folder / "limit"
    with open_duck(folder / "limit-duck", threads=1) as duck:
        duck.run(
            f"COPY (SELECT row.* FROM ({ROWS % literal(profiles)})) TO {literal(bodies)}"
            " (FORMAT json, FILE_SIZE_BYTES '7500KB', FILENAME_PATTERN 'body_{i}', OVERWRITE)"
        )
    with urllib3.PoolManager(retries=False) as pool:
        for path in sorted(bodies.iterdir()):
            body = b'{"listIds":[7],"jsonBody":[' + path.read_bytes().replace(b"\n", b",")[:-1] + b"]}"
            answer = pool.request("POST", f"{url}/v3/contacts/import", body=body)
            if answer.status != 202:
                raise RuntimeError(f"the sink answered {answer.status}")


if __name__ == "__main__":
    carry(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    print(time.perf_counter() - STARTED)
