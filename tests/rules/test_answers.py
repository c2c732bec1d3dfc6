"""Every answer is read into its type, or every problem is said at once; what is not decided stays undecided."""

from math import inf, nan
from pathlib import Path

import pytest

from rules import AnswersRefused, Pack
from rules.answers import NOT_SURE, AnswerProblem, read_answers, without_unasked
from tests.planting import changed_pack

WARNING = "safety.pregnancy-warning"
CONDITIONS = """          - {question: safety.pregnancy, operator: "=", answer: first-20-weeks}
          - {question: safety.pregnancy, operator: "=", answer: after-20-weeks}
          - {question: safety.pregnancy, operator: "=", answer: birth-within-12-weeks}
        enable_behavior: any
"""

REFUSED = [
    ("back.onset", "suddenly", "no-such-option"),
    ("back.onset", "", "no-such-option"),
    ("back.onset", None, "no-such-option"),
    ("back.onset", True, "no-such-option"),
    ("back.onset", ["sudden"], "no-such-option"),
    ("back.chores", "sweeping", "no-such-option"),
    ("back.chores", [], "no-such-option"),
    ("back.chores", ["sweeping", "mowing"], "no-such-option"),
    ("back.chores", ["sweeping", 3], "no-such-option"),
    ("back.chores", [["sweeping"]], "no-such-option"),
    ("back.chores", ["sweeping", NOT_SURE], "no-such-option"),
    ("back.chores", ["sweeping", "sink", "sweeping"], "repeated-option"),
    ("back.chores", ["none", "sink"], "contradiction"),
    ("safety.pain-level", True, "not-a-number"),
    ("safety.pain-level", False, "not-a-number"),
    ("safety.pain-level", "3", "not-a-number"),
    ("safety.pain-level", None, "not-a-number"),
    ("safety.pain-level", [3], "not-a-number"),
    ("safety.pain-level", 2.5, "not-a-number"),
    ("safety.pain-level", nan, "not-a-number"),
    ("safety.pain-level", inf, "not-a-number"),
    ("safety.pain-level", -inf, "not-a-number"),
    ("safety.pain-level", -1, "out-of-limits"),
    ("safety.pain-level", 11, "out-of-limits"),
    ("safety.pain-level", 10**400, "out-of-limits"),
    ("tests.toe-touch.short", nan, "not-a-number"),
    ("tests.toe-touch.short", -0.1, "out-of-limits"),
    ("tests.toe-touch.short", 60.1, "out-of-limits"),
    ("tests.toe-touch.short", 1e308, "out-of-limits"),
]
READ = [
    ("back.onset", "sudden", "sudden"),
    ("back.chores", ["sink", "sweeping"], ("sink", "sweeping")),
    ("back.chores", ["none"], ("none",)),
    ("safety.pain-level", 0, 0),
    ("safety.pain-level", 10, 10),
    ("safety.pain-level", 7.0, 7),
    ("tests.toe-touch.short", 0, 0),
    ("tests.toe-touch.short", 12.5, 12.5),
    ("tests.toe-touch.short", 60.0, 60),
]


def problems(pack: Pack, raw: dict[str, object]) -> tuple[AnswerProblem, ...]:
    """Why the answers are refused."""
    with pytest.raises(AnswersRefused) as refused:
        read_answers(pack, raw)
    return refused.value.problems


@pytest.mark.parametrize(("item", "answer", "code"), REFUSED)
def test_an_answer_that_does_not_fit_its_item_is_refused(pack: Pack, item: str, answer: object, code: str) -> None:
    assert [(one.link_id, one.code) for one in problems(pack, {item: answer})] == [(item, code)]


@pytest.mark.parametrize(("item", "answer", "value"), READ)
def test_an_answer_is_read_into_its_type(pack: Pack, item: str, answer: object, value: object) -> None:
    read = read_answers(pack, {item: answer})
    assert dict(read.values) == {item: value}
    assert type(read.values[item]) is type(value) or isinstance(value, int)
    assert read.given == {item}


