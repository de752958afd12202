"""Data > Exports: the list, the form S25 to S35, and what is done with an export."""

from typing import Any

import pytest

from tests.web.browsers import Browser, Web
from tests.web.reading import Page
from tests.world import addresses, people
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
    assert "Run" in page.texts
    assert "Run" not in web.browser("carla").open("/exports").texts
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


def test_the_effect_is_shown_before_anything_is_saved(ada: Browser, form: dict[str, Any], web: Web) -> None:
    """S8, S9: members, who can be sent, who not and why, requests and minutes; with a script beside the form, without one in it."""
    web.world.put_profiles(people([20], email="no address"))
    part = ada.send("/exports/add", {**form, "do": "effect", "name": ""}, 200, part=True)
    assert {"members, of 13 profiles", "would be added", "email-invalid"} <= set(part.texts)
    assert "Nothing was saved or sent." in part.text
    assert "1 import and 0 removals" in part.text
    assert part.h1 == []
    whole = ada.send("/exports/add", {**form, "do": "effect"}, 200)
    assert "would be added" in whole.texts
    kept = {name: whole.chosen[name] for name in ("name", "connection", "list", "email", "timezone")}
    assert kept == {name: form[name] for name in kept}
    assert whole.html.count('name="attribute"') == 3
    assert (Export.objects.count(), Run.objects.count(), web.world.on_list(8)) == (1, 0, set())


def test_the_effect_of_a_change_is_seen_against_what_the_list_holds(
    ada: Browser, form: dict[str, Any], web: Web
) -> None:
    web.world.run()
    same = {**form, "name": "Newsletter", "list": "7", "default_region": ["", "", ""], "do": "effect"}
    assert figures(ada.send("/exports/1/edit", same, 200, part=True))["are on the list as they should be"] == "10"
    elsewhere = ada.send("/exports/1/edit", {**same, "list": "8"}, 200, part=True)
    assert figures(elsewhere)["would be added"] == "10"
    assert Export.objects.get().list_id == 7


def test_what_keeps_an_effect_from_being_known_is_told_in_its_place(ada: Browser, form: dict[str, Any]) -> None:
    for change, code in (({"list": ""}, "list-not-chosen"), ({"list_id": "999"}, "list-not-found")):
        part = ada.send("/exports/add", {**form, **change, "do": "effect"}, 422, part=True)
        assert code in part.text
    assert "not-allowed" not in part.text


def figures(page: Page) -> dict[str, str]:
    """The numbers of a plan, by what they are called."""
    return {text: page.texts[n] for n, text in enumerate(page.texts[1:])}


def test_many_exports_are_shown_page_by_page(ada: Browser, web: Web) -> None:
    copies(59)
    first = ada.open("/exports")
    assert "1 to 50 of 60" in first.texts
    second = ada.open(next(link for link in first.links if "page=2" in link))
    assert {"51 to 60 of 60", "Newsletter"} <= set(second.texts)
    assert "Copy 01" not in second.texts
    assert "1 to 10 of 10" not in ada.open("/exports?search=Copy+0").text


def test_exports_are_found_by_how_they_are(ada: Browser, web: Web) -> None:
    copies(2)
    web.world.run()
    web.world.forget_profile(*(f"C{n:04}" for n in range(8)))
    web.world.run()
    ada.send("/exports/2/deed", {"do": "disable"})
    attention = ada.open("/exports?show=attention").texts
    assert ("Newsletter" in attention, "Copy 01" in attention) == (True, False)
    stopped = ada.open("/exports?show=stopped").texts
    assert ("Newsletter" in stopped, "Copy 01" in stopped) == (False, True)
    assert "Newsletter" not in ada.open("/exports?show=new").texts
    assert "No export is like that now." in ada.open("/exports?show=open").texts


def test_the_list_shows_how_many_each_list_holds_and_how_that_has_changed(ada: Browser, web: Web) -> None:
    web.world.run()
    web.world.put_profiles(people([20, 21]))
    web.world.run()
    page = ada.open("/exports")
    assert "After the latest runs: 10, 12" in page.texts
    assert page.html.count("<polyline") == 1


def copies(many: int) -> None:
    """So many more exports like the first."""
    export = Export.objects.get(name="Newsletter")
    segment = export.segments.get()
    for n in range(1, many + 1):
        export.pk, export.name, export.list_id = None, f"Copy {n:02}", 100 + n
        export.save()
        export.segments.add(segment, through_defaults={"position": 0})


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
    assert "Run" not in page.texts
    ada.send("/exports/1/edit", {**form, "name": "Newsletter"})
    assert "Run" in ada.open("/exports/1").texts


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
