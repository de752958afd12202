"""The seed's flow, a step a function, by the roles and names that a person or a screen reader goes by."""

from playwright.sync_api import Locator, expect

from tests.browser.chromium import Visit
from tests.browser.words import Words
from tests.control.cast import PASSWORD
from traginer.sandbox import Sandbox

CONNECTION, SOURCE, SEGMENT, EXPORT = "Newsletter, shop account", "Customers", "Catalan speakers", "Newsletter"
ENDED_MS = 30_000
"""For a run to end that nothing but a busy machine slows down."""
TRIED = ("/segments/add", "/exports/add", "/connections/add")


def labelled(visit: Visit, text: str) -> Locator:
    """The field of the page's content whose label begins with `text`."""
    return visit.page.get_by_role("main").get_by_label(text).first


def press(visit: Visit, text: str) -> None:
    visit.page.get_by_role("main").get_by_role("button", name=text, exact=True).click()


def follow(visit: Visit, text: str) -> None:
    visit.page.get_by_role("main").get_by_role("link", name=text, exact=True).first.click()


def go(visit: Visit, words: Words, section: str, entry: str) -> None:
    """By the navigation: the entry under the heading of its section."""
    navigation = visit.page.get_by_role("navigation", name=words("Main navigation"))
    expect(navigation.get_by_role("heading", name=words(section))).to_be_visible()
    navigation.get_by_role("link", name=words(entry), exact=True).click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(words(entry))


def refused(visit: Visit, code: str) -> None:
    """The page says no, with this code."""
    expect(visit.page.get_by_role("alert").filter(has_text=code).first).to_be_visible()


def set_up(visit: Visit, words: Words) -> None:
    visit.open("/")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(words("Set up Traginer"))
    visit.page.fill("#email", "ada@example.org")
    visit.page.fill("#name", "Ada")
    visit.page.fill("#password", PASSWORD)
    visit.page.fill("#again", "something else entirely")
    press(visit, words("Create the account"))
    refused(visit, "passwords-differ")
    visit.page.fill("#again", PASSWORD)
    press(visit, words("Create the account"))
    visit.page.wait_for_url("**/begin")


def add_source(visit: Visit, words: Words) -> None:
    go(visit, words, "Data", "Sources")
    follow(visit, words("Add source"))
    labelled(visit, words("Display name")).fill(SOURCE)
    visit.page.select_option("#path", label="profiles.parquet")
    visit.page.fill("#key", "customer_id")
    press(visit, words("Save"))
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(SOURCE)


def add_connection(visit: Visit, words: Words, sandbox: Sandbox) -> None:
    """With each refusal on the way: a wrong key, no consent, a wrong password."""
    go(visit, words, "Admin", "Connections")
    follow(visit, words("Add connection"))
    expect(visit.page.get_by_role("group", name=words("Data privacy and compliance"))).to_be_visible()
    assert labelled(visit, words("Administrators only")).is_checked()
    labelled(visit, words("Display name")).fill(CONNECTION)
    visit.page.get_by_text(words("Limits and address of the account")).click()
    visit.page.fill("#base_url", sandbox.base_url)
    visit.page.fill("#api_key", "xkeysib-wrong")
    press(visit, words("Connect"))
    refused(visit, "brevo-key-refused")
    visit.page.fill("#api_key", sandbox.api_key)
    press(visit, words("Connect"))
    expect(visit.page.get_by_role("status")).to_contain_text(words("Connected to {account}", account=""))
    press(visit, words("Save"))
    refused(visit, "consent-not-given")
    labelled(visit, words("I agree")).check()
    labelled(visit, words("Add yourself as export user")).check()
    visit.page.fill("#password", "not her password")
    press(visit, words("Save"))
    refused(visit, "entry-refused")
    visit.page.fill("#password", PASSWORD)
    press(visit, words("Save"))
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(CONNECTION)
    assert sandbox.api_key not in visit.page.content()


def add_segment(visit: Visit, words: Words) -> None:
    go(visit, words, "Data", "Segments")
    follow(visit, words("Add segment"))
    labelled(visit, words("Display name")).fill(SEGMENT)
    expect(visit.page.locator("#source option:checked")).to_have_text(SOURCE)  # the only one is chosen already
    rules = visit.page.get_by_role("main")
    expect(rules.get_by_role("button", name=words("Add rule"), exact=True)).to_be_visible()
    if not rules.get_by_label(words("Field"), exact=True).count():
        press(visit, words("Add rule"))
    rules.get_by_label(words("Field"), exact=True).select_option("language")
    expect(rules.get_by_label(words("Value"), exact=True)).to_be_visible()
    rules.get_by_label(words("Value"), exact=True).fill("ca")
    expect(visit.page.locator("#effect")).to_contain_text("11")
    press(visit, words("Save"))
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(SEGMENT)


def add_export(visit: Visit, words: Words) -> None:
    """First name, last name and phone beside the address; "Save and run" at the end."""
    go(visit, words, "Data", "Exports")
    begin = visit.page.get_by_role("main").get_by_role("link", name=words("Add export"), exact=True).first
    assert begin.get_attribute("title") == words("Add destination")
    begin.click()
    labelled(visit, words("Display name")).fill(EXPORT)
    offered = labelled(visit, words("Connection for export"))
    assert offered.locator("optgroup[label='Brevo (Sendinblue)'] option").all_inner_texts() == [CONNECTION]
    offered.select_option(label=CONNECTION)
    expect(visit.page.locator("#list option[value='7']")).to_have_count(1)
    visit.page.get_by_role("main").get_by_role("checkbox", name=SEGMENT).check()
    expect(visit.page.get_by_role("group", name=words("Data matching"))).to_be_visible()
    labelled(visit, words("Email")).select_option("email")
    labelled(visit, words("or its Brevo (Sendinblue) list ID")).fill("999")
    press(visit, words("Save and run"))
    expect(visit.page.get_by_text("brevo-list-not-found")).to_be_visible(timeout=ENDED_MS)
    visit.open("/exports/1/edit")
    labelled(visit, words("or its Brevo (Sendinblue) list ID")).fill("7")
    for attribute, field in {"FIRSTNAME": "first_name", "LASTNAME": "last_name"}.items():
        _map(visit, words, attribute, field)
    press(visit, words("Save and run"))
    visit.page.wait_for_url("**/runs/2")


def _map(visit: Visit, words: Words, attribute: str, field: str) -> None:
    """A row of the mapping for the attribute, added where the form has none of itself."""
    chosen = visit.page.locator("select[name=attribute]")
    if attribute in [one.input_value() for one in chosen.all()]:
        return
    n = chosen.count()
    press(visit, words("Add attribute"))
    expect(chosen).to_have_count(n + 1)
    chosen.last.select_option(attribute)
    visit.page.locator("select[name=field]").last.select_option(field)
