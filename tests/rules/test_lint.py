"""What a pack that loads may still have wrong is found; ours has nothing of it."""

from pathlib import Path

import pytest

from rules import Pack, load_pack
from rules.lint import findings_of_lint
from tests.planting import Plant, copy_of_seeds

FLAWS = {
    "a rule that can never hold": Plant(
        "evidence/back.yaml",
        "{item: back.arching, in: [worse, spreads]}",
        "{item: back.bending, in: [worse, spreads]}",
        "R047",
        "can never hold",
        after="id: R047",
    ),
    "a rule that weighs nothing": Plant("evidence/back.yaml", "for: 0.05", "for: 0", "R017", "weighs nothing", after="id: R017"),
    "an easier step that is harder": Plant(
        "exercises/strengthen.yaml",
        "level: 1",
        "level: 3",
        "front-plank",
        "its easier step front-plank-knees",
        after="id: front-plank-knees",
    ),
    "a harder step that is easier": Plant(
        "exercises/strengthen.yaml",
        "level: 1",
        "level: 3",
        "front-plank-knees",
        "its harder step front-plank ",
        after="id: front-plank-knees",
    ),
    "an imbalance without an exercise": Plant(
        "exercises/strengthen.yaml",
        "muscle: hip-adductors",
        "muscle: calves",
        "hip-adductors weak",
        "no exercise",
        after="id: adductor-squeeze",
    ),
    "an imbalance that only special kit helps": Plant(
        "exercises/strengthen.yaml",
        "kit: [pillow]",
        "kit: [band]",
        "hip-adductors weak",
        "kit that everybody has",
        after="id: adductor-squeeze",
    ),
    "an exercise that nothing leads to": Plant(
        "exercises/control.yaml",
        "serves:\n      - {muscle: gluteus-medius, state: weak}",
        "serves: []",
        "single-leg-stance",
        "serves no finding",
        after="id: single-leg-stance",
    ),
    "a level that nobody reaches": Plant("plan.yaml", "- level: 3", "- level: 2", "loaded-hinge", "nobody reaches level 3"),
}


@pytest.mark.parametrize("flaw", FLAWS.values(), ids=FLAWS)
def test_a_flaw_is_found_and_named(tmp_path: Path, flaw: Plant) -> None:
    seeds = copy_of_seeds(tmp_path)
    flaw.place(seeds)
    found = findings_of_lint(load_pack(seeds))
    assert [line for line in found if line.startswith(f"{flaw.key}: ") and flaw.says in line], found


def test_our_own_pack_has_no_flaw(pack: Pack) -> None:
    assert findings_of_lint(pack) == []
