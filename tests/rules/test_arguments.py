"""Every rule becomes an argument for each side it can speak of; some tell of general fitness too."""

from rules import Pack, evaluate
from rules.content import Measured, SideGap, leaves
from rules.weighing.arguments import scales
from tests.strategies import Given


def test_only_measured_signs_that_weigh_something_and_are_not_weak_tell_of_general_fitness(pack: Pack) -> None:
    telling = set[str]()
    for one in (argument for target in scales(pack).targets for argument in target.arguments):
        rule = one.rule
        tests = {leaf.test for leaf in leaves(rule.when) if isinstance(leaf, Measured | SideGap) and pack.tests[leaf.test].fitness}
        speaks = (rule.kind, rule.grade == "weak", rule.weight_for > 0) == ("measured", False, True)
        assert one.endurance_tests == (tests if speaks else set())
        telling |= one.endurance_tests
    assert telling == {test.name for test in pack.tests.values() if test.fitness}


def test_an_argument_about_one_side_says_which(pack: Pack, safe: Given) -> None:
    for side in ("left", "right"):
        [finding] = evaluate(pack, safe | {"glutes.side-hip-pain": side})["findings"]
        assert {one["side"] for one in finding["supporting"]} == {side}
