"""Guidance in words: the urgent first and alone, everything else with its reason, and HTML that is only text."""

import re

import pytest
from markdown_it import MarkdownIt

from rules import Guidance, Pack, evaluate
from rules.shapes import FindingShape
from rules.weighing.weigh import Band
from service.readable import markdown, render
from service.reader import Reader
from tests.service.asking import examples


@pytest.fixture(scope="module")
def guidance(pack: Pack) -> dict[str, Guidance]:
    """Of each named example."""
    return {name: evaluate(pack, answers) for name, answers in examples(pack).items()}


def test_an_emergency_is_told_first_and_nothing_competes_with_it(reader: Reader, guidance: dict[str, Guidance]) -> None:
    text = markdown(guidance["emergency"], reader)
    assert text.startswith("# Get help now")
    assert guidance["emergency"]["triage"]["advice"] in text
    assert "## Your plan" not in text
    assert "## What stands out" not in text


def test_findings_and_exercises_come_with_their_reasons(reader: Reader, guidance: dict[str, Guidance]) -> None:
    said = guidance["sweeping-ache"]
    text = markdown(said, reader)
    assert all(argument["text"] in text for finding in said["findings"] for argument in finding["supporting"])
    assert all(one["name"] in text and one["why"] in text and one["stop_if"] in text for one in said["plan"]["prescriptions"])


def test_every_urgency_has_a_heading_of_its_own(reader: Reader, guidance: dict[str, Guidance]) -> None:
    headings = {said["triage"]["urgency"]: markdown(said, reader).splitlines()[0] for said in guidance.values()}
    assert len(set(headings.values())) == len(headings) == 4


def test_the_templates_leave_nothing_unfilled(reader: Reader, guidance: dict[str, Guidance]) -> None:
    for said in guidance.values():
        for text in (render(said, reader, "text/markdown"), render(said, reader, "text/html")):
            assert not any(leftover in text for leftover in ("{{", "{%", "{#", "None", "Undefined"))


def test_the_html_is_the_markdown_and_no_more_than_text(reader: Reader, guidance: dict[str, Guidance]) -> None:
    said = guidance["sweeping-ache"]
    page = render(said, reader, "text/html")
    body = MarkdownIt("commonmark", {"html": False}).render(markdown(said, reader))
    assert body in page
    assert set(re.findall(r"<([a-z0-9]+)", body)) <= {"h1", "h2", "h3", "p", "ul", "ol", "li", "em", "strong", "blockquote"}


def test_markup_in_the_content_stays_text(reader: Reader, guidance: dict[str, Guidance]) -> None:
    said = guidance["emergency"]
    planted = Guidance({**said, "triage": {**said["triage"], "advice": "<script>alert(1)</script>"}})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in render(planted, reader, "text/html")


def test_support_is_told_before_the_findings_with_its_reasons_and_a_word_for_low_mood(
    pack: Pack, reader: Reader, safe: dict[str, object]
) -> None:
    low: dict[str, object] = {"support.fear": "often", "support.worry": "often", "support.joy": "much-less"}
    three = markdown(evaluate(pack, safe | low), reader)
    four = markdown(evaluate(pack, safe | low | {"support.sleep": 7}), reader)
    for text in (three, four):
        assert text.index("## More than exercises") < text.index("crisis line") < text.index("## What stands out")
    assert pack.support.text in four
    assert pack.support.text not in three
    told = [sign.because for sign in pack.support.signs if f"- {sign.because}" in four]
    assert len(told) == 4
    assert "## More than exercises" not in markdown(evaluate(pack, safe), reader)


def test_a_finding_says_whether_more_answers_could_change_it(reader: Reader, guidance: dict[str, Guidance]) -> None:
    said = guidance["sweeping-ache"]
    finding = next(one for one in said["findings"] if one["id"] == "abdominals.weak.midline")
    assert (finding["lowest"], finding["highest"]) == ("none", "strong")
    assert "with more answers this may no longer stand out, or turn into strong signs." in markdown(said, reader)
    cases: list[tuple[Band, Band, str]] = [
        ("possible", "possible", "nothing that is still open could change this"),
        ("none", "possible", "may no longer stand out."),
        ("possible", "strong", "could still turn into strong signs."),
    ]
    for lowest, highest, words in cases:
        bounded: FindingShape = {**finding, "lowest": lowest, "highest": highest, "settled": lowest == highest}
        assert words in markdown(Guidance({**said, "findings": [bounded]}), reader)
