"""A criterion is true, false or undecided, and undecided only where some completion of the answers would tell otherwise."""

import json
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from pydantic import TypeAdapter

from rules import Pack
from rules.answers import Value, read_answers
from rules.content import Criterion, Side, SideGap, leaves
from rules.criteria import Holds, compile_criterion, read_by
from tests.plainly import sides_of

ITEMS = ("back.doming", "back.belly-surgery", "back.arched-posture")
LEAVES: list[dict[str, Any]] = [{"item": item, "is": "yes"} for item in ITEMS]
TREES: dict[str, dict[str, Any]] = {
    "all": {"all": LEAVES},
    "any": {"any": LEAVES},
    "at least 1": {"at_least": 1, "of": LEAVES},
    "at least 2": {"at_least": 2, "of": LEAVES},
    "at least 3": {"at_least": 3, "of": LEAVES},
    "more than there are": {"at_least": 4, "of": LEAVES},
    "not": {"not": LEAVES[0]},
    "not any": {"not": {"any": LEAVES}},
    "a tree of trees": {"any": [{"all": LEAVES[:2]}, {"not": LEAVES[2]}]},
}
MEANING: dict[str, Callable[[bool, bool, bool], bool]] = {
    "all": lambda a, b, c: a and b and c,
    "any": lambda a, b, c: a or b or c,
    "at least 1": lambda a, b, c: a + b + c >= 1,
    "at least 2": lambda a, b, c: a + b + c >= 2,
    "at least 3": lambda a, b, c: a + b + c >= 3,
    "more than there are": lambda _a, _b, _c: False,
    "not": lambda a, _b, _c: not a,
    "not any": lambda a, b, c: not (a or b or c),
    "a tree of trees": lambda a, b, c: (a and b) or not c,
}
WITHIN: dict[str, Callable[[float, float], bool]] = {
    "below": lambda value, limit: value < limit,
    "at_least": lambda value, limit: value >= limit,
    "above": lambda value, limit: value > limit,
    "at_most": lambda value, limit: value <= limit,
}
THOMAS = "tests.thomas"


def parsed(written: dict[str, Any]) -> Criterion:
    """A criterion as an author writes it."""
    criterion: Criterion = TypeAdapter(Criterion).validate_json(json.dumps(written))
    return criterion


def holds(pack: Pack, written: dict[str, Any], side: Side | None = None) -> Holds:
    """What a criterion means."""
    return compile_criterion(parsed(written), pack, side)


def trunk_hold(**bounds: object) -> dict[str, Any]:
    """A criterion on a test in which more is better."""
    return {"test": "trunk-hold", "measure": "seconds", "unit": "s", **bounds}


def toe_touch(**bounds: object) -> dict[str, Any]:
    """A criterion on a test in which less is better."""
    return {"test": "toe-touch", "measure": "short", "unit": "cm", **bounds}


@pytest.mark.parametrize("tree", TREES)
def test_a_tree_is_decided_exactly_where_every_completion_agrees(pack: Pack, tree: str) -> None:
    meant = holds(pack, TREES[tree])
    for answers in product((True, False, None), repeat=3):
        values = {item: "yes" if answer else "no" for item, answer in zip(ITEMS, answers, strict=True) if answer is not None}
        completions = product(*((True, False) if answer is None else (answer,) for answer in answers))
        outcomes = {MEANING[tree](*completion) for completion in completions}
        assert meant(values) is (outcomes.pop() if len(outcomes) == 1 else None), answers


@pytest.mark.parametrize(
    ("written", "answer", "expected"),
    [
        ({"item": "back.onset", "is": "sudden"}, "sudden", True),
        ({"item": "back.onset", "is": "sudden"}, "gradual", False),
        ({"item": "back.arching", "in": ["worse", "spreads"]}, "spreads", True),
        ({"item": "back.arching", "in": ["worse", "spreads"]}, "eases", False),
        ({"item": "about-you.age-band", "from": "60-64"}, "55-59", False),
        ({"item": "about-you.age-band", "from": "60-64"}, "60-64", True),
        ({"item": "about-you.age-band", "from": "60-64"}, "85-plus", True),
        ({"item": "back.chores", "includes": "sink"}, ("sweeping", "sink"), True),
        ({"item": "back.chores", "includes": "sink"}, ("none",), False),
        ({"item": "safety.pain-level", "unit": "points", "at_least": 3, "below": 8}, 2, False),
        ({"item": "safety.pain-level", "unit": "points", "at_least": 3, "below": 8}, 3, True),
        ({"item": "safety.pain-level", "unit": "points", "at_least": 3, "below": 8}, 7, True),
        ({"item": "safety.pain-level", "unit": "points", "at_least": 3, "below": 8}, 8, False),
    ],
)
def test_a_question_to_one_item(pack: Pack, written: dict[str, Any], answer: Value, expected: bool) -> None:
    meant = holds(pack, written)
    assert meant({written["item"]: answer}) is expected
    assert meant({}) is None


