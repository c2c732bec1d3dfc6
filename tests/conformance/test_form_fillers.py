"""Our questionnaire in three form fillers of other make: what a person clicks there gives the guidance it gives here."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from rules import Pack
from service.fhir.codes import Names
from service.fhir.responding import write_response
from service.fhir.response import Told
from tests.browser.conftest import ARGUMENTS, DESK, chromium
from tests.conformance.form_fillers import FILLERS, Form, opened, site
from tests.conformance.same_guidance import of_bundle, of_guidance
from tests.service.asking import examples
from tests.service.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FHIR_JSON = "application/fhir+json"
Resource = dict[str, Any]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """The service in a process of its own."""
    folder = tmp_path_factory.mktemp("service")
    with serving(f"sqlite:///{folder / 'assessments.db'}", folder / "log") as server, httpx2.Client(base_url=server.address) as client:
        yield client


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with site() as origin:
        yield origin


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def questionnaire(service: httpx2.Client, pack: Pack) -> Resource:
    """As anybody fetches it."""
    resource: Resource = service.get(f"/fhir/Questionnaire/{pack.label.id}", headers={"Accept": FHIR_JSON}).json()
    return resource


@pytest.fixture(params=FILLERS)
def form(request: pytest.FixtureRequest, browser: Browser, origin: str, questionnaire: Resource, pack: Pack) -> Iterator[Form]:
    """Our questionnaire in each of them."""
    page = browser.new_page(viewport=DESK, base_url=f"{origin}/")
    with opened(FILLERS[request.param], page, questionnaire, pack) as form:
        yield form
    page.close()


def extract(service: httpx2.Client, response: bytes) -> httpx2.Response:
    return service.post("/fhir/QuestionnaireResponse/$extract", content=response, headers={"Content-Type": FHIR_JSON})


def written(pack: Pack, questionnaire: Resource, answers: dict[str, Any]) -> Resource:
    """These answers as we write them ourselves."""
    names = Names(questionnaire["url"].partition("/Questionnaire/")[0], pack)
    return write_response(names, Told(answers, "completed", None, None), "2026-05-05T10:00:00Z")


@pytest.mark.parametrize("example", ["sweeping-ache", "emergency"])
def test_what_is_clicked_there_gives_the_guidance_it_gives_here(
    form: Form, service: httpx2.Client, pack: Pack, questionnaire: Resource, example: str
) -> None:
    answers = examples(pack)[example]
    form.fill_in(answers)
    extracted = extract(service, form.hand_in())
    assert extracted.status_code == 200, extracted.text
    guidance = service.post("/v1/evaluate", json={"answers": answers}).json()
    assert extracted.json()["entry"][0]["resource"]["item"] == written(pack, questionnaire, answers)["item"]
    assert of_bundle(pack, extracted.json()) == of_guidance(guidance)
    assert of_guidance(guidance).exercises or of_guidance(guidance).red_flags


@pytest.mark.parametrize("example", ["sweeping-ache", "emergency"])
def test_the_comparison_misses_whatever_is_taken_out(service: httpx2.Client, pack: Pack, questionnaire: Resource, example: str) -> None:
    answers = examples(pack)[example]
    bundle = extract(service, json.dumps(written(pack, questionnaire, answers)).encode()).json()
    whole = of_guidance(service.post("/v1/evaluate", json={"answers": answers}).json())
    assert of_bundle(pack, bundle) == whole
    for place, entry in enumerate(bundle["entry"]):
        rest = {"entry": bundle["entry"][:place] + bundle["entry"][place + 1 :]}
        unseen = entry["resource"]["resourceType"] in ("QuestionnaireResponse", "DocumentReference", "Provenance")
        assert (of_bundle(pack, rest) == whole) == unseen


def test_every_question_is_shown_with_its_words_and_options(form: Form, pack: Pack) -> None:
    for group in form.pages():
        for item in (pack.items[link_id] for link_id in group if not pack.items[link_id].enable_when):
            shown = form.question(item.link_id).inner_text()
            missing = [words for words in _words(pack, item.link_id) if words not in shown]
            assert missing == [], item.link_id


def _words(pack: Pack, link_id: str) -> list[str]:
    options = [option.text for option in pack.options(link_id).values()]
    return [pack.items[link_id].text, *options, *([pack.label.not_sure] if options else [])]


def test_a_question_with_a_condition_comes_and_goes_with_it_and_so_does_its_answer(form: Form, service: httpx2.Client) -> None:
    form.turn_to("safety.pregnancy")
    asked = form.question("safety.pregnancy-warning")
    expect(asked).to_be_hidden()
    form.answer("safety.pregnancy", "first-20-weeks")
    form.answer("safety.pregnancy-warning", "no")
    form.answer("safety.pregnancy", "no")
    expect(asked).to_be_hidden()
    said = extract(service, form.hand_in()).json()["entry"][0]["resource"]
    assert [item["linkId"] for page in said["item"] for item in page["item"]] == ["safety.pregnancy"]


def test_help_is_at_hand_where_a_form_filler_has_a_place_for_it(form: Form, pack: Pack) -> None:
    item = pack.items["safety.bowel-change"]
    question = form.turn_to(item.link_id)
    if form.filler.helps == "by-button":
        question.get_by_role("button", name="Help").click()
    shown = form.page.get_by_text(item.help).filter(visible=True)
    expect(shown).to_have_count(0 if form.filler.helps == "never" else 1)


def test_an_option_that_excludes_the_others_clears_them_or_is_refused(form: Form, service: httpx2.Client) -> None:
    form.turn_to("about-you.kit")
    form.answer("about-you.kit", ["mat", "wall", "none"])
    extracted = extract(service, form.hand_in())
    if form.filler.knows_exclusive:
        (page,) = extracted.json()["entry"][0]["resource"]["item"]
        assert [one["valueCoding"]["code"] for one in page["item"][0]["answer"]] == ["about-you.kit.none"]
    else:
        assert extracted.status_code == 422
        assert extracted.json()["issue"][0]["details"]["text"].endswith("an option that excludes the others stands beside them")
