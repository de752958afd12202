"""Where the control plane's tables are: a SQLite file in the state folder, or the Postgres of TRAGINER_DATABASE_URL.

Django's settings read it, so it knows nothing of Django.
"""

import os
from pathlib import Path
from typing import Any

from traginer.control.runs_errors import DatabaseURLInvalid, ExtraMissing
from traginer.i18n import N_, gettext

POSTGRES = ("postgres://", "postgresql://")
CONNECT_SECONDS = 10
WAITS_FOR_LOCKS_SECONDS = 30


def database(home: Path, lease_seconds: float) -> dict[str, Any]:
    """Django's DATABASES entry. Raises DatabaseURLInvalid, ExtraMissing."""
    url = os.environ.get("TRAGINER_DATABASE_URL", "")
    return postgres(url, lease_seconds) if url else sqlite(home)


def sqlite(home: Path) -> dict[str, Any]:
    """SQLite with the settings that make it durable and let a second process wait its turn."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("TRAGINER_DATABASE") or str(home / "traginer.sqlite3"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": WAITS_FOR_LOCKS_SECONDS,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def postgres(url: str, lease_seconds: float) -> dict[str, Any]:
    """Postgres at `url`, as libpq reads it, its parameters too.

    A worker that is stopped in the middle of a transaction would keep its locks: the server ends such a transaction when
    the lease of the worker has run out, and notices a machine that is gone.
    """
    if not url.startswith(POSTGRES):
        raise DatabaseURLInvalid(why=gettext(N_("it does not begin with postgres://")))
    said = _read(url)
    if not said.get("dbname"):
        raise DatabaseURLInvalid(why=gettext(N_("it names no database")))
    set_here = {
        "idle_in_transaction_session_timeout": round(lease_seconds * 1000),
        "lock_timeout": WAITS_FOR_LOCKS_SECONDS * 1000,
        "tcp_keepalives_idle": 30,
        "tcp_keepalives_interval": 10,
        "tcp_keepalives_count": 3,
    }
    options = " ".join([said.pop("options", ""), *(f"-c {name}={value}" for name, value in set_here.items())])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": said.pop("dbname"),
        "USER": said.pop("user", ""),
        "PASSWORD": said.pop("password", ""),
        "HOST": said.pop("host", ""),
        "PORT": said.pop("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS, **said, "options": options.strip()},
    }


def _read(url: str) -> dict[str, Any]:
    try:
        import psycopg  # noqa: PLC0415 - an extra
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415
    except ImportError:
        raise ExtraMissing(purpose="Postgres", extra="postgres") from None
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.Error:
        # libpq quotes what it cannot read, and a password may be in it.
        raise DatabaseURLInvalid(why=gettext(N_("it cannot be read"))) from None