@pytest.mark.parametrize("word", ["left", "right", "same", "opposite"])
def test_a_feeling_is_on_its_side_or_on_both(pack: Pack, word: str) -> None:
    meant = holds(pack, {"item": "hips.front-pull", "side": word}, "left")
    own, other = ("left", "right") if word in ("left", "same") else ("right", "left")
    told = [meant({"hips.front-pull": side}) for side in (own, "both", other, "no")]
    assert told == [True, True, False, False]
    assert meant({}) is None


@pytest.mark.parametrize("written", [{"item": "hips.front-pull", "side": "same"}, {"item": "hips.front-pull", "side": "opposite"}])
def test_same_and_opposite_mean_nothing_without_a_side(pack: Pack, written: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="means nothing without a side"):
        holds(pack, written)


@pytest.mark.parametrize("word", WITHIN)
@pytest.mark.parametrize(("write", "item", "limit", "best"), [(trunk_hold, "seconds", 60, 120), (toe_touch, "short", 10, 0)])
def test_a_measure_is_decided_exactly_where_every_true_value_agrees(
    pack: Pack, word: str, write: Any, item: str, limit: int, best: int
) -> None:
    written = write(**{word: limit})
    meant = holds(pack, written)
    name = f"tests.{written['test']}"
    for value in range(limit - 3, limit + 4):
        better = range(min(value, best), max(value, best) + 1)
        for stopped, possible in (("done", [value]), ("tired-here", [value]), ("tired-elsewhere", list(better))):
            outcomes = {WITHIN[word](one, limit) for one in possible}
            said = meant({f"{name}.{item}": value, f"{name}.stopped-by": stopped})
            assert said is (outcomes.pop() if len(outcomes) == 1 else None), (value, stopped)


@pytest.mark.parametrize("value", [0, 38, 120, None])
@pytest.mark.parametrize("stopped", ["pain", "not-tried", None])
def test_pain_a_test_not_tried_and_a_missing_answer_decide_nothing(pack: Pack, value: int | None, stopped: str | None) -> None:
    answers: dict[str, Value | None] = {"tests.trunk-hold.seconds": value, "tests.trunk-hold.stopped-by": stopped}
    values = {item: answer for item, answer in answers.items() if answer is not None}
    for bounds in ({"below": 60}, {"at_least": 60}, {"at_least": 60, "below": 120}):
        assert holds(pack, trunk_hold(**bounds))(values) is None


def test_a_test_without_a_number_decides_nothing(pack: Pack) -> None:
    assert holds(pack, trunk_hold(below=60))({"tests.trunk-hold.stopped-by": "done"}) is None


@pytest.mark.parametrize(("value", "done", "elsewhere"), [(59, False, None), (60, True, None), (119, True, None), (120, False, False)])
def test_between_two_limits(pack: Pack, value: int, done: bool, elsewhere: bool | None) -> None:
    meant = holds(pack, trunk_hold(at_least=60, below=120))
    told = [meant({"tests.trunk-hold.seconds": value, "tests.trunk-hold.stopped-by": stopped}) for stopped in ("done", "tired-elsewhere")]
    assert told == [done, elsewhere]


def rows(pack: Pack, age: str, sex: str | None) -> set[float]:
    """Every limit of the heel raise that this age and sex leave possible."""
    table = pack.tests["heel-raise"].measures[0].norms["low"]
    return {row.value for row in table if age in row.age and (sex in (None, "another") or row.sex == sex)}


@pytest.mark.parametrize("age", ["18-29", "50-54", "85-plus"])
@pytest.mark.parametrize("sex", ["female", "male", "another", None])
def test_a_norm_decides_only_where_every_possible_row_agrees(pack: Pack, age: str, sex: str | None) -> None:
    meant = holds(pack, {"test": "heel-raise", "measure": "reps", "side": "left", "unit": "reps", "below": {"norm": "low"}})
    known = {item: word for item, word in (("about-you.age-band", age), ("about-you.sex", sex)) if word}
    for value in range(30):
        outcomes = {value < limit for limit in rows(pack, age, sex)}
        said = meant({**known, "tests.heel-raise.reps.left": value, "tests.heel-raise.stopped-by": "done"})
        assert said is (outcomes.pop() if len(outcomes) == 1 else None), value


