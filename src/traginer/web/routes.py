"""The addresses of the pages."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path, reverse
from django.views.decorators.http import require_POST

from traginer.control.rights import Actor
from traginer.web import (
    audit,
    connections,
    door,
    entry,
    export_edit,
    exports,
    first,
    ledgers,
    notices,
    permissions,
    preferences,
    profiles,
    refusals,
    runs,
    segment_edit,
    segments,
    source_edit,
    sources,
    system,
    tokens,
)
from traginer.web import help as help_pages


@door.page()
def home(request: HttpRequest, _: Actor) -> HttpResponseBase:
    """The first page: the exports."""
    return door.leading(request, reverse("exports"))


def _entrance() -> list[URLPattern]:
    return [
        path("", home, name="home"),
        path("set-up", door.answering(first.set_up, before_set_up=True), name="set-up"),
        path("begin", first.begin, name="begin"),
        path("log-in", door.answering(entry.log_in), name="log-in"),
        path("log-in", door.answering(entry.log_in), name="account_login"),  # the name by which allauth looks for it
        path("log-out", door.answering(require_POST(entry.log_out)), name="log-out"),
        path("account", entry.account, name="account"),
        path("account/tokens", tokens.mine, name="account-tokens"),
        path("account/tokens/<int:number>/revoke", tokens.revoke, name="token-revoke"),
        path("account/second-factor", door.answering(entry.second_factor), name="second-factor"),
        path("language", door.answering(require_POST(preferences.language), before_set_up=True), name="language"),
        path("theme", door.answering(require_POST(preferences.theme), before_set_up=True), name="theme"),
    ]


def _exports() -> list[URLPattern]:
    return [
        path("exports", exports.listing, name="exports"),
        path("exports/run-all", exports.run_all, name="exports-run-all"),
        path("exports/add", export_edit.add, name="export-add"),
        path("exports/<int:number>", exports.view, name="export"),
        path("exports/<int:number>/edit", export_edit.edit, name="export-edit"),
        path("exports/<int:number>/plan", export_edit.plan, name="export-plan"),
        path("exports/<int:number>/schedule", exports.schedule, name="export-schedule"),
        path("exports/<int:number>/duplicate", exports.duplicate, name="export-duplicate"),
        path("exports/<int:number>/remove", exports.remove, name="export-remove"),
        path("exports/<int:number>/deed", exports.deed, name="export-deed"),
        path("exports/<int:number>/ledger", ledgers.view, name="export-ledger"),
        path("exports/<int:number>/ledger/check", ledgers.check, name="export-ledger-check"),
        path("runs", runs.listing, name="runs"),
        path("runs/<int:number>", runs.view, name="run"),
        path("runs/<int:number>/now", runs.now, name="run-now"),
        path("runs/<int:number>/events", runs.events, name="run-events"),
        path("runs/<int:number>/concerned", runs.concerned, name="run-concerned"),
        path("runs/<int:number>/deed", runs.deed, name="run-deed"),
        path("runs/<int:number>/rejections.csv", runs.rejections, name="run-rejections"),
    ]


def _profiles() -> list[URLPattern]:
    return [
        path("segments", segments.listing, name="segments"),
        path("segments/add", segment_edit.add, name="segment-add"),
        path("segments/values", segment_edit.values, name="segment-values"),
        path("segments/<int:number>", segments.view, name="segment"),
        path("segments/<int:number>/overlap", segments.overlap, name="segment-overlap"),
        path("segments/<int:number>/edit", segment_edit.edit, name="segment-edit"),
        path("segments/<int:number>/remove", segments.remove, name="segment-remove"),
        path("sources", sources.listing, name="sources"),
        path("sources/add", source_edit.add, name="source-add"),
        path("sources/<int:number>", sources.view, name="source"),
        path("sources/<int:number>/edit", source_edit.edit, name="source-edit"),
        path("sources/<int:number>/remove", sources.remove, name="source-remove"),
        path("profiles", profiles.listing, name="profiles"),
        path("profiles/<int:number>/<slug:reference>", profiles.view, name="profile"),
    ]


def _administration() -> list[URLPattern]:
    return [
        path("connections", connections.listing, name="connections"),
        path("connections/add", connections.add, name="connection-add"),
        path("connections/<int:number>", connections.view, name="connection"),
        path("connections/<int:number>/edit", connections.edit, name="connection-edit"),
        path("connections/<int:number>/remove", connections.remove, name="connection-remove"),
        path("connections/<int:number>/deed", connections.deed, name="connection-deed"),
        path("system", system.view, name="system"),
        path("system/schedule", system.schedule, name="system-schedule"),
        path("system/about", system.about, name="system-about"),
        path("system/examine", system.examine, name="system-examine"),
        path("notices", notices.listing, name="notices"),
        path("notices/add", notices.add, name="notice-add"),
        path("notices/<int:number>/deed", notices.deed, name="notice-deed"),
        path("permissions", permissions.listing, name="permissions"),
        path("permissions/add", permissions.add, name="permission-add"),
        path("permissions/tokens", tokens.everybodys, name="permission-tokens"),
        path("permissions/<int:number>", permissions.change, name="permission"),
        path("audit", audit.listing, name="audit"),
        path("audit/verify", audit.verify, name="audit-verify"),
        path("audit/audit.jsonl", audit.lines, name="audit-lines"),
    ]


def _guide() -> list[URLPattern]:
    """For everybody, also before there is an account."""
    return [
        path("help", door.answering(help_pages.contents, before_set_up=True), name="help"),
        path("help/<slug:name>", door.answering(help_pages.page, before_set_up=True), name="help-page"),
        path(
            "help/pictures/<slug:language>/<slug:name>.webp",
            door.answering(help_pages.picture, before_set_up=True),
            name="help-picture",
        ),
    ]


def _sign_on() -> list[URLPattern]:
    """Where single sign-on begins and comes back to; what goes wrong there is told as on every page."""
    if not settings.HAS_SIGN_ON:
        return []
    from allauth.socialaccount.providers.openid_connect import views  # type: ignore[import-untyped] # noqa: PLC0415 - an extra

    begin = door.answering(require_POST(entry.leaving(views.login)))
    back = door.answering(views.callback)
    return [
        path("sso/oidc/<str:provider_id>/login/", begin, name="openid_connect_login"),
        path("sso/oidc/<str:provider_id>/login/callback/", back, name="openid_connect_callback"),
    ]


urlpatterns = [
    *_entrance(),
    *_guide(),
    *_exports(),
    *_profiles(),
    *_administration(),
    *_sign_on(),
    re_path(r"^.*$", door.answering(refusals.not_found), name="nowhere"),
]
