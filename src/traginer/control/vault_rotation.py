"""A new key for the installation: every secret encrypted anew, and the former key dropped only when none needs it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection as database
from django.db import transaction

from traginer.control import audit, vault
from traginer.control.audit import Target
from traginer.control.configuration_errors import NoNewKey
from traginer.control.models import Connection, NoticeTarget
from traginer.control.rights import Actor

KEY = Target("key", "installation")
SECOND_FACTORS = "mfa_authenticator"
"""allauth's table; only processes with pages load its models, and before the first of them it is not there."""


@dataclass(frozen=True)
class Rotation:
    """How many secrets were encrypted anew, and whether the former keys still have to be taken out of TRAGINER_KEY by hand."""

    secrets: int
    former_stay: bool


def rotate(actor: Actor) -> Rotation:
    """Encrypt every secret with a new key: one made now, or the first of TRAGINER_KEY. People log in anew afterwards.

    Cut at any point, every secret can still be decrypted, and the next call does the rest. Raises NoNewKey, KeyUndecryptable.
    """
    actor.require("system:write")
    former = vault.keys()
    if vault.is_in_environment():
        if len(former) < 2:
            raise NoNewKey
        return Rotation(_encrypt_anew(actor), former_stay=True)
    newest = vault.new_key()
    vault.keep_keys([newest, *former])
    secrets = _encrypt_anew(actor)
    vault.keep_keys([newest])
    return Rotation(secrets, former_stay=False)


def _encrypt_anew(actor: Actor) -> int:
    # Nobody else writes a secret until this ends: SQLite's transactions begin IMMEDIATE, and the rows are locked on Postgres.
    with audit.atomic():
        secrets = sum(_connections()) + sum(_notice_targets()) + sum(_second_factors())
        audit.note(actor, "system:write", KEY, after={"secrets": secrets})
    return secrets


def _connections() -> Iterator[int]:
    for row in Connection.objects.select_for_update().exclude(encrypted_key="").order_by("pk"):
        Connection.objects.filter(pk=row.pk).update(encrypted_key=vault.rotated(row.encrypted_key, row.name))
        yield 1


def _notice_targets() -> Iterator[int]:
    for row in NoticeTarget.objects.select_for_update().order_by("pk"):
        address, secret = row.encrypted_address, row.encrypted_secret
        anew = {"encrypted_address": vault.rotated(address, row.shown)}
        if secret:
            anew["encrypted_secret"] = vault.rotated(secret, row.shown)
        NoticeTarget.objects.filter(pk=row.pk).update(**anew)
        yield len(anew)


def _second_factors() -> Iterator[int]:
    if SECOND_FACTORS not in database.introspection.table_names():
        return
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute(f"SELECT id, data FROM {SECOND_FACTORS} ORDER BY id")
        for number, kept in cursor.fetchall():
            values = json.loads(kept)
            yield sum(vault.is_token(value) for value in values.values())
            cursor.execute(f"UPDATE {SECOND_FACTORS} SET data = %s WHERE id = %s", [json.dumps(_anew(values)), number])


def _anew(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: vault.rotated(value, SECOND_FACTORS) if vault.is_token(value) else value for name, value in values.items()
    }
