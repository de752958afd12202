"""Admin > Connections: the steps S10 to S22, sharing, consent, export user, removal."""

from datetime import timedelta

import pytest

from tests.control.cast import PASSWORD, account
from tests.web.browsers import BACKEND, Browser, Web
from tests.world import World, now
from traginer.control.models import AuditEntry, Connection, Consent, ExportUser

KEY = World.api_key


@pytest.fixture
def form(web: Web) -> dict[str, str]:
    """The form, filled in as somebody does who has read it."""
    return {
        "type": "brevo",
        "name": "Shop account",
        "usable_by": "administrators",
        "people": "",
        "api_key": KEY,
        "base_url": web.world.sandbox.base_url,
        "tier": "unlimited",
        "share": "80",
        "contact_limit": "",
        "agree": "on",
        "text": "1",
        "answers": "on",
        "password": PASSWORD,
        "do": "save",
    }


def test_a_connection_is_added_step_by_step(ada: Browser, form: dict[str, str]) -> None:
    """S10-S22: choose, name, share, key, agree, connect, export user, save."""
    page = ada.open("/connections/add")
    assert "Brevo (Sendinblue)" in page.text
    assert page.chosen["usable_by"] == "administrators"
    connected = ada.send("/connections/add", {**form, "do": "connect"}, 200, part=True)
    assert "Connected to " in connected.text
    assert not Connection.objects.filter(name="Shop account").exists()
    page = ada.send("/connections/add", form)
    assert page.h1 == ["Shop account"]
    assert "Connected to " in page.text
    made = Connection.objects.get(name="Shop account")
    assert ExportUser.objects.get(connection=made).name == "ada@example.org"
    agreed = Consent.objects.get(connection=made)
    assert (agreed.agreed_by, agreed.text_version, agreed.address) == ("ada@example.org", "1", "203.0.113.7")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "Newsletter account"}, "name-taken"),
        ({"name": ""}, "form-invalid"),
        ({"api_key": f"xkeysib-{'0' * 64}-{'A' * 16}"}, "brevo-key-refused"),
        ({"agree": None}, "consent-not-given"),
        ({"password": "wrong"}, "entry-refused"),
        ({"password": ""}, "choice-missing"),
        ({"usable_by": "people", "people": "bernat"}, "share-unknown"),
        ({"contact_limit": "many"}, "form-invalid"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(
    ada: Browser, form: dict[str, str], change: dict[str, str | None], code: str
) -> None:
    """S20: the exact reason why not."""
    sent = {name: value for name, value in {**form, **change}.items() if value is not None}
    page = ada.send("/connections/add", sent, 422)
    assert code in page.text
    assert Connection.objects.count() == 1
    assert page.chosen["name"] == sent["name"]


def test_no_page_shows_a_key_again(ada: Browser, form: dict[str, str]) -> None:
    """S18: write-only, the last four characters only."""
    ada.send("/connections/add", form)
    refused = ada.send("/connections/add", form, 422)
    pages = [
        refused,
        *(ada.open(path) for path in ("/connections", "/connections/1", "/connections/2", "/connections/2/edit")),
    ]
    assert not [page for page in pages if KEY in page.html]
    assert f"…{KEY[-4:]}" in ada.open("/connections").text
    assert KEY not in " ".join(f"{entry.before}{entry.after}" for entry in AuditEntry.objects.all())


def test_a_connection_is_shared_and_its_exports_stay(ada: Browser, form: dict[str, str], web: Web) -> None:
    """S15-S17, L1-L3: administrators only at first; contributors see the name and the type."""
    ada.send("/connections/add", form)
    bernat = web.browser("bernat")
    assert "Shop account" not in bernat.open("/connections").text
    ada.send("/connections/2/edit", {**form, "api_key": "", "usable_by": "people", "people": "Bernat@example.org"})
    page = bernat.open("/connections/2")
    assert "Shop account" in page.text
    assert not {"ada@example.org", f"…{KEY[-4:]}"} & set(page.texts)
    assert bernat.open("/connections/2/edit", 403).text


def test_withdrawing_the_consent_stops_runs_until_somebody_agrees_anew(ada: Browser, web: Web) -> None:
    """S19: stored as evidence, and asked again."""
    assert "Missing" in ada.send("/connections/1/deed", {"do": "withdraw", "reason": "asked to"}).text
    assert "consent-withdrawn" in ada.send("/exports/1/deed", {"do": "run"}, 422).text
    assert "Agreed" in ada.send("/connections/1/deed", {"do": "agree", "text": "1"}).text
    web.world.run()


def test_another_administrator_takes_over_with_their_password(ada: Browser) -> None:
    """S21: the password again."""
    assert "entry-refused" in ada.send("/connections/1/deed", {"do": "answer", "password": "no"}, 422).text
    page = ada.send("/connections/1/deed", {"do": "answer", "password": PASSWORD})
    assert "Export user: ada@example.org." in page.text


def test_a_connection_in_use_names_its_exports_and_is_not_removed(ada: Browser) -> None:
    """L10: its exports have to be removed or detached first."""
    page = ada.open("/connections/1/remove")
    assert "Newsletter" in page.text
    assert "/exports/1" in page.links
    assert "connection-in-use" in ada.send("/connections/1/remove", {}, 422).text
    page = ada.send("/connections/1/remove", {"do": "detach", "exports": ["1"]})
    assert "1 export is detached." in page.text
    assert ada.send("/connections/1/remove", {}).h1 == ["Connections"]
    assert not Connection.objects.exists()


def test_a_changed_text_is_asked_again_and_the_former_one_stays_to_be_read(ada: Browser, web: Web) -> None:
    """S19, S40: who agreed to which version, word for word; runs stop until somebody agrees to the new one."""
    ada.send("/connections/1/deed", {"do": "agree", "text": "1"})
    folder = web.world.home / "consent"
    folder.mkdir()
    for language in ("en", "ca"):
        (folder / f"2.{language}.md").write_text(f"# Second text ({language})", encoding="utf-8")
    page = ada.open("/connections/1")
    assert "ada@example.org agreed to version 1; version 2 is in force now." in page.text
    assert {"Second text (en)", "What was agreed to: version 1", "Nothing runs over this connection now:"} <= set(
        page.texts
    )
    assert "you allow" in page.text, "the words that were agreed to"
    assert "consent-outdated" in ada.send("/exports/1/deed", {"do": "run"}, 422).text
    assert "Second text (ca)" in web.browser("ada", "ca").open("/connections/1").text
    page = ada.send("/connections/1/deed", {"do": "agree", "text": "2"})
    assert "Nothing runs over this connection now:" not in page.texts
    assert "2 earlier consents" in page.texts


def test_an_export_user_who_lost_the_right_is_told_and_another_takes_over(ada: Browser, web: Web) -> None:
    """S21: if that person loses the right, runs stop and say so; another administrator can take over."""
    eva = account("eva", "administrator")
    browser = Browser()
    browser.force_login(eva, BACKEND)
    browser.send("/connections/1/deed", {"do": "answer", "password": PASSWORD})
    assert "eva@example.org" in ada.open("/connections/1").texts
    eva.role = "viewer"
    eva.save()
    page = ada.open("/connections/1")
    assert {"may not any more", "Take over", "export-user-inactive"} <= set(page.texts)
    page = ada.send("/connections/1/deed", {"do": "answer", "password": PASSWORD})
    assert "may not any more" not in page.texts
    web.world.run()


def test_a_check_says_the_exact_reason_why_not(ada: Browser, web: Web) -> None:
    """S20: a tick with the account, or the exact reason why not."""
    assert "Connected to " in ada.send("/connections/1/deed", {"do": "check"}).text
    web.world.sandbox.switch_off_key()
    page = ada.send("/connections/1/deed", {"do": "check"}, 422)
    assert "brevo-key-off" in page.text or "brevo-key-refused" in page.text


def test_a_key_that_is_more_than_a_year_old_is_pointed_out(ada: Browser) -> None:
    assert "more than a year old" not in ada.open("/connections/1").texts
    Connection.objects.update(key_at=now() - timedelta(days=400))
    assert "more than a year old" in ada.open("/connections/1").texts


def test_a_brevo_on_this_machine_is_marked_as_such(ada: Browser) -> None:
    for path in ("/connections", "/connections/1"):
        assert "A Brevo on this machine" in ada.open(path).texts
    Connection.objects.update(base_url="https://api.brevo.com/v3")
    for path in ("/connections", "/connections/1"):
        assert "A Brevo on this machine" not in ada.open(path).texts