def test_an_integral_float_becomes_a_whole_number(pack: Pack) -> None:
    assert type(read_answers(pack, {"safety.pain-level": 7.0}).values["safety.pain-level"]) is int


def test_every_problem_is_said_at_once(pack: Pack) -> None:
    raw = {
        "back.moon": "full",
        "safety.pain-level": 99,
        "back.onset": "suddenly",
        "back.stiffness": "left",
        "back.chores": ["none", "sink"],
        WARNING: "no",
        "tests.plank.seconds": nan,
    }
    said = {one.link_id: one.code for one in problems(pack, raw)}
    assert said == {
        "back.moon": "unknown-item",
        "safety.pain-level": "out-of-limits",
        "back.onset": "no-such-option",
        "back.chores": "contradiction",
        WARNING: "not-enabled",
        "tests.plank.seconds": "not-a-number",
    }


def test_a_problem_never_repeats_the_answer(pack: Pack) -> None:
    secret = "my name is Ada"
    raw: dict[str, object] = {
        "back.onset": secret,
        "back.chores": [secret],
        "safety.pain-level": secret,
        secret: 1,
        "safety.daily-life": 4711,
    }
    assert [one for one in problems(pack, raw) if "Ada" in str(one) or "4711" in str(one)] == []


@pytest.mark.parametrize("key", ["", "Back.Onset", "back onset", "back.onset\n", "x" * 81, "<script>"])
def test_a_key_that_is_no_link_id_is_not_said_back(pack: Pack, key: str) -> None:
    [problem] = problems(pack, {key: "no"})
    assert (problem.link_id, problem.code) == (None, "unknown-item")


def test_not_sure_is_an_answer_to_every_item_and_decides_nothing(pack: Pack) -> None:
    opens: dict[str, object] = {"safety.pregnancy": "first-20-weeks", "safety.pain-level": 3}
    read = read_answers(pack, dict.fromkeys(pack.items, NOT_SURE) | opens)
    assert read.values == opens
    assert read.given == pack.items.keys()


def test_nothing_is_read_from_nothing(pack: Pack) -> None:
    read = read_answers(pack, {})
    assert (dict(read.values), read.given) == ({}, frozenset())


def test_an_item_is_read_only_where_it_is_enabled(pack: Pack) -> None:
    asked = read_answers(pack, {"safety.pregnancy": "first-20-weeks", WARNING: "no"})
    assert asked.values[WARNING] == "no"
    elsewhere: list[dict[str, object]] = [{}, {"safety.pregnancy": "no"}, {"safety.pregnancy": NOT_SURE}]
    for pregnancy in elsewhere:
        [problem] = problems(pack, {**pregnancy, WARNING: "no"})
        assert (problem.link_id, problem.code) == (WARNING, "not-enabled")


def test_a_draft_leaves_answers_to_disabled_items_aside(pack: Pack) -> None:
    read = read_answers(pack, {"safety.pregnancy": "no", WARNING: "dizzy-headache-or-calf-pain"}, draft=True)
    assert dict(read.values) == {"safety.pregnancy": "no"}
    assert WARNING not in read.given


def test_a_draft_is_still_refused_for_what_cannot_be_read(pack: Pack) -> None:
    with pytest.raises(AnswersRefused):
        read_answers(pack, {"safety.pregnancy": "perhaps", WARNING: "no"}, draft=True)


def test_what_a_page_shows_to_everybody_is_left_aside_where_it_would_not_be_asked(pack: Pack) -> None:
    no_pain: dict[str, object] = {"safety.pregnancy": "no", "safety.pain-level": 0}
    for unasked in ({WARNING: "no"}, {WARNING: NOT_SURE}, {"support.fear": "often"}, {"support.trouble": 9}):
        assert without_unasked(pack, no_pain | unasked) == no_pain
    asked: dict[str, object] = {"safety.pregnancy": "after-20-weeks", WARNING: "no", "safety.pain-level": 4, "support.fear": "often"}
    assert without_unasked(pack, asked) == asked


