"""What is named in the content must exist, fit and be read by something; else the pack is refused."""

from pathlib import Path

import pytest

from tests.planting import Plant, copy_of_seeds, refusal

RULE = "evidence/back.yaml"
TESTS = "questions/self-tests.yaml"
BACK = "questions/back.yaml"
SAFETY_PAGES = "questions/safety.yaml"
TRUNK_HOLD = "{test: trunk-hold, measure: seconds, below: 60, unit: s}"
NOVEL_OPTIONS = "".join(f"      - {{code: {code}, text: {code}}}\n" for code in ("daily", "weekly"))
NOVEL_ITEM = "  - link_id: back.idle\n    text: Idle?\n    type: choice\n    options: yes-no\n"

NOWHERE = {
    "a rule's muscle": Plant(RULE, "muscle: lumbar-extensors", "muscle: lumbar", "on", "lumbar is not assessed for weak", "id: R039"),
    "a rule's state": Plant(RULE, "state: weak", "state: tight", "on", "abdominals is not assessed for tight", "id: R050"),
    "a rule's cluster": Plant(RULE, "cluster: EE", "cluster: OO", "cluster", "OO does not exist", "id: R039"),
    "a rule that is overridden": Plant(RULE, "kind:", "overrides: [R999]\n    kind:", "overrides", "R999 does not exist", "id: R039"),
    "the item a rule is about": Plant(RULE, "kind:", "about: back.nothing\n    kind:", "about", "back.nothing does not exist", "id: R039"),
    "an item in a criterion": Plant(RULE, "back.tires-before-legs", "back.tires", "when", "back.tires is no item", "id: R038"),
    "an option in a criterion": Plant(RULE, "is: within-15-min", "is: within-5-min", "when", "within-5-min is no option", "id: R035"),
    "an option in `in`": Plant(RULE, "in: [left,", "in: [leftish,", "when", "leftish is no option", "id: R044"),
    "an option in `from`": Plant(RULE, "from: 70-74", "from: 71-74", "when", "71-74 is no option", "id: R109"),
    "an option in `includes`": Plant(RULE, "includes: sweeping", "includes: mowing", "when", "mowing is no option", "id: R037", "when"),
    "an option in `against_when`": Plant(RULE, "is: no}", "is: not}", "against_when", "not is no option", "id: R035"),
    "a self-test": Plant(RULE, "test: trunk-hold", "test: leg-hold", "when", "no measure seconds of a self-test leg-hold", "id: R039"),
    "a measure": Plant(RULE, "measure: seconds", "measure: minutes", "when", "no measure minutes", "id: R039"),
    "a norm": Plant("evidence/legs.yaml", "{norm: low}", "{norm: lowest}", "when", "has no norm lowest", "id: R022"),
    "a best test": Plant("evidence/clusters.yaml", "[R026,", "[R999, R026,", "normal_test", "R999 does not exist", "normal_test"),
    "a fitness cluster": Plant("evidence/clusters.yaml", "[EE,", "[OO, EE,", "fitness.clusters", "OO does not exist", "fitness:"),
    "an item of a scale": Plant(
        "evidence/clusters.yaml", "about-you.widespread-pain", "about-you.pain", "scales.when", "about-you.pain is no item"
    ),
    "a flag's item": Plant("safety.yaml", "safety.saddle-numbness", "safety.saddle", "levels.when", "safety.saddle is no item", "id: RF01"),
    "a gate's item": Plant("safety.yaml", "safety.hip-replacement", "safety.hip", "gates.when", "safety.hip is no item", "id: HIP_PREC"),
    "an exercise's gate": Plant(
        "exercises/strengthen.yaml", "gates: [", "gates: [NO_FUN, ", "gates", "NO_FUN does not exist", "id: curl-up"
    ),
    "an exercise's kit": Plant("exercises/stretch.yaml", "kit: [", "kit: [rack, ", "kit", "rack does not exist", "id: wall-calf"),
    "an exercise's position": Plant(
        "exercises/stretch.yaml", "[standing", "[flying", "positions", "flying does not exist", "id: wall-calf"
    ),
    "an easier step": Plant("exercises/strengthen.yaml", "[brace-breath", "[brace", "easier", "brace does not exist", "id: curl-up"),
    "a harder step": Plant(
        "exercises/strengthen.yaml", "[front-plank", "[plank", "harder", "plank does not exist", "id: front-plank-knees"
    ),
    "what an exercise serves": Plant("exercises/strengthen.yaml", "abdominals", "belly", "serves", "belly is not assessed", "id: curl-up"),
    "an exercise that always comes": Plant("plan.yaml", "[walking", "[running", "always", "running does not exist", "always"),
    "a general exercise": Plant("plan.yaml", "general: [", "general: [rest, ", "general", "rest does not exist"),
    "an item of the plan": Plant("plan.yaml", "about-you.minutes", "about-you.hours", "items.minutes", "about-you.hours does not exist"),
    "an item of a level": Plant("plan.yaml", "safety.pain-level", "safety.pain", "levels.when", "safety.pain is no item", line="when:"),
    "a posture as heavy as what decides": Plant(
        "evidence/shoulders.yaml", "for: 0.2", "for: 0.4", "rules.for", "must weigh less than 0.4, the lightest in UPN", after="id: R103"
    ),
    "an item of the dose": Plant("plan.yaml", "support.confidence", "support.courage", "one_set_when", "support.courage is no item"),
    "what is matched": Plant(
        "terminologies.yaml", "ours: safety.pain-level", "ours: safety.pain", "matches.ours", "safety.pain does not exist"
    ),
    "a side that is matched": Plant("terminologies.yaml", "ours: both", "ours: left", "matches.ours", "left is already matched"),
    "a sign's item": Plant("support.yaml", "support.fear", "support.dread", "signs.when", "support.dread is no item"),
    "a signpost's item": Plant(
        "support.yaml", "support.joy", "support.fun", "signposts.when", "support.fun is no item", after="id: low-mood"
    ),
    "a position nobody is asked about": Plant(
        "plan.yaml", "positions:\n", "positions:\n  - {id: flying, name: in the air}\n", "positions", "flying"
    ),
    "a test's kit": Plant(TESTS, "kit: [mat", "kit: [rack", "kit", "rack does not exist", "name: plank\n"),
    "a test's position": Plant(TESTS, "[lying-front", "[flying", "positions", "flying does not exist", "name: plank\n"),
    "a gate that hides a test": Plant(TESTS, "hidden_by: [", "hidden_by: [NO_FUN, ", "hidden_by", "NO_FUN does not exist", "name: plank\n"),
    "a gate that pain sets": Plant(
        TESTS, "pain_sets: [", "pain_sets: [NO_FUN, ", "pain_sets", "NO_FUN does not exist", "name: trunk-hold\n"
    ),
    "an option set": Plant(BACK, "yes-no", "yes-maybe", "options", "yes-maybe is no option set", "back.upright-ache"),
    "what clears an item": Plant(
        SAFETY_PAGES, "cleared_by: safety.injury", "cleared_by: safety.harm", "cleared_by", "safety.harm is no item"
    ),
    "what enables an item": Plant(
        SAFETY_PAGES, "question: safety.pregnancy", "question: safety.baby", "question", "safety.baby is no item"
    ),
    "an answer that enables": Plant(SAFETY_PAGES, '"=", answer: first', '"=", answer: 1st', "answer", "no option", line="{question"),
    "a page in the order": Plant("pack.yaml", "  - glutes\n", "", "question_order", "must name each group once", line="question_order"),
    "a neighbour": Plant("muscles.yaml", "[gluteus-maximus", "[gluteus", "neighbours", "gluteus does not exist", "id: lumbar-extensors"),
    "a pattern's member": Plant("patterns.yaml", "tight: [", "tight: [quadriceps, ", "tight", "quadriceps does not exist"),
    "a source": Plant(RULE, "sources: [", "sources: [nobody-1999, ", "sources", "nobody-1999 is in no bibliography", "id: R039"),
    "a claim": Plant(RULE, "sources: [", "sources: [article:C99, ", "sources", "article:C99 is in no bibliography", "id: R039"),
    "an example's item": Plant("examples.yaml", "safety.injury:", "safety.harm:", "safety.harm", "safety.harm is no item"),
    "an example's option": Plant(
        "examples.yaml", '"none"', '"nothing"', "safety.injury", "nothing does not exist", "safety.injury", "safety.injury"
    ),
}
UNFILLED = {
    "a placeholder that does not exist": Plant(
        RULE, "tired after {value}", "tired after {vlaue}", "says", "{vlaue} cannot be filled in", "id: R039"
    ),
    "a brace that is not closed": Plant(RULE, "tired after {value}", "tired after {value", "says", "cannot be filled in", "id: R039"),
    "a side where the rule has none": Plant(
        RULE, "Your back tires", "Your {side} back tires", "says", "{side} cannot be filled in", "id: R038"
    ),
    "the other side of what has no sides": Plant(
        RULE, "Your back tired after {value}", "Your back tired after {other}", "says", "{other} cannot be filled in", "id: R039"
    ),
    "the other side in a sentence against": Plant(
        RULE, "You held the chest lift for {value}", "You held the chest lift for {other}", "says_not", "only {value}", "id: R039"
    ),
    "a placeholder where nothing is filled in": Plant(
        "muscles.yaml", "tight: ", "tight: The {side} one. ", "tight", "only nothing", "says:"
    ),
    "what there is nothing of": Plant("plan.yaml", "did not fit", "needs {what} and did not fit", "time", "only {exercise}", "left_out:"),
}
UNFIT = {
    "one option among several that no rule reads": Plant(
        BACK, "sink or worktop\n        neutral: true", "sink or worktop", "options", "no rule reads sink of back.chores", line="options:"
    ),
    "a position that a gate is about": Plant(
        "safety.yaml", "positions: [lying-back]", "positions: [flying]", "positions", "flying does not exist"
    ),
    "an item nothing reads": Plant(BACK, "items:\n", f"items:\n{NOVEL_ITEM}", "items", "nothing reads back.idle", line="- link_id"),
    "options no rule reads": Plant(
        BACK, "options:\n", f"options:\n{NOVEL_OPTIONS}", "options", "no rule reads daily, weekly", line="options"
    ),
    "a source nothing rests on": Plant(
        "sources.yaml",
        "sources:\n",
        "sources:\n  - {id: idle-2020, citation: Idle 2020, grade: weak, read: memory, review: needed}\n",
        "sources.id",
        "nothing rests on idle-2020",
        line="- {id",
    ),
    "a claim nothing rests on": Plant("article.yaml", "id: C01", "id: C91", "claims", "nothing rests on C91"),
    "a number in another unit": Plant(RULE, "unit: s}", "unit: min}", "when", "is in s, not min", "id: R039"),
    "an answer in another unit": Plant("safety.yaml", "unit: points", "unit: cm", "when", "is in points, not cm", "id: RF27", "when:"),
    "a unit without words": Plant(TESTS, "unit: s", "unit: sec", "unit", "sec has no words", "name: plank\n"),
    "a side of an item without sides": Plant(
        RULE,
        "{item: back.flank-tightness, side: same}\n    against",
        "{item: back.doming, side: same}\n    against",
        "when",
        "is not asked by side",
        "id: R067",
        "when:",
    ),
    "a side where the rule has none": Plant(RULE, "is: yes}", "side: same}", "when", "side: same means nothing here", "id: R038"),
    "a side of a test without sides": Plant(RULE, "seconds, below", "seconds, side: left, below", "when", "has no sides", "id: R039"),
    "a test with sides read without": Plant("evidence/legs.yaml", "reach, side: same,", "reach,", "when", "needs a side", "id: R019"),
    "a gap of a test without sides": Plant(
        RULE, TRUNK_HOLD, "{test: trunk-hold, measure: seconds, gap: worse}", "when", "has no side_difference", "id: R039"
    ),
    "several options read as one": Plant(RULE, "includes: sweeping", "is: sweeping", "when", "use includes", "id: R037", "when:"),
    "one option read as several": Plant(RULE, "is: yes", "includes: yes", "when", "use is or in", "id: R038"),
    "norms of what is no test": Plant(
        RULE,
        "{item: back.tires-before-legs, is: yes}",
        "{item: safety.pain-level, below: {norm: low}, unit: points}",
        "when",
        "has norms",
        "id: R038",
    ),
    "a side for a midline muscle": Plant(RULE, "side: midline", "side: both", "on.side", "lumbar-extensors has no sides", "id: R039"),
    "midline for a muscle with sides": Plant(
        "evidence/legs.yaml", "side: both", "side: midline", "on.side", "calves has sides", "id: R018"
    ),
    "a norm without an age": Plant(
        TESTS,
        "age: [60-64], sex: male",
        "age: [65-69], sex: male",
        "norms.below-average",
        "0 rows for male 60-64",
        "name: chair-stand",
        "below-average",
    ),
    "a norm with an age twice": Plant(
        TESTS,
        "age: [60-64], sex: male",
        "age: [65-69], sex: male",
        "norms.below-average",
        "2 rows for male 65-69",
        "name: chair-stand",
        "below-average",
    ),
    "sides without a difference": Plant(
        TESTS,
        "sided: false\n    measures:\n      - code",
        "sided: true\n    measures:\n      - code",
        "side_difference",
        "is needed by a test with sides",
        "name: trunk-hold",
        "- code",
    ),
    "a difference without sides": Plant(
        TESTS,
        "unit: s\n",
        "unit: s\n        side_difference: {by: 3, basis: [judgement], sources: [team-judgement]}\n",
        "side_difference",
        "and only by one",
        "name: trunk-hold",
        "side_difference",
    ),
    "a weight against without its sentence": Plant(RULE, "says_not:", "# says_not:", "says_not", "needs its sentence", "id: R039", "- id"),
    "a prior without its sentence": Plant(
        "muscles.yaml", "    says:\n      weak:", "    says:\n      tight:", "says", "needs a sentence", "id: abdominals"
    ),
    "an imbalance nothing speaks for": Plant(
        "muscles.yaml", "priors: {weak: 0.35}", "priors: {weak: 0.35, tight: 0.2}", "priors.tight", "needs a rule", "id: abdominals"
    ),
    "a cleared item that cannot be no": Plant(
        SAFETY_PAGES, "- {code: no,", "- {code: nope,", "options", "needs an option no", "safety.both-legs", "options"
    ),
    "an option code used twice": Plant(
        BACK, "code: later", "code: within-15-min", "options", "stands twice", "back.sweeping-ache", "options"
    ),
    "an item that waits for a later one": Plant(
        SAFETY_PAGES, "question: safety.pregnancy", "question: safety.daily-life", "question", "before this one"
    ),
    "a link_id used twice": Plant(BACK, "back.duration", "back.onset", "link_id", "back.onset is already used"),
    "a rule id used twice": Plant(RULE, "id: R040", "id: R039", "id", "R039 is already used"),
    "a rule id used in two files": Plant("evidence/legs.yaml", "id: R018", "id: R039", "id", "R039 is already used"),
    "a sign used twice": Plant("support.yaml", "id: worry", "id: fear", "id", "fear is already used"),
    "an exercise id used twice": Plant("exercises/stretch.yaml", "id: butterfly", "id: childs-pose", "id", "childs-pose is already used"),
    "a kind of exercise without a place": Plant("plan.yaml", "order: [aerobic, ", "order: [", "order", "a place for aerobic"),
}


