"""Names: find a thing by its own, or say that there is none and which was perhaps meant; and no name twice."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, models, transaction

from traginer.control.configuration_errors import NameTaken
from traginer.control.errors import NotFound
from traginer.control.problems import did_you_mean
from traginer.errors import Phrase


def by_name[Named: models.Model](model: type[Named], kind: str, name: str) -> Named:
    """The `model` named `name`. Raises NotFound, with a guess."""
    return among(model._default_manager.all(), kind, name)


def among[Named: models.Model](things: models.QuerySet[Named], kind: str, name: str) -> Named:
    """The one of `things` named `name`. Raises NotFound, guessing among `things` only."""
    found = things.filter(name=name).first()
    if found is not None:
        return found
    names = [str(known) for known in things.values_list("name", flat=True)]
    raise NotFound(kind=Phrase(kind), name=name, guess=did_you_mean(name, names))


@contextmanager
def unique(kind: str, name: str) -> Iterator[None]:
    """A block that gives a thing its name, which the database refuses twice. Raises NameTaken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise NameTaken(kind=Phrase(kind), name=name) from None


def listed(names: Iterable[str]) -> str:
    """Names for a sentence: "A", "B"."""
    return ", ".join(f'"{name}"' for name in names)
