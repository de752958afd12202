"""/configuration: all of it, as the configuration file holds it."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from traginer.api.bodies import CONFIGURATION, JsonBody, answers
from traginer.api.entry import who
from traginer.api.faults import in_body
from traginer.api.schemas.configuration import AppliedConfiguration, AppliedObject, ConfigurationBody
from traginer.api.waiting import long
from traginer.control import api_support, configuration, sources
from traginer.control.runs.means import now

router = Router()

Whole = Annotated[
    bool, Query(description="Also what there is and the configuration does not name; only administrators.")
]


@router.get("/configuration", openapi_extra=answers("application/yaml", CONFIGURATION))
def dump_configuration(request: HttpRequest) -> HttpResponse:
    """Give the whole configuration as a YAML file that `traginer apply` takes, without secrets."""
    return HttpResponse(configuration.dump(who(request)), content_type="application/yaml")


@router.get("/configuration/schema", response=dict[str, Any])
def get_configuration_schema(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - the same for everybody
    """Give the JSON Schema of configuration files, for editors that check and complete them."""
    return configuration.schema()


@router.post("/configuration", response=AppliedConfiguration)
def apply_configuration(
    request: HttpRequest, spec: Annotated[ConfigurationBody, JsonBody(...)]
) -> AppliedConfiguration:
    """Create or update what the configuration names: all of it, or nothing where any part is wrong."""
    base = sources.allowed_folders()[0]
    with long(), in_body():
        applied = api_support.apply(who(request), spec, base, now())
    return AppliedConfiguration(objects=[AppliedObject.of(one) for one in applied])


@router.post("/configuration/diff", response=AppliedConfiguration)
def diff_configuration(
    request: HttpRequest, spec: Annotated[ConfigurationBody, JsonBody(...)], whole: Whole = False
) -> AppliedConfiguration:
    """Say what applying the configuration would create and update, and change nothing."""
    base = sources.allowed_folders()[0]
    with long(), in_body():
        found = api_support.diff(who(request), spec, base, now(), whole=whole)
    return AppliedConfiguration(objects=[AppliedObject.of(one) for one in found])
