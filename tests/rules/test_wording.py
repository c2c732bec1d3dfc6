"""What authors wrote reads as one line that a clinician can check."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from rules import Pack
from rules.content import Cluster, Criterion, Measure
from rules.content.evidence import KindCap
from rules.content.exercise import Dose
from rules.content.questionnaire import SideDifference
from rules.review.wording import (
    argument_words,
    cap_words,
    cluster_words,
    criterion_words,
    dose_words,
    plain,
    side_difference_words,
    usual_words,
)

IS = {"item": "back.doming", "is": "yes"}
HOLD = {"test": "trunk-hold", "measure": "seconds", "unit": "s"}
CRITERIA: dict[str, dict[str, Any]] = {
    "back.doming is yes": IS,
    "back.onset is one of (sudden, slow)": {"item": "back.onset", "in": ["sudden", "slow"]},
    "about-you.age-band from 60-64 on": {"item": "about-you.age-band", "from": "60-64"},
    "about-you.kit includes towel": {"item": "about-you.kit", "includes": "towel"},
    "hips.front-pull on this side": {"item": "hips.front-pull", "side": "same"},
    "safety.pain-level at least 8 points": {"item": "safety.pain-level", "at_least": 8, "unit": "points"},
    "trunk-hold seconds below 120.5 and at least 60 s": {**HOLD, "at_least": 60, "below": 120.5},
    "heel-raise reps of the other side below norm low reps": {
        "test": "heel-raise",
        "measure": "reps",
        "side": "opposite",
        "below": {"norm": "low"},
        "unit": "reps",
    },
    "heel-raise reps worse on this side": {"test": "heel-raise", "measure": "reps", "gap": "worse", "side": "same"},
    "back.doming is yes and (back.doming is yes or not (back.doming is yes))": {"all": [IS, {"any": [IS, {"not": IS}]}]},
    "at least 2 of: back.doming is yes; back.doming is yes": {"at_least": 2, "of": [IS, IS]},
}
DOSES = {
    "1 x 6, hold 8 s, 4 s a movement, rest 10 s, 4 days a week (D-E)": {
        "code": "D-E",
        "sets": 1,
        "reps": 6,
        "hold_seconds": 8,
        "rest_seconds": 10,
        "days_a_week": 4,
    },
    "2 x 8, 6 s a movement, 7 days a week (D-M)": {"code": "D-M", "sets": 2, "reps": 8, "seconds_per_rep": 6, "days_a_week": 7},
    "3 min, 5 days a week (D-A)": {"code": "D-A", "sets": 1, "minutes": 3, "days_a_week": 5},
}


@pytest.mark.parametrize("words", CRITERIA)
def test_a_criterion_reads_as_a_sentence(words: str) -> None:
    criterion: Criterion = TypeAdapter(Criterion).validate_json(json.dumps(CRITERIA[words]))
    assert criterion_words(criterion) == words


@pytest.mark.parametrize("words", DOSES)
def test_a_dose_reads_as_it_is_done(words: str) -> None:
    assert dose_words(Dose.model_validate_json(json.dumps(DOSES[words]))) == words


def test_a_rule_reads_with_both_weights_and_what_counts_against(pack: Pack) -> None:
    rules = {rule.id: rule for rule in pack.rules}
    assert argument_words(rules["R035"]) == (
        "for +0.45, against -0.25 (back.sweeping-ache is no), when back.sweeping-ache is within-15-min; history, moderate"
    )


def measure(pack: Pack, test: str) -> Measure:
    """The first measure of a self-test."""
    return pack.tests[test].measures[0]


def test_usual_values_read_with_every_cell_of_their_norms(pack: Pack) -> None:
    assert usual_words(measure(pack, "trunk-hold")) == "usual from 60 s"
    assert usual_words(measure(pack, "toe-touch")) == "usual up to 10 cm"
    assert usual_words(measure(pack, "side-bend")) == "no usual value of its own"
    assert usual_words(measure(pack, "knee-extension")) == (
        "usual up to 20 deg; norm short (deg): all ages male 33, all ages female 23.4; norm somewhat (deg): all ages male 20, all ages female 17"
    )
    assert usual_words(measure(pack, "one-leg-stand")) == "norm half (s): 18-39 22.5, 40-49 21, 50-59 20.5, 60-69 16, 70-79 11, 80-plus 4.5"


def test_a_side_difference_says_whether_as_much_is_enough() -> None:
    written: dict[str, Any] = {"by": 2, "basis": ["judgement"], "sources": ["team-judgement"]}
    from_two = SideDifference.model_validate_json(json.dumps(written))
    beyond = SideDifference.model_validate_json(json.dumps({**written, "beyond": True, "share": 0.3}))
    assert side_difference_words(from_two, "cm") == "sides differ from 2 cm"
    assert side_difference_words(beyond, "reps") == "sides differ by more than 2 reps, and 30% of the other side"


def test_how_weights_add_up_reads_with_every_limit() -> None:
    silent = KindCap.model_validate_json('{"kinds": ["posture"], "limit": 0.15, "decides": false}')
    low = Cluster.model_validate_json(
        '{"id": "LOW", "share": 0.5, "rest": "all", "highest": 0.4, "lowest": -0.5, "shows_alone": false, "reason": "One cause."}'
    )
    assert cap_words(silent) == "together at most 0.15, and never moves a band"
    assert cluster_words(low) == "the strongest whole, all others x 0.5, at most 0.4, at least -0.5, shows nothing by itself"


def test_settings_read_without_brackets() -> None:
    assert plain({"weak": {"control": 0.75}, "weeks": (2, 6)}) == "weak control 0.75, weeks 2, 6"
