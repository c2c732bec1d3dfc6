"""Cases that a physiotherapist can read: whole people, and each rule, red flag and gate at its boundary."""

from collections.abc import Iterable

import pytest

from rules import Guidance, Pack, evaluate
from rules.answers import read_answers
from rules.content import Urgency
from rules.criteria import compile_criterion
from rules.support import Supported, support
from rules.triage import Triage, triage
from rules.weighing.weigh import BANDS, Band
from tests.golden_cases import (
    PEOPLE,
    RULES,
    SAFETY,
    SIDES,
    SUPPORT,
    VIGNETTES,
    FlagCase,
    GateCase,
    Given,
    HiddenCase,
    RuleCase,
    SignCase,
    SignpostCase,
    Vignette,
)

each_vignette = pytest.mark.parametrize("vignette", [pytest.param(one, id=one.case) for one in VIGNETTES])
each_rule = pytest.mark.parametrize("case", [pytest.param(one, id=one.says) for one in RULES])
each_flag = pytest.mark.parametrize("case", [pytest.param(one, id=one.says) for one in SAFETY.red_flags])
each_sign = pytest.mark.parametrize("case", [pytest.param(one, id=one.says) for one in SUPPORT.signs])
each_signpost = pytest.mark.parametrize("case", [pytest.param(one, id=one.says) for one in SUPPORT.signposts])
each_gate = pytest.mark.parametrize("case", [pytest.param(one, id=one.says) for one in SAFETY.gates])
each_hidden = pytest.mark.parametrize("case", [pytest.param(one, id=one.says) for one in SAFETY.hidden_tests])


def guidance(pack: Pack, vignette: Vignette) -> Guidance:
    """What the engine says to this person."""
    return evaluate(pack, PEOPLE[vignette.person] | vignette.answers)


def safety(pack: Pack, answers: Given) -> Triage:
    """The triage of the person that the safety cases start from, with these answers changed."""
    return triage(pack, read_answers(pack, PEOPLE[SAFETY.person] | answers))


def supported(pack: Pack, answers: Given) -> Supported:
    """What supports the person that the support cases start from, with these answers changed."""
    return support(pack, read_answers(pack, PEOPLE[SUPPORT.person] | answers).values)


def bands(said: Guidance) -> dict[str, Band]:
    """Every finding with its band."""
    return {finding["id"]: finding["band"] for finding in said["findings"]}


def exercises(said: Guidance) -> set[str]:
    """What the plan holds."""
    return {one["exercise"] for one in said["plan"]["prescriptions"]}


def is_said(pack: Pack, note: str, sentences: Iterable[str]) -> bool:
    """Whether one of the sentences is this note of pack.yaml, whatever test it names."""
    text: str = getattr(pack.label.notes, note.replace("-", "_"))
    before, _, after = text.partition("{test}")
    return any(sentence.startswith(before) and sentence.endswith(after) for sentence in sentences)


@each_vignette
def test_a_person_gets_the_right_urgency(pack: Pack, vignette: Vignette) -> None:
    assert guidance(pack, vignette)["triage"]["urgency"] == vignette.urgency


@each_vignette
def test_a_person_gets_every_red_flag_and_gate_that_fits(pack: Pack, vignette: Vignette) -> None:
    said = guidance(pack, vignette)["triage"]
    assert set(vignette.red_flags) <= {flag["id"] for flag in said["red_flags"]}
    assert set(vignette.gates) <= {gate["id"] for gate in said["gates"]}


@each_vignette
def test_a_person_is_not_offered_what_does_not_suit(pack: Pack, vignette: Vignette) -> None:
    said = triage(pack, read_answers(pack, PEOPLE[vignette.person] | vignette.answers))
    assert set(vignette.hidden_tests) <= {test.name for test in said.hidden}


@each_vignette
def test_a_person_gets_the_findings_that_fit_in_their_bands(pack: Pack, vignette: Vignette) -> None:
    found = bands(guidance(pack, vignette))
    assert {finding: found.get(finding, "none") for finding in vignette.findings} == vignette.findings


@each_vignette
def test_a_person_never_gets_a_finding_that_must_not_be(pack: Pack, vignette: Vignette) -> None:
    found = bands(guidance(pack, vignette))
    assert [finding for finding in found if finding.startswith(vignette.never_findings)] == []
    assert [finding for finding, band in found.items() if BANDS.index(band) > BANDS.index(vignette.highest_band)] == []


@each_vignette
def test_a_person_gets_the_support_that_fits(pack: Pack, vignette: Vignette) -> None:
    said = guidance(pack, vignette)["support"]
    assert (said is not None and said["text"] is not None) is vignette.support_tier
    assert {one["id"] for one in said["signposts"]} >= set(vignette.signposts) if said else not vignette.signposts


