"""Django's settings. Everything an operator may change comes from the environment; the defaults need nothing."""

import os
from pathlib import Path

from traginer.home import place
from traginer.i18n import LOCALE_DIR

INSTALLED_APPS = ["traginer.control"]
SECRET_KEY = "unused until there are sessions"  # noqa: S105 - nothing is signed yet
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ca", "Català")]
LOCALE_PATHS = [str(LOCALE_DIR)]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _database() -> dict[str, object]:
    """SQLite with the settings that make it durable and let a second process wait its turn."""
    path = Path(os.environ.get("TRAGINER_DATABASE") or place() / "traginer.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


BODY_BYTES = int(os.environ.get("TRAGINER_BODY_BYTES", "8000000"))
"""The largest request body, in bytes; less for slow lines. Brevo advises 8 MB at most."""
MEMORY_BYTES = int(os.environ.get("TRAGINER_MEMORY_MB", "320")) * 1024 * 1024
"""What the engine of a run may use before it spills to disk; the process needs about 150 MB beside it."""

DATABASES = {"default": _database()}
