"""Guidance says what was found, from which answers, and what was left aside; and needs no web and no database for it."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given

from rules import AnswersRefused, Guidance, Pack, evaluate
from tests.strategies import PACK, Given, anybody

CONTRACT: Given = {
    "safety.saddle-numbness": "no",
    "back.sweeping-ache": "within-15-min",
    "tests.trunk-hold.seconds": 38,
    "tests.trunk-hold.stopped-by": "tired-here",
}
FINISHED: Given = {"tests.trunk-hold.seconds": 10, "tests.trunk-hold.stopped-by": "done"}
LOADED = "import sys, rules; rules.evaluate(rules.load_pack(), {}); print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def bands(said: Guidance) -> dict[str, str]:
    """Every finding with its band."""
    return {one["id"]: one["band"] for one in said["findings"]}


def test_the_example_of_the_contract(pack: Pack) -> None:
    said = evaluate(pack, CONTRACT)
    assert (said["plan"]["status"], said["plan"]["prescriptions"]) == ("safety-unanswered", [])
    assert bands(said) == {"lumbar-extensors.weak.midline": "strong"}
    assert said["triage"]["urgency"] == "clear"
    assert "safety.bladder-change" in said["triage"]["unanswered"]
    assert said["completeness"]["answered"] == 4


def test_a_finding_names_its_arguments_with_answer_and_sources(pack: Pack) -> None:
    [finding] = evaluate(pack, CONTRACT)["findings"]
    [measured, told] = finding["supporting"]
    assert (measured["rule"], measured["link_id"], measured["answer"], measured["unit"]) == ("R039", "tests.trunk-hold.seconds", 38, "s")
    assert (measured["weight"], measured["kind"], measured["grade"]) == ("strong", "measured", "strong")
    assert "38 s" in measured["text"]
    assert set(measured["sources"]) <= {*pack.sources, *(f"article:{claim.id}" for claim in pack.article.claims)}
    assert (told["rule"], told["answer"]) == ("R035", "within-15-min")


def test_a_finding_names_what_is_still_open_and_what_it_could_do(pack: Pack) -> None:
    [finding] = evaluate(pack, CONTRACT)["findings"]
    open_ = {one["rule"]: (one["link_id"], one["could"]) for one in finding["unanswered"]}
    assert open_["R038"] == ("back.tires-before-legs", "raise-or-lower")
    assert open_["R112"] == ("about-you.strength-training", "lower")
    assert "R039" not in open_


def test_what_was_answered_not_sure_is_not_called_open(pack: Pack) -> None:
    [finding] = evaluate(pack, CONTRACT | {"back.tires-before-legs": "not-sure"})["findings"]
    assert "R038" not in {one["rule"] for one in finding["unanswered"]}


def test_what_speaks_on_one_side_only_is_told_for_that_side(pack: Pack, safe: Given) -> None:
    even: Given = {"tests.side-leg-lift.reps.left": 5, "tests.side-leg-lift.reps.right": 5, "tests.side-leg-lift.stopped-by": "done"}
    for side, other in (("left", "right"), ("right", "left")):
        [finding] = evaluate(pack, safe | even | {"glutes.knee-caves": side})["findings"]
        assert finding["id"] == "gluteus-medius.weak.both"
        assert [one["side"] for one in finding["supporting"] if one["rule"] == "R075"] == [side]
        assert [one["side"] for one in finding["conflicting"] if one["rule"] == "R075"] == [other]


def test_a_measured_number_stands_beside_what_is_usual(pack: Pack) -> None:
    [measured] = evaluate(pack, CONTRACT)["measured"]
    assert (measured["link_id"], measured["test"], measured["value"], measured["unit"]) == ("tests.trunk-hold.seconds", "T20", 38, "s")
    assert measured["counted"] is True
    assert measured["typical"] is not None
    assert measured["typical"]["low"] == 60


@pytest.mark.parametrize(("stopped", "counted"), [("done", True), ("tired-elsewhere", True), ("pain", False), ("not-tried", False)])
def test_a_number_is_counted_only_if_the_test_was_really_done(pack: Pack, safe: Given, stopped: str, counted: bool) -> None:
    [measured] = evaluate(pack, safe | FINISHED | {"tests.trunk-hold.stopped-by": stopped})["measured"]
    assert measured["counted"] is counted


def test_a_test_that_pain_ended_scores_nothing_sets_its_gate_and_is_named(pack: Pack, safe: Given) -> None:
    said = evaluate(pack, safe | FINISHED | {"tests.trunk-hold.stopped-by": "pain"})
    assert said["findings"] == []
    assert [gate["id"] for gate in said["triage"]["gates"]] == ["NO_EXT"]
    note = pack.label.notes.stopped_by_pain.replace("{test}", pack.tests["trunk-hold"].title)
    assert note in said["limits"]


def test_a_test_that_does_not_suit_is_not_counted_and_named(pack: Pack, safe: Given) -> None:
    said = evaluate(pack, safe | FINISHED | {"back.arching": "worse"})
    assert (said["findings"], said["measured"]) == ([], [])
    note = pack.label.notes.hidden_test.replace("{test}", pack.tests["trunk-hold"].title)
    assert note in said["limits"]
    assert note not in evaluate(pack, safe | {"back.arching": "worse"})["limits"]


def test_where_nothing_stands_out_it_is_said_how_much_was_looked_at(pack: Pack, safe: Given) -> None:
    untested = evaluate(pack, safe)["limits"]
    tested = evaluate(pack, safe | FINISHED | {"tests.trunk-hold.seconds": 120})["limits"]
    assert (untested[0], tested[0]) == (pack.label.notes.too_little_asked, pack.label.notes.nothing_stands_out)


def test_what_makes_every_sign_count_less_is_said(pack: Pack, safe: Given) -> None:
    scale = next(one for one in pack.weighing.scales if one.id == "R111")
    assert scale.text in evaluate(pack, safe | {"about-you.widespread-pain": "yes"})["limits"]
    assert scale.text not in evaluate(pack, safe)["limits"]


def test_the_limits_of_the_pack_are_always_said(pack: Pack, safe: Given) -> None:
    for answers in ({}, safe, safe | {"safety.fever": "yes"}):
        assert evaluate(pack, answers)["limits"][-len(pack.label.limits) :] == list(pack.label.limits)


def test_a_pattern_needs_two_tight_and_two_weak_members_that_are_measured(pack: Pack, safe: Given) -> None:
    tight: Given = {
        f"tests.thomas.{code}.{side}": value for code, value in (("thigh-angle", 20), ("knee-bend", 40)) for side in ("left", "right")
    }
    weak: Given = {"tests.plank.seconds": 5, "tests.bridge.seconds": 5}
    done: Given = {f"tests.{test}.stopped-by": "done" for test in ("thomas", "plank", "bridge")}
    assert [one["id"] for one in evaluate(pack, safe | tight | weak | done)["patterns"]] == ["lower-crossed"]
    for fewer in (tight, weak, {**tight, "tests.plank.seconds": 5}):
        stopped = {item: answer for item, answer in done.items() if any(one.startswith(item.rpartition(".")[0]) for one in fewer)}
        assert evaluate(pack, safe | fewer | stopped)["patterns"] == []


def test_every_guidance_says_from_which_content_it_comes(pack: Pack) -> None:
    versions = evaluate(pack, {})["versions"]
    assert (versions["pack"], versions["digest"]) == (pack.label.id, pack.digest)
    assert versions["evidence"] == pack.label.versions.evidence


def test_answers_that_cannot_be_read_get_no_guidance(pack: Pack) -> None:
    with pytest.raises(AnswersRefused, match="1 answers cannot be read"):
        evaluate(pack, {"back.moon": "full"})


@given(anybody)
def test_never_more_is_answered_than_could_be_asked(person: Given) -> None:
    completeness = evaluate(PACK, person)["completeness"]
    assert 0 <= completeness["answered"] <= completeness["askable"] <= len(PACK.items)


def test_every_example_is_read_and_answered(pack: Pack) -> None:
    urgencies = {}
    for example in pack.examples:
        answers = {item: list(one) if isinstance(one, tuple) else one for item, one in example.answers.items()}
        urgencies[example.id] = evaluate(pack, answers)["triage"]["urgency"]
    assert urgencies["emergency"] == "emergency"
    assert urgencies["healthy"] == "clear"


def test_rules_alone_load_no_web_and_no_database() -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", LOADED], cwd=root, capture_output=True, text=True, check=True)
    own = set(run.stdout.split()) - set(sys.stdlib_module_names)
    needed = {"pydantic", "pydantic_core", "yaml", "babel", "rules"}
    assert needed <= own
    assert {"fastapi", "sqlalchemy", "sqlmodel", "starlette", "httpx", "service"} & own == set()
    brought_along = {"annotated_types", "typing_extensions", "typing_inspection", "cython_runtime"}
    assert {name for name in own if not name.startswith("_")} <= needed | brought_along
