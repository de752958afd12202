"""Data privacy and compliance: nothing runs without a recorded agreement to the present text."""

import hashlib
from datetime import timedelta

import pytest

from tests.control.cast import actor
from tests.world import ADA, CONFIGURATION, World, now
from traginer.control import configuration, configuration_errors, consent, consent_versions, errors
from traginer.control.models import AuditEntry, Connection, Consent, ConsentText, Withdrawal
from traginer.i18n import LANGUAGES

WITHOUT = CONFIGURATION.replace('    consent: {agreed_by: ada@example.org, text: "1"}\n', "")


def stored() -> Connection:
    return Connection.objects.get()


def own_text(world: World, version: str, **texts: str) -> None:
    """The operator writes a text of their own."""
    folder = world.home / "consent"
    folder.mkdir(exist_ok=True)
    for language, text in texts.items():
        (folder / f"{version}.{language}.md").write_text(text, encoding="utf-8")


def test_a_run_without_consent_is_refused_and_nothing_is_asked(world: World) -> None:
    """S19: a run without a valid consent is refused."""
    Consent.objects.all().delete()
    world.apply(WITHOUT)
    with pytest.raises(errors.ConsentMissing) as refusal:
        world.run()
    assert "Newsletter account" in refusal.value.sentence
    assert world.requests() == 0


def test_an_outdated_consent_is_refused_and_names_who_gave_it(world: World) -> None:
    Consent.objects.update(text_sha256=hashlib.sha256(b"an older text").hexdigest())
    with pytest.raises(errors.ConsentOutdated) as refusal:
        world.run()
    assert "ada@example.org" in refusal.value.sentence
    world.apply(CONFIGURATION)
    assert world.run().status == "successful"


def test_a_consent_is_recorded_once_with_who_when_and_the_hash_of_the_text(world: World) -> None:
    """S19: stored as evidence: who, when, which version of the text and its hash."""
    world.apply(CONFIGURATION)
    only = Consent.objects.get()
    assert (only.agreed_by, only.recorded_by, only.text_version) == ("ada@example.org", "Ada", "1")
    text = "".join(consent_versions.version("1").texts[language] for language in LANGUAGES)
    assert only.text_sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert only.at.tzinfo is not None


def test_the_agreement_of_another_person_is_kept_beside_the_first(world: World) -> None:
    world.apply(CONFIGURATION.replace("ada@example.org", "bernat@example.org"))
    assert [row.agreed_by for row in Consent.objects.order_by("at")] == ["ada@example.org", "bernat@example.org"]
    assert consent.require(Connection.objects.get()).agreed_by == "bernat@example.org"


def test_a_file_without_consent_keeps_the_recorded_one(world: World) -> None:
    world.apply(WITHOUT)
    assert world.run().status == "successful"


@pytest.mark.parametrize("version", ["2", "0", "one", "../1", ""])
def test_a_version_of_the_text_that_does_not_exist_is_refused(world: World, version: str) -> None:
    with pytest.raises(errors.ConsentTextUnknown):
        world.apply(CONFIGURATION.replace('text: "1"', f'text: "{version}"'))
    assert Consent.objects.count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_present_text_is_there_in_every_language(language: str) -> None:
    assert len(consent_versions.newest().texts[language]) > 400


def test_the_text_says_what_the_page_says_in_both_languages() -> None:
    """S38, S39, S40, S41: data leaves, at your instruction, you answer for the destination; a link; removal at any time."""
    english, catalan = (consent_versions.version("1").texts[language] for language in LANGUAGES)
    for part in ("outside of the compliance boundary", "at your instruction", "you are responsible", "at any time"):
        assert part in english
    for part in (
        "fora del límit de conformitat",
        "segons la vostra instrucció",
        "sou responsable",
        "en qualsevol moment",
    ):
        assert part in catalan
    assert all("https://www.brevo.com/legal/privacypolicy/" in text for text in (english, catalan))


def test_a_person_agrees_for_themselves_from_an_address(world: World) -> None:
    """S19: evidence: who agreed, who recorded it, when, from which address, and the text word for word."""
    ada = actor("ada", "web")
    agreed = consent.agree(ada, stored(), "1", now())
    assert (agreed.agreed_by, agreed.recorded_by, agreed.address) == (
        "ada@example.org",
        "ada@example.org",
        "203.0.113.7",
    )
    kept = ConsentText.objects.get(sha256=agreed.text_sha256)
    assert kept.english + kept.catalan == "".join(
        consent_versions.version("1").texts[language] for language in LANGUAGES
    )
    assert AuditEntry.objects.filter(action="consent:write", result="done").count() == 2


