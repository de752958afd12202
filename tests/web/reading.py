"""A page as a test reads it: its headings, its fields and their labels, its links, and what a person would see of it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "rect", "line"}
UNSEEN = {"script", "style", "title", "pre", "datalist"}
SHOWN_ATTRIBUTES = ("title", "aria-label", "placeholder", "data-title", "data-sure", "alt")


@dataclass
class Page(HTMLParser):
    """`texts` are the texts between tags and in attributes that people see or hear; `fields` name -> value of inputs."""

    html: str
    language: str = ""
    h1: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labelled: set[str] = field(default_factory=set)
    unlabelled: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self._fields: list[tuple[str, str, bool]] = []
        self._select = ""
        self.feed(self.html)
        self.close()
        self.unlabelled = [name for name, at, named in self._fields if not named and at not in self.labelled]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if tag == "html":
            self.language = values.get("lang", "")
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "label" and "for" in values:
            self.labelled.add(values["for"])
        if tag == "a":
            self.links.append(values.get("href", ""))
        if tag == "form":
            self.actions.append(values.get("action", ""))
        self.texts += [values[name] for name in SHOWN_ATTRIBUTES if values.get(name)]
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        self._note_field(tag, values)

    def _note_field(self, tag: str, values: dict[str, str]) -> None:
        if tag in {"select", "textarea"} or (tag == "input" and values.get("type") != "hidden"):
            named = "label" in self._open or "aria-label" in values
            self._fields.append((values.get("name", ""), values.get("id", ""), named))
        if tag == "select":
            self._select = values.get("name", "")
        if tag == "option":
            self.options.setdefault(self._select, []).append(values.get("value", ""))
            if "selected" in values:
                self.chosen.setdefault(self._select, values.get("value", ""))
        if tag == "input" and (values.get("type") not in {"radio", "checkbox"} or "checked" in values):
            self.chosen.setdefault(values.get("name", ""), values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not text:
            return
        if "script" in self._open:
            self.inline.append(text)
        if "h1" in self._open:
            self.h1.append(text)
        if not UNSEEN & set(self._open):
            self.texts.append(text)

    @property
    def text(self) -> str:
        """All that a person reads, in one."""
        return " ".join(self.texts)

    @property
    def repeated_ids(self) -> set[str]:
        return {one for one in self.ids if self.ids.count(one) > 1}
