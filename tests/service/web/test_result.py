"""The page of a result: safety first and alone, then everything with its reason; shown without being stored."""

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from rules import Pack, evaluate
from service.settings import Settings
from tests.service.asking import Answers, examples, rows
from tests.service.loud import LOUD, in_two_languages
from tests.service.web.sending import form, result, words


def test_findings_reasons_and_plan_are_all_there(stateless: TestClient, pack: Pack, answers: Answers) -> None:
    page, said = result(stateless, answers), evaluate(pack, answers)
    assert page.status_code == 200
    told = words(page)
    for finding in said["findings"]:
        assert f'id="finding-{finding["id"]}"' in page.text
        assert finding["text"] in told
        assert all(argument["text"] in told for argument in (*finding["supporting"], *finding["conflicting"]))
    for one in said["plan"]["prescriptions"]:
        assert all(text in told for text in (one["name"], one["why"], one["stop_if"], *one["steps"]))
    assert all(limit in told for limit in said["limits"])


def test_every_region_of_the_body_map_leads_to_a_finding_that_is_there(stateless: TestClient, answers: Answers) -> None:
    page = result(stateless, answers).text
    regions = re.findall(r'<a [^>]*class="body-map-finding" href="#([^"]+)"', page)
    assert len(regions) == len(evaluate_ids := re.findall(r'<article class="finding[^>]* id="([^"]+)"', page)) > 0
    assert set(regions) == set(evaluate_ids)


def test_every_source_that_is_cited_is_listed(stateless: TestClient, answers: Answers) -> None:
    page = result(stateless, answers).text
    cited = set(re.findall(r'href="#(source-[^"]+)"', page))
    assert len(cited) > 5
    assert cited == set(re.findall(r'<li id="(source-[^"]+)"', page))


@pytest.mark.parametrize(("name", "heading"), [("emergency", "Get help now")])
def test_an_emergency_is_one_page_with_nothing_beside_what_to_do(stateless: TestClient, pack: Pack, name: str, heading: str) -> None:
    given = examples(pack)[name]
    page, said = result(stateless, given), evaluate(pack, given)
    told = words(page)
    assert heading in told
    assert said["triage"]["advice"] in told
    assert all(flag["text"] in told for flag in said["triage"]["red_flags"] if flag["urgency"] in ("emergency", "same-day"))
    assert "Your answers are not kept." in told
    assert not any(extra in page.text for extra in ('id="plan"', 'class="body-map"', "/result/keep", 'id="findings"'))


def test_an_emergency_is_not_stored_even_when_asked_to(client: TestClient, settings: Settings, pack: Pack) -> None:
    page = client.post("/result/keep", data=form(examples(pack)["emergency"]))
    assert "Get help now" in page.text
    assert rows(settings.url(), "assessment") == 0


def test_open_safety_questions_hold_the_plan_back_and_lead_back_to_them(stateless: TestClient, answers: Answers) -> None:
    open_ones = {item: answer for item, answer in answers.items() if not item.startswith("safety.")}
    page = result(stateless, open_ones)
    told = words(page)
    assert "A few safety questions first" in told
    assert "There is no plan yet" in told
    assert "Answer the open questions" in told
    assert "/v1/exercises/" not in page.text


def test_a_plan_that_waits_for_a_clinician_says_so(stateless: TestClient, pack: Pack) -> None:
    told = words(result(stateless, examples(pack)["walking-ache-eased-by-sitting"]))
    assert "See a clinician first" in told
    assert "How to do it" not in told


def test_showing_a_result_stores_nothing_and_nobody_may_keep_it(client: TestClient, settings: Settings, answers: Answers) -> None:
    page = result(client, answers)
    assert rows(settings.url(), "assessment") == 0
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_the_answers_travel_on_in_the_page(stateless: TestClient, answers: Answers) -> None:
    page = result(stateless, answers).text
    hidden = re.findall(r'<input type="hidden" name="(a\.[^"]+)" value="([^"]*)">', page)
    assert {name for name, _ in hidden} == {f"a.{item}" for item in answers}


