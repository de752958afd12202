"""Which addresses are taken, which are refused and why, and which two spellings are one address."""

import pytest

EMAIL = {"email": "VARCHAR"}
LABEL = "a" * 63
LONG_DOMAIN = ".".join([LABEL, LABEL, "b" * 58, "cat"])  # 190 octets


def accepted(build, said):
    """The address that is sent, or None."""
    return build(EMAIL, [(1, said)]).emails.get("1")


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("aina@example.cat", "aina@example.cat"),
        ("Aina.POUS@Example.CAT", "aina.pous@example.cat"),
        ("  aina@example.cat\r\n", "aina@example.cat"),
        ("\u00a0\u200baina@example.cat\ufeff\u3000", "aina@example.cat"),
        ("<aina@example.cat>", "aina@example.cat"),
        ("mailto:aina@example.cat", "aina@example.cat"),
        (" <MAILTO: aina@example.cat> ", "aina@example.cat"),
        ("o'brien+news=1/2@x-y.example", "o'brien+news=1/2@x-y.example"),
        ("!#$%&'*+-/=?^_`{|}~@example.cat", "!#$%&'*+-/=?^_`{|}~@example.cat"),
        ("a@1.example2", "a@1.example2"),
        ("a@example.xn--p1ai", "a@example.xn--p1ai"),
        ("a@botiga.5g", "a@botiga.5g"),
    ],
)
def test_an_address_is_taken_without_what_copying_left_around_it(build, said, sent):
    assert accepted(build, said) == sent


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (None, "email-missing"),
        ("", "email-missing"),
        (" \u00a0\u200b<>", "email-missing"),
        ("n/a", "email-invalid"),
        ("aina", "email-invalid"),
        ("@example.cat", "email-invalid"),
        ("aina@", "email-invalid"),
        ("aina@example", "email-invalid"),
        ("aina@@example.cat", "email-invalid"),
        (".aina@example.cat", "email-invalid"),
        ("aina.@example.cat", "email-invalid"),
        ("ai..na@example.cat", "email-invalid"),
        ("aina pous@example.cat", "email-invalid"),
        ("aina@example..cat", "email-invalid"),
        ("aina@.example.cat", "email-invalid"),
        ("aina@example.cat.", "email-invalid"),
        ("aina@-example.cat", "email-invalid"),
        ("aina@example-.cat", "email-invalid"),
        ("aina@exam_ple.cat", "email-invalid"),
        ("aina@192.168.0.1", "email-invalid"),
        ("aina@[192.168.0.1]", "email-invalid"),
        ('"aina pous"@example.cat', "email-invalid"),
        ("Aina Pous <aina@example.cat>", "email-invalid"),
        ("aina@exam\u200bple .cat", "email-invalid"),
        ("aina@example.cat, bernat@example.cat", "email-several"),
        ("aina@example.cat;bernat@example.cat", "email-several"),
        ("aina@example.cat bernat@example.cat", "email-several"),
        ("aïna@example.cat", "email-international"),
        ("\u0130@example.cat", "email-international"),
        ("aina@straße.example", "email-international"),
        ("aina@exa\u200dmple.cat", "email-international"),
        ("aina@caf\u00e9..cat", "email-international"),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason(build, said, reason):
    result = build(EMAIL, [(1, said)])
    assert result.invalid == {"1": (reason, "email", None)}
    assert result.contacts == {}


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        (f"{'a' * 64}@example.cat", True),
        (f"{'a' * 65}@example.cat", False),
        (f"a@{LABEL}.cat", True),
        (f"a@{LABEL}a.cat", False),
        (f"{'a' * 63}@{LONG_DOMAIN}", True),
        (f"{'a' * 64}@{LONG_DOMAIN}", False),
    ],
)
def test_an_address_one_octet_too_long_is_refused(build, said, fits):
    result = build(EMAIL, [(1, said)])
    assert result.emails == ({"1": said} if fits else {})
    assert result.reasons == ({} if fits else {"1": "email-too-long"})


def test_a_domain_with_international_letters_travels_in_its_xn_form(build):
    # The xn-- forms are those published: RFC 3492's bücher, and IANA's test domains of 2007.
    said = ["aina@Bücher.example", "aina@bu\u0308cher.example", "bernat@例え.テスト"]
    result = build(EMAIL, list(enumerate(said, 1)))
    assert result.emails == {"1": "aina@xn--bcher-kva.example", "3": "bernat@xn--r8jz45g.xn--zckzah"}
    assert result.invalid == {"2": ("email-duplicate", "email", "1")}


def test_an_international_domain_is_judged_by_the_length_it_travels_with(build):
    fits, too_long = (f"a@{'.'.join(['é' * 50] * labels)}.cat" for labels in (3, 5))
    assert accepted(build, fits).startswith("a@xn--")
    assert build(EMAIL, [(1, too_long)]).reasons == {"1": "email-too-long"}


def test_two_spellings_of_one_address_are_one_contact(build):
    result = build(EMAIL, [(2, "AINA@example.cat"), (1, " aina@example.cat"), (3, "<aina@EXAMPLE.cat>")])
    assert result.emails == {"1": "aina@example.cat"}
    assert result.invalid == {"2": ("email-duplicate", "email", "1"), "3": ("email-duplicate", "email", "1")}