@pytest.mark.parametrize("who", ["bernat", "carla"])
def test_only_an_administrator_agrees_or_withdraws(world: World, who: str) -> None:
    Connection.objects.update(usable_by="contributors")
    with pytest.raises(errors.NotAllowed):
        consent.agree(actor(who), stored(), "1", now())
    with pytest.raises(errors.NotAllowed):
        consent.withdraw(actor(who), stored(), now())
    assert consent.is_valid(stored())


def test_a_new_text_of_the_operator_asks_everybody_again(world: World) -> None:
    """S19, S40: the text is versioned and editable by the operator; asked again when it changes."""
    assert consent.is_valid(stored())
    own_text(world, "02", en="We send what you choose.", ca="Enviem el que trieu.")
    assert consent_versions.newest().name == "2"
    assert consent_versions.version("2").texts["ca"] == "Enviem el que trieu."
    assert not consent.is_valid(stored())
    with pytest.raises(errors.ConsentOutdated, match="version 2"):
        world.run()
    with pytest.raises(errors.ConsentOutdated):
        consent.agree(ADA, stored(), "1", now())
    consent.agree(ADA, stored(), "2", now())
    assert world.run().status == "successful"


def test_a_text_of_the_operator_takes_the_place_of_ours_with_the_same_number(world: World) -> None:
    own_text(world, "1", en="Ours, in English.", ca="El nostre, en català.")
    assert (consent_versions.newest().name, consent_versions.newest().texts["en"]) == ("1", "Ours, in English.")
    assert not consent.is_valid(stored())


def test_a_text_that_lacks_a_language_stops_everything_and_says_which_file(world: World) -> None:
    own_text(world, "2", en="Only in English.")
    assert not consent.is_valid(stored())
    with pytest.raises(configuration_errors.ConsentTextIncomplete, match=r"lacks the file .*consent/2\.ca\.md"):
        world.run()


def test_what_somebody_agreed_to_can_be_read_when_the_file_is_gone(world: World) -> None:
    own_text(world, "2", en="Short.", ca="Curt.")
    agreed = consent.agree(ADA, stored(), "2", now())
    (world.home / "consent" / "2.en.md").unlink()
    kept = ConsentText.objects.get(sha256=agreed.text_sha256)
    assert (kept.version, kept.english, kept.catalan) == ("2", "Short.", "Curt.")


def test_a_withdrawn_consent_stops_runs_and_stays_as_evidence(world: World) -> None:
    """S19: no run without a valid consent: it can be withdrawn, and runs say who did."""
    consent.withdraw(ADA, stored(), now(), "the contract ends")
    assert not consent.is_valid(stored())
    before = world.requests()
    with pytest.raises(configuration_errors.ConsentWithdrawn, match="Ada withdrew the agreement"):
        world.run()
    assert world.requests() == before
    assert Consent.objects.get().agreed_by == "ada@example.org"
    assert (Withdrawal.objects.get().by, Withdrawal.objects.get().reason) == ("Ada", "the contract ends")
    consent.withdraw(ADA, stored(), now(), "again")
    assert Withdrawal.objects.get().reason == "the contract ends"
    consent.agree(ADA, stored(), "1", now())
    assert world.run().status == "successful"


def test_a_file_that_is_applied_again_does_not_undo_a_withdrawal(world: World) -> None:
    consent.withdraw(ADA, stored(), now())
    with pytest.raises(configuration_errors.ConsentWithdrawn):
        world.apply(CONFIGURATION)
    assert not consent.is_valid(stored())
    earlier = (now() - timedelta(days=1)).isoformat()
    with pytest.raises(configuration_errors.ConsentWithdrawn):
        world.apply(CONFIGURATION.replace('text: "1"', f'text: "1", agreed_on: {earlier}'))
    later = (now() + timedelta(minutes=1)).isoformat()
    world.apply(CONFIGURATION.replace('text: "1"', f'text: "1", agreed_on: {later}'))
    assert consent.is_valid(stored())


def test_a_withdrawn_consent_is_in_no_dump(world: World) -> None:
    assert "ada@example.org" in configuration.dump(ADA)
    consent.withdraw(ADA, stored(), now())
    assert "consent:" not in configuration.dump(ADA)
    world.apply(configuration.dump(ADA))
    assert not consent.is_valid(stored())


def test_a_consent_in_a_file_must_name_who_agreed(world: World) -> None:
    with pytest.raises(errors.FileInvalid, match='"agreed_by" is missing'):
        world.apply(CONFIGURATION.replace("agreed_by: ada@example.org, ", ""))
