"""The API as one thing: its routers, how their operations are named, and what becomes of their errors."""

from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError, ValidationErrorContext
from ninja.operation import Operation
from ninja.params.models import ParamModel
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from traginer import __version__
from traginer.api import problems
from traginer.api.door import failed
from traginer.api.entry import Token
from traginer.api.errors import BodyUnreadable, TokenMissing
from traginer.api.faults import Fault, invalid
from traginer.api.routes import ROUTERS
from traginer.control.problems import first
from traginer.i18n import N_, gettext

NO_OBJECT = N_("The body must be an object of names and values.")
NO_FORM = N_("The body has none of the forms that it may have.")
WHOLE = {
    "model_type": NO_OBJECT,
    "model_attributes_type": NO_OBJECT,
    "dict_type": NO_OBJECT,
    "union_tag_invalid": NO_FORM,
    "union_tag_not_found": NO_FORM,
}
"""What can be wrong with a body as a whole, by pydantic's names."""
ABOUT = """Everything that the command line can do, over HTTP, for programs. The words are those of the configuration file.

Errors are application/problem+json (RFC 9457), in English or Catalan by the header Accept-Language.
"""


class Encoder(NinjaJSONEncoder):
    """Moments to the microsecond, as everywhere else: Django's own encoder cuts them."""

    def default(self, o: Any) -> Any:
        """What JSON has no form of its own for."""
        return o.isoformat().replace("+00:00", "Z") if isinstance(o, datetime) else super().default(o)


class Renderer(JSONRenderer):
    """JSON in which letters are what they are."""

    encoder_class = Encoder
    json_dumps_params = MappingProxyType({"ensure_ascii": False})


class API(NinjaAPI):
    """Ninja with our errors and our names."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of its function: unique among all routers."""
        return operation.view_func.__name__

    def set_default_exception_handlers(self) -> None:
        """None of ninja's own: it must not swallow what the door is to see."""
        self.add_exception_handler(Exception, _failed)
        self.add_exception_handler(AuthenticationError, lambda _, __: problems.answer(TokenMissing()))
        self.add_exception_handler(HttpError, lambda _, error: problems.answer(BodyUnreadable(why=str(error))))
        self.add_exception_handler(ValidationError, _invalid)

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[ParamModel]]
    ) -> ValidationError:
        """What pydantic found, with the values it found it in, which our sentences name."""
        return ValidationError([found for context in error_contexts for found in _found(context)])


def made() -> API:
    """The API with all its operations."""
    api = API(
        title="Traginer",
        version=__version__,
        description=ABOUT,
        auth=Token(),
        renderer=Renderer(),
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
    )
    for noun, router in ROUTERS.items():
        api.add_router("", router, tags=[noun])
    return api


def _found(context: ValidationErrorContext[ParamModel]) -> list[dict[str, Any]]:
    model: Any = context.model  # ninja gives its models attributes that it does not declare
    part, named = model.__ninja_param_source__, model.__ninja_flatten_map_reverse__
    found = []
    for error in context.pydantic_validation_error.errors(include_url=False):
        # Ninja keeps the values of the body under the name of the argument, and parameters under their way into it.
        place = error["loc"][1:] if part == "body" else named.get(error["loc"], error["loc"])
        found.append(
            {"type": error["type"], "input": error["input"], "ctx": error.get("ctx", {}), "loc": (part, *place)}
        )
    return found


def _failed(_: HttpRequest, error: Any) -> HttpResponse:
    return failed(error)


def _invalid(_: HttpRequest, error: Any) -> HttpResponse:
    """One fault for each place, in our words."""
    faults: dict[tuple[Any, ...], Fault] = {}
    for found in error.errors:
        part, *found["loc"] = found["loc"]
        whole = "" if found["loc"] else WHOLE.get(found["type"], "")
        place, why = ([], gettext(whole)) if whole else first([found])
        faults.setdefault((part, *place), Fault(part, tuple(place), why))
    return failed(invalid(list(faults.values())))
