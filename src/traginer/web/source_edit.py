"""Add and change a source: a file that is sent with the form, or one that lies in the folder for sources."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from traginer.control import api_support, sources
from traginer.control.rights import Actor
from traginer.control.spec import SourceSpec
from traginer.durable import make_folder, replacing
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.web import door, forms
from traginer.web.errors import FileUnfit

KINDS = {".parquet": "parquet", ".csv": "csv", ".duckdb": "duckdb"}


@door.page("GET", "POST")
def add(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Add a file: one that is sent with the form, or one that lies in the folder for sources."""
    actor.require("source:write")
    folder = sources.allowed_folders()[0]
    facts: door.Facts = {"form": request.POST, "folder": folder, "files": list(_files(folder))}
    if request.method != "POST":
        return door.show(request, "source_add.html", **facts)
    try:
        source = _created(request, actor, folder)
    except TraginerError as error:
        return door.refused(request, error, "source_add.html", **facts)
    return door.done(request, gettext(N_("Saved.")), reverse("source", args=[source.pk]))


@door.page("GET", "POST")
def edit(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Change what a source is called, where its profiles lie, and by which field they are told apart."""
    actor.require("source:write")
    source = api_support.source(actor, number)
    dumped = sources.dump(source)
    form = request.POST if request.method == "POST" else dumped
    facts: door.Facts = {"number": number, "source": source, "form": form}
    if request.method != "POST":
        return door.show(request, "source_edit.html", **facts)
    try:
        changed = {name: request.POST.get(name, "").strip() for name in ("name", "path", "key", "table")}
        kind = KINDS.get(Path(changed["path"]).suffix, dumped["type"])
        spec = forms.spec(SourceSpec, {**dumped, **changed, "type": kind})
        sources.update(actor, source, spec, sources.allowed_folders()[0])
    except TraginerError as error:
        return door.refused(request, error, "source_edit.html", **facts)
    return door.done(request, gettext(N_("Saved.")), reverse("source", args=[number]))


def _created(request: HttpRequest, actor: Actor, folder: Path) -> Any:
    """The new source; of a refusal, no file that was sent stays behind."""
    path = _path(request, folder)
    try:
        return sources.create(actor, _spec(request, path), folder)
    except TraginerError:
        if request.FILES:
            path.unlink(missing_ok=True)
        raise


def _files(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        yield from sorted(path.name for path in folder.iterdir() if path.suffix in KINDS)


def _path(request: HttpRequest, folder: Path) -> Path:
    """The file that was sent, kept in the folder; or the one that was chosen there. Raises FileUnfit."""
    sent = request.FILES.get("file")
    if isinstance(sent, UploadedFile):
        return _kept(sent, make_folder(folder))
    chosen = request.POST.get("path", "").strip()
    if Path(chosen).suffix not in KINDS:
        raise FileUnfit(name=chosen)
    return folder / chosen


def _kept(sent: "UploadedFile[bytes]", folder: Path) -> Path:
    """What was sent, whole or not at all, under its own name; a file that is there already stays, and the new one gets a number."""
    name = Path(sent.name or "").name
    if Path(name).suffix not in KINDS or name.startswith("."):
        raise FileUnfit(name=name)
    path = _free(folder, name)
    with replacing(path) as unfinished, unfinished.open("wb") as file:
        for chunk in sent.chunks():
            file.write(chunk)
    return path


def _free(folder: Path, name: str) -> Path:
    """A path in the folder at which nothing lies."""
    path, n = folder / name, 2
    while path.exists():
        path, n = folder / f"{Path(name).stem}-{n}{Path(name).suffix}", n + 1
    return path


def _spec(request: HttpRequest, path: Path) -> SourceSpec:
    form = request.POST
    named = forms.required(form, "name", N_("Display name"))
    key = forms.required(form, "key", N_("Field with the key of a profile"))
    table = form.get("table", "").strip()
    return forms.spec(
        SourceSpec, {"name": named, "type": KINDS[path.suffix], "path": str(path), "key": key, "table": table}
    )