@pytest.mark.parametrize("sex", ["female", "male", "another", None])
def test_a_norm_decides_nothing_while_the_age_may_be_one_it_does_not_cover(pack: Pack, sex: str | None) -> None:
    meant = holds(pack, {"test": "heel-raise", "measure": "reps", "side": "left", "unit": "reps", "below": {"norm": "low"}})
    known = {"about-you.sex": sex} if sex else {}
    assert {meant({**known, "tests.heel-raise.reps.left": value, "tests.heel-raise.stopped-by": "done"}) for value in range(30)} == {None}


def test_a_norm_says_nothing_of_an_age_it_does_not_cover(pack: Pack) -> None:
    meant = holds(pack, {"test": "chair-stand", "measure": "reps", "unit": "reps", "below": {"norm": "below-average"}})
    young: dict[str, Value] = {"about-you.age-band": "under-18", "about-you.sex": "male"}
    assert meant({**young, "tests.chair-stand.reps": 0, "tests.chair-stand.stopped-by": "done"}) is None


def two_sided(pack: Pack) -> list[tuple[str, str]]:
    """Every measure of both sides."""
    return [(test.name, measure.code) for test in pack.tests.values() if test.sided for measure in test.measures]


def gap(pack: Pack, test: str, measure: str, left: float, right: float, stopped: str = "done") -> tuple[bool | None, bool | None]:
    """Whether left is worse than right, and right than left."""
    values: dict[str, Value] = {
        f"tests.{test}.{measure}.left": left,
        f"tests.{test}.{measure}.right": right,
        f"tests.{test}.stopped-by": stopped,
    }
    sides = [compile_criterion(SideGap(test=test, measure=measure, gap="worse", side=side), pack)(values) for side in ("left", "right")]
    return sides[0], sides[1]


def test_a_side_is_worse_from_the_difference_that_the_test_can_tell(pack: Pack) -> None:
    for test, code in two_sided(pack):
        measure = next(one for one in pack.tests[test].measures if one.code == code)
        least = measure.side_difference
        assert least is not None
        good = measure.max if measure.better == "higher" else measure.min
        needed = max(least.by, least.share * good)
        worse = good - needed if measure.better == "higher" else good + needed
        beyond = worse + (0.5 if measure.better == "lower" else -0.5)
        short = worse - (0.5 if measure.better == "lower" else -0.5)
        assert gap(pack, test, code, worse, good) == (not least.beyond, False), test
        assert gap(pack, test, code, good, beyond) == (False, True), test
        assert gap(pack, test, code, short, good) == (False, False), test


def test_a_difference_of_sides_is_read_to_the_millimetre(pack: Pack) -> None:
    assert 10.3 - 6.3 > 4
    assert gap(pack, "side-bend", "travel", 6.3, 10.3) == (False, False)
    assert gap(pack, "side-bend", "travel", 6.2, 10.3) == (True, False)


def test_sides_are_compared_only_in_a_test_that_ran_to_its_end(pack: Pack) -> None:
    for stopped, expected in {"done": True, "tired-here": True, "tired-elsewhere": None, "pain": None, "not-tried": None}.items():
        assert gap(pack, "thomas", "knee-bend", 40, 80, stopped)[0] is expected
    one_side: dict[str, Value] = {f"{THOMAS}.knee-bend.left": 40, f"{THOMAS}.stopped-by": "done"}
    assert holds(pack, {"test": "thomas", "measure": "knee-bend", "gap": "worse", "side": "left"})(one_side) is None


class Watched(dict[str, Value]):
    """Answers that remember which of them were looked at."""

    seen: set[str]

    def get(self, item: str, default: object = None) -> Any:
        """As any mapping does, and noted."""
        self.seen.add(item)
        return super().get(item, default)


def test_a_rule_looks_at_no_item_that_it_does_not_name(pack: Pack) -> None:
    for example in pack.examples:
        answers = Watched(
            read_answers(pack, {item: list(one) if isinstance(one, tuple) else one for item, one in example.answers.items()}).values
        )
        for rule in pack.rules:
            for side in sides_of(rule):
                answers.seen = set()
                compile_criterion(rule.when, pack, side)(answers)
                assert answers.seen <= {item for leaf in leaves(rule.when) for item in read_by(leaf, pack, side)}, rule.id


def test_no_rule_decides_anything_from_no_answers(pack: Pack) -> None:
    criteria = [
        (criterion, side) for rule in pack.rules for criterion in (rule.when, rule.against_when) for side in sides_of(rule) if criterion
    ]
    assert {compile_criterion(criterion, pack, side)({}) for criterion, side in criteria} == {None}