@pytest.mark.parametrize("plant", NOWHERE.values(), ids=NOWHERE)
def test_what_points_nowhere_is_refused(tmp_path: Path, plant: Plant) -> None:
    seeds = copy_of_seeds(tmp_path)
    line = plant.place(seeds)
    faults = refusal(seeds)
    assert [fault for fault in faults if plant.is_named_by(fault, line)], (line, [str(fault) for fault in faults])


@pytest.mark.parametrize("plant", UNFIT.values(), ids=UNFIT)
def test_what_does_not_fit_is_refused(tmp_path: Path, plant: Plant) -> None:
    seeds = copy_of_seeds(tmp_path)
    line = plant.place(seeds)
    faults = refusal(seeds)
    assert [fault for fault in faults if plant.is_named_by(fault, line)], (line, [str(fault) for fault in faults])


def test_faults_between_files_are_all_listed(tmp_path: Path) -> None:
    seeds = copy_of_seeds(tmp_path)
    plants = [NOWHERE["a rule's cluster"], NOWHERE["a gate that pain sets"], UNFIT["a unit without words"], UNFIT["a link_id used twice"]]
    lines = [plant.place(seeds) for plant in plants]
    faults = refusal(seeds)
    assert all(any(plant.is_named_by(fault, line) for fault in faults) for plant, line in zip(plants, lines, strict=True))


@pytest.mark.parametrize("plant", UNFILLED.values(), ids=UNFILLED)
def test_a_placeholder_that_nothing_fills_is_refused(tmp_path: Path, plant: Plant) -> None:
    seeds = copy_of_seeds(tmp_path)
    line = plant.place(seeds)
    faults = refusal(seeds)
    assert [fault for fault in faults if plant.is_named_by(fault, line)], (line, [str(fault) for fault in faults])
