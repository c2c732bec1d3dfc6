"""Bounds hold whatever is answered next, and close when nothing is left to answer."""

from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules import Pack
from rules.answers import Value, read_answers
from rules.content import link_id
from rules.criteria import compile_criterion
from rules.outlook.bounds import Imbalance, _compiled, look_ahead
from rules.outlook.completions import FAILS, HOLDS, UNDECIDED, Missing, compile_could, missing
from rules.outlook.spans import Bounds
from rules.triage import triage
from rules.weighing.findings import find
from rules.weighing.weigh import BANDS, Band
from tests.rules.test_criteria import parsed
from tests.strategies import PACK, Given, anybody, enabled, patients


def bounds(person: Given) -> dict[Imbalance, Bounds]:
    """What can still become of each imbalance."""
    answers = read_answers(PACK, person)
    return look_ahead(PACK, missing(PACK, answers, triage(PACK, answers))).bounds


def shown(person: Given) -> dict[Imbalance, Band]:
    """The band each imbalance is shown at."""
    found: dict[Imbalance, Band] = {}
    for one in find(PACK, triage(PACK, read_answers(PACK, person)).values):
        for weighed in one.weighed:
            found[one.muscle.id, one.state, weighed.target.side] = one.band
    return found


def cleared(person: Given) -> Given:
    """Whoever says `none` on a page does not answer its items one by one."""
    return enabled({item: answer for item, answer in person.items() if person.get(PACK.cleared.get(item, "")) != "none"})


def outside(some: dict[Imbalance, Bounds], person: Given) -> list[Imbalance]:
    """The imbalances that are shown at a band that was ruled out."""
    bands = shown(person)
    rank = BANDS.index
    return [one for one, (lowest, highest) in some.items() if not rank(lowest) <= rank(bands.get(one, "none")) <= rank(highest)]


@st.composite
def stopped_early(draw: st.DrawFn) -> tuple[Given, Given]:
    """Some of a person's answers, and all of them."""
    person = cleared(draw(st.one_of(patients, patients, anybody)))
    share = draw(st.sampled_from([0.1, 0.5, 0.9]))
    dice = draw(st.randoms(use_true_random=False))
    return enabled({item: answer for item, answer in person.items() if dice.random() < share}), person


@given(stopped_early())
@settings(max_examples=7 * settings().max_examples, suppress_health_check=[HealthCheck.too_slow])
def test_no_further_answer_leads_out_of_the_bounds(people: tuple[Given, Given]) -> None:
    some, every = people
    assert outside(bounds(some), every) == []


@given(patients)
def test_bounds_hold_what_is_shown_now(person: Given) -> None:
    person = cleared(person)
    assert outside(bounds(person), person) == []


def finished(person: Given) -> Given:
    """The person with `not-sure` for everything that could still be asked."""
    while True:
        answers = read_answers(PACK, person)
        still_open = missing(PACK, answers, triage(PACK, answers)).open
        if not still_open:
            return person
        person = enabled(person | dict.fromkeys(still_open, "not-sure"))


@given(patients)
def test_nothing_left_to_ask_settles_everything(person: Given) -> None:
    person = finished(cleared(person))
    bands = shown(person)
    assert bounds(person) == {one: Bounds(bands.get(one, "none"), bands.get(one, "none")) for one in bounds(person)}


@given(stopped_early())
def test_more_answers_never_widen_the_bounds(people: tuple[Given, Given]) -> None:
    before, after = (bounds(person) for person in people)
    rank = BANDS.index
    assert [one for one in before if rank(after[one].lowest) < rank(before[one].lowest)] == []
    assert [one for one in before if rank(after[one].highest) > rank(before[one].highest)] == []


@given(patients)
def test_looking_at_some_imbalances_only_finds_the_same_bounds(person: Given) -> None:
    answers = read_answers(PACK, cleared(person))
    so_far = missing(PACK, answers, triage(PACK, answers))
    whole = look_ahead(PACK, so_far).bounds
    for muscle, state, _ in whole:
        some = look_ahead(PACK, so_far, {(muscle, state)}).bounds
        assert some == {one: bounds for one, bounds in whole.items() if one[:2] == (muscle, state)}