@pytest.mark.parametrize("value", ['"><script>alert(1)</script>', "many", "1e999", "{{7*7}}"])
def test_hostile_answers_are_refused_escaped_and_lose_nothing(stateless: TestClient, answers: Answers, value: str) -> None:
    page = stateless.post("/result", data=form(answers | {"safety.pain-level": value}))
    assert page.status_code == 422
    assert "<script>alert" not in page.text
    assert "49" not in words(page)
    carried = dict(re.findall(r'<input type="hidden" name="(a\.[^"]+)" value="([^"]*)">', page.text))
    assert {f"a.{item}" for item in answers} - carried.keys() <= {"a.safety.pain-level"}


def test_what_is_no_question_is_refused_calmly(stateless: TestClient) -> None:
    page = stateless.post("/result", data={"a.no.such-question": "<b>yes</b>"})
    assert page.status_code == 422
    assert "<b>yes" not in page.text


def test_without_answers_the_assessment_begins(stateless: TestClient) -> None:
    assert stateless.get("/result", follow_redirects=False).headers["location"] == "/take"


def test_no_style_and_no_script_stands_in_the_page(stateless: TestClient, answers: Answers) -> None:
    page = result(stateless, answers).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)", page)


def test_the_single_answers_that_would_change_it_are_told_on_a_page_of_their_own(stateless: TestClient, answers: Answers) -> None:
    page = stateless.post("/result/what-if", data=form(answers))
    assert page.status_code == 200
    assert "Back to your result" in page.text
    assert page.text.count("<li>") > 5


def test_lengths_are_told_in_inches_to_who_reads_them(stateless: TestClient, pack: Pack) -> None:
    given = examples(pack)["tight-hamstrings"]
    assert evaluate(pack, given)["measured"]
    page = result(stateless, given, Cookie="units=imperial")
    centimetres = [one for one in evaluate(pack, given)["measured"] if one["unit"] == "cm"]
    assert all(f"{round(one['value'] / 2.54, 1):g} in" in words(page) for one in centimetres)


def test_no_word_is_forgotten_in_another_language(settings: Settings, pack: Pack, answers: Answers) -> None:
    with in_two_languages(settings, pack) as bilingual:
        page = result(bilingual, answers, **LOUD)
    assert page.headers["content-language"] == "es"
    inside = page.text[page.text.index("<main") : page.text.index("</main>")]
    inside = re.sub(r'<ol class="sources">.*?</ol>|<p class="meta">\d+ [^<]*CONTENT.*?</p>|<code.*?</code>', "", inside, flags=re.DOTALL)
    told = [unescape(text) for text in re.findall(r">([^<]+)<", inside)]
    assert [text for text in told if text != text.upper()] == []


def test_a_language_chosen_on_the_page_is_remembered(settings: Settings, pack: Pack, answers: Answers) -> None:
    with in_two_languages(settings, pack) as bilingual:
        page = bilingual.post("/result", data=form(answers) | {"language": ["es"]})
        assert page.headers["content-language"] == "es"
        assert "language=es" in page.headers["set-cookie"]


def test_who_has_answered_nothing_gets_a_page_that_leads_to_the_questions(stateless: TestClient) -> None:
    page = result(stateless, {})
    assert page.status_code == 200
    assert 'formaction="/take"' in page.text


def test_in_an_emergency_every_way_shows_what_to_do_now_and_nothing_else(stateless: TestClient, pack: Pack) -> None:
    urgent = {"safety.saddle-numbness": "yes"}
    pages = [stateless.post(path, data=form(urgent)).text for path in ("/result", "/result/what-if", "/result/keep")]
    assert all(pack.safety.headings.emergency in page for page in pages)
    assert not any('id="plan"' in page or "body-map" in page or "what-if" in page for page in pages)
