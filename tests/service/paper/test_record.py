"""The PDF for a clinic's record: whole, on few pages, open to screen readers, the same for the same record, and only ever text."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from rules import Pack, evaluate, languages, load_pack
from rules.content import SEEDS
from service.assessments import Intake, Kept
from service.clinics.clinics import Clinic, Logo
from service.clinics.opinions import GivenOpinion, Opinion
from service.clinics.settings import ClinicSettings
from service.figures.body_map_data import Body
from service.intakes import Record
from service.paper.pdf import MOST_PAGES
from service.paper.record import RecordPaper, record_pdf
from service.reader import Reader, interface_words
from service.retelling import retold
from tests.service.asking import Answers, examples
from tests.service.paper.test_pdf import HOSTILE, squeezed, text
from tests.service.pictures import png

DAY = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
SETTINGS = ClinicSettings.model_validate(
    {"contact": ["Mill Lane 4", "Phone 0123"], "wording": {"emergency": {"en": "Call our desk: 0123."}}}
)


def of(reader: Reader, body: Body, answers: Answers, **about: Any) -> RecordPaper:
    """Somebody's record on paper."""
    guidance = json.dumps(evaluate(reader.pack, answers))
    intake = Intake("0" * 16, None, about.get("reference", "A-17"), about.get("subject"))
    kept = Kept("a" * 22, "", DAY, DAY + timedelta(days=30), json.dumps(answers), guidance, reader.language, intake, changed_at=DAY)
    clinic = Clinic("0" * 16, about.get("name", "Practice by the river"), about.get("settings", SETTINGS), about.get("logo"), DAY)
    return RecordPaper(Record(clinic, kept, (), about.get("opinions", {})), retold(reader, kept, (), clinic), reader, body)


def read(paper: RecordPaper) -> PdfReader:
    """The record as a program reads it."""
    return PdfReader(BytesIO(record_pdf(paper)))


@pytest.fixture(scope="module")
def paper(reader: Reader, body: Body, answers: Answers) -> RecordPaper:
    """Somebody with findings, a plan and opinions on two findings."""
    opinions = {
        "gluteus-maximus.weak.left": GivenOpinion("gluteus-maximus.weak.left", Opinion("disagree", "other-side"), DAY),
        "lumbar-extensors.weak.midline": GivenOpinion("lumbar-extensors.weak.midline", Opinion("agree"), DAY),
    }
    return of(reader, body, answers, opinions=opinions, logo=Logo(png(120, 40), "image/png"))


def test_the_record_holds_findings_with_reasons_measures_plan_answers_opinions_and_versions(paper: RecordPaper, pack: Pack) -> None:
    sheet, guidance = read(paper), paper.weeks.guidance
    said = squeezed(text(sheet))
    arguments = [one for found in guidance["findings"] for one in (*found["supporting"], *found["conflicting"])]
    wanted = [part for one in arguments for part in (one["text"], f"Weight: {one['weight']}", one["rule"])]
    wanted += [part for one in guidance["plan"]["prescriptions"] for part in (one["name"], one["caution"])]
    wanted += [
        guidance["triage"]["advice"],
        "Mill Lane 4",
        "Self-assessment A-17",
        "November 23, 2026, 09:05 UTC, English",
        guidance["versions"]["digest"],
    ]
    wanted += ["Agreed (November 23", "Disagreed: It is the other side", "38 s (less than usual)", *guidance["limits"]]
    wanted += [pack.option_text(item, one) for item, one in json.loads(paper.record.kept.answers).items() if isinstance(one, str)]
    assert [one for one in wanted if squeezed(one) not in said] == []


def test_the_same_record_gives_the_same_bytes_and_an_opinion_changes_them(paper: RecordPaper) -> None:
    assert record_pdf(paper) == record_pdf(replace(paper))
    assert record_pdf(paper) != record_pdf(replace(paper, record=replace(paper.record, opinions={})))


@pytest.mark.parametrize("language", languages(SEEDS))
def test_every_practice_case_is_an_accessible_pdf_of_at_most_four_pages(body: Body, language: str) -> None:
    reader = Reader(load_pack(SEEDS, language), interface_words(language))
    for name, answers in examples(reader.pack).items():
        sheet = read(of(reader, body, answers, reference=name))
        catalogue: Any = sheet.root_object
        assert 1 <= len(sheet.pages) <= MOST_PAGES, name
        assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["/Metadata"].get_data(), name
        assert catalogue["/MarkInfo"]["/Marked"]
        assert str(catalogue["/Lang"]).startswith(language)
        assert sheet.metadata is not None
        assert name in (sheet.metadata.title or "")


def test_an_emergency_says_so_first_with_the_clinics_own_words_and_no_finding_or_plan(reader: Reader, body: Body) -> None:
    sheet = read(of(reader, body, examples(reader.pack)["emergency"]))
    said = text(sheet)
    assert (
        said.index("Emergency")
        < said.index("What the person was told to do")
        < said.index("Call our desk: 0123.")
        < said.index("Every answer")
    )
    assert "Findings" not in said
    assert "About" not in said.partition("Every answer")[0]


def test_a_logo_is_drawn_and_a_broken_one_is_left_out(paper: RecordPaper, reader: Reader, body: Body, answers: Answers) -> None:
    assert len(read(paper).pages[0].images) == 1
    broken = of(reader, body, answers, logo=Logo(b"\x89PNG\r\n\x1a\n" + bytes(8), "image/png"))
    assert len(read(broken).pages[0].images) == 0
    assert "Practice by the river" in text(read(broken))


def test_what_looks_like_markup_stays_text_and_what_cannot_be_seen_is_shown(reader: Reader, body: Body, answers: Answers) -> None:
    settings = ClinicSettings(contact=(HOSTILE,))
    hostile = of(reader, body, answers, reference=HOSTILE[:64], name=f"{HOSTILE}\u202e\u0000", subject="\ufffe", settings=settings)
    said = squeezed(text(read(hostile)))
    assert squeezed(HOSTILE) in said
    assert "\u202e" not in said
    assert "\ufffd" in said
