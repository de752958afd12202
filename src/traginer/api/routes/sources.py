"""/sources: where profiles live."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from traginer.api.bodies import JsonBody, Number
from traginer.api.entry import who
from traginer.api.paging import DEFAULT, Cursor, Limit, Name, Page, Search, asking, by_name
from traginer.api.schemas.sources import ColumnSamples, MatchSuggestion, Source, SourceCheck, SourceDescription
from traginer.api.waiting import long
from traginer.control import api_support, connections, previews, sources
from traginer.control.spec import SourceSpec

router = Router()


@router.get("/sources", response=Page[Source])
def list_sources(
    request: HttpRequest, search: Search = "", name: Name = "", limit: Limit = DEFAULT, cursor: Cursor = ""
) -> Page[Source]:
    """List the sources, by name."""
    asked = asking(request, cursor, limit, str)
    found, following = by_name(asked, sources.every(who(request), search), lambda one: one.name, name)
    return Page[Source](items=[Source.of(one) for one in found], next=following)


@router.post("/sources", response={201: Source})
def create_source(
    request: HttpRequest, spec: Annotated[SourceSpec, JsonBody(...)], response: HttpResponse
) -> Status[Source]:
    """Create a source. It must lie in a folder that the operator has allowed; a relative path starts at the first of them."""
    made = sources.create(who(request), spec, sources.allowed_folders()[0])
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, Source.of(made))


@router.get("/sources/{source}", response=Source)
def get_source(request: HttpRequest, source: Number) -> Source:
    """Show a source."""
    return Source.of(api_support.source(who(request), source))


@router.put("/sources/{source}", response=Source)
def replace_source(request: HttpRequest, source: Number, spec: Annotated[SourceSpec, JsonBody(...)]) -> Source:
    """Change a source: it is as the body says, its name too."""
    actor = who(request)
    return Source.of(sources.update(actor, api_support.source(actor, source), spec, sources.allowed_folders()[0]))


@router.delete("/sources/{source}", response={204: None})
def remove_source(request: HttpRequest, source: Number) -> Status[None]:
    """Remove a source that no segment reads. Its profiles stay where they are."""
    actor = who(request)
    sources.remove(actor, api_support.source(actor, source))
    return Status(204, None)


@router.post("/sources/{source}/check", response=SourceCheck)
def check_source(request: HttpRequest, source: Number) -> SourceCheck:
    """Read a source through: how many profiles, each with a key of its own, and which columns."""
    actor = who(request)
    found = api_support.source(actor, source)
    with long():
        return SourceCheck.of(sources.check(actor, found))


@router.get("/sources/{source}/description", response=SourceDescription)
def describe_source(request: HttpRequest, source: Number) -> SourceDescription:
    """Say what stands in a source: how many profiles have a value in each column, how many different ones, how fresh it is."""
    actor = who(request)
    found = api_support.source(actor, source)
    with long():
        return SourceDescription.of(sources.described(actor, found))


@router.get("/sources/{source}/values", response=list[str])
def list_values(
    request: HttpRequest,
    source: Number,
    column: Annotated[str, Query(max_length=200, description="The column.")] = "",
    begins: Annotated[str, Query(max_length=200, description="Only those that begin so, in any case.")] = "",
) -> list[str]:
    """List values of a column to choose from in a rule: the most frequent first, and none that one profile alone has."""
    actor = who(request)
    found = api_support.source(actor, source)
    with long():
        return sources.values(actor, found, column, begins)


@router.get("/sources/{source}/columns", response=list[ColumnSamples])
def list_columns(request: HttpRequest, source: Number) -> list[ColumnSamples]:
    """List the columns of a source with some of their values, masked for those who may not see profiles."""
    actor = who(request)
    found = api_support.source(actor, source)
    with long():
        return [ColumnSamples.of(column) for column in previews.columns(actor, found)]


@router.get("/sources/{source}/suggestions", response=list[MatchSuggestion])
def list_suggestions(
    request: HttpRequest,
    source: Number,
    connection: Annotated[str, Query(max_length=200, description="The account whose attributes are meant.")] = "",
) -> list[MatchSuggestion]:
    """Suggest a data matching: what the columns of a source may be for, by their names."""
    actor = who(request)
    found = api_support.source(actor, source)
    account = connections.get(actor, connection) if connection else None
    with long() as means:
        return [MatchSuggestion.of(one) for one in previews.suggestions(actor, found, account, means)]
