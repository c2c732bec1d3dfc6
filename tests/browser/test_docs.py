"""The docs page is a questionnaire that a person can fill in, by hand, on a desk, on a phone and by keyboard."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest
from playwright.sync_api import Locator, Page, Response, ViewportSize, expect

from rules import Pack
from rules.content import Item

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE: ViewportSize = {"width": 390, "height": 844}
FORM = "#operations-Take_the_assessment-takeAssessment"
JSON_OPERATION = "#operations-Assessments-evaluate"
AS_SHOWN = """rows => Object.fromEntries(rows.map(row => {
    const field = row.querySelector("select, input");
    const options = [...(field.options ?? [])].map(option => option.textContent);
    const chosen = field.multiple ? [...field.selectedOptions].map(option => option.value) : field.value;
    return [row.dataset.propertyName, {options, chosen, named: field.getAttribute("aria-label")}];
}))"""


@pytest.fixture
def form(page: Page) -> Locator:
    """The open form of a visitor who came for the operation that takes the assessment."""
    page.goto("/docs#/Take%20the%20assessment/takeAssessment")
    form = page.locator(FORM)
    form.locator("tr[data-property-name]").first.wait_for()
    return form


def field(form: Locator, link_id: str) -> Locator:
    """Where this question is answered."""
    return form.locator(f'tr[data-property-name="{link_id}"]').locator("select, input[type=text]")


def fill(form: Locator, pack: Pack, answers: Mapping[str, Any]) -> None:
    """Answer these questions in the words that are shown."""
    for link_id, answer in answers.items():
        if not pack.options(link_id):
            field(form, link_id).fill(f"{answer:g}")
        else:
            codes = [answer] if isinstance(answer, str) else answer
            field(form, link_id).select_option(label=[pack.option_text(link_id, code) for code in codes])


def execute(operation: Locator) -> Response:
    """Press Execute; what came back."""
    with operation.page.expect_response(lambda response: response.request.method == "POST") as answer:
        operation.get_by_role("button", name="Execute").click()
    return answer.value


def example(pack: Pack, name: str) -> dict[str, Any]:
    """The body of a named example."""
    return {"answers": dict(next(one.answers for one in pack.examples if one.id == name))}


def words(pack: Pack, item: Item) -> list[str]:
    """What there is to choose from, as the page should show it."""
    options = [option.text for option in pack.options(item.link_id).values()]
    unsure = [pack.label.not_sure] if item.type == "choice" else []
    return ["--", *options, *unsure] if options else []


def no_wider_than_the_window(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    fits: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fits


def test_the_docs_open_with_the_form_ready_and_every_question_in_words_and_blank(form: Locator, pack: Pack) -> None:
    expect(form.get_by_role("button", name="Execute")).to_be_enabled()
    expect(form.get_by_label("Media Type").first).to_have_value("text/markdown")
    shown = form.locator("tr[data-property-name]").evaluate_all(AS_SHOWN)
    assert shown == {
        item.link_id: {"options": words(pack, item), "chosen": [] if item.type == "choices" else "", "named": item.text}
        for item in pack.items.values()
    }


def test_an_untouched_form_sends_no_answer_at_all_and_says_that_safety_is_open(form: Locator) -> None:
    answer = execute(form)
    sent = parse_qsl(answer.request.post_data or "", keep_blank_values=True)
    assert sent
    assert [name for name, value in sent if value] == []
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    expect(form.locator(".guidance")).to_contain_text("There is no plan yet, because some safety questions are still open.")


def test_the_whole_assessment_taken_by_hand_says_what_the_api_says(form: Locator, pack: Pack, address: str) -> None:
    body = example(pack, "sweeping-ache")
    fill(form, pack, body["answers"])
    assert execute(form).status == 200
    expect(form.locator(".guidance h1")).to_be_in_viewport()
    guidance = httpx2.post(f"{address}/v1/evaluate", json=body).json()
    findings = [finding["text"] for finding in guidance["findings"]]
    exercises = [f"{place}. {one['name']}" for place, one in enumerate(guidance["plan"]["prescriptions"], start=1)]
    assert len(findings) >= 1
    assert len(exercises) >= 4
    assert form.locator(".guidance h3").all_inner_texts() == [*findings, *exercises]


def test_what_would_not_be_asked_may_be_filled_in(form: Locator, pack: Pack, address: str) -> None:
    asked = {"safety.pregnancy": "no", "safety.pain-level": 0}
    fill(form, pack, asked | {"safety.pregnancy-warning": "no", "support.fear": "sometimes", "support.trouble": 2})
    form.get_by_label("Media Type").first.select_option("application/json")
    assert execute(form).json() == httpx2.post(f"{address}/v1/evaluate", json={"answers": asked}).json()


def test_the_blank_among_several_choices_is_no_answer(form: Locator) -> None:
    field(form, "about-you.kit").select_option(label="--")
    answer = execute(form)
    assert ("about-you.kit", "") in parse_qsl(answer.request.post_data or "", keep_blank_values=True)
    assert answer.status == 200


def test_the_result_comes_as_json_when_that_is_chosen(form: Locator, pack: Pack, address: str) -> None:
    body = {"answers": {"safety.below-waist": "none", "back.onset": "gradual"}}
    fill(form, pack, body["answers"])
    form.get_by_label("Media Type").first.select_option("application/json")
    assert execute(form).json() == httpx2.post(f"{address}/v1/evaluate", json=body).json()
    expect(form.locator(".live-responses-table")).to_contain_text('"safety-unanswered"')


def test_the_result_comes_as_a_web_page_when_that_is_chosen(form: Locator) -> None:
    form.get_by_label("Media Type").first.select_option("text/html")
    answer = execute(form)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    expect(form.locator(".live-responses-table")).to_contain_text("<h1>Your result</h1>")


@pytest.mark.parametrize("viewport", [PHONE])
def test_a_phone_shows_form_and_result_without_scrolling_sideways(form: Locator, pack: Pack) -> None:
    assert no_wider_than_the_window(form.page)
    fill(
        form,
        pack,
        {"safety.below-waist": "some", "safety.saddle-numbness": "yes", "about-you.kit": ["mat", "wall"], "safety.pain-level": 7},
    )
    assert execute(form).status == 200
    expect(form.locator(".guidance h1")).to_have_text("Get help now")
    expect(form.locator(".guidance h1")).to_be_in_viewport()
    assert no_wider_than_the_window(form.page)


def test_the_json_operation_offers_the_named_examples_and_runs_one(page: Page, pack: Pack) -> None:
    page.goto("/docs")
    operation = page.locator(JSON_OPERATION)
    operation.locator(".opblock-summary-control").click()
    choice = operation.locator(".examples-select select")
    assert choice.locator("option").all_inner_texts() == [one.title for one in pack.examples]
    assert len(pack.examples) == 7
    choice.select_option("emergency")
    assert execute(operation).json()["triage"]["urgency"] == "emergency"
    expect(operation.locator(".live-responses-table")).to_contain_text('"urgency": "emergency"')


def test_a_keyboard_is_enough_to_answer_the_first_question(form: Locator, pack: Pack) -> None:
    first = next(iter(pack.items.values()))
    name = "document.activeElement.getAttribute('aria-label')"
    for _ in range(30):
        form.page.keyboard.press("Tab")
        if form.page.evaluate(name) == first.text:
            break
    form.page.keyboard.press("ArrowDown")
    expect(field(form, first.link_id)).to_have_value(words(pack, first)[1])
