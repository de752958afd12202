"""The one Django app of the control plane."""

# allauth has no types, and mypy's plugin for Django looks at its models for their relations to ours.
# mypy: disable-error-code="import-untyped"

from typing import Any

from django.apps import AppConfig
from django.core.management import call_command
from django.db import connections
from django.db.models.signals import post_migrate


class ControlConfig(AppConfig):
    """Named `control`, so that its tables and its folder say the same."""

    name = "traginer.control"
    label = "control"

    def ready(self) -> None:
        """Whenever migrations have been applied, the audit is guarded again, and the table of the cache is there."""
        post_migrate.connect(_complete, sender=self)


def _complete(using: str, **_: Any) -> None:
    from traginer.control.audit.guard import guard  # noqa: PLC0415 - models can be imported only once apps are ready

    guard(connections[using])
    call_command("createcachetable", database=using, verbosity=0)