@each_vignette
def test_a_person_gets_the_plan_that_fits(pack: Pack, vignette: Vignette) -> None:
    said = guidance(pack, vignette)
    assert said["plan"]["status"] == vignette.plan
    assert set(vignette.plan_has) - exercises(said) == set()
    assert set(vignette.plan_lacks) & exercises(said) == set()
    sides = {one["exercise"]: one["extra_set_side"] for one in said["plan"]["prescriptions"]}
    assert {one: sides.get(one) for one in vignette.extra_set_side} == vignette.extra_set_side


@each_vignette
def test_a_person_is_told_what_must_be_said(pack: Pack, vignette: Vignette) -> None:
    limits = guidance(pack, vignette)["limits"]
    assert [note for note in vignette.notes if not is_said(pack, note, limits)] == []


@each_rule
def test_a_rule_speaks_on_one_side_of_its_boundary_only(pack: Pack, case: RuleCase) -> None:
    rule = next(rule for rule in pack.rules if rule.id == case.rule)
    holds = compile_criterion(rule.when, pack, SIDES[case.side])
    fires, silent = (holds(read_answers(pack, answers).values) for answers in (case.fires, case.silent))
    assert (fires, silent) == (True, False)


@each_flag
def test_a_red_flag_is_raised_on_one_side_of_its_boundary_only(pack: Pack, case: FlagCase) -> None:
    def raised(answers: Given) -> set[tuple[str, Urgency]]:
        return {(one.flag.id, one.urgency) for one in safety(pack, answers).red_flags}

    assert (case.flag, case.urgency) in raised(case.fires)
    assert (case.flag, case.urgency) not in raised(case.silent)


@each_gate
def test_a_gate_is_set_on_one_side_of_its_boundary_only(pack: Pack, case: GateCase) -> None:
    def is_set(answers: Given) -> set[str]:
        return {gate.id for gate in safety(pack, answers).gates}

    assert case.gate in is_set(case.fires)
    assert case.gate not in is_set(case.silent)


@each_hidden
def test_a_self_test_is_hidden_on_one_side_of_its_boundary_only(pack: Pack, case: HiddenCase) -> None:
    def hidden(answers: Given) -> set[str]:
        return {test.name for test in safety(pack, answers).hidden}

    assert case.test in hidden(case.fires)
    assert case.test not in hidden(case.silent)


@each_sign
def test_a_sign_for_support_is_seen_on_one_side_of_its_boundary_only(pack: Pack, case: SignCase) -> None:
    fires, silent = ({sign.id for sign in supported(pack, answers).signs} for answers in (case.fires, case.silent))
    assert (case.sign in fires, case.sign in silent) == (True, False)


@each_signpost
def test_a_signpost_is_shown_on_one_side_of_its_boundary_only(pack: Pack, case: SignpostCase) -> None:
    fires, silent = ({one.id for one in supported(pack, answers).signposts} for answers in (case.fires, case.silent))
    assert (case.signpost in fires, case.signpost in silent) == (True, False)


def test_the_support_cases_start_from_somebody_without_any_sign(pack: Pack) -> None:
    assert supported(pack, {}) == Supported((), tier=False, signposts=())


def test_the_safety_cases_start_from_somebody_without_any_flag_or_gate(pack: Pack) -> None:
    start = safety(pack, {})
    assert (start.urgency, start.open) == ("clear", ())


def test_every_rule_is_seen_firing_and_silent(pack: Pack) -> None:
    assert {case.rule for case in RULES} == {rule.id for rule in pack.rules}


def test_every_red_flag_and_gate_is_seen_both_ways(pack: Pack) -> None:
    levels = {(flag.id, level.urgency) for flag in pack.safety.red_flags for level in flag.levels}
    assert {(case.flag, case.urgency) for case in SAFETY.red_flags} == levels
    assert {case.gate for case in SAFETY.gates} == {gate.id for gate in pack.safety.gates}


def test_every_test_with_a_reason_of_its_own_to_be_hidden_is_seen_both_ways(pack: Pack) -> None:
    assert {test.name for test in pack.tests.values() if test.hidden_when} <= {case.test for case in SAFETY.hidden_tests}


def test_every_case_says_something_of_its_own() -> None:
    sentences = [one.case for one in VIGNETTES] + [
        one.says for one in (*RULES, *SAFETY.red_flags, *SAFETY.gates, *SAFETY.hidden_tests, *SUPPORT.signs, *SUPPORT.signposts)
    ]
    assert len(set(sentences)) == len(sentences)
