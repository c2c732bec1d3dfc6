"""Arguments add up as the pack says: shared within clusters, capped by kind, and never more than their sum."""

import json
from itertools import combinations
from math import log

import pytest
from hypothesis import given

from rules import Pack
from rules.answers import Value, read_answers
from rules.content import Cluster, Rule
from rules.triage import triage
from rules.weighing.arguments import scales
from rules.weighing.weigh import Weighed, share, weigh
from tests.small import added, cluster, pack_of, rule, target, told
from tests.strategies import PACK, Given, patients

TRUNK_HOLD = {"test": "trunk-hold", "measure": "seconds", "below": 60, "unit": "s"}


def test_an_argument_counts_for_against_or_not_at_all(pack: Pack) -> None:
    small = pack_of(pack, rule(0, 1.0, against=-0.4))
    assert [added(small, told(answer)) for answer in ("yes", "no", None)] == [1000, -400, 0]


def test_arguments_of_different_clusters_simply_add(pack: Pack) -> None:
    assert added(pack_of(pack, rule(0, 1.0), rule(1, 0.5), rule(2, 0.1)), told("yes", "yes", "yes")) == 1600


@pytest.mark.parametrize(("rest", "expected"), [("all", 1000 + 150 + 100), ("next", 1000 + 150)])
def test_within_a_cluster_the_strongest_counts_whole_and_the_rest_in_part(pack: Pack, rest: str, expected: int) -> None:
    rules = [rule(place, weight, cluster="C") for place, weight in enumerate((0.4, 1.0, 0.6))]
    assert added(pack_of(pack, *rules, **cluster(0.25, rest)), told("yes", "yes", "yes")) == expected


def test_a_cluster_shares_each_sign_by_itself(pack: Pack) -> None:
    rules = [rule(place, 0.5, against=against, cluster="C") for place, against in enumerate((-0.6, -0.2))]
    rules += [rule(place, weight, cluster="C") for place, weight in ((2, 1.0), (3, 0.4))]
    small = pack_of(pack, *rules, **cluster(0.25, "all"))
    assert added(small, told("no", "no", "yes", "yes")) == -600 - 50 + 1000 + 100


def test_a_cluster_stays_within_limits_of_its_own(pack: Pack) -> None:
    rules = [rule(place, 0.8, against=-0.8, cluster="C") for place in range(2)]
    small = pack_of(pack, *rules, **cluster(1.0, "all", highest=0.9, lowest=-0.5))
    assert [added(small, told(answer, answer)) for answer in ("yes", "no")] == [900, -500]


def test_what_is_over_a_limit_is_taken_from_the_weakest_argument(pack: Pack) -> None:
    rules = [rule(place, weight, cluster="C") for place, weight in enumerate((0.3, 0.8))]
    weighed = target(pack_of(pack, *rules, **cluster(1.0, "all", highest=0.9)), told("yes", "yes"))
    assert {one.argument.rule.id: one.counted for one in weighed.counted} == {"R000": 100, "R001": 800}


def test_every_kind_of_evidence_stays_within_its_cap(pack: Pack) -> None:
    assert {kind for cap in pack.weighing.caps for kind in cap.kinds} == {"measured", "felt", "history", "habit", "posture", "visual"}
    for cap in pack.weighing.caps:
        for kind in cap.kinds:
            small = pack_of(pack, *(rule(place, 1.0, against=-1.0, kind=kind) for place in range(5)), caps=pack.weighing.caps)
            assert [added(small, told(*[answer] * 5)) for answer in ("yes", "no")] == [cap.limit * 1000, -cap.limit * 1000], kind


def test_kinds_of_one_cap_share_it_and_others_do_not(pack: Pack) -> None:
    kinds = ("felt", "history", "habit", "visual")
    small = pack_of(pack, *(rule(place, 0.5, kind=kind) for place, kind in enumerate(kinds)), caps=pack.weighing.caps)
    assert added(small, told("yes", "yes", "yes")) == 800
    assert added(small, told("yes", "yes", "yes", "yes")) == 800 + 500


def test_all_together_stay_within_the_total(pack: Pack) -> None:
    rules = [rule(place, 2.0, against=-2.0, kind=kind) for place, kind in enumerate(("measured", "history", "visual"))]
    small = pack_of(pack, *rules, caps=pack.weighing.caps, total=2.2)
    assert [added(small, told(*[answer] * 3)) for answer in ("yes", "no")] == [2200, -2200]


@pytest.mark.parametrize("measured", ["yes", "no"])
def test_a_self_test_silences_what_is_only_felt(pack: Pack, measured: str) -> None:
    rules = [rule(0, 0.9, against=-0.2, kind="measured"), rule(1, 0.3, kind="felt"), rule(2, 0.2, unless_measured=True), rule(3, 0.1)]
    small = pack_of(pack, *rules)
    alone = added(small, told(measured))
    assert added(small, told(measured, "yes", "yes", "yes")) == alone + 100
    assert added(small, told(None, "yes", "yes", "yes")) == 300 + 200 + 100


