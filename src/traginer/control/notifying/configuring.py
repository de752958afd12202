"""Targets of notices as the configuration file holds them. What is as good as a password is taken, and never given back."""

from datetime import datetime

from traginer.control import audit, exports, naming, vault
from traginer.control.errors import KeyUndecryptable
from traginer.control.models import Export, NoticeTarget
from traginer.control.notifying.errors import NoticeAddressMissing, NoticeSecretMissing
from traginer.control.notifying.targets import KIND, Wish, audited, checked, require
from traginer.control.rights import Actor
from traginer.control.spec import NoticeSpec


def put(actor: Actor, spec: NoticeSpec, at: datetime) -> tuple[NoticeTarget, bool]:
    """Create the target or update the one of that name. The second value says whether it is new.

    Raises as `targets.add` does, NotFound, NoticeAddressMissing, NoticeSecretMissing.
    """
    known = NoticeTarget.objects.select_related("export").filter(name=spec.name).first()
    export = exports.get(actor, spec.export) if spec.export else None
    if known:
        require(actor, known.kind, known.export)
    require(actor, spec.kind, export)
    target, before = known or NoticeTarget(name=spec.name, by=actor.name, at=at), audited(known) if known else None
    sealed = sealed_of(target)
    _fill(target, spec, export)
    renewed = [name for name, token in sealed_of(target).items() if known and token != sealed[name]]
    with audit.atomic():
        with naming.unique(KIND, spec.name):
            target.save()
        audit.changed(actor, "system:write", target, before, {**audited(target), **_renewed(renewed)})
    return target, known is None


def dump(target: NoticeTarget) -> dict[str, object]:
    """The target as `apply` takes it, without what is as good as a password: applied again, that stays as it is."""
    return {
        "name": target.name,
        "kind": target.kind,
        **({"address": target.shown} if target.kind == "email" else {}),
        **({"export": target.export.name} if target.export else {}),
        **({"events": target.events} if target.events else {}),
        "shrink_percent": target.shrink_percent,
        **({"language": target.language} if target.language else {}),
    }


def shown(target: NoticeTarget) -> dict[str, object]:
    """All that can change of a target: of its address what people may see, of its secret that there is one."""
    secret = {"secret": "…"} if target.encrypted_secret else {}
    return {**dump(target), "address": target.shown, **secret}


def sealed_of(target: NoticeTarget) -> dict[str, str]:
    """The words of the file that no dump shows, encrypted: what tells whether they have changed."""
    return {"address": target.encrypted_address, "secret": target.encrypted_secret}


def _fill(target: NoticeTarget, spec: NoticeSpec, export: Export | None) -> None:
    if spec.address is not None:
        _give_address(target, spec, export)
    elif target.kind != spec.kind:
        raise NoticeAddressMissing(name=spec.name)
    if spec.kind != "webhook":
        target.encrypted_secret = ""
    elif spec.secret is not None and not _holds(target.encrypted_secret, spec.secret):
        target.encrypted_secret = vault.encrypted(spec.secret)
    elif not target.encrypted_secret:
        raise NoticeSecretMissing(name=spec.name)
    target.kind, target.export, target.events = spec.kind, export, list(spec.events)
    target.shrink_percent, target.language = spec.shrink_percent, spec.language


def _give_address(target: NoticeTarget, spec: NoticeSpec, export: Export | None) -> None:
    address = (spec.address or "").strip()
    target.shown = checked(Wish(spec.kind, address, export, spec.events))
    if not _holds(target.encrypted_address, address):
        target.encrypted_address = vault.encrypted(address)


def _holds(token: str, value: str) -> bool:
    """False too where it cannot be decrypted any more: entering it again is how that is healed."""
    try:
        return bool(token) and vault.decrypted(token, KIND) == value
    except KeyUndecryptable:
        return False


def _renewed(names: list[str]) -> dict[str, object]:
    return {"renewed": names} if names else {}
