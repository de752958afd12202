"""How single sign-on is set up: which group has which role, and whether the settings can work at all."""

from urllib.parse import urlsplit

from django.conf import settings

from traginer.control.accounts.errors import SignOnMisconfigured
from traginer.control.models import Role
from traginer.control.rights import RANK
from traginer.errors import Phrase
from traginer.i18n import N_

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def is_on() -> bool:
    """Whether a provider is named."""
    return bool(settings.OIDC_ISSUER)


def require_configured() -> None:
    """Raises SignOnMisconfigured where a provider is named and it cannot work. Asks nobody."""
    if not is_on():
        return
    (app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    issuer = urlsplit(settings.OIDC_ISSUER)
    if not settings.HAS_SIGN_ON:
        raise SignOnMisconfigured(why=Phrase(N_("the extra sso is not installed (pip install traginer[sso])")))
    # allauth takes an id token without a look at its signature when it comes from the token endpoint: by OpenID Connect
    # Core 3.1.3.7 that is right where TLS vouches for the endpoint.
    if issuer.scheme != "https" and issuer.hostname not in LOOPBACK:
        raise SignOnMisconfigured(why=Phrase(N_("TRAGINER_OIDC_ISSUER does not begin with https://")))
    if not app["client_id"]:
        raise SignOnMisconfigured(why=Phrase(N_("TRAGINER_OIDC_CLIENT_ID is not set")))
    roles_of_groups()


def roles_of_groups() -> dict[str, str]:
    """Group -> role. Raises SignOnMisconfigured."""
    pairs = [pair.rpartition("=") for pair in settings.OIDC_GROUPS.split(",") if pair.strip()]
    if not pairs:
        raise SignOnMisconfigured(why=Phrase(N_("TRAGINER_OIDC_GROUPS names no group, so nobody would have a role")))
    roles = {group.strip(): role.strip() for group, _, role in pairs}
    if "" in roles or not set(roles.values()) <= set(Role.values):
        raise SignOnMisconfigured(
            why=Phrase(
                N_("TRAGINER_OIDC_GROUPS is not a list of group=role, with viewer, contributor or administrator")
            )
        )
    return roles


def role_of(claims: dict[str, object]) -> str:
    """The highest role of the groups in `claims`; nothing where none has one. Raises SignOnMisconfigured."""
    roles = roles_of_groups()
    held = [roles[group] for group in _groups(claims) if group in roles]
    return max(held, key=RANK.__getitem__, default="")


def _groups(claims: dict[str, object]) -> list[str]:
    """Those of the claim, which some providers keep inside another one: `realm_access.roles`."""
    found: object = claims
    for name in (
        [settings.OIDC_GROUPS_CLAIM] if settings.OIDC_GROUPS_CLAIM in claims else settings.OIDC_GROUPS_CLAIM.split(".")
    ):
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, str):
        return [found]
    return [str(group) for group in found] if isinstance(found, list) else []
