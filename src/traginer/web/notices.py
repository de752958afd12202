"""Admin > Notices: where they go, what was told, and what did not arrive."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from traginer.control import api_support, exports, notifying
from traginer.control.notices import EVENTS
from traginer.control.notifying import KINDS, Wish, history
from traginer.control.notifying.targets import DEFAULT_SHRINK_PERCENT
from traginer.control.rights import Actor
from traginer.errors import TraginerError
from traginer.i18n import N_, gettext
from traginer.web import door, forms, languages

HINTS = {
    "email": N_("An e-mail address. TRAGINER_SMTP_URL names the mail server."),
    "webhook": N_("An https:// address that takes JSON, signed with a secret that is shown once."),
    "service": N_("A URL of apprise, such as slack://… or ntfys://…, with the package apprise installed."),
}
SHOWN = 50


@door.page()
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The targets that the reader may manage, of one export where one is named, and what was told lately."""
    facts = _facts(request, actor, request.GET.get("export", ""), {})
    return door.show(request, "notices.html", **facts)


@door.page("POST")
def add(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """A new target; the secret of a webhook is on the page that answers, and nowhere else."""
    form = request.POST
    try:
        target, secret = notifying.add(actor, _wish(actor, request), door.now())
    except TraginerError as error:
        return door.refused(request, error, "notices.html", **_facts(request, actor, form.get("of", ""), form))
    if secret:
        return door.show(request, "notice_secret.html", target=target, secret=secret, back=_back(form.get("of", "")))
    said = gettext(N_("Notices go to {target} from now on.")).format(target=target.shown)
    return door.done(request, said, _back(form.get("of", "")))


@door.page("POST")
def deed(request: HttpRequest, actor: Actor, number: int) -> HttpResponseBase:
    """Send a test notice to a target now, or let nothing go there any more."""
    target, of = notifying.get(actor, number), request.POST.get("of", "")
    try:
        if request.POST.get("do") == "test":
            notifying.test(actor, target, door.now())
            said = gettext(N_("{target} took the test notice.")).format(target=target.shown)
        else:
            notifying.remove(actor, target)
            said = gettext(N_("No more notices go to {target}.")).format(target=target.shown)
    except TraginerError as error:
        return door.refused(request, error, "notices.html", **_facts(request, actor, of, {}))
    return door.done(request, said, _back(of))


def _wish(actor: Actor, request: HttpRequest) -> Wish:
    form = request.POST
    chosen = forms.numbers([form.get("export", "")])
    percent = forms.whole(form.get("percent", ""), N_("From which loss on, in percent"))
    return Wish(
        kind=form.get("kind", ""),
        address=forms.required(form, "address", N_("Address")),
        export=api_support.export(actor, chosen[0]) if chosen else None,
        events=[event for event in EVENTS if event in form.getlist("events")] if form.get("which") == "some" else (),
        shrink_percent=DEFAULT_SHRINK_PERCENT if percent is None else float(percent),
        language=form.get("language", ""),
    )


def _facts(request: HttpRequest, actor: Actor, of: str, form: Any) -> dict[str, Any]:
    """`of` is the number of the export that the page is about, "" for all that the reader may manage."""
    editable = [row.name for row in exports.listed(actor) if row.permissions.edit]
    choices = door.numbered(exports.KIND, editable)
    name = {str(number): name for number, name in choices}.get(of, "")
    if not editable:
        actor.require("system:write")
    targets = [target for target in notifying.every(actor) if not name or target.export in (None, name)]
    shown = {target.number for target in targets}
    return {
        "of": of if name else "",
        "name": name,
        "targets": [(target, gettext(KINDS[target.kind])) for target in targets],
        "told": [one for one in history.history(actor, languages.spoken(request), SHOWN) if one.target in shown],
        "exports": choices,
        "events": [(event.value, gettext(text)) for event, text in EVENTS.items()],
        "kinds": _kinds(actor),
        "may_all": actor.may("system:write"),
        "form": form or {"kind": "email", "export": of, "which": "all"},
        "chosen_events": form.getlist("events") if form else [],
        "percent": f"{DEFAULT_SHRINK_PERCENT:g}",
    }


def _kinds(actor: Actor) -> list[tuple[str, str, str]]:
    """What this machine calls is for administrators: others may have notices by e-mail."""
    offered = KINDS if actor.may("system:write") else ("email",)
    return [(kind, gettext(KINDS[kind]), gettext(HINTS[kind])) for kind in offered]


def _back(of: str) -> str:
    return reverse("notices") + (f"?{urlencode({'export': of})}" if of else "")
