"""Every text a person can see exists in good Catalan: none missing, none fuzzy, none stale, every placeholder kept."""

import re
from string import Formatter

from tests import messages
from traginer.errors import every_error
from traginer.i18n import speaking


def texts(message_id: object) -> tuple[str, ...]:
    return message_id if isinstance(message_id, tuple) else (str(message_id),)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_no_text_is_missing_or_fuzzy_in_catalan() -> None:
    catalog = messages.translated()
    known = {message.id: message for message in catalog if message.id}
    missing = [m.id for m in messages.extracted() if m.id and (m.id not in known or not all(texts(known[m.id].string)))]
    assert missing == []
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


def test_the_catalogue_holds_no_text_that_is_no_longer_said() -> None:
    said = {message.id for message in messages.extracted()}
    assert [message.id for message in messages.translated() if message.id and message.id not in said] == []


def test_the_compiled_catalogue_is_fresh() -> None:
    assert messages.compiled(messages.translated()) == messages.MO.read_bytes()


def test_every_translation_keeps_the_placeholders() -> None:
    for message in messages.translated():
        if not message.id:
            continue
        wanted = [placeholders(text) for text in texts(message.id)]
        kept = [placeholders(text) for text in texts(message.string)]
        assert kept == wanted, (message.id, message.string)


def test_no_english_is_left_in_catalan() -> None:
    english = re.compile(r"\b(the|is not|was|with|which|nothing|cannot)\b")
    left = [m.id for m in messages.translated() if m.id and any(english.search(text) for text in texts(m.string))]
    assert left == []


def test_an_error_speaks_the_language_of_the_person() -> None:
    for error in every_error():
        facts = dict.fromkeys(error.placeholders(), "X")
        with speaking("ca"):
            catalan = str(error.from_facts(facts))
        assert catalan != str(error.from_facts(facts)), error.code