def test_the_only_test_of_a_weakness_settles_it(safe: Given) -> None:
    weak: Imbalance = ("calves", "weak", "left")
    assert bounds(safe)[weak] == Bounds("none", "possible")
    # 40 to 49, a woman: 14 heel raises are usual.
    cases: list[tuple[int, Band]] = [(13, "possible"), (14, "none")]
    for left, band in cases:
        raises = {"tests.heel-raise.reps.left": left, "tests.heel-raise.reps.right": 20, "tests.heel-raise.stopped-by": "done"}
        assert bounds(safe | raises)[weak] == Bounds(band, band)


def left_open(person: Given) -> Missing:
    """What these answers leave open, and what of them could still be set aside."""
    answers = read_answers(PACK, person)
    return missing(PACK, answers, triage(PACK, answers))


def test_of_several_conditions_that_each_ask_an_item_one_that_is_met_leaves_it_open(safe: Given) -> None:
    for pregnancy, is_open in (("after-20-weeks", True), ("first-20-weeks", True), ("no", False)):
        assert ("safety.pregnancy-warning" in left_open(safe | {"safety.pregnancy": pregnancy}).open) is is_open, pregnancy


def test_what_was_seen_in_a_self_test_can_be_lost_until_its_ending_is_told(safe: Given) -> None:
    test = next(one for one in PACK.tests.values() if one.observations and not one.hidden_by and not one.hidden_when)
    seen = link_id(test.name, test.observations[0].code)
    told = safe | {seen: next(iter(PACK.options(seen)))}
    assert left_open(told).losable == {seen}
    assert left_open(told | {link_id(test.name, "stopped-by"): "done"}).losable == frozenset()


def test_sides_that_a_test_cannot_tell_apart_share_the_higher_band() -> None:
    alike: dict[str, Value] = {"tests.heel-raise.reps.left": 14, "tests.heel-raise.reps.right": 14, "tests.heel-raise.stopped-by": "done"}
    for worse, better in combinations(reversed(BANDS), 2):
        each = [Bounds(worse, worse), Bounds(better, better)]
        nothing_open = Missing(alike, frozenset(), frozenset())
        assert _compiled(PACK).merged("calves", "weak", each, nothing_open) == [Bounds(worse, worse)] * 2


OUTCOMES = {True: HOLDS, False: FAILS, None: UNDECIDED}
ITEMS = ("back.flank-tightness", "back.one-side-carry")
PARTS = [{"item": item, "is": "left"} for item in ITEMS]
CRITERIA = [
    {"all": PARTS},
    {"any": PARTS},
    {"not": {"all": PARTS}},
    {"not": {"any": PARTS}},
    {"at_least": 1, "of": PARTS},
    {"at_least": 2, "of": PARTS},
    {"any": [{"all": PARTS[:1]}, {"not": PARTS[1]}]},
]


@pytest.mark.parametrize("criterion", CRITERIA, ids=str)
@pytest.mark.parametrize("so_far", [*product(["left", "right", "open", "closed"], repeat=2)], ids=str)
def test_what_could_become_of_a_criterion_is_what_some_answer_makes_of_it(pack: Pack, criterion: Given, so_far: tuple[str, str]) -> None:
    meant = parsed(criterion)
    given_now = {item: word for item, word in zip(ITEMS, so_far, strict=True) if word in ("left", "right")}
    still_open = frozenset(item for item, word in zip(ITEMS, so_far, strict=True) if word == "open")
    ends = [
        given_now | {item: word for item, word in zip(sorted(still_open), words, strict=True) if word}
        for words in product(["left", "right", None], repeat=len(still_open))
    ]
    holds = compile_criterion(meant, pack)
    every = 0
    for end in ends:
        every |= OUTCOMES[holds(end)]
    assert compile_could(meant, pack)(Missing(given_now, still_open, frozenset())) == every
