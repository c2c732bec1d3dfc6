"""The review register: every number that nobody has confirmed yet, what it rests on, and its sources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import get_args

from rules.content import DECISIONS, URGENCIES, Measured, RedFlag, Rule, SelfTest, SideGap, leaves
from rules.content.documents import Document, Loc
from rules.content.evidence import Rules, Weighing
from rules.content.exercise import Exercises, PlanRules
from rules.content.files import Files
from rules.content.follow_up import FollowUp
from rules.content.knowledge import MuscleList, Patterns, SourceList
from rules.content.questionnaire import SelfTests
from rules.content.safety import Safety
from rules.content.shape import Bases, Basis, Shape
from rules.content.support import Support
from rules.content.terminologies import Terminologies
from rules.review.wording import (
    argument_words,
    cap_words,
    cluster_words,
    criterion_words,
    dose_words,
    fitness_words,
    plain,
    side_difference_words,
    smallest_change_words,
    usual_words,
)

TestPart = tuple[str, ...]

SHAKY: frozenset[Basis] = frozenset({"memory", "judgement"})
PLAN_NUMBERS = (
    "default_minutes",
    "short_session_below",
    "fewest",
    "usual_size",
    "most",
    "general_size",
    "smallest_gain",
    "most_stretches",
    "days_a_week",
    "recheck_weeks",
    "band_points",
    "repeat_share",
    "suits",
)


@dataclass(frozen=True)
class Unconfirmed:
    """One number, or one sign, to confirm. `weight` is how much hangs on it, comparable inside a file; `sources` are ids."""

    file: str
    line: int
    id: str
    kind: str
    name: str
    number: str
    basis: Bases
    sources: tuple[str, ...] = ()
    weight: float = 0


def register(files: Files) -> list[Unconfirmed]:
    """Every line, file by file; in each file what rests on memory or judgement and weighs most comes first."""
    parts = (
        _safety(files.safety),
        *map(_rules, files.evidence),
        _weighing(files.weighing),
        _tests(files.self_tests, _weights_of_tests(rule for document in files.evidence for rule in document.content.rules)),
        _muscles(files.muscles),
        *map(_exercises, files.exercises),
        _plan(files.plan),
        _check_in(files.follow_up),
        _support(files.support),
        _patterns(files.patterns),
        _terminologies(files.terminologies),
        _sources(files.sources),
    )
    return list(chain.from_iterable(sorted(part, key=_place) for part in parts))


def summary(lines: Sequence[Unconfirmed]) -> list[tuple[str, int, list[int]]]:
    """For each kind of line, and for all: how many there are, and how many rest on each basis (on two: under both)."""
    kinds = {kind: [line for line in lines if line.kind == kind] for kind in dict.fromkeys(line.kind for line in lines)}
    return [
        (kind, len(own), [sum(word in line.basis for line in own) for word in get_args(Basis)])
        for kind, own in (kinds | {"all": list(lines)}).items()
    ]


def _place(one: Unconfirmed) -> tuple[bool, float, int]:
    return SHAKY.isdisjoint(one.basis), -one.weight, one.line


def _told(
    document: Document[Shape],
    loc: Loc,
    id_: str,
    kind: str,
    name: str,
    number: str,
    basis: Bases,
    sources: tuple[str, ...] = (),
    weight: float = 0,
) -> Unconfirmed:
    return Unconfirmed(document.name, document.line(loc), id_, kind, name, number, basis, sources, weight)


def _safety(document: Document[Safety]) -> Iterator[Unconfirmed]:
    for index, flag in enumerate(document.content.red_flags):
        if flag.review == "needed":
            number = "; ".join(f"{level.urgency} when {criterion_words(level.when)}" for level in flag.levels)
            loc: Loc = ("red_flags", index)
            yield _told(document, loc, flag.id, "red flag", flag.domain, number, flag.basis, flag.sources, _urgency(flag))
    for index, gate in enumerate(document.content.gates):
        if gate.review == "needed":
            number = f"when {criterion_words(gate.when)}"
            yield _told(document, ("gates", index), gate.id, "gate", gate.name, number, gate.basis, gate.sources)


def _urgency(flag: RedFlag) -> int:
    """4 for a sign that can be an emergency, 1 for one that only restricts."""
    return max(len(URGENCIES) - 1 - URGENCIES.index(level.urgency) for level in flag.levels)


def _rules(document: Document[Rules]) -> Iterator[Unconfirmed]:
    for index, rule in enumerate(document.content.rules):
        if rule.review == "needed":
            name = ", ".join(f"{bearing.muscle} {bearing.state} ({bearing.side})" for bearing in rule.on)
            number, weight = argument_words(rule), _weight(rule)
            yield _told(document, ("rules", index), rule.id, "rule", name, number, rule.basis, rule.sources, weight)


def _weight(rule: Rule) -> float:
    return max(abs(rule.weight_for), abs(rule.weight_against))


def _weighing(document: Document[Weighing]) -> Iterator[Unconfirmed]:
    weighing = document.content
    if weighing.review == "done":
        return
    basis = weighing.basis
    whole: list[tuple[str, str, Bases]] = [
        ("bands", f"begins above a probability of: {plain(weighing.bands.model_dump())}", basis.bands),
        ("weight_classes", f"from a weight of: {plain(weighing.weight_classes.model_dump())}", basis.weight_classes),
        ("total", f"all arguments together at most {weighing.total:g}", basis.caps),
        ("fitness", fitness_words(weighing.fitness), basis.fitness),
        ("normal_test", f"a normal result here outweighs the history: {plain(weighing.normal_test)}", basis.normal_test),
    ]
    for key, number, own in whole:
        yield _told(document, (key,), key, "adding up", key.replace("_", " "), number, own)
    for index, cap in enumerate(weighing.caps):
        yield _told(document, ("caps", index), " + ".join(cap.kinds), "adding up", "cap", cap_words(cap), basis.caps)
    for index, one in enumerate(weighing.clusters):
        yield _told(document, ("clusters", index), one.id, "adding up", one.reason, cluster_words(one), basis.clusters)
    for index, scale in enumerate(weighing.scales):
        number = f"every weight x {scale.factor:g} when {criterion_words(scale.when)}"
        yield _told(document, ("scales", index), scale.id, "adding up", scale.text, number, scale.basis, scale.sources)


def _tests(document: Document[SelfTests], weights: Mapping[TestPart, float]) -> Iterator[Unconfirmed]:
    for index, test in enumerate(document.content.tests):
        if test.review == "needed":
            yield from _measures(document, ("tests", index, "measures"), test, weights)
            yield from _signs(document, ("tests", index, "observations"), test, weights)


def _measures(document: Document[Shape], loc: Loc, test: SelfTest, weights: Mapping[TestPart, float]) -> Iterator[Unconfirmed]:
    for index, measure in enumerate(test.measures):
        place, id_, part = (*loc, index), f"{test.id} {measure.code}", (test.name, measure.code)
        sources = measure.typical.sources if measure.typical else test.sources
        weight = weights.get(part, 0)
        yield _told(document, place, id_, "usual value", test.title, usual_words(measure), measure.basis, sources, weight)
        if gap := measure.side_difference:
            number = side_difference_words(gap, measure.unit)
            place, weight = (*place, "side_difference"), weights.get((*part, "sides"), 0)
            yield _told(document, place, id_, "side difference", test.title, number, gap.basis, gap.sources, weight)
        if change := measure.smallest_change:
            number = smallest_change_words(change, measure.unit)
            yield _told(
                document, (*loc, index, "smallest_change"), id_, "smallest change", test.title, number, change.basis, change.sources
            )


def _signs(document: Document[Shape], loc: Loc, test: SelfTest, weights: Mapping[TestPart, float]) -> Iterator[Unconfirmed]:
    for index, sign in enumerate(test.observations):
        id_, weight = f"{test.id} {sign.code}", weights.get((test.name, sign.code), 0)
        yield _told(document, (*loc, index), id_, "sign in a test", test.title, sign.text, sign.basis, test.sources, weight)


def _weights_of_tests(rules: Iterable[Rule]) -> dict[TestPart, float]:
    """How much hangs on each part of a self-test: the greatest weight of the rules that read it."""
    weights: dict[TestPart, float] = {}
    for rule in rules:
        for leaf in chain.from_iterable(map(leaves, rule.criteria)):
            match leaf:
                case Measured():
                    part: TestPart = (leaf.test, leaf.measure)
                case SideGap():
                    part = (leaf.test, leaf.measure, "sides")
                case _:
                    part = tuple(leaf.item.removeprefix("tests.").split("."))
            weights[part] = max(weights.get(part, 0), _weight(rule))
    return weights


def _muscles(document: Document[MuscleList]) -> Iterator[Unconfirmed]:
    for index, muscle in enumerate(document.content.muscles):
        if muscle.review == "needed":
            number = plain(muscle.priors)
            yield _told(document, ("muscles", index), muscle.id, "prior", muscle.name, number, muscle.basis, muscle.sources)


def _exercises(document: Document[Exercises]) -> Iterator[Unconfirmed]:
    for index, one in enumerate(document.content.exercises):
        if one.review == "needed":
            yield _told(document, ("exercises", index), one.id, "dose", one.name, dose_words(one.dose), one.basis, one.sources)


def _plan(document: Document[PlanRules]) -> Iterator[Unconfirmed]:
    plan = document.content
    if plan.review == "done":
        return
    for key in PLAN_NUMBERS:
        yield _told(document, (key,), key, "plan", key.replace("_", " "), plain(getattr(plan, key)), plan.basis)
    number = f"level {plan.weak_start.level} at most, from {plan.weak_start.band} on"
    yield _told(document, ("weak_start",), "weak_start", "plan", "start of what is weak", number, plan.basis)
    number = f"from {plan.deconditioned.findings} findings that are at least {plan.deconditioned.band}"
    yield _told(document, ("deconditioned",), "deconditioned", "plan", "general training first", number, plan.basis)
    yield _told(document, ("one_set_when",), "one_set_when", "plan", "one set", f"when {criterion_words(plan.one_set_when)}", plan.basis)
    for index, one in enumerate(plan.levels):
        number = f"when {criterion_words(one.when)}"
        yield _told(document, ("levels", index), f"level {one.level}", "plan", "offered", number, plan.basis)


def _check_in(document: Document[FollowUp]) -> Iterator[Unconfirmed]:
    content = document.content.check_in
    if content.review == "done":
        return
    for key in ("days_apart", "harder_at_once"):
        yield _told(document, ("check_in", key), key, "check-in", key.replace("_", " "), plain(getattr(content, key)), content.basis)
    for index, one in enumerate(content.streaks):
        since = ", since the plan last moved" if one.since_step else ""
        number = f"weeks in a row{since}, when {criterion_words(one.when)}"
        yield _told(document, ("check_in", "streaks", index), one.id, "check-in", "counted weeks", number, one.basis, one.sources)
    for index, rule in enumerate(content.rules):
        number, weight = f"when {criterion_words(rule.when)}", DECISIONS.index(rule.then)
        loc: Loc = ("check_in", "rules", index)
        yield _told(document, loc, rule.id, "check-in", rule.then.replace("-", " "), number, rule.basis, rule.sources, weight)


def _support(document: Document[Support]) -> Iterator[Unconfirmed]:
    tier = document.content
    if tier.review == "done":
        return
    number = f"shown from {tier.at_least} of {len(tier.signs)} signs on"
    yield _told(document, ("at_least",), "at_least", "support", "support tier", number, tier.basis, tier.sources)
    yield _told(document, ("factor",), "factor", "support", "support tier", f"every weight x {tier.factor:g}", tier.basis, tier.sources)
    for index, sign in enumerate(tier.signs):
        number = f"when {criterion_words(sign.when)}"
        yield _told(document, ("signs", index), sign.id, "support", "sign", number, tier.basis, sign.sources)
    for index, post in enumerate(tier.signposts):
        number = f"when {criterion_words(post.when)}"
        yield _told(document, ("signposts", index), post.id, "support", "signpost", number, tier.basis, post.sources)


def _patterns(document: Document[Patterns]) -> Iterator[Unconfirmed]:
    tight, weak = document.content.tight_members, document.content.weak_members
    for index, one in enumerate(document.content.patterns):
        if one.review == "needed":
            number = f"shown from {tight} tight of {plain(one.tight)}, and {weak} weak of {plain(one.weak)}"
            yield _told(document, ("patterns", index), one.id, "pattern", one.name, number, one.basis, one.sources)


def _terminologies(document: Document[Terminologies]) -> Iterator[Unconfirmed]:
    if document.content.review == "done":
        return
    for place, terminology in enumerate(document.content.terminologies):
        for index, one in enumerate(terminology.matches):
            number = f"{terminology.name} {one.code}, {one.display}: {one.meaning}"
            yield _told(document, ("terminologies", place, "matches", index), one.ours, "match", one.of, number, one.basis, one.sources)


def _sources(document: Document[SourceList]) -> Iterator[Unconfirmed]:
    for index, one in enumerate(document.content.sources):
        if one.review == "needed":
            basis: Basis = "read" if one.read == "source" else one.read
            yield _told(document, ("sources", index), one.id, "source", one.citation, one.note, (basis,))
