"""Data > Exports: the list, the form S25 to S35, and what is done with an export."""

from typing import Any

import pytest

from tests.web.browsers import Browser, Web
from tests.world import addresses
from traginer.control.models import Export, Removal, Run


@pytest.fixture
def form() -> dict[str, Any]:
    """The form, filled in as the seed says."""
    return {
        "name": "Birthday mails",
        "connection": "1",
        "list": "8",
        "list_id": "",
        "segments": ["1"],
        "email": "email",
        "attribute": ["FIRSTNAME", "LASTNAME", "SMS"],
        "field": ["first_name", "last_name", "phone"],
        "region": ["", "", "country"],
        "default_region": ["", "", "es"],
        "leavers": "remove",
        "max_shrink_percent": "30",
        "timezone": "Europe/Madrid",
        "do": "save",
    }


def test_the_list_has_the_columns_of_the_seed(ada: Browser, web: Web) -> None:
    """S25, L5: the column Your permissions among them; the tooltip of the button says Add destination."""
    page = ada.open("/exports")
    titles = ("Display name", "Type", "Connection used", "Status", "Refreshed", "Schedule", "Your permissions")
    assert [title for title in titles if title not in page.texts] == []
    assert {"Add export", "Add destination", "Newsletter", "Newsletter account", "Not run yet"} <= set(page.texts)
    assert "Run now" not in web.browser("carla").open("/exports").texts
    assert "Nothing found" in ada.open("/exports?search=zebra").text


def test_the_form_offers_what_there_is_with_types_and_real_values(ada: Browser) -> None:
    """S26-S32: connections, lists by name and size, attributes of the account, fields with values, and a first guess."""
    page = ada.open("/exports/add?connection=1&segments=1")
    assert page.chosen["connection"] == "1"
    assert {"7", "8"} <= set(page.options["list"])
    assert page.chosen["email"] == "email"
    assert "email · text · aina0@example.org, aina1@example.org, aina2@example.org" in page.texts
    assert "First name (FIRSTNAME) · text" in page.texts
    assert page.html.count('value="SMS" selected') == 1


def test_an_export_is_saved_and_nothing_is_sent(ada: Browser, form: dict[str, Any], web: Web) -> None:
    """S26-S35: saving does not run."""
    requests = web.world.requests()
    page = ada.send("/exports/add", form)
    assert page.h1 == ["Birthday mails"]
    assert "Saved. Nothing is sent before it runs." in page.text
    made = Export.objects.get(name="Birthday mails")
    assert (made.list_id, made.email, made.schedule) == (8, "email", {"kind": "system"})
    assert made.attributes["SMS"] == {"field": "phone", "region": "country", "default_region": "ES"}
    assert (web.world.requests(), Run.objects.count()) == (requests, 0)


def test_save_and_run_queues_a_run(ada: Browser, form: dict[str, Any]) -> None:
    """S35, S37: the second button."""
    page = ada.send("/exports/add", {**form, "do": "save-run"})
    assert page.h1 == ["Run 1"]
    assert Run.objects.get().export.name == "Birthday mails"


