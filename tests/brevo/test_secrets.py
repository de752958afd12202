"""The key and people's addresses stay where they belong."""

import ast
import dataclasses
import inspect
import traceback
from pathlib import Path

import pytest
from tests.brevo.conftest import KEY
from tests.brevo.far_side import Answer, Cut

import traginer.brevo
from traginer.brevo import (
    NEVER_SENT,
    BrevoError,
    Contact,
    KeyMalformed,
    KeyMissing,
    ListMember,
    Refused,
    Removed,
    import_envelope,
    open_brevo,
)
from traginer.brevo.endpoints import CONTACT, ENDPOINTS
from traginer.brevo.transport import Request, Response

FOLDER = Path(traginer.brevo.__file__).parent
SOURCES = sorted(FOLDER.glob("*.py"))
BODY = b'{"email":"ada@example.org"}'.join(import_envelope(7))


def reachable(thing, seen=None):
    """Everything of ours that hangs on `thing`."""
    seen = {} if seen is None else seen
    if id(thing) not in seen and type(thing).__module__.startswith("traginer"):
        seen[id(thing)] = thing
        slots = [name for cls in type(thing).__mro__ for name in getattr(cls, "__slots__", ())]
        for name in [*getattr(thing, "__dict__", {}), *slots]:
            reachable(getattr(thing, name, None), seen)
    return list(seen.values())


def test_the_key_is_in_no_repr_of_anything_that_hangs_on_a_client(brevo):
    things = reachable(brevo)
    assert {"Brevo", "Paced", "HttpTransport", "ApiKey"} <= {type(thing).__name__ for thing in things}
    for thing in things:
        assert KEY not in repr(thing)
        assert KEY not in repr(getattr(thing, "__dict__", ""))


def troubles():
    echo = {"code": "unauthorized", "message": f"Key {KEY} of ada@example.org not accepted"}
    return [Answer(401, echo), Answer(500, echo), Answer(400, echo), Answer(cut=Cut.AFTER_REQUEST), Answer(200, b"{")]


@pytest.mark.parametrize("trouble", troubles())
def test_an_error_quotes_no_key_address_or_body_not_even_in_its_traceback(far_side, brevo, trouble):
    far_side.always = lambda _: trouble
    for ask in (lambda: brevo.contact("ada@example.org"), lambda: brevo.create_list("ada@example.org", 1)):
        with pytest.raises(BrevoError) as caught:
            ask()
        frames = [
            frame
            for frame in traceback.TracebackException.from_exception(caught.value, capture_locals=True).stack
            if "traginer" in frame.filename
        ]
        assert frames
        assert KEY not in str([frame.locals for frame in frames])
        for secret in (KEY, "ada", "example.org"):
            assert secret not in str(caught.value)
            assert secret not in repr(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None


def test_a_key_of_any_form_is_masked_when_brevo_echoes_it(far_side):
    far_side.always = lambda _: Answer(400, {"code": "invalid_parameter", "message": "what is sandbox_key_1?"})
    with open_brevo("sandbox_key_1", far_side.base_url, tier="unlimited") as brevo:
        refused = brevo.start_import(BODY)
    assert isinstance(refused, Refused)
    assert refused.message == "what is <key>?"


def test_answers_show_no_address_in_a_repr():
    member = ListMember("ada@example.org", {"FIRSTNAME": "Ada"}, False)
    contact = Contact(1, "ada@example.org", {"FIRSTNAME": "Ada"}, frozenset(), frozenset(), False)
    removed = Removed(("ada@example.org",), ("ada@example.org",))
    request = Request(CONTACT, "/contacts/ada%40example.org", (("email", "ada@example.org"),), b"ada@example.org")
    response = Response(200, {"x": "ada@example.org"}, b"ada@example.org")
    for shown in map(repr, (member, contact, removed, request, response)):
        assert "Ada" not in shown
        assert "ada" not in shown


@pytest.mark.parametrize("key", ["", "  ", "\n"])
def test_no_key_is_said_before_anything_is_sent(key):
    with pytest.raises(KeyMissing):
        open_brevo(key)


@pytest.mark.parametrize("key", ["xkeysib-ü", "two words", "line\r\nbreak: x"])
def test_a_key_that_no_header_can_carry_is_refused_without_quoting_it(key):
    with pytest.raises(KeyMalformed) as caught:
        open_brevo(key)
    assert key not in str(caught.value)


def test_blanks_around_a_pasted_key_are_dropped(far_side):
    far_side.will_answer(Answer(200, {"companyName": "x"}))
    with open_brevo(f" {KEY}\n", far_side.base_url) as brevo:
        brevo.account()
    assert far_side.seen[0].headers["api-key"] == KEY


def texts_of(path):
    """The string constants of a module that are no docstrings."""
    tree = ast.parse(path.read_text())
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare
    ]


def test_the_words_of_blocks_stand_only_where_they_are_refused_or_read():
    places = {
        (path.name, text)
        for path in SOURCES
        for text in texts_of(path)
        for flag in (*NEVER_SENT, "unlinkListIds", "smtpBlacklistSender")
        if flag in text
    }
    assert places == {("envelope.py", flag) for flag in NEVER_SENT} | {("reading.py", "emailBlacklisted")}


def test_the_client_has_no_call_that_deletes_or_rewrites_a_contact():
    methods = {text for path in SOURCES for text in texts_of(path) if text in {"DELETE", "PUT", "PATCH", "POST", "GET"}}
    assert methods == {"GET", "POST"}
    assert "/contacts" not in {endpoint.template for endpoint in ENDPOINTS if endpoint.writes}
    assert {endpoint.template for endpoint in ENDPOINTS if "doubleOptin" in endpoint.template} == set()


def test_nothing_that_is_ever_sent_names_a_flag_of_blocks(far_side, brevo):
    far_side.always = lambda _: Answer(404, {"code": "document_not_found", "message": "gone"})
    brevo.start_import(BODY)
    brevo.remove_from_list(7, ["ada@example.org"])
    for ask in (lambda: brevo.create_list("x", 1), lambda: brevo.start_contact_export(7, ["FIRSTNAME"])):
        with pytest.raises(BrevoError):
            ask()
    brevo.contact("ada@example.org")
    assert len(far_side.seen) == 5
    for seen in far_side.seen:
        for flag in NEVER_SENT:
            assert flag not in seen.path + str(seen.query) + seen.body.decode()


def test_the_front_door_is_exact_and_sorted():
    public = {
        name for name, thing in vars(traginer.brevo).items() if not name.startswith("_") and not inspect.ismodule(thing)
    }
    listed = traginer.brevo.__all__
    assert set(listed) == public
    groups = ([n for n in listed if n.isupper()], [n for n in listed if not n.islower() and not n.isupper()])
    assert listed == [*sorted(groups[0]), *sorted(groups[1], key=str), *sorted(n for n in listed if n.islower())]


def test_the_client_imports_nothing_of_ours_but_itself():
    imported = {
        name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    assert {name for name in imported if name.startswith("traginer") and not name.startswith("traginer.brevo")} == set()


def test_every_answer_is_frozen():
    for name in traginer.brevo.__all__:
        thing = getattr(traginer.brevo, name)
        if dataclasses.is_dataclass(thing):
            assert thing.__dataclass_params__.frozen, name
