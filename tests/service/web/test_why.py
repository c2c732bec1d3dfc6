"""Somebody who asks why a question is asked is told so in words."""

from gettext import NullTranslations

import pytest

from rules import Pack, why_asked
from service.reader import Reader
from service.web.why import say_why


@pytest.fixture
def reader(pack: Pack) -> Reader:
    """Somebody who reads English."""
    return Reader(pack, NullTranslations())


def test_safety_and_plan_questions_say_what_they_are_for(reader: Reader) -> None:
    safety, plan = why_asked(reader.pack, {}, ["safety.injury", "about-you.kit"])
    assert "whether exercise suits you" in " ".join(say_why(reader, safety["asked_because"]))
    assert "choose exercises" in " ".join(say_why(reader, plan["asked_because"]))


def test_a_question_names_the_muscles_that_its_answer_bears_on_each_once(reader: Reader) -> None:
    asked = why_asked(reader.pack, {}, ["hips.front-pull"])[0]
    said = list(say_why(reader, asked["asked_because"]))
    assert said == ["Your answer can speak for this or against it: the deep muscle at the front of your hip (tighter)."]


def test_many_muscles_are_counted_rather_than_named(reader: Reader) -> None:
    findings = [f"{muscle}.{state}.left" for muscle, one in reader.pack.muscles.items() for state in one.says][:6]
    said = list(say_why(reader, [{"code": "could-clear", "findings": findings}]))
    assert said[0].startswith("Your answer can speak against this: ")
    assert said[0].endswith(" and 2 more.")


def test_no_question_is_asked_without_a_reason(reader: Reader) -> None:
    questions = [item for item in reader.pack.items if item not in reader.pack.test_of]
    silent = [one["link_id"] for one in why_asked(reader.pack, {}, questions) if not list(say_why(reader, one["asked_because"]))]
    assert len(silent) < len(questions) / 4
    assert not set(silent) & reader.pack.safety_items
