"""The flow by the keyboard alone: Tab, Enter, Space, arrows and typing."""

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.chromium import Visit
from tests.browser.conftest import Visiting
from tests.browser.serving import Installation
from tests.browser.words import Words

LONGEST_WAY = 120
WHERE = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const named = one.getAttribute('aria-label') || one.labels?.[0]?.innerText || one.title || one.innerText || '';
  return {
    tag: one.tagName, id: one.id, name: named.trim(),
    shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== 'none',
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


class Keyboard:
    """Someone who has no mouse. Every stop on the way must show that it is one."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    def where(self) -> dict[str, object]:
        found: dict[str, object] = self.visit.measured(WHERE)
        return found

    def to(self, name: str = "", *, tag: str = "", at: str = "") -> None:
        """Tab on until the focus is on the thing of this name, tag or id."""
        for _ in range(LONGEST_WAY):
            self.press("Tab")
            here = self.where()
            if here["tag"] == "BODY":
                continue
            assert here["shown"], f"nothing shows the focus on {here}"
            assert here["seen"], f"the focus is out of sight on {here}"
            if str(here["name"]).startswith(name) and tag in ("", here["tag"]) and at in ("", here["id"]):
                return
        raise AssertionError(f"no way by Tab to {name or at}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.visit.page.keyboard.press(key)

    def type(self, text: str, *, at: str) -> None:
        self.to(at=at)
        self.visit.page.keyboard.type(text)

    def choose(self, text: str) -> None:
        """The option of the select in focus that begins with `text`: typing goes there."""
        self.visit.page.keyboard.type(text)


def test_the_first_tab_leads_past_the_navigation(filled: Installation, visiting: Visiting) -> None:
    keyboard = Keyboard(visiting(filled, "ada"))
    keyboard.visit.open("/exports")
    keyboard.press("Tab")
    assert keyboard.where()["name"] == "Skip to the content"
    keyboard.press("Enter", "Tab")
    assert keyboard.visit.measured("() => document.activeElement.closest('main') !== null")


def test_the_tab_key_comes_round_on_every_page_of_the_flow(filled: Installation, visiting: Visiting) -> None:
    visit = visiting(filled, "ada")
    keyboard = Keyboard(visit)
    for path in ("/exports", "/exports/1/edit", "/segments/1/edit", "/connections/add", "/sources/add", "/runs/1"):
        visit.open(path)
        last = visit.measured(
            "() => { const all = [...document.querySelectorAll('main :is(a[href], button, input, select, textarea, summary):not([type=hidden])')]"
            ".filter(e => e.checkVisibility() && e.type !== 'radio'); all.at(-1).id ||= 'the-last'; return all.at(-1).id; }"
        )
        keyboard.to(at=str(last))


def test_a_segment_and_an_export_are_made_and_run_without_a_mouse(filled: Installation, visiting: Visiting) -> None:
    visit, words = visiting(filled, "ada"), Words("en")
    keyboard = Keyboard(visit)
    visit.open("/segments/add")
    expect(visit.page.get_by_role("button", name="Add rule", exact=True)).to_be_visible()
    keyboard.type("French speakers", at="name")
    keyboard.to("Field", tag="SELECT")
    keyboard.choose("language")
    value = visit.page.get_by_role("main").get_by_label(words("Value"), exact=True)
    expect(value).to_be_visible()
    assert keyboard.where()["name"] == "Field", "the focus stays where it was when the form is exchanged"
    keyboard.to("Value")
    visit.page.keyboard.type("fr")
    keyboard.to("Save", tag="BUTTON")
    keyboard.press("Enter")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("French speakers")
    _export(keyboard)
    expect(visit.page.get_by_text(words("The books"))).to_be_visible(timeout=steps.ENDED_MS)
    assert filled.sandbox.emails_on(8) == {"aina901@example.org", "aina902@example.org"}
    assert visit.faults == []


def _export(keyboard: Keyboard) -> None:
    visit = keyboard.visit
    visit.open("/exports/add?connection=1&segments=2")
    keyboard.type("Français", at="name")
    keyboard.type("8", at="list_id")
    keyboard.to(at="email")
    keyboard.choose("email")
    keyboard.to("Save and run", tag="BUTTON")
    keyboard.press("Space")
    visit.page.wait_for_url("**/runs/*")
