"""Admin > Connections: the steps S10 to S22, sharing, consent, export user, removal."""

import pytest

from tests.control.cast import PASSWORD
from tests.web.browsers import Browser, Web
from tests.world import World
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
    ada.send("/exports/1/deed", {"do": "detach"})
    assert ada.send("/connections/1/remove", {}).h1 == ["Connections"]
    assert not Connection.objects.exists()
