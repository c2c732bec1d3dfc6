"""The sheet of paper: short, whole, the same for the same answers, open to screen readers, and only ever text."""

import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from rules import Guidance, evaluate, languages, load_pack
from rules.content import SEEDS
from rules.content.loading import load_population
from rules.simulation.population import Crowd
from service.paper.pdf import MOST_PAGES, pdf
from service.paper.sheet import Paper
from service.reader import Reader, interface_words
from tests.service.asking import examples

HOSTILE = '#panic() #read("plan.typ") ] [ $x$ \\ `raw` *b* _i_ @ref <label> // end /* " \' = h - l #link("x")'


def read(paper: Paper) -> PdfReader:
    """The sheet as a program reads it."""
    return PdfReader(BytesIO(pdf(paper)))


def text(sheet: PdfReader) -> str:
    """All it says, with blanks where lines end."""
    said = "\n".join(page.extract_text() for page in sheet.pages)
    return re.sub(r"\s+", " ", said.replace("\ufb01", "fi").replace("\ufb02", "fl"))


def squeezed(said: str) -> str:
    """Without blanks and the signs that break lines."""
    return re.sub(r"[\s\u200b\u00ad]", "", said)


def of(paper: Paper, name: str) -> Paper:
    """The same sheet for one of the named examples."""
    pack = paper.reader.pack
    return replace(paper, guidance=evaluate(pack, examples(pack)[name]))


def test_the_sheet_tells_findings_plan_dates_limits_and_the_private_page(paper: Paper) -> None:
    sheet = read(paper)
    said = squeezed(text(sheet))
    guidance = paper.guidance
    wanted = [one["text"] for one in guidance["findings"]]
    wanted += [part for one in guidance["plan"]["prescriptions"] for part in (one["name"], *one["steps"], one["stop_if"], one["caution"])]
    wanted += [*guidance["limits"], guidance["triage"]["advice"], "November 23, 2026", "After 2 weeks: December 7, 2026", paper.link or ""]
    assert [one for one in wanted if squeezed(one) not in said] == []
    assert 2 <= len(sheet.pages) <= MOST_PAGES


def test_the_same_answers_give_the_same_bytes(paper: Paper) -> None:
    assert pdf(paper) == pdf(replace(paper))
    assert pdf(paper) != pdf(of(paper, "healthy"))


def test_screen_readers_find_tags_a_title_a_language_and_words_for_pictures(paper: Paper) -> None:
    sheet = read(paper)
    catalogue: Any = sheet.root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]).startswith("en")
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert sheet.metadata is not None
    assert sheet.metadata.title == "Lumbar balance, November 23, 2026"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalogue["/Metadata"].get_data()
    told = _alternatives(catalogue["/StructTreeRoot"])
    drawn = [one["name"] for one in paper.guidance["plan"]["prescriptions"] if one["exercise"] in paper.pictures]
    assert {*drawn, "QR code with the address of your private page"} <= told
    assert any(one.startswith("Body map. ") for one in told)


def test_an_emergency_is_one_page_with_nothing_but_what_to_do(paper: Paper) -> None:
    urgent = of(paper, "emergency")
    sheet = read(urgent)
    said = text(sheet)
    assert len(sheet.pages) == 1
    assert said.index("Get help now") < said.index(urgent.guidance["triage"]["advice"][:40])
    assert not any(word in said for word in ("Your plan", "What stands out", "private page", "Look again"))


def test_a_plan_held_back_says_why_and_shows_no_exercise(paper: Paper) -> None:
    said = text(read(of(paper, "walking-ache-eased-by-sitting")))
    assert "Please see a clinician first" in said
    assert "Four weeks to tick off" not in said
    said = text(read(replace(paper, guidance=evaluate(paper.reader.pack, {}))))
    assert "some safety questions are still open" in said
    assert "and 34 more on the same pages" in said


def test_with_nothing_found_there_is_a_plan_and_no_empty_picture(paper: Paper) -> None:
    said = text(read(of(paper, "healthy")))
    assert "No clear imbalance found" in said
    assert "Four weeks to tick off" in said
    assert "Tires sooner than usual" not in said


