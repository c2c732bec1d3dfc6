"""An edited pack: what it changes for the same simulated people, and nothing where nothing changed."""

import re
from pathlib import Path

import pytest

from rules import Pack, load_pack
from rules.content import SEEDS
from rules.content.loading import load_population
from rules.content.population import Population
from rules.simulation.differences import Difference, difference, for_both
from tests.planting import changed_pack, copy_of_seeds

SEED = 2
PEOPLE = 80
LIGHTER = ("evidence/back.yaml", ("seconds, below: 60, unit: s}\n    for: 1.5", "seconds, below: 60, unit: s}\n    for: 0.3"))


@pytest.fixture(scope="module")
def population(pack: Pack) -> Population:
    return load_population(SEEDS, pack)


def compared(old: Pack, new: Pack, population: Population) -> Difference:
    return difference(old, new, population, PEOPLE, SEED)


def test_an_unchanged_pack_changes_nothing(pack: Pack, population: Population) -> None:
    found = compared(pack, load_pack(), population)
    assert [found.urgency, found.strongest, found.findings, found.exercises, found.dose] == [0] * 5
    assert [*found.moved, *found.added, *found.removed, *found.only_old, *found.only_new] == []
    assert found.old == found.new
    assert found.new["digest"] == pack.digest


def test_a_lighter_rule_weakens_its_muscle_and_no_other(pack: Pack, population: Population, tmp_path: Path) -> None:
    lighter = changed_pack(tmp_path, *LIGHTER)
    found = compared(pack, lighter, population)
    (moved,) = found.moved
    assert (moved.muscle, moved.state) == ("lumbar-extensors", "weak")
    assert moved.weaker + moved.disappears == pytest.approx(found.findings)
    assert moved.appears == moved.stronger == 0
    assert 0.02 < found.strongest <= found.findings
    assert found.exercises > 0
    assert found.removed
    assert found.urgency == 0
    assert (found.old["digest"], found.new["digest"]) == (pack.digest, lighter.digest)


def test_the_other_way_round_everything_is_reversed(pack: Pack, population: Population, tmp_path: Path) -> None:
    lighter = changed_pack(tmp_path, *LIGHTER)
    there, back = compared(pack, lighter, population), compared(lighter, pack, population)
    assert (there.strongest, there.findings, there.exercises, there.dose) == (back.strongest, back.findings, back.exercises, back.dose)
    assert (there.added, there.removed) == (back.removed, back.added)
    assert [(one.weaker, one.disappears) for one in there.moved] == [(one.stronger, one.appears) for one in back.moved]


def test_another_dose_is_no_other_exercise(pack: Pack, population: Population, tmp_path: Path) -> None:
    longer = changed_pack(tmp_path, "plan.yaml", ("days_a_week: 4", "days_a_week: 3"))
    found = compared(pack, longer, population)
    assert found.dose > 0.5
    assert found.findings == found.exercises == 0


def test_a_red_flag_that_is_heeded_less_changes_the_urgency(pack: Pack, population: Population, tmp_path: Path) -> None:
    sterner = changed_pack(
        tmp_path,
        "safety.yaml",
        (
            "{item: safety.pain-level, at_least: 8, unit: points}\n            - {item: safety.daily",
            "{item: safety.pain-level, at_least: 4, unit: points}\n            - {item: safety.daily",
        ),
    )
    assert 0.1 < compared(pack, sterner, population).urgency < 0.9


def test_an_item_that_only_one_pack_asks_is_named_and_still_answered(population: Population, pack: Pack, tmp_path: Path) -> None:
    """A question taken away: the old pack's people go on answering it, the new one's are not asked."""
    seeds = copy_of_seeds(tmp_path)
    cut(seeds / "questions/legs.yaml", r"  - link_id: legs.heels-lift\n(    .*\n)+")
    cut(seeds / "evidence/legs.yaml", r"  - id: R021\n(    .*\n)+")
    cut(seeds / "population.yaml", r"  - item: legs.heels-lift\n(    .*\n)+")
    cut(seeds / "examples.yaml", r" +legs.heels-lift: .*\n")
    new = load_pack(seeds)
    both = for_both(new, load_population(seeds, new), population)
    found = compared(pack, new, both)
    assert found.only_old == ("legs.heels-lift",)
    assert found.only_new == found.left_open == ()
    assert {(one.muscle, one.state) for one in found.moved} == {("calves", "tight")}


def test_an_item_that_nobody_described_is_said_to_be_left_open(population: Population, pack: Pack) -> None:
    """Otherwise a new question would seem to change nothing."""
    kept = tuple(one for one in population.distributions if one.item != "legs.heels-lift")
    found = compared(pack, pack, population.model_copy(update={"distributions": kept}))
    assert found.left_open == ("legs.heels-lift",)


def cut(file: Path, pattern: str) -> None:
    """Take away from a file what matches."""
    text, count = re.subn(pattern, "", file.read_text(encoding="utf-8"))
    assert count
    file.write_text(text, encoding="utf-8")
