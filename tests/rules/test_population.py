"""Simulated people answer as the population describes them, and only what the pack lets them answer."""

from pathlib import Path
from statistics import correlation, mean

import pytest

from rules import Pack, load_pack
from rules.answers import read_answers, readable
from rules.content import SEEDS, PackRefused
from rules.content.loading import load_population
from rules.content.population import Distribution, Population, Row
from rules.simulation.population import Crowd, Person
from rules.triage import triage
from tests.planting import Plant, copy_of_seeds

FILE = "population.yaml"
SEED = 11
MANY = 400
DRAWN = [("back-pain", 60, "both"), ("back-pain", 54, "both"), ("healthy", 46, "both"), ("healthy", 93, "no")]
FAULTS = {
    "an unknown key": Plant(FILE, "spread: 32.6", "sprad: 32.6", "sprad", "Extra inputs", line="- {group"),
    "an item that does not exist": Plant(FILE, "item: back.doming", "item: back.domeing", "item", "is no item"),
    "an item described twice": Plant(FILE, "item: back.doming", "item: back.onset", "item", "already described"),
    "shares that make more than 1": Plant(FILE, "yes: 0.85", "yes: 0.95", "rows", "not 1", after="back.arched", line="- {sex"),
    "an option that does not exist": Plant(
        FILE, "yes: 0.85, no", "yes: 0.85, never", "rows", "no option", after="back.arched", line="- {sex"
    ),
    "a choice with a mean": Plant(
        FILE, "shares: {yes: 0.85, no: 0.15}", "mean: 1, spread: 1", "rows", "needs shares", after="back.arched", line="- {sex"
    ),
    "a mean without a spread": Plant(FILE, "mean: 72.5, spread: 32.6", "mean: 72.5", "rows", "needs a spread", line="- {group"),
    "a group that does not exist": Plant(FILE, "group: healthy, mean: 72.5", "group: hale, mean: 72.5", "group", "is no group"),
    "nobody who covers the rest": Plant(
        FILE, "{mean: 28.3", "{sex: male, mean: 28.3", "rows", "no row covers back-pain female", after="tests.plank.seconds", line="rows:"
    ),
    "a factor that does not exist": Plant(
        FILE, "fitness: 0.4", "sleep: 0.4", "leans", "is no factor", after="about-you.activity", line="leans"
    ),
    "sides less alike than what they share": Plant(
        FILE, "sides: 0.85", "sides: 0.5", "distributions", "more alike", after="tests.knee-extension", line="- item"
    ),
    "a source that does not exist": Plant(FILE, "[schellenberg-2007]", "[schellenberg-2070]", "sources", "no bibliography"),
    "an end of a test that does not exist": Plant(
        FILE, "{done: 0.45, tired-here", "{done: 0.45, tried-here", "rows", "needs shares", line="- {group"
    ),
    "an anchor on a muscle that is not assessed so": Plant(
        FILE, "muscle: hamstrings", "muscle: abdominals", "muscle", "not assessed for tight", after="id: A01"
    ),
    "an anchor that asks nothing": Plant(FILE, "tests.plank]", "tests.blank]", "asked", "no item begins with", after="id: A03"),
    "an anchor that expects nothing": Plant(FILE, "    at_most: 0.15\n", "", "anchors", "needs at_least", after="id: A03", line="- id"),
    "an anchor with half a comparison": Plant(FILE, "    than: healthy\n", "", "anchors", "needs `than`", after="id: A04", line="- id"),
}


@pytest.fixture(scope="module")
def population(pack: Pack) -> Population:
    return load_population(SEEDS, pack)


@pytest.fixture(scope="module")
def people(pack: Pack, population: Population) -> list[Person]:
    return list(Crowd(pack, population, SEED).people(MANY))


def describing(population: Population, *distributions: Distribution) -> Population:
    """People of whom nothing else is known."""
    return population.model_copy(update={"distributions": distributions})


def test_the_same_seed_gives_the_same_people_on_any_machine(pack: Pack, population: Population) -> None:
    """Written down once, so that another machine, Python or day that draws otherwise is noticed."""
    hold = Distribution(item="tests.plank.seconds", rows=(Row(mean=60, spread=20),), leans={"fitness": 0.5}, sources=("team-judgement",))
    flank = Distribution(
        item="back.flank-tightness",
        rows=(Row(shares={"left": 0.25, "right": 0.25, "both": 0.25, "no": 0.25}),),
        sources=("team-judgement",),
    )
    crowd = Crowd(pack, describing(population, hold, flank), seed=7)
    drawn = [(one.group, one.answers["tests.plank.seconds"], one.answers["back.flank-tightness"]) for one in crowd.people(4)]
    assert drawn == DRAWN


def test_another_seed_gives_other_people(pack: Pack, population: Population, people: list[Person]) -> None:
    assert list(Crowd(pack, population, SEED + 1).people(10)) != people[:10]
    assert list(Crowd(pack, population, SEED).people(10)) == people[:10]


def test_every_answer_can_be_read(pack: Pack, people: list[Person]) -> None:
    for person in people:
        assert read_answers(pack, person.answers).given == person.answers.keys()


def test_an_item_that_is_not_enabled_is_not_answered(people: list[Person]) -> None:
    assert not any("safety.pregnancy-warning" in person.answers for person in people)


def test_safety_answers_raise_no_alarm_unless_they_are_asked_to(pack: Pack, population: Population, people: list[Person]) -> None:
    def urgent(one: Person) -> bool:
        return triage(pack, read_answers(pack, one.answers)).urgency in ("emergency", "same-day")

    assert not any(urgent(person) for person in people)
    assert any(urgent(person) for person in Crowd(pack, population, SEED, harmless=False).people(30))


