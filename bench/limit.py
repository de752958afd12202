"""The physical limit of an export here: the same rows copied by DuckDB to JSON bodies, read, and posted, in one thread."""

import time
from pathlib import Path

import urllib3

from traginer.duck import literal, open_duck

ROWS = """
SELECT {'email': email, 'attributes': {'FIRSTNAME': first_name, 'LASTNAME': last_name, 'SMS': phone, 'CITY': city,
        'LIFETIME_VALUE': lifetime_value, 'LAST_PURCHASE': last_purchase_at::DATE}} AS row
  FROM read_parquet(%s) WHERE email IS NOT NULL"""


def measure(profiles: Path, folder: Path, url: str) -> float:
    """Seconds from the first row read to the last body posted."""
    started = time.perf_counter()
    with open_duck(folder / "limit-duck") as duck:
        bodies = folder / "limit"
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
    return time.perf_counter() - started
