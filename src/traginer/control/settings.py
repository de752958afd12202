"""Django's settings. Everything an operator may change comes from the environment; the defaults need nothing."""

import os
from pathlib import Path

from traginer.home import home
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
    path = Path(os.environ.get("TRAGINER_DATABASE") or home() / "traginer.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


DATABASES = {"default": _database()}