def test_a_self_test_of_one_muscle_leaves_what_is_felt_elsewhere(pack: Pack) -> None:
    elsewhere = [{"muscle": "abdominals", "state": "weak", "side": "midline"}]
    small = pack_of(pack, rule(0, 0.9, kind="measured", on=elsewhere), rule(1, 0.3, kind="felt"))
    assert added(small, told("yes", "yes")) == 300


def test_a_decided_argument_switches_off_what_it_overrides(pack: Pack) -> None:
    small = pack_of(pack, rule(0, 0.5, against=-0.1, overrides=["R001"]), rule(1, 0.9))
    assert [added(small, told(answer, "yes")) for answer in ("yes", "no", None)] == [500, -100, 900]


def test_only_what_narrows_against_counts_against(pack: Pack) -> None:
    normal = {"item": "back.onset", "is": "gradual"}
    small = pack_of(pack, rule(0, 0.5, against=-0.5, when={"item": "back.onset", "is": "sudden"}, against_when=normal))
    assert [added(small, {"back.onset": answer}) for answer in ("sudden", "gradual", "no-pain")] == [500, -500, 0]


@pytest.mark.parametrize(("low", "expected"), [(2, 1000 + 500), (3, 1000 + 425)])
def test_many_low_endurance_tests_count_as_one_story(pack: Pack, low: int, expected: int) -> None:
    tests = ("trunk-hold", "plank", "bridge")
    rules = [
        rule(place, 0.5, kind="measured", when=TRUNK_HOLD | {"test": test}, **more)
        for place, (test, more) in enumerate(zip(tests, ({"for": 1.0}, {}, {"for": 0.001}), strict=True))
    ]
    fitness = pack.weighing.fitness.model_copy(update={"clusters": ("C0", "C1"), "low_tests": 3})
    small = pack_of(pack, *rules, fitness=fitness)
    values: dict[str, Value] = {}
    for test in tests[:low]:
        values |= {f"tests.{test}.seconds": 10, f"tests.{test}.stopped-by": "done"}
    assert added(small, values) == expected + (low == 3)


def test_when_signs_mean_less_every_weight_counts_seven_tenths(pack: Pack) -> None:
    small = pack_of(pack, rule(0, 1.0, against=-0.5), scales=pack.weighing.scales)
    sore: dict[str, Value] = {"about-you.widespread-pain": "yes"}
    assert [added(small, told(answer) | sore) for answer in ("yes", "no")] == [700, -350]


def test_two_reasons_to_count_less_are_not_multiplied(pack: Pack) -> None:
    small = pack_of(pack, rule(0, 1.0), scales=pack.weighing.scales)
    values = told("yes") | {
        "about-you.widespread-pain": "yes",
        "safety.walking-leg-pain": "eased-by-sitting",
        "about-you.age-band": "65-69",
    }
    assert added(small, values) == 700


def test_a_normal_best_test_keeps_a_muscle_out_of_sight(pack: Pack) -> None:
    best = rule(0, 1.5, against=-0.1, kind="measured")
    small = pack_of(pack, best, rule(1, 2.0), normal_test=("R000",))
    weighed = target(small, told("no", "yes"))
    assert (weighed.band, weighed.lowered > 0) == ("none", True)
    assert target(small, told(None, "yes")).band == "possible"


def test_another_self_test_may_disagree_with_the_best_one(pack: Pack) -> None:
    best = rule(0, 1.5, against=-0.1, kind="measured")
    small = pack_of(pack, best, rule(1, 2.0, kind="measured"), normal_test=("R000",))
    weighed = target(small, told("no", "yes"))
    assert (weighed.band, weighed.lowered) == ("strong", 0)


@pytest.mark.parametrize(("kind", "band"), [("measured", "strong"), ("felt", "possible"), ("history", "possible"), ("visual", "possible")])
def test_without_a_self_test_nothing_passes_possible(pack: Pack, kind: str, band: str) -> None:
    assert target(pack_of(pack, rule(0, 2.0, kind=kind), rule(1, 2.0, kind=kind)), told("yes", "yes")).band == band


@pytest.mark.parametrize(("band", "below"), [("likely", "possible"), ("strong", "likely")])
def test_a_band_begins_above_its_limit(pack: Pack, band: str, below: str) -> None:
    probability = getattr(pack.weighing.bands, band)
    limit = round(1000 * log(probability / (1 - probability)))
    needed = limit - target(pack_of(pack), {}).target.prior
    bands = [target(pack_of(pack, rule(0, milli / 1000, kind="measured")), told("yes")).band for milli in (needed, needed + 1)]
    assert bands == [below, band]


