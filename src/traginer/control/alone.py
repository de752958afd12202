"""One at a time, across processes and machines: what must be counted or chained is not raced."""

import hashlib

from django.db import connection, transaction


def alone(purpose: str) -> None:
    """What follows in this transaction is alone among all that ask for the same `purpose`, until it ends.

    SQLite lets one transaction write at a time as it is (they begin IMMEDIATE); Postgres keeps a lock that ends with the transaction.
    Raises TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(f"alone({purpose!r}) outside a transaction")
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
