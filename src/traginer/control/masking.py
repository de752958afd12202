"""Values of profiles as people see them: whole for those who may see profiles, masked for all others."""

from traginer.values import ColumnType

LONGEST = 60
MASK = "•••"


def seen(value: str, kind: ColumnType, *, is_clear: bool) -> str:
    """A value as text: at most LONGEST characters of it, or masked unless `is_clear`."""
    return shortened(value) if is_clear else masked(value, kind)


def shortened(value: str) -> str:
    """At most LONGEST characters of a value."""
    return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"


def masked(value: str, kind: ColumnType) -> str:
    """Of a text, the first letter; of anything else, nothing: a birthday is somebody's as much as a name is."""
    return value[:1] + MASK if kind is ColumnType.TEXT else MASK