def test_every_safety_question_is_settled(pack: Pack, people: list[Person]) -> None:
    assert not any(triage(pack, read_answers(pack, person.answers)).open for person in people)


def test_what_nobody_described_nobody_answers_and_it_is_counted(pack: Pack, population: Population, people: list[Person]) -> None:
    gone = ("legs.sit-tall", "tests.plank.seconds", "tests.plank.doming")
    kept = [one for one in population.distributions if one.item not in gone]
    crowd = Crowd(pack, describing(population, *kept), SEED)
    assert set(crowd.undescribed) == {*gone, "tests.plank.stopped-by", *Crowd(pack, population, SEED).undescribed}
    for before, after in zip(people, crowd.people(20), strict=False):
        rest = {item: answer for item, answer in before.answers.items() if item not in {*gone, "tests.plank.stopped-by"}}
        assert after.answers == rest


def test_a_person_can_be_of_a_wanted_group_sex_and_age(pack: Pack, population: Population) -> None:
    person = Crowd(pack, population, SEED).person(3, group="back-pain", sex="male", age="60-64")
    assert person.group == "back-pain"
    assert (person.answers["about-you.sex"], person.answers["about-you.age-band"]) == ("male", "60-64")


def test_who_is_asked_little_answers_the_same_as_when_asked_all(pack: Pack, population: Population, people: list[Person]) -> None:
    for person in Crowd(pack, population, SEED, asked=("tests.bridge",)).people(20):
        assert "tests.plank.seconds" not in person.answers
        assert person.answers["tests.bridge.seconds"] == people[person.number].answers["tests.bridge.seconds"]


def test_numbers_come_in_steps_and_within_limits(pack: Pack, people: list[Person]) -> None:
    minutes = {person.answers["about-you.minutes"] for person in people}
    assert minutes <= set(range(10, 61, 5))
    assert len(minutes) > 3
    reach = {person.answers["tests.knee-to-wall.reach.left"] for person in people}
    assert all(isinstance(value, float) and value * 2 == int(value * 2) for value in reach)
    assert max(int(str(person.answers["tests.plank.seconds"])) for person in people) == pack.items["tests.plank.seconds"].max


def numbers(people: list[Person], item: str, group: str) -> list[float]:
    return [float(str(person.answers[item])) for person in people if person.group == group]


def test_hold_times_are_those_of_the_study(people: list[Person]) -> None:
    """Within four standard errors; the bridge is cut at 180 s, so only the plank's mean can be held against its own."""
    healthy, sore = (numbers(people, "tests.plank.seconds", group) for group in ("healthy", "back-pain"))
    assert mean(healthy) == pytest.approx(72.5, abs=4 * 32.6 / len(healthy) ** 0.5)
    assert mean(sore) == pytest.approx(28.3 + 3, abs=4 * 26.8 / len(sore) ** 0.5)  # 3 s, because nobody holds less than 0 s


def test_left_and_right_are_alike_and_not_the_same(people: list[Person]) -> None:
    for group in ("healthy", "back-pain"):
        left, right = (numbers(people, f"tests.hip-rotation.degrees.{side}", group) for side in ("left", "right"))
        assert 0.3 < correlation(left, right) < 0.7


def test_who_holds_one_position_long_tends_to_hold_others_long(people: list[Person]) -> None:
    plank, bridge = (numbers(people, f"tests.{test}.seconds", "back-pain") for test in ("plank", "bridge"))
    gap, toes = (numbers(people, item, "healthy") for item in ("tests.butterfly.gap.left", "tests.plank.seconds"))
    assert correlation(plank, bridge) > 0.2
    assert abs(correlation(gap, toes)) < 0.25


def test_who_does_well_in_one_test_of_a_muscle_does_well_in_another_whichever_way_it_counts(people: list[Person]) -> None:
    """A straighter knee is a smaller number, a higher leg a larger one; the study found 0.7 between them."""
    for group in ("healthy", "back-pain"):
        short, raised = (numbers(people, f"tests.{item}.degrees.left", group) for item in ("knee-extension", "straight-leg-raise"))
        assert -0.85 < correlation(short, raised) < -0.45


def test_the_arched_back_is_as_common_as_it_was_found(people: list[Person]) -> None:
    men = [person for person in people if person.answers["about-you.sex"] == "male"]
    arched = sum(person.answers["back.arched-posture"] == "yes" for person in men) / len(men)
    assert arched == pytest.approx(0.85, abs=4 * (0.85 * 0.15 / len(men)) ** 0.5)


def test_answers_of_another_pack_are_left_aside(pack: Pack) -> None:
    answers = {"back.arched-posture": "yes", "back.onset": "on Wednesday", "back.unheard-of": "yes", "safety.pregnancy-warning": "no"}
    assert readable(pack, answers)[0] == {"back.arched-posture": "yes"}


def test_the_population_is_no_part_of_the_pack(pack: Pack, tmp_path: Path) -> None:
    seeds = copy_of_seeds(tmp_path)
    (seeds / FILE).unlink()
    assert load_pack(seeds).digest == pack.digest


@pytest.mark.parametrize("plant", FAULTS.values(), ids=FAULTS)
def test_what_does_not_fit_is_refused_by_file_line_and_key(pack: Pack, tmp_path: Path, plant: Plant) -> None:
    seeds = copy_of_seeds(tmp_path)
    line = plant.place(seeds)
    with pytest.raises(PackRefused) as refused:
        load_population(seeds, pack)
    assert any(plant.is_named_by(fault, line) for fault in refused.value.faults), refused.value
