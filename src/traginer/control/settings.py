"""Django's settings. Everything an operator may change comes from the environment; the defaults need nothing.

They are those of the web process, and of tests; `settings_lean` is the part of them that commands and workers load.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.csp import CSP
from django.utils.functional import lazy

from traginer.control.database_url import database
from traginer.home import place
from traginer.i18n import LOCALE_DIR


def _signing_key() -> str:
    from traginer.control.vault import derived  # noqa: PLC0415 - settings are read before anything else of control

    return derived("signing")


HAS_SIGN_ON = all(find_spec(name) for name in ("oauthlib", "jwt", "requests"))
"""Whether the extra `sso` is installed."""

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "traginer.control",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"] if HAS_SIGN_ON else []),
]
LOGGING_CONFIG = None
"""`control.logs` says how logs look, Django's among them."""
MIDDLEWARE = [
    "traginer.control.logs_web.RequestNumbers",
    "traginer.web.compressing.Compressed",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "traginer.control.accounts.web.sessions.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
SECRET_KEY = lazy(_signing_key, str)()
"""Made of the key of the installation, which is read, or made, only when something is signed."""
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ca", "Català")]
LOCALE_PATHS = [str(LOCALE_DIR)]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PUBLIC_URL = os.environ.get("TRAGINER_URL", "")
"""Where people reach the pages; https here makes the cookies secure."""
ROOT_URLCONF = "traginer.web.urls"
_PUBLIC = urlsplit(PUBLIC_URL)
# Only names that are ours: a page elsewhere could have its own name lead to this machine and speak to it as we do.
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *([_PUBLIC.hostname] if _PUBLIC.hostname else [])]
CSRF_TRUSTED_ORIGINS = [f"{_PUBLIC.scheme}://{_PUBLIC.netloc}"] if _PUBLIC.netloc else []
TRUSTED_PROXIES = int(os.environ.get("TRAGINER_TRUSTED_PROXIES", "0"))
"""How many proxies of ours stand before the pages, each adding the address it was asked from to X-Forwarded-For."""
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

# The pages.
_WEB = Path(__file__).parent.parent / "web"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_WEB / "templates"],
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "traginer.web.tags",
                "traginer.web.tags_things",
                "traginer.web.tags_admin",
                "traginer.web.tags_profiles",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "traginer.web.navigation.around",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = str(_WEB / "static")
WHITENOISE_IMMUTABLE_FILE_TEST = r"/vendor/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "traginer.web.refusals.forged"
LOGIN_REDIRECT_URL = "/"

# Accounts. Passwords are asked for in accounts.entry alone: the backend only says whose a session is.
AUTH_USER_MODEL = "control.User"
AUTHENTICATION_BACKENDS = ["traginer.control.accounts.web.backend.Owners"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
]
SECOND_FACTOR_ROLES = {
    "administrators": ("administrator",),
    "everybody": ("viewer", "contributor", "administrator"),
}.get(os.environ.get("TRAGINER_SECOND_FACTOR", ""), ())
"""The roles that must have a second factor: TRAGINER_SECOND_FACTOR is administrators, everybody, or not set."""

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "traginer_session"
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60
SESSION_IDLE_SECONDS = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
# In the database, so that a code that was used in one process is used in all.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "control_cache"}}

ACCOUNT_ADAPTER = "traginer.control.accounts.web.adapters.Entrance"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "traginer.control.accounts.web.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Traginer"

# Single sign-on by OpenID Connect, with the extra `sso`.
OIDC_ISSUER = os.environ.get("TRAGINER_OIDC_ISSUER", "").rstrip("/")
OIDC_GROUPS_CLAIM = os.environ.get("TRAGINER_OIDC_GROUPS_CLAIM", "groups")
OIDC_GROUPS = os.environ.get("TRAGINER_OIDC_GROUPS", "")
OIDC_EMAILS_TRUSTED = os.environ.get("TRAGINER_OIDC_EMAILS") == "trusted"
"""Whether the provider vouches for addresses that it does not say are verified."""
SOCIALACCOUNT_ADAPTER = "traginer.control.accounts.web.sign_on.SignOn"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "sso",
                "name": os.environ.get("TRAGINER_OIDC_NAME", "Single sign-on"),
                "client_id": os.environ.get("TRAGINER_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("TRAGINER_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
            }
        ]
        if OIDC_ISSUER
        else []
    }
}

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "img-src": [CSP.SELF, "data:"],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
}

BODY_BYTES = int(os.environ.get("TRAGINER_BODY_BYTES", "8000000"))
"""The largest request body, in bytes; less for slow lines. Brevo advises 8 MB at most."""
MEMORY_BYTES = int(os.environ.get("TRAGINER_MEMORY_MB", "320")) * 1024 * 1024
"""What the engine of a run may use before it spills to disk; the process needs about 150 MB beside it."""

LEASE_SECONDS = float(os.environ.get("TRAGINER_LEASE_SECONDS", "60"))
"""How long a run stays with a worker that gives no sign of life."""
HISTORY_DAYS = int(os.environ.get("TRAGINER_HISTORY_DAYS", "365"))
"""How long an ended run is kept; the last of each export is kept for ever."""
HISTORY_RUNS = int(os.environ.get("TRAGINER_HISTORY_RUNS", "1000"))
"""How many ended runs of an export are kept."""
METRICS_ACCESS = os.environ.get("TRAGINER_METRICS", "loopback")
"""Who may read /metrics without a token: whoever asks from this machine ("loopback"), or nobody ("token")."""
LATE_HOURS = float(os.environ.get("TRAGINER_LATE_HOURS", "6"))
"""How late a scheduled run may begin, where nobody was there when it was due; what is later is skipped, and says so."""

DATABASES = {"default": database(place(), LEASE_SECONDS)}
