"""Data privacy and compliance: nothing runs without a recorded agreement to the present text."""

import hashlib

import pytest

from tests.world import CONFIGURATION, World
from traginer.control import consent, errors
from traginer.control.models import Connection, Consent
from traginer.i18n import LANGUAGES

WITHOUT = CONFIGURATION.replace('    consent: {agreed_by: ada@example.org, text: "1"}\n', "")


def test_a_run_without_consent_is_refused_and_nothing_is_asked(world: World) -> None:
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
    world.apply(CONFIGURATION)
    only = Consent.objects.get()
    assert (only.agreed_by, only.recorded_by, only.text_version) == ("ada@example.org", "Ada", "1")
    text = consent.text("1", "en") + consent.text("1", "ca")
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
    assert len(consent.text(consent.PRESENT_VERSION, language)) > 400
