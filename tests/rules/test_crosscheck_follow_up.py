"""A check-in that asks for what is not there, or in another unit, is refused by file, line and key."""

from pathlib import Path

import pytest

from tests.planting import Plant, copy_of_seeds, refusal

CONTENT = "follow-up.yaml"
FAULTS = {
    "a question of another page": Plant(CONTENT, "link_id: check-in.done", "link_id: back.done", "link_id", "must begin with check-in."),
    "a question asked twice": Plant(CONTENT, "check-in.effort", "check-in.done", "link_id", "stand once"),
    "an item that is not asked": Plant(
        CONTENT, "item: check-in.signs, is: some", "item: check-in.sign, is: some", "when", "no question", "id: CI01", "when"
    ),
    "an option that is not offered": Plant(CONTENT, "in: [some,", "in: [little,", "when", "little is no option", "id: CI07", "when"),
    "another unit": Plant(CONTENT, "unit: weeks", "unit: points", "when", "is in weeks, not points", "id: CI03", "when"),
    "a self-test": Plant(
        CONTENT,
        "{item: check-in.signs, is: some}",
        "{test: plank, measure: seconds, below: 30, unit: s}",
        "when",
        "asks with is, in",
        "id: CI01",
        "when",
    ),
    "a rise over nothing": Plant(
        CONTENT, "over: safety.pain-level", "over: safety.pain", "rises", "in the same unit", line="- {id: check-in.pain-rise"
    ),
    "a key of an example": Plant(CONTENT, "told: {done: all", "told: {did: all", "told", "did is no question", "id: easy-week", "- {id"),
}


@pytest.mark.parametrize("plant", FAULTS.values(), ids=FAULTS)
def test_a_check_in_that_does_not_fit_is_refused(tmp_path: Path, plant: Plant) -> None:
    seeds = copy_of_seeds(tmp_path)
    line = plant.place(seeds)
    faults = refusal(seeds)
    assert [fault for fault in faults if plant.is_named_by(fault, line)], (line, [str(fault) for fault in faults])
