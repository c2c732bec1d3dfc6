"""The quick way to decide and to add up says what the plain way says."""

from collections.abc import Mapping

from hypothesis import given

from rules.answers import Value, read_answers
from rules.triage import triage
from rules.weighing.deciding import Decider, Question, Result, result_of
from rules.weighing.weigh import weigh
from tests.plainly import sides_of, total_and_band
from tests.strategies import PACK, Given, patients

QUESTIONS = [Question(rule.when, rule.against_when, side) for rule in PACK.rules for side in sides_of(rule)]
DECIDER = Decider(PACK, QUESTIONS)
PLAIN = [question.compiled(PACK) for question in QUESTIONS]


def decided(values: Mapping[str, Value]) -> list[Result]:
    """Every result, the quick way."""
    results = DECIDER.decide(values)
    return [result_of(results, place) for place in range(len(QUESTIONS))]


@given(patients)
def test_every_question_is_decided_as_its_criterion_says(person: Given) -> None:
    values = read_answers(PACK, person).values
    assert decided(values) == [question(values) for question in PLAIN]


def test_every_limit_of_a_number_is_on_its_own_side() -> None:
    done: dict[str, Value] = {f"tests.{name}.stopped-by": "done" for name in PACK.tests}
    for item, content in PACK.items.items():
        if content.min is not None and content.max is not None:
            for tenths in range(int(content.min) * 10, int(content.max) * 10 + 1, 10 if content.type == "integer" else 1):
                values = {**done, item: tenths / 10}
                assert decided(values) == [question(values) for question in PLAIN], (item, tenths)


@given(patients)
def test_what_is_added_up_quickly_is_added_up_rightly(person: Given) -> None:
    values = triage(PACK, read_answers(PACK, person)).values
    for one in weigh(PACK, values):
        key = (one.target.muscle, one.target.state, one.target.side)
        assert (one.total, one.band) == total_and_band(PACK, key, values), key