def test_a_warning_sign_is_refused_and_never_left_aside(pack: Pack) -> None:
    elsewhere: list[dict[str, object]] = [{}, {"safety.pregnancy": "no"}, {"safety.pregnancy": NOT_SURE}]
    for option in pack.options(WARNING).values():
        for rest in elsewhere:
            left = without_unasked(pack, {**rest, WARNING: option.code})
            assert (WARNING in left) is not option.neutral
            if WARNING in left:
                assert [problem.code for problem in problems(pack, left)] == ["not-enabled"]


def test_what_cannot_be_read_is_refused_also_where_it_would_not_be_asked(pack: Pack) -> None:
    left = without_unasked(pack, {"safety.pain-level": 0, "support.trouble": "lots", "support.fear": "often"})
    assert [problem.link_id for problem in problems(pack, left)] == ["support.trouble"]


def test_leaving_aside_mends_nothing_else(pack: Pack) -> None:
    faulty: dict[str, object] = {"safety.pregnancy": "no", WARNING: "no", "safety.pain-level": 11, "nobodys-key": 1}
    assert [problem.link_id for problem in problems(pack, without_unasked(pack, faulty))] == ["nobodys-key", "safety.pain-level"]


@pytest.mark.parametrize(
    ("conditions", "answer", "enabled"),
    [
        ('{question: safety.pregnancy, operator: "!=", answer: "no"}', {"safety.pregnancy": "after-20-weeks"}, True),
        ('{question: safety.pregnancy, operator: "!=", answer: "no"}', {"safety.pregnancy": "no"}, False),
        ('{question: safety.pregnancy, operator: "!=", answer: "no"}', {}, False),
        ("{question: safety.pregnancy, operator: exists, answer: true}", {"safety.pregnancy": NOT_SURE}, True),
        ("{question: safety.pregnancy, operator: exists, answer: true}", {}, False),
        ("{question: safety.pregnancy, operator: exists, answer: false}", {}, True),
        ('{question: safety.pregnancy, operator: ">=", answer: 3}', {"safety.pregnancy": "no"}, False),
    ],
)
def test_each_way_to_enable_an_item(tmp_path: Path, conditions: str, answer: dict[str, object], enabled: bool) -> None:
    pack = changed_pack(tmp_path, "questions/safety.yaml", (CONDITIONS, f"          - {conditions}\n"))
    assert (WARNING in read_answers(pack, answer | {WARNING: "no"}, draft=True).given) is enabled


@pytest.mark.parametrize(("operator", "enabled"), [(">", False), (">=", True), ("<", False), ("<=", True), ("=", True), ("!=", False)])
def test_a_number_enables_an_item_at_its_limit(tmp_path: Path, operator: str, enabled: bool) -> None:
    condition = f'        enable_when: [{{question: safety.pain-level, operator: "{operator}", answer: 5}}]\n'
    life = "      - link_id: safety.daily-life\n"
    pack = changed_pack(tmp_path, "questions/safety.yaml", (life, life + condition))
    given = read_answers(pack, {"safety.pain-level": 5, "safety.daily-life": "hard"}, draft=True).given
    assert ("safety.daily-life" in given) is enabled


def test_none_of_these_clears_every_item_of_its_page(pack: Pack) -> None:
    for item, page in pack.cleared.items():
        assert read_answers(pack, {page: "none"}).values[item] == "no"
        assert item not in read_answers(pack, {page: "some"}).values
        assert item not in read_answers(pack, {page: NOT_SURE}).values


def test_a_cleared_item_was_not_answered(pack: Pack) -> None:
    assert read_answers(pack, {"safety.injury": "none"}).given == {"safety.injury"}


def test_the_own_answer_of_an_item_wins_over_none_of_these(pack: Pack) -> None:
    assert read_answers(pack, {"safety.injury": "none", "safety.steroids": "yes"}).values["safety.steroids"] == "yes"


def test_not_sure_stays_undecided_beside_none_of_these(pack: Pack) -> None:
    assert "safety.steroids" not in read_answers(pack, {"safety.injury": "none", "safety.steroids": NOT_SURE}).values
