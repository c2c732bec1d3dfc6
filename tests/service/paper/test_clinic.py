"""The sheet of an assessment that is a clinic's: its name, logo, contact and words stand there, beside our advice and never in its place."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from rules import evaluate, load_pack
from rules.content import Urgency
from service.clinics.clinics import Clinic, Logo
from service.clinics.settings import ClinicSettings
from service.paper.pdf import MOST_PAGES
from service.paper.sheet import Paper
from service.reader import Reader, interface_words
from tests.service.asking import examples
from tests.service.paper.test_pdf import HOSTILE, of, read, squeezed, text
from tests.service.pictures import JPEG, png

SAID: dict[Urgency, dict[str, str]] = {"clear": {"en": "See you on Monday.\nRoom 2."}, "emergency": {"en": "Our night line: 555."}}


def clinic(logo: Logo | None = None, **settings: Any) -> Clinic:
    """A clinic with words of its own."""
    own = ClinicSettings(**{"contact": ("Mill Lane 1", "Phone 01234"), "wording": SAID, **settings})
    return Clinic("c" * 16, "Practice at the Mill", own, logo, datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture(params=["png", "jpeg", "wide", "none", "broken"])
def logo(request: pytest.FixtureRequest) -> Logo | None:
    """Pictures of every kind."""
    pictures = {
        "png": Logo(png(40, 20), "image/png"),
        "jpeg": Logo(JPEG, "image/jpeg"),
        "wide": Logo(png(1000, 10), "image/png"),
        "none": None,
        "broken": Logo(png(40, 20)[:60], "image/png"),
    }
    return pictures[request.param]


@pytest.mark.parametrize("person", ["sweeping-ache", "emergency"])
def test_the_clinics_name_contact_and_words_stand_there_and_screen_readers_hear_its_logo(
    paper: Paper, logo: Logo | None, person: str
) -> None:
    sheet = read(replace(of(paper, person), clinic=clinic(logo)))
    said = squeezed(text(sheet))
    own = "Our night line: 555." if person == "emergency" else "See you on Monday. Room 2."
    for wanted in ("Practice at the Mill", "Mill Lane 1", "Phone 01234", own):
        assert squeezed(wanted) in said
    advice = of(paper, person).guidance["triage"]["advice"]
    assert said.index(squeezed(advice)) < said.index(squeezed(own))
    catalogue: Any = sheet.root_object
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["/Metadata"].get_data()
    assert len(sheet.pages) <= MOST_PAGES
    assert len(sheet.pages[0].images) >= (1 if logo and len(logo.body) > 60 else 0)


def test_its_words_are_only_ever_text(paper: Paper) -> None:
    sheet = read(replace(paper, clinic=clinic(contact=(HOSTILE,), wording={"clear": {"en": HOSTILE}})))
    assert squeezed(text(sheet)).count(squeezed(HOSTILE)) == 2


def test_words_in_another_language_are_better_than_none(paper: Paper) -> None:
    settings = clinic(wording={"clear": {"es": "Hasta el lunes.", "de": "Bis Montag."}}, language="de").settings
    assert settings.said("clear", "es") == ("es", "Hasta el lunes.")
    assert settings.said("clear", "en") == ("de", "Bis Montag.")
    assert settings.said("emergency", "en") is None
    assert ClinicSettings(wording={"clear": {"es": "Hasta el lunes."}}).said("clear", "en") == ("es", "Hasta el lunes.")
    assert "Bis Montag." in text(read(replace(paper, clinic=Clinic("c" * 16, "Ours", settings, None, datetime.now(UTC)))))


@pytest.mark.parametrize("language", ["es", "de"])
def test_every_example_still_fits_on_four_pages(paper: Paper, language: str) -> None:
    pack = load_pack(language=language)
    whole = clinic(Logo(png(400, 200), "image/png"), contact=("x" * 200,) * 5, wording={one: {"en": "y " * 300} for one in URGENCIES})
    for name, answers in examples(pack).items():
        made = replace(paper, guidance=evaluate(pack, answers), reader=Reader(pack, interface_words(language)), clinic=whole)
        assert len(read(made).pages) <= MOST_PAGES, name


URGENCIES: tuple[Urgency, ...] = ("emergency", "same-day", "clinician-first", "restricted", "clear")