def test_posture_is_shown_but_moves_no_band(pack: Pack) -> None:
    caps = tuple(cap for cap in pack.weighing.caps if "posture" in cap.kinds)
    small = pack_of(pack, rule(0, 0.15, kind="posture"), rule(1, 0.001), caps=caps)
    weighed = target(small, told("yes", "yes"))
    assert (len(weighed.counted), weighed.total - weighed.target.prior, weighed.band) == (2, 151, target(small, told(None, "yes")).band)


@pytest.mark.parametrize("posture", [0.15, -0.15])
def test_posture_lifts_nothing_over_a_limit_and_pushes_nothing_below(pack: Pack, posture: float) -> None:
    caps = tuple(cap for cap in pack.weighing.caps if "posture" in cap.kinds)
    limit = round(1000 * log(pack.weighing.bands.likely / (1 - pack.weighing.bands.likely)))
    needed = limit - target(pack_of(pack), {}).target.prior
    for milli, band in ((needed, "possible"), (needed + 1, "likely")):
        rules = [rule(0, milli / 1000, kind="measured"), rule(1, max(posture, 0), against=min(posture, 0), kind="posture")]
        assert target(pack_of(pack, *rules, caps=caps), told("yes", "yes" if posture > 0 else "no")).band == band


def test_what_tells_of_general_fitness_is_no_reason_alone(pack: Pack) -> None:
    small = pack_of(pack, rule(0, 1.5, cluster="C"), rule(1, 0.1), **cluster(1.0, "all", shows_alone=False))
    assert [target(small, told("yes", answer)).band for answer in ("no", "yes")] == ["none", "possible"]


def test_a_share_is_rounded_towards_zero() -> None:
    assert [share(weight, 250) for weight in (999, -999, 3, -3)] == [249, -249, 0, 0]


def same_story(pack: Pack) -> list[tuple[Cluster, Rule, Rule]]:
    """Every two rules of one cluster that speak for the same muscle and state, the stronger one first."""
    clusters = {one.id: one for one in pack.weighing.clusters}
    rules = sorted((one for one in pack.rules if one.weight_for > 0), key=lambda one: -one.weight_for)
    bears = {one.id: {(bearing.muscle, bearing.state) for bearing in one.on} for one in rules}
    pairs = combinations(rules, 2)
    return [(clusters[one.cluster], one, two) for one, two in pairs if one.cluster == two.cluster and bears[one.id] & bears[two.id]]


def test_a_second_argument_of_the_same_story_adds_at_most_its_share(pack: Pack) -> None:
    pairs = same_story(pack)
    assert len(pairs) > 50
    for story, one, two in pairs:
        rules = [rule(place, found.weight_for, cluster=story.id) for place, found in enumerate((one, two))]
        small = pack_of(pack, *rules, clusters=[json.loads(found.model_dump_json()) for found in pack.weighing.clusters])
        more = added(small, told("yes", "yes")) - added(small, told("yes"))
        assert 0 <= more <= story.share * two.weight_for * 1000, (one.id, two.id)


def people_weighed(answers: Given) -> list[Weighed]:
    """Every imbalance of a person, weighed."""
    return weigh(PACK, triage(PACK, read_answers(PACK, answers)).values)


@given(patients)
def test_what_is_counted_re_adds_to_the_total(person: Given) -> None:
    for one in people_weighed(person):
        assert one.target.prior + sum(argument.counted for argument in one.counted) - one.lowered == one.total
        assert one.lowered >= 0


@given(patients)
def test_nothing_counts_for_more_than_it_weighs_or_the_other_way_round(person: Given) -> None:
    for one in people_weighed(person):
        for argument in one.counted:
            rule = argument.argument.rule
            full = 1000 * (rule.weight_for if argument.supports else rule.weight_against)
            assert 0 <= argument.counted * (1 if full > 0 else -1) <= abs(full) + 0.5, rule.id


@given(patients)
def test_no_sum_of_any_person_passes_a_cap(person: Given) -> None:
    weighing = PACK.weighing
    for one in people_weighed(person):
        for cap in weighing.caps:
            assert abs(sum(each.counted for each in one.counted if each.kind in cap.kinds)) <= cap.limit * 1000
        assert abs(sum(each.counted for each in one.counted)) <= weighing.total * 1000


@given(patients)
def test_what_a_self_test_does_not_support_is_possible_at_most(person: Given) -> None:
    for one in people_weighed(person):
        supported = any(each.counted > 0 and each.kind == "measured" for each in one.counted)
        assert supported or one.band in ("none", "possible")


@pytest.mark.parametrize("side", ["same", "opposite"])
def test_a_test_of_either_side_tells_the_sides_of_its_muscle_apart(pack: Pack, side: str) -> None:
    raises = {"test": "heel-raise", "measure": "reps", "below": 14, "unit": "reps", "side": side}
    on = [{"muscle": "calves", "state": "weak", "side": "same"}]
    (gap,) = scales(pack_of(pack, rule(0, 1.0, kind="measured", when=raises, on=on))).gaps["calves", "weak"]
    assert (gap.left.test, gap.left.side, gap.right.side) == ("heel-raise", "left", "right")
