"""The assessment page by page, without script: what is asked, what is kept, what is refused."""

from collections.abc import Mapping

import pytest
from starlette.testclient import TestClient

from rules import Pack, next_question
from service.app import create_app
from service.settings import Settings
from tests.service.web.walking import Walker


@pytest.fixture
def walker(stateless: TestClient) -> Walker:
    """Somebody who has just begun."""
    return Walker(stateless)


def unremarkable(pack: Pack, link_id: str) -> str | list[str]:
    """The answer of somebody who has nothing to tell."""
    item, options = pack.items[link_id], pack.options(link_id)
    if not options:
        return "20" if item.unit == "min" else "0"
    if item.type == "choices":
        return ["none"]
    quiet = [code for code, option in options.items() if option.neutral]
    return next((code for code in ("none", "no", *quiet) if code in options), next(iter(options)))


def typed(pack: Pack, item: str, values: list[str]) -> object:
    """An answer as the API takes it."""
    if pack.items[item].type == "choices":
        return values
    return values[0] if pack.options(item) else float(values[0])


def fill(walker: Walker, pack: Pack) -> dict[str, str | list[str]]:
    """The whole page, by somebody who has nothing to tell."""
    return {f"a.{item}": unremarkable(pack, item) for item in walker.asked}


def walk_until(walker: Walker, pack: Pack, words: str) -> None:
    """Go on until a page says these words."""
    for _ in range(60):
        if words in walker.response.text:
            return
        answers: Mapping[str, str | list[str]] = {"way": "questions"} if "way" in walker.form.choices else fill(walker, pack)
        assert walker.press("on", answers).status_code == 200
    raise AssertionError(words)


def test_somebody_well_comes_to_the_end_and_every_answer_is_there_to_check(walker: Walker, pack: Pack) -> None:
    walk_until(walker, pack, "Check your answers")
    sent = {name.removeprefix("a."): values for name, values in walker.form.fields.items() if name.startswith("a.")}
    told = {item: typed(pack, item, values) for item, values in sent.items()}
    assert next_question(pack, told, self_tests=False)["should_stop"]
    assert len(told) > 30
    assert "/result" in walker.form.buttons


def test_no_page_is_kept_by_anybody_and_no_answer_stands_in_an_address(walker: Walker, pack: Pack) -> None:
    walk_until(walker, pack, "How much time do you have?")
    assert walker.response.headers["cache-control"] == "no-store"
    assert "set-cookie" not in walker.response.headers
    assert walker.response.url.path == "/take"
    assert not walker.response.url.query


def test_safety_comes_before_everything_and_every_page_is_of_one_topic(walker: Walker, pack: Pack) -> None:
    groups = {item.link_id: group.id for group in pack.groups for item in group.items}
    seen: list[str] = []
    while "Check your answers" not in walker.response.text:
        on_page = {groups[item] for item in walker.asked}
        assert len(on_page) <= 1
        assert len(walker.asked) <= 6
        seen.extend(on_page)
        walker.press("on", {"way": "questions"} if "way" in walker.form.choices else fill(walker, pack))
    safety = [group in pack.safety_groups for group in seen]
    assert safety == sorted(safety, reverse=True)


def test_what_is_left_out_is_not_answered_and_not_asked_again(walker: Walker) -> None:
    first = walker.asked[0]
    walker.press("skip", {f"a.{first}": "none"})
    assert f"a.{first}" not in walker.form.fields
    assert walker.asked
    assert first not in walker.asked


def test_some_of_these_asks_about_each_and_none_takes_their_answers_back(walker: Walker, pack: Pack) -> None:
    gate = walker.asked[0]
    each = {item for item, by in pack.cleared.items() if by == gate}
    walker.press("on", {f"a.{gate}": "some"})
    assert set(walker.asked) < each
    walker.press("on", {f"a.{walker.asked[0]}": "no"})
    walker.press("to-0")
    walker.press("on", {f"a.{gate}": "none"})
    assert not each & {name.removeprefix("a.") for name in walker.form.fields}
    assert not any(item in line for item in each for line in walker.form.fields["asked"])


def test_back_shows_the_page_before_with_its_answers(walker: Walker) -> None:
    first = walker.asked[0]
    walker.press("on", {f"a.{first}": "none"})
    second = walker.asked[0]
    walker.press("back", {f"a.{second}": "none"})
    assert walker.asked == [first]
    assert walker.form.fields[f"a.{first}"] == ["none"]
    walker.press("on")
    assert walker.asked == [second]
    assert walker.form.fields[f"a.{second}"] == ["none"]


def test_a_change_goes_back_to_the_list_at_once(walker: Walker, pack: Pack) -> None:
    walk_until(walker, pack, "Check your answers")
    pages = len(walker.form.fields["asked"])
    walker.press("to-1")
    walker.press("on", {f"a.{walker.asked[0]}": "not-sure"})
    # Who is not sure about the list is asked about each, for safety; then the list of answers comes back.
    assert walker.asked[0] in pack.cleared
    for _ in range(4):
        walker.press("skip")
    assert "Check your answers" in walker.response.text
    assert pages < len(walker.form.fields["asked"]) <= pages + 3


def test_the_result_is_offered_once_the_safety_pages_are_done(walker: Walker, pack: Pack) -> None:
    while "way" not in walker.form.choices:
        assert "check" not in walker.form.buttons
        walker.press("on", fill(walker, pack))
    assert "check" in walker.form.buttons
    assert "Check your answers" in walker.press("check").text