def test_a_typed_list_counts_before_the_choice(ada: Browser, form: dict[str, Any]) -> None:
    """S29: the ID can be typed."""
    ada.send("/exports/add", {**form, "list": "8", "list_id": "7"})
    assert Export.objects.get(name="Birthday mails").list_id == 7


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, "choice-missing"),
        ({"email": ""}, "choice-missing"),
        ({"list": ""}, "list-not-chosen"),
        ({"list_id": "seven"}, "form-invalid"),
        ({"segments": []}, "segments-not-chosen"),
        ({"name": "Newsletter"}, "name-taken"),
        ({"field": ["first_name", "nothing", "phone"]}, "column-unknown"),
        ({"default_region": ["", "", "Spain"]}, "form-invalid"),
    ],
)
def test_what_is_wrong_with_the_form_is_told_beside_it(
    ada: Browser, form: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    whole = ada.send("/exports/add", {**form, **change}, 422)
    assert code in whole.text
    assert whole.chosen["max_shrink_percent"] == "30"
    part = ada.send("/exports/add", {**form, **change}, 422, part=True)
    assert (code in part.text, part.chosen) == (True, {})
    assert Export.objects.count() == 1


def test_attributes_are_added_and_taken_away_without_saving(ada: Browser, form: dict[str, Any]) -> None:
    """S31: Add attribute."""
    page = ada.send("/exports/add", {**form, "do": "add-attribute"}, 200)
    assert page.html.count('name="attribute"') == 4
    page = ada.send("/exports/add", {**form, "do": "remove-attribute:1"}, 200, part=True)
    assert page.html.count('name="attribute"') == 2
    assert 'value="LASTNAME" selected' not in page.html
    assert Export.objects.count() == 1


def test_a_mapping_is_checked_against_profiles_and_account(ada: Browser, form: dict[str, Any]) -> None:
    wrong = {**form, "do": "check", "name": "", "list": "", "attribute": ["FIRSTNAME", "SHOE_SIZE", "SMS"]}
    assert "attribute-unknown" in ada.send("/exports/add", wrong, 200, part=True).text
    page = ada.send("/exports/add", {**form, "do": "check"}, 200)
    assert "The data matching fits the profiles and the account." in page.text


def test_who_has_no_connection_is_told_whom_to_ask(web: Web) -> None:
    """S27-S28: an empty picker says why."""
    web.world.apply()
    page = web.browser("bernat").open("/exports/add")
    assert "No connection is available to you" in page.text
    assert "Ask ada@example.org to share one" in page.text
    assert "/exports/add" not in web.browser("bernat").open("/exports").links


def test_an_account_that_cannot_be_reached_is_told_in_the_form(ada: Browser, web: Web) -> None:
    web.world.sandbox.stop()
    page = ada.open("/exports/1/edit")
    assert "brevo-unavailable" in page.text
    assert page.chosen["list_id"] == "7"


def test_an_export_is_edited_and_keeps_what_the_form_does_not_show(ada: Browser, form: dict[str, Any]) -> None:
    ada.send(
        "/exports/1/schedule", {"kind": "times", "times": "18:30, 6:00", "days": ["mon"], "timezone": "Europe/Madrid"}
    )
    page = ada.open("/exports/1/edit")
    assert (page.chosen["name"], page.chosen["list"], page.chosen["email"]) == ("Newsletter", "7", "email")
    ada.send("/exports/1/edit", {**form, "name": "News", "leavers": "keep", "max_removals": "100"})
    changed = Export.objects.get()
    assert (changed.name, changed.leavers, changed.guards["max_removals"]) == ("News", "keep", 100)
    assert changed.schedule["times"] == ["06:00", "18:30"]


def test_a_plan_shows_what_a_run_would_do_and_sends_nothing(ada: Browser, web: Web) -> None:
    page = ada.open("/exports/1/plan")
    assert {"members, of 12 profiles", "would be added"} <= set(page.texts)
    assert web.world.on_list() == set()


def test_a_copy_is_disabled_until_somebody_enables_it(ada: Browser) -> None:
    page = ada.send("/exports/1/duplicate", {"name": "Newsletter in May"})
    assert {"Newsletter in May", "Disabled"} <= set(page.texts)
    assert "export-disabled" in ada.send("/exports/2/deed", {"do": "run"}, 422).text
    assert "Enabled." in ada.send("/exports/2/deed", {"do": "enable"}).text
    assert "Disabled." in ada.send("/exports/2/deed", {"do": "disable"}).text


def test_a_schedule_is_chosen_and_said_in_words(ada: Browser) -> None:
    """L6, L7: its own times, a cron expression, on demand only, or with the system."""
    page = ada.send("/exports/1/schedule", {"kind": "cron", "cron": "0 6 * * 1-5", "timezone": "Europe/Madrid"})
    assert "By the cron expression 0 6 * * 1-5 (Europe/Madrid)" in page.texts
    assert "schedule-cron-invalid" in ada.send("/exports/1/schedule", {"kind": "cron", "cron": "soon"}, 422).text
    assert "schedule-time-invalid" in ada.send("/exports/1/schedule", {"kind": "times", "times": "25:00"}, 422).text
    assert "Only on demand" in ada.send("/exports/1/schedule", {"kind": "none"}).texts
    assert "With the system refresh" in ada.send("/exports/1/schedule", {"kind": "system"}).texts


def test_a_detached_export_does_not_run_until_it_has_a_connection_again(ada: Browser, form: dict[str, Any]) -> None:
    """L10: it keeps its configuration."""
    page = ada.send("/exports/1/deed", {"do": "detach"})
    assert "No connection" in page.texts
    assert "Run now" not in page.texts
    ada.send("/exports/1/edit", {**form, "name": "Newsletter"})
    assert "Run now" in ada.open("/exports/1").texts


def test_removing_asks_what_becomes_of_the_contacts(ada: Browser, web: Web) -> None:
    """S41, L10: leave them, or take off whom the export put there."""
    web.world.run()
    assert "choice-missing" in ada.send("/exports/1/remove", {}, 422).text
    page = ada.send("/exports/1/remove", {"contacts": "remove"})
    assert page.h1 == ["Run 2"]
    assert web.world.on_list() == addresses(range(10))
    web.world.run()
    assert (web.world.on_list(), Removal.objects.count()) == (set(), 1)
    assert "No export yet" in ada.open("/exports").text


def test_an_export_removed_with_its_contacts_left_is_gone_at_once(ada: Browser, web: Web) -> None:
    web.world.run()
    assert ada.send("/exports/1/remove", {"contacts": "leave"}).h1 == ["Exports"]
    assert web.world.on_list() == addresses(range(10))
    assert ada.open("/exports/1", 404)


def test_run_all_runs_those_with_an_active_schedule(ada: Browser, form: dict[str, Any]) -> None:
    """L7, L9: Run all, and Run for the others."""
    ada.send("/exports/add", form)
    ada.send("/exports/2/schedule", {"kind": "none"})
    assert "1 run is queued." in ada.send("/exports/run-all", {}).text
    assert [run.export.name for run in Run.objects.all()] == ["Newsletter"]
    assert ada.send("/exports/2/deed", {"do": "run"}).h1 == ["Run 2"]


@pytest.mark.parametrize("who", ["bernat", "carla"])
@pytest.mark.parametrize("deed", ["deed", "edit", "schedule", "remove", "duplicate"])
def test_who_may_not_manage_an_export_is_refused(web: Web, who: str, deed: str) -> None:
    """S23-S24: only with access to the connection."""
    web.world.apply()
    values = {"do": "run", "kind": "none", "contacts": "leave", "name": "Mine"}
    assert "not-allowed" in web.browser(who).send(f"/exports/1/{deed}", values, 403).text
    assert (Export.objects.count(), Run.objects.count()) == (1, 0)
