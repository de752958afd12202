"""Admin > Notices: who is told, a test of each way, and what arrived or did not."""

import pytest

from tests.control.receivers import mail_server, web_server
from tests.web.browsers import Browser, Web
from traginer.control.models import AuditEntry, NoticeTarget

EMAIL = {"kind": "email", "address": "ops@example.org", "export": "", "which": "all", "percent": "10", "language": "ca"}


def test_a_page_without_targets_says_what_to_do_next(ada: Browser) -> None:
    assert {"Nobody is told", "Nothing was told yet"} <= set(ada.open("/notices").texts)


def test_an_address_is_added_tested_and_removed(ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ada.send("/notices/add", EMAIL)
    assert "Notices go to ops@example.org from now on." in page.text
    number = NoticeTarget.objects.get().pk
    with mail_server() as server:
        monkeypatch.setenv("TRAGINER_SMTP_URL", server.url)
        page = ada.send(f"/notices/{number}/deed", {"do": "test"})
        assert "ops@example.org took the test notice." in page.text
        assert [letter["To"] for letter in server.letters] == ["ops@example.org"]
    assert {"A test of Traginer's notices", "arrived"} <= set(page.texts)
    assert "No more notices go to ops@example.org." in ada.send(f"/notices/{number}/deed", {"do": "remove"}).text
    assert not NoticeTarget.objects.exists()


def test_what_did_not_arrive_is_told_with_the_reason(ada: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRAGINER_SMTP_URL", raising=False)
    ada.send("/notices/add", EMAIL)
    number = NoticeTarget.objects.get().pk
    assert "mail-not-set-up" in ada.send(f"/notices/{number}/deed", {"do": "test"}, 422).text
    with mail_server() as server:
        monkeypatch.setenv("TRAGINER_SMTP_URL", server.url)
        server.refused = ["ops@example.org"]
        assert "notice-not-delivered" in ada.send(f"/notices/{number}/deed", {"do": "test"}, 422).text
    assert {"did not arrive", "SMTP 550"} <= set(ada.open("/notices").texts)


def test_the_secret_of_a_webhook_is_shown_once_and_its_address_never_whole(ada: Browser) -> None:
    with web_server() as server:
        address = f"{server.url}/hooks/0123456789abcdef"
        page = ada.send("/notices/add", {**EMAIL, "kind": "webhook", "address": address}, 200)
        secret = page.chosen[""]
        assert secret.startswith("trgw_")
        ada.send(f"/notices/{NoticeTarget.objects.get().pk}/deed", {"do": "test"})
        assert [one.path for one in server.received] == ["/hooks/0123456789abcdef"]
    shown = ada.open("/notices").html + "".join(entry.after for entry in AuditEntry.objects.all())
    assert "0123456789abcdef" not in shown
    assert secret not in shown


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"address": "nobody"}, "notice-address-invalid"),
        ({"address": ""}, "choice-missing"),
        ({"kind": "webhook", "address": "http://hooks.example.org/"}, "notice-address-invalid"),
        ({"percent": "some"}, "form-invalid"),
    ],
)
def test_an_address_that_cannot_be_told_says_why(ada: Browser, change: dict[str, str], code: str) -> None:
    page = ada.send("/notices/add", {**EMAIL, **change}, 422)
    assert code in page.text
    assert page.chosen["address"] == {**EMAIL, **change}["address"]
    assert not NoticeTarget.objects.exists()


def test_a_target_hears_only_of_what_was_ticked(ada: Browser) -> None:
    ada.send("/notices/add", {**EMAIL, "which": "some", "events": ["held", "nonsense"]})
    assert NoticeTarget.objects.get().events == ["held"]
    assert "A guard holds a run back: somebody must approve or discard it." in ada.open("/notices").texts


def test_a_contributor_names_addresses_for_the_exports_they_may_change(web: Web) -> None:
    bernat = web.browser("bernat")
    page = bernat.open("/notices?export=1")
    assert page.h1 == ['Notices of "Newsletter"']
    assert page.options["export"] == ["1"]
    assert "webhook" not in page.texts
    page = bernat.send("/notices/add", {**EMAIL, "export": "1", "of": "1"})
    assert bernat.led_to == "/notices?export=1"
    assert "ops@example.org" in page.texts
    refused = (
        {**EMAIL, "export": ""},
        {**EMAIL, "kind": "webhook", "address": "https://a.example.org/", "export": "1"},
    )
    for wish in refused:
        assert "not-allowed" in bernat.send("/notices/add", wish, 403).text
    assert NoticeTarget.objects.count() == 1


def test_a_contributor_sees_nothing_of_what_is_told_of_all_exports(ada: Browser, web: Web) -> None:
    ada.send("/notices/add", EMAIL)
    bernat = web.browser("bernat")
    assert "ops@example.org" not in bernat.open("/notices").text
    number = NoticeTarget.objects.get().pk
    assert "notice-target-unknown" in bernat.send(f"/notices/{number}/deed", {"do": "remove"}, 404).text
