"""Find a thing by its name, or say that there is none and which was perhaps meant."""

from django.db import models

from traginer.control.errors import NotFound
from traginer.control.problems import did_you_mean
from traginer.errors import Phrase


def by_name[Named: models.Model](model: type[Named], kind: str, name: str) -> Named:
    """The `model` named `name`. Raises NotFound, with a guess."""
    found = model._default_manager.filter(name=name).first()
    if found is not None:
        return found
    names = [str(known) for known in model._default_manager.values_list("name", flat=True)]
    raise NotFound(kind=Phrase(kind), name=name, guess=did_you_mean(name, names))