@pytest.mark.parametrize(
    ("typed", "said"), [("abc", "Type one whole number from 10 to 60"), ("5", "from 10 to 60"), ("12.5", "whole number")]
)
def test_a_faulty_number_comes_back_with_the_page_and_nothing_else_is_lost(walker: Walker, pack: Pack, typed: str, said: str) -> None:
    walk_until(walker, pack, 'name="a.about-you.minutes"')
    rest = {"a.about-you.kit": ["mat", "wall"]}
    response = walker.press("on", rest | {"a.about-you.minutes": typed})
    assert response.status_code == 422
    assert said in response.text
    assert walker.form.fields["a.about-you.minutes"] == [typed]
    assert walker.form.fields["a.about-you.kit"] == ["mat", "wall"]
    assert 'href="#q-about-you.minutes"' in response.text
    assert 'id="f-about-you.minutes"' in response.text
    assert walker.press("on", {"a.about-you.minutes": "20"}).status_code == 200


def test_none_of_these_beside_others_and_not_sure_beside_others_are_sent_back(walker: Walker, pack: Pack) -> None:
    walk_until(walker, pack, 'name="a.about-you.kit"')
    assert walker.press("on", {"a.about-you.kit": ["mat", "none"]}).status_code == 422
    assert walker.press("on", {"a.about-you.kit": ["mat", "not-sure"]}).status_code == 422
    assert walker.press("on", {"a.about-you.kit": ["not-sure"]}).status_code == 200


@pytest.mark.parametrize(
    "tampered",
    [{"a.no.such": "x"}, {"a.safety.below-waist": "xyz"}, {"a.back.onset": ["sudden", "gradual"]}, {"a.\u202e<b>": "x"}, {"a.": "none"}],
)
def test_a_tampered_page_says_calmly_what_to_do(stateless: TestClient, tampered: dict[str, str | list[str]]) -> None:
    response = stateless.post("/take", data={"a.safety.injury": "none", "asked": "safety.injury", "at": "1", "go": "on", **tampered})
    assert response.status_code == 422
    assert "Something does not fit" in response.text
    assert 'name="a.safety.injury" value="none"' in response.text
    assert "xyz" not in response.text
    assert "<b>" not in response.text


@pytest.mark.parametrize(
    "fields", [{}, {"at": "-1"}, {"at": "99999999"}, {"go": "to-9999"}, {"go": "?"}, {"asked": "nonsense"}, {"way": "x"}]
)
def test_odd_wayposts_still_lead_to_a_page(stateless: TestClient, fields: dict[str, str]) -> None:
    assert stateless.post("/take", data=fields).status_code == 200


def test_answers_without_a_way_to_them_are_shown_to_be_checked(stateless: TestClient, pack: Pack, safe: dict[str, object]) -> None:
    response = stateless.post("/take", data={f"a.{item}": str(answer) for item, answer in safe.items()})
    assert "Check your answers" in response.text
    for item in safe:
        assert pack.items[item].text[:30].replace("'", "&#39;") in response.text


def test_an_emergency_ends_the_questions_at_once(stateless: TestClient) -> None:
    walker = Walker(stateless)
    walker.press("on", {f"a.{walker.asked[0]}": "some"})
    fields = {**walker.form.fields, "a.safety.saddle-numbness": ["yes"], "go": ["on"]}
    response = stateless.post("/take", data=fields, follow_redirects=False)
    assert response.status_code == 307
    assert response.headers["location"] == "/result"


def test_inches_become_centimetres_and_come_back_as_inches(stateless: TestClient) -> None:
    item = "tests.chair-reach.short"
    page = {"asked": item, "at": "0", "units": "imperial", "way": "all"}
    walker = Walker(stateless)
    walker.arrive(stateless.post("/take", data={**page, "go": "stay"}))
    assert walker.form.texts == [f"in.{item}"]
    walker.press("check", {f"in.{item}": "2", "units": "imperial"})
    assert walker.form.fields[f"a.{item}"] == ["5.08"]
    assert "2 in" in walker.response.text
    walker.press("to-0", {"units": "imperial"})
    assert walker.form.fields[f"in.{item}"] == ["2"]
    stateless.cookies.clear()


def test_a_self_test_shows_its_steps_when_to_stop_and_every_number(stateless: TestClient, pack: Pack) -> None:
    test = pack.tests["thomas"]
    items = [item for item, one in pack.test_of.items() if one == test]
    response = stateless.post("/take", data={"asked": " ".join(items), "at": "0", "way": "all", "go": "stay"})
    walker = Walker(stateless)
    walker.arrive(response)
    assert set(walker.asked) == set(items)
    for text in (*test.steps, *test.stop_rules):
        assert text.replace("'", "&#39;") in response.text


def test_another_language_in_the_middle_keeps_the_answers_and_is_remembered() -> None:
    with TestClient(create_app(Settings(database_url="sqlite://"))) as client:
        walker = Walker(client)
        walker.press("on", {f"a.{walker.asked[0]}": "none"})
        there = walker.asked
        response = walker.press("stay", {f"a.{there[0]}": "not-sure", "language": "es", "units": "metric"})
        assert '<html lang="es"' in response.text
        assert response.headers["content-language"] == "es"
        assert walker.asked == there
        assert walker.form.fields[f"a.{there[0]}"] == ["not-sure"]
        assert walker.form.fields["a.safety.below-waist"] == ["none"]
        assert 'lang="es"' in client.get("/take").text
