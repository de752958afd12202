"""The least pages that log-in needs, for tests: the real ones are the web's."""

from allauth.socialaccount.providers.openid_connect.urls import urlpatterns as sign_on
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from traginer.control import accounts
from traginer.control.accounts.web import sessions
from traginer.control.rights import Actor


def log_in(request: HttpRequest) -> HttpResponse:
    form = request.POST
    user = accounts.by_password(form["email"], form["password"], sessions.address(request), form.get("code"))
    sessions.log_in(request, user)
    return HttpResponse("in")


def log_out(request: HttpRequest) -> HttpResponse:
    sessions.log_out(request)
    return HttpResponse("out")


def whoami(request: HttpRequest) -> JsonResponse:
    return _shown(sessions.actor(request))


def newcomer(request: HttpRequest) -> JsonResponse:
    return _shown(sessions.newcomer(request))


def _shown(actor: Actor | None) -> JsonResponse:
    return JsonResponse({"name": actor.name, "role": actor.role, "door": actor.door} if actor else {})


urlpatterns = [
    path("login/", log_in, name="account_login"),
    path("logout/", log_out, name="account_logout"),
    path("whoami/", whoami),
    path("newcomer/", newcomer),
    path("sso/", include("allauth.socialaccount.urls")),
    path("sso/", include(sign_on)),
]
