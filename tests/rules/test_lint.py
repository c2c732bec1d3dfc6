"""What a pack that loads may still have wrong is found; ours has nothing of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rules import Pack, load_pack
from rules.lint import CHECKS, findings_of_lint
from tests.planting import Plant, copy_of_seeds

BACK = "evidence/back.yaml"
STRENGTHEN = "exercises/strengthen.yaml"
STRETCH = "exercises/stretch.yaml"
TIRES = "{item: back.tires-before-legs, is: yes}"
PAIN = "{item: safety.pain-level"
SHORT_HOLD = "{test: trunk-hold, measure: seconds, below: 60, unit: s}"
SILENCED = f"""when: {SHORT_HOLD}
    unless_measured: true"""
TWO_LEVELS = """- {urgency: emergency, when: {item: safety.saddle-numbness, is: yes}}
      - {urgency: same-day, when: {item: safety.saddle-numbness, in: [yes]}}"""

DEAD = {
    "parts that exclude each other": Plant(
        BACK,
        "{item: back.arching, in: [worse, spreads]}",
        "{item: back.bending, in: [worse, spreads]}",
        "R047",
        "can never hold",
        after="id: R047",
    ),
    "a range without a number in it": Plant(BACK, "at_least: 60, below: 120", "at_least: 120, below: 60", "R040", "can never hold"),
    "ranges that do not meet": Plant(
        BACK,
        TIRES,
        f"{{all: [{TIRES}, {PAIN}, below: 5, unit: points}}, {PAIN}, at_least: 7, unit: points}}]}}",
        "R038",
        "can never hold",
        after="id: R038",
    ),
    "a number beyond what can be answered": Plant(BACK, "below: 60, unit", "below: 0, unit", "R039", "can never hold", after="id: R039"),
    "an emergency, in which nothing is found": Plant(
        BACK, TIRES, f"{{all: [{TIRES}, {{item: safety.saddle-numbness, is: yes}}]}}", "R038", "can never hold", after="id: R038"
    ),
    "a test that its own gate hides": Plant(
        BACK,
        SHORT_HOLD,
        f"{{all: [{SHORT_HOLD}, {{item: about-you.age-band, from: 75-79}}]}}",
        "R039",
        "can never hold",
        after="id: R039",
    ),
    "a normal answer that cannot be": Plant(
        BACK,
        "against_when: {item: back.sweeping-ache, is: no}",
        "against_when: {item: back.sweeping-ache, is: within-15-min}",
        "R035",
        "can never speak against",
    ),
    "no weight": Plant(BACK, "for: 0.05", "for: 0", "R017", "weighs nothing", after="id: R017"),
    "a rule that its own self-test silences": Plant(
        BACK, f"when: {SHORT_HOLD}", SILENCED, "R039", "its `for` never counts", after="id: R039"
    ),
    "a weaker rule inside a stronger one": Plant(
        BACK, "at_least: 60, below: 120", "below: 50", "R040", "holds only when the stronger R039 holds", after="id: R040"
    ),
    "a weaker rule around a stronger one": Plant(
        BACK, "at_least: 60, below: 120", "below: 90", "R040", "always holds when the stronger R039 holds", after="id: R040"
    ),
    "a red flag": Plant(
        "safety.yaml",
        "- {urgency: emergency, when: {item: safety.saddle-numbness, is: yes}}",
        "- {urgency: emergency, when: {all: [{item: safety.saddle-numbness, is: yes}, {item: safety.saddle-numbness, is: no}]}}",
        "RF01 level 1 (emergency)",
        "can never hold",
    ),
    "a red flag's level behind another": Plant(
        "safety.yaml",
        "- {urgency: emergency, when: {item: safety.saddle-numbness, is: yes}}",
        TWO_LEVELS,
        "RF01 level 2 (same-day)",
        "always holds first",
    ),
    "an exercise's only_when": Plant(
        STRENGTHEN,
        "at_least: 60, unit: s}]}",
        "above: 180, unit: s}]}",
        "single-leg-bridge only_when",
        "can never hold",
        after="id: single-leg-bridge",
    ),
    "a scale": Plant(
        "evidence/clusters.yaml",
        "is: eased-by-sitting}",
        "is: eased-by-sitting}\n        - {item: safety.walking-leg-pain, is: no}",
        "R114 when",
        "can never hold",
    ),
    "a question whose enable_when cannot be met": Plant(
        "questions/safety.yaml",
        "answer: birth-within-12-weeks}\n        enable_behavior: any",
        "answer: birth-within-12-weeks}\n        enable_behavior: all",
        "safety.pregnancy-warning",
        "is never asked",
    ),
    "a {value} nobody gave": Plant(
        BACK,
        "says: Your belly or the side of your waist aches",
        "about: back.doming\n    says: Doming {value}. Your belly or the side of your waist aches",
        "R058 says",
        "{value} stays empty",
    ),
}
FINDINGS = {
    "an imbalance that stays possible": Plant(
        "evidence/legs.yaml", "for: 1.5", "for: 0.3", "quadriceps weak", "stays possible", after="id: R082"
    ),
    "an imbalance that is wrongly said to stay possible": Plant(
        "muscles.yaml",
        "stays_possible:\n",
        "stays_possible:\n      tight: Because.\n",
        "hamstrings tight",
        "remove its `stays_possible`",
        after="id: hamstrings",
    ),
    "an imbalance that cannot be cleared": Plant(
        BACK, "kind: measured", "kind: visual", "", "normal self-tests cannot clear it", after="id: R050"
    ),
    "an imbalance without an exercise": Plant(
        STRENGTHEN, "muscle: hip-adductors", "muscle: calves", "hip-adductors weak", "no exercise", after="id: adductor-squeeze"
    ),
    "an imbalance that only special kit helps": Plant(
        STRENGTHEN, "kit: [pillow]", "kit: [band]", "hip-adductors weak", "kit that everybody has", after="id: adductor-squeeze"
    ),
}
EXERCISES = {
    "an easier step that is harder": Plant(
        STRENGTHEN, "level: 1", "level: 3", "front-plank", "its easier step front-plank-knees", after="id: front-plank-knees"
    ),
    "a harder step that is easier": Plant(
        STRENGTHEN, "level: 1", "level: 3", "front-plank-knees", "its harder step front-plank ", after="id: front-plank-knees"
    ),
    "a harder step that loses a gate": Plant(
        STRENGTHEN,
        "[LOW_LOAD, NO_PRONE, NO_BRACE]",
        "[NO_PRONE]",
        "front-plank",
        "without its LOW_LOAD, NO_BRACE",
        after="id: front-plank\n",
    ),
    "a harder step that loses a gate of the position it keeps": Plant(
        STRENGTHEN, "gates: [NO_SUPINE, LOW_LOAD]", "gates: [LOW_LOAD]", "bridge-march", "without its NO_SUPINE", after="id: bridge-march\n"
    ),
    "an easier link up which a gate is lost": Plant(
        STRETCH,
        "gates: [NO_FLEX, HIP_PREC, HYPERMOBILE]",
        "gates: [HYPERMOBILE]",
        "kneeling-lat",
        "without its NO_FLEX, HIP_PREC",
        after="id: kneeling-lat",
    ),
    "an exercise that nothing leads to": Plant(
        "exercises/control.yaml",
        "serves:\n      - {muscle: gluteus-medius, state: weak}",
        "serves: []",
        "single-leg-stance",
        "serves no finding",
        after="id: single-leg-stance",
    ),
    "an exercise that is never chosen": Plant(
        "exercises/control.yaml",
        "serves:\n      - {muscle: gluteus-medius, state: weak}",
        "serves: []",
        "single-leg-stance",
        "nobody is given it",
        after="id: single-leg-stance",
    ),
    "an exercise that the same answers offer and bar": Plant(
        STRETCH,
        "gates: [NO_NEURAL",
        "only_when: {item: safety.numb-feet-or-falls, is: yes}\n    gates: [NO_BALANCE, NO_NEURAL",
        "strap-hamstring",
        "nobody is given it",
        after="id: strap-hamstring",
    ),
    "a level that nobody reaches": Plant("plan.yaml", "- level: 3", "- level: 2", "loaded-hinge", "nobody reaches level 3"),
}
UNUSED = {
    "a cluster": Plant(
        "evidence/clusters.yaml",
        "clusters:\n",
        "clusters:\n  - {id: OO, share: 1.0, rest: all, reason: None.}\n",
        "OO",
        "this cluster is used by nothing",
    ),
    "a kit": Plant(
        "plan.yaml",
        "kit:\n  - {id: mat",
        "kit:\n  - {id: helper, name: somebody, presumed: true}\n  - {id: mat",
        "helper",
        "this kit is used by nothing",
    ),
    "a unit": Plant("pack.yaml", "units: {", "units: {kg: kg, ", "kg", "this unit is used by nothing"),
    "an option set": Plant(
        "pack.yaml", "option_sets:\n", "option_sets:\n  idle:\n    - {code: a, text: Aa}\n", "idle", "this option set is used by nothing"
    ),
    "a claim": Plant("exercises/control.yaml", '"article:C10", ', "", "C10", "rests on this claim"),
}
TEXTS = {
    "a hard question": Plant(
        "questions/back.yaml",
        "text: Does your lower back feel worse after",
        "text: Considering habitual everyday activities, does your lower back characteristically deteriorate subsequent to",
        "back.upright-ache text",
        "reads at grade",
    ),
    "a hard step of an exercise": Plant(
        STRENGTHEN,
        "Lie on",
        "Having previously established a comfortable environment, subsequently position yourself lying on",
        "",
        " steps 1: reads at grade",
    ),
    "a hard sentence of a rule, with its value in it": Plant(
        BACK,
        "Your back tired after {value} on the chest lift hold;",
        "Your musculature demonstrated insufficient endurance after {value} on the trunk hold, although",
        "R039 says",
        "reads at grade",
    ),
    "a word to avoid": Plant(BACK, "says: Your back tires before", "says: Your worn back tires before", "R038 says", "common age changes"),
    "the beginning of a word to avoid": Plant(
        BACK, "says: Your back tires before", "says: Your damaged back tires before", "R038 says", 'says "damaged"'
    ),
}
# Each kind of flaw, and the modules that look for it: all checks together take their time.
KINDS = [
    (DEAD, {"holding", "values", "impossible"}),
    (FINDINGS, {"targets", "exercises"}),
    (EXERCISES, {"exercises", "plans"}),
    (UNUSED, {"unused"}),
    (TEXTS, {"wording"}),
]
FLAWS = {name: (flaw, modules) for flaws, modules in KINDS for name, flaw in flaws.items()}


def module_of(check: Callable[[Pack], Iterator[str]]) -> str:
    """Where a check is at home."""
    return check.__module__.rpartition(".")[2]


@pytest.mark.parametrize(("flaw", "modules"), FLAWS.values(), ids=FLAWS)
def test_a_flaw_is_found_and_named(tmp_path: Path, flaw: Plant, modules: set[str]) -> None:
    seeds = copy_of_seeds(tmp_path)
    flaw.place(seeds)
    pack = load_pack(seeds)
    found = [line for check in CHECKS if module_of(check) in modules for line in check(pack)]
    where = f"{flaw.key}: " if flaw.key else ""
    assert [line for line in found if line.startswith(where) and flaw.says in line], found


def test_every_check_is_tried_with_a_flaw() -> None:
    assert {module_of(check) for check in CHECKS} == {module for _, modules in KINDS for module in modules}


def test_our_own_pack_has_no_flaw(pack: Pack) -> None:
    assert findings_of_lint(pack) == []