def test_without_a_private_page_there_is_no_code(paper: Paper) -> None:
    assert "private page" not in text(read(replace(paper, link=None)))


@pytest.mark.parametrize("language", languages())
def test_every_language_can_be_printed(paper: Paper, language: str) -> None:
    reader = Reader(load_pack(SEEDS, language), interface_words(language), "imperial")
    for name in ("sweeping-ache", "emergency"):
        told = of(replace(paper, reader=reader), name)
        sheet = read(told)
        assert len(sheet.pages) <= MOST_PAGES
        assert squeezed(told.guidance["triage"]["advice"]) in squeezed(text(sheet))
        assert str(sheet.root_object["/Lang"]) == language


def test_who_reads_inches_finds_inches(paper: Paper) -> None:
    imperial = of(replace(paper, reader=replace(paper.reader, units="imperial")), "tight-hamstrings")
    assert "7.1 in" in text(read(imperial))


def test_the_longest_guidance_of_many_people_keeps_to_four_pages(paper: Paper) -> None:
    pack = paper.reader.pack
    crowd = Crowd(pack, load_population(SEEDS, pack), 7)
    told = [evaluate(pack, person.answers) for person in crowd.people(60)]
    longest = sorted(told, key=lambda one: len(one["findings"]) + len(one["plan"]["prescriptions"]))[-3:]
    assert all(len(one["findings"]) >= 5 for one in longest)
    assert all(len(read(replace(paper, guidance=one)).pages) <= MOST_PAGES for one in longest)


def test_what_looks_like_markup_stands_on_the_sheet_as_it_is(paper: Paper) -> None:
    hostile: Guidance = _each_text(paper.guidance, HOSTILE, keep=_codes(paper.guidance))
    said = squeezed(text(read(replace(paper, guidance=hostile, pictures={}))))
    assert said.count(squeezed(HOSTILE)) > 40
    assert "panicked" not in said


def test_no_control_character_reaches_the_sheet(paper: Paper) -> None:
    planted = "a\x00b\x1bc\u202ed\ufeffe"
    hostile: Guidance = {**paper.guidance, "triage": {**paper.guidance["triage"], "advice": planted}}
    assert "a\ufffdb\ufffdc\ufffdd\ufffde" in text(read(replace(paper, guidance=hostile)))


def test_letters_that_no_font_here_can_draw_do_not_keep_the_rest_from_paper(paper: Paper) -> None:
    strange: Guidance = {**paper.guidance, "triage": {**paper.guidance["triage"], "advice": "漢字"}}
    assert "Four weeks to tick off" in text(read(replace(paper, guidance=strange)))


def _alternatives(element: Any) -> set[str]:
    """Every text that stands for a picture."""
    children = element.get("/K", [])
    found = {str(element["/Alt"])} if "/Alt" in element else set[str]()
    for child in children if isinstance(children, list) else [children]:
        resolved = child.get_object() if hasattr(child, "get_object") else child
        if hasattr(resolved, "get"):
            found |= _alternatives(resolved)
    return found


def _codes(guidance: Guidance) -> set[str]:
    """What is no text but a word of the contract."""
    codes: set[str] = {guidance["triage"]["urgency"], guidance["plan"]["status"]}
    codes |= {word for one in guidance["findings"] for word in (one["muscle"], one["state"], one["side"], one["band"])}
    codes |= {word for one in guidance["plan"]["prescriptions"] for word in (one["kind"], one["side"], one["extra_set_side"] or "")}
    codes |= {word for one in guidance["measured"] for word in (one["link_id"], one["side"] or "")}
    return codes | {one["reason"] for one in guidance["plan"]["left_out"]}


def _each_text(value: Any, text: str, *, keep: set[str]) -> Any:
    match value:
        case str():
            return value if value in keep else text
        case list():
            return [_each_text(one, text, keep=keep) for one in value]
        case dict():
            return {name: _each_text(one, text, keep=keep) for name, one in value.items()}
        case _:
            return value
