"""The form: blanks are nothing, words become codes, digits become numbers, and what is unknown is refused by name."""

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from rules import Pack
from rules.content import Item
from tests.service.asking import Answers, examples, problem

Fields = dict[str, str | list[str]]


def send(client: TestClient, fields: Fields, accept: str = "application/json") -> Response:
    """POST /v1/evaluate/form."""
    return client.post("/v1/evaluate/form", data=fields, headers={"Accept": accept})


def in_words(pack: Pack, item: Item, answer: object) -> str | list[str]:
    """An answer as a person sees it on the form."""
    options = pack.options(item.link_id)
    if answer == "not-sure":
        return pack.label.not_sure
    if isinstance(answer, list):
        return [options[code].text for code in answer]
    return options[answer].text if isinstance(answer, str) else str(answer)


def test_a_person_who_fills_in_the_form_gets_what_a_program_gets(stateless: TestClient, pack: Pack) -> None:
    for answers in examples(pack).values():
        words: Fields = {link_id: in_words(pack, pack.items[link_id], answer) for link_id, answer in answers.items()}
        by_program = stateless.post("/v1/evaluate", json={"answers": answers})
        assert send(stateless, words).json() == by_program.json()


def test_the_form_leaves_aside_what_would_not_be_asked_and_json_refuses_it(stateless: TestClient, pack: Pack, answers: Answers) -> None:
    # The page shows the questions about living with a sore back, and those after a birth, to everybody.
    asked: Answers = answers | {"safety.pain-level": 0, "safety.pregnancy": "no"}
    unasked: Answers = {"safety.pregnancy-warning": "no", "support.fear": "often", "support.trouble": 9}
    said = problem(stateless.post("/v1/evaluate", json={"answers": asked | unasked}), 422)
    assert sorted(said.pointers) == sorted(f"/answers/{item}" for item in unasked)
    words: Fields = {link_id: in_words(pack, pack.items[link_id], answer) for link_id, answer in (asked | unasked).items()}
    assert send(stateless, words).json() == stateless.post("/v1/evaluate", json={"answers": asked}).json()


def test_the_form_never_leaves_a_warning_sign_aside(stateless: TestClient, pack: Pack) -> None:
    warning = pack.option_text("safety.pregnancy-warning", "bleeding-fluid-or-contractions")
    said = problem(send(stateless, {"safety.pregnancy-warning": warning}), 422)
    assert said.pointers == ["/answers/safety.pregnancy-warning"]


def test_a_form_is_answered_in_markdown_unless_asked_otherwise(stateless: TestClient) -> None:
    assert send(stateless, {}, "*/*").headers["content-type"] == "text/markdown; charset=utf-8"
    assert send(stateless, {}, "text/html").headers["content-type"] == "text/html; charset=utf-8"
    assert problem(send(stateless, {}, "image/png"), 406).title


def test_blank_fields_are_nothing(stateless: TestClient, pack: Pack) -> None:
    untouched = send(stateless, dict.fromkeys(pack.items, ""))
    assert untouched.json() == send(stateless, {}).json()
    assert untouched.json()["completeness"]["answered"] == 0


def test_a_form_that_nobody_touched_may_come_as_nothing_at_all(stateless: TestClient) -> None:
    assert stateless.post("/v1/evaluate/form").status_code == 200


@pytest.mark.parametrize("text", ["38.5", "38,5", " 38,5 ", "3.85e1"])
def test_numbers_may_be_written_with_a_point_or_a_comma(stateless: TestClient, pack: Pack, text: str) -> None:
    decimal = next(item.link_id for item in pack.items.values() if item.type == "decimal" and (item.min or 0) < 38.5 < (item.max or 0))
    by_program = stateless.post("/v1/evaluate", json={"answers": {decimal: 38.5}})
    assert send(stateless, {decimal: text}).json() == by_program.json()


@pytest.mark.parametrize("text", ["many", "nan", "inf", "1e400", "-1", "38 39", "1,2,3", "9" * 400])
def test_a_number_that_makes_no_sense_is_refused_at_its_field(stateless: TestClient, text: str) -> None:
    response = send(stateless, {"tests.trunk-hold.seconds": text})
    assert problem(response, 422).pointers == ["/answers/tests.trunk-hold.seconds"]
    assert text == "-1" or text not in response.text


def test_several_choices_come_as_repeated_fields(stateless: TestClient, pack: Pack) -> None:
    options = list(pack.options("back.chores").values())
    two = [option for option in options if not option.exclusive][:2]
    by_program = stateless.post("/v1/evaluate", json={"answers": {"back.chores": [option.code for option in two]}})
    assert send(stateless, {"back.chores": [option.text for option in two]}).json() == by_program.json()
    assert send(stateless, {"back.chores": pack.label.not_sure}).json()["completeness"]["answered"] == 1


def test_one_choice_cannot_be_answered_twice(stateless: TestClient) -> None:
    assert problem(send(stateless, {"back.sweeping-ache": ["no", "no"]}), 422).pointers == ["/answers/back.sweeping-ache"]


def test_unknown_fields_are_refused_by_name(stateless: TestClient) -> None:
    said = problem(send(stateless, {"back.sweping-ache": "x", "hips.nothing": "x"}), 422)
    assert sorted(said.pointers) == ["/answers/back.sweping-ache", "/answers/hips.nothing"]


def test_a_word_that_is_no_option_is_refused_and_not_repeated(stateless: TestClient) -> None:
    response = send(stateless, {"back.sweeping-ache": "Wednesdays"})
    assert problem(response, 422).pointers == ["/answers/back.sweeping-ache"]
    assert "Wednesdays" not in response.text


@pytest.mark.parametrize("body", [b"\xff=1", b"back.sweeping-ache=%ff", "ä=1".encode(), b"&".join([b"a=1"] * 2001)])
def test_what_is_no_form_cannot_be_read(stateless: TestClient, body: bytes) -> None:
    response = stateless.post("/v1/evaluate/form", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert problem(response, 400).type.endswith(":bad-syntax")


def test_json_and_form_document_every_question_and_no_other(stateless: TestClient, pack: Pack) -> None:
    schemas = stateless.get("/openapi.json").json()["components"]["schemas"]
    for schema in (schemas["Answers"], schemas["AssessmentForm"]):
        assert list(schema["properties"]) == list(pack.items)
        assert schema["additionalProperties"] is False


def test_the_examples_fit_the_documented_choices(stateless: TestClient, pack: Pack, answers: Answers) -> None:
    properties = stateless.get("/openapi.json").json()["components"]["schemas"]["Answers"]["properties"]
    choices = {link_id: answer for link_id, answer in answers.items() if pack.items[link_id].type == "choice"}
    assert choices
    assert all(answer in properties[link_id]["enum"] for link_id, answer in choices.items())
