"""Imbalances that cannot become likely whatever speaks for them, and those that normal self-tests cannot clear.

Both are tried with the real weighing on made-up answers, rule after rule, the heaviest first; a rule is passed over where
it would need other answers than the rules before it.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from rules.content import Pack, Rule, Side, State
from rules.criteria import Values, compile_criterion
from rules.lint.people import Raw, accepted, as_values, people
from rules.triage import Triage
from rules.weighing.weigh import BANDS, Weighed, weigh

Imbalance = tuple[str, State]
NOBODY: Raw = {}
MOST_ASKED = 50
SHOWN_WELL = BANDS[BANDS.index("likely") :]


def stuck_imbalances(pack: Pack) -> Iterator[str]:
    """Every imbalance must be able to become likely, unless the pack says why not, and normal self-tests must be able to clear it."""
    for muscle in pack.muscles.values():
        for state in muscle.priors:
            imbalance: Imbalance = muscle.id, state
            best = weighed(pack, imbalance, somebody_with(pack, muscle.id, state)).band
            likely = best in SHOWN_WELL
            if not likely and state not in muscle.stays_possible:
                yield f"{muscle.id} {state}: stays {best} though everything speaks for it; add a self-test or say why in its `stays_possible`"
            if likely and state in muscle.stays_possible:
                yield f"{muscle.id} {state}: can become {best}; remove its `stays_possible`"
            if weighed(pack, imbalance, _somebody_cleared(pack, imbalance)).band != "none":
                yield f"{muscle.id} {state}: normal self-tests cannot clear it; make one a `normal_test` in clusters.yaml or give it more `against`"


@lru_cache(maxsize=256)
def somebody_with(pack: Pack, muscle: str, state: State) -> Raw:
    """Answers with which everything speaks for the imbalance (on the left, if it has sides), as far as it goes together."""
    imbalance: Imbalance = muscle, state
    raw = _persuaded(pack, imbalance, _bearing(pack, imbalance), NOBODY, supports=True)
    return raw if weighed(pack, imbalance, raw).band in SHOWN_WELL else _climbed(pack, imbalance, raw)


def _somebody_cleared(pack: Pack, imbalance: Imbalance) -> Raw:
    """Answers with which every self-test speaks against the imbalance, and everything felt, told and seen for it."""
    bearing = _bearing(pack, imbalance)
    tests = sorted((rule for rule in bearing if rule.kind == "measured"), key=lambda rule: rule.weight_against)
    tested = _persuaded(pack, imbalance, tests, NOBODY, supports=False)
    if tested == NOBODY:
        return NOBODY
    return _persuaded(pack, imbalance, [rule for rule in bearing if rule not in tests], tested, supports=True)


def _climbed(pack: Pack, imbalance: Imbalance, raw: Raw) -> Raw:
    """The answers, with what each self-test measured changed to what raises the sum most."""
    criteria = [criterion for rule in _bearing(pack, imbalance) for criterion in rule.criteria]
    for item in [one for one in raw if one in pack.test_of]:
        others = {one: answer for one, answer in raw.items() if one != item}
        ways = [way for way in people(pack, criteria, "left", given=others) if item in way]
        ways.sort(key=lambda way: -_sum(pack, imbalance, as_values(way)).total)
        raw = next((way for way in ways if accepted(pack, way)), raw)
        if weighed(pack, imbalance, raw).band in SHOWN_WELL:
            break
    return raw


def _bearing(pack: Pack, imbalance: Imbalance) -> list[Rule]:
    own = [rule for rule in pack.rules if any((one.muscle, one.state) == imbalance for one in rule.on)]
    return sorted(own, key=lambda rule: -rule.weight_for)


def _persuaded(pack: Pack, imbalance: Imbalance, rules: Sequence[Rule], start: Raw, *, supports: bool) -> Raw:
    """The answers, with more of them for each rule in turn, as long as the sum moves the right way."""
    raw = start
    total = weighed(pack, imbalance, raw).total
    for rule in rules:
        more = _answers_for(pack, imbalance, rule, raw, supports=supports)
        changed = weighed(pack, imbalance, more).total if more else total
        if more and (changed >= total) is supports:
            raw, total = more, changed
    return raw


def _answers_for(pack: Pack, imbalance: Imbalance, rule: Rule, given: Raw, *, supports: bool) -> Raw | None:
    """What was given, and what makes the rule speak for the imbalance or against it."""
    side = _turned(pack, imbalance, rule)
    holds = compile_criterion(rule.when, pack, side)
    normal = compile_criterion(rule.against_when, pack, side) if rule.against_when else None
    fitting = (raw for raw in people(pack, rule.criteria, side, given=given) if holds(as_values(raw)) is supports)
    for raw in islice(fitting, MOST_ASKED):
        safety = accepted(pack, raw)
        if safety is None or safety.urgent or _loses_a_test(pack, safety, given) or holds(safety.values) is not supports:
            continue
        if supports or normal is None or normal(safety.values):
            return raw
    return None


def _loses_a_test(pack: Pack, safety: Triage, given: Raw) -> bool:
    """Whether these answers hide a self-test that was done."""
    hidden = {test.name for test in safety.hidden}
    return any(item in pack.test_of and pack.test_of[item].name in hidden for item in given)


def _turned(pack: Pack, imbalance: Imbalance, rule: Rule) -> Side | None:
    """What `same` means in the rule, for the imbalance on the left."""
    words = {one.side for one in rule.on if (one.muscle, one.state) == imbalance}
    if not pack.muscles[imbalance[0]].sided or not words & {"same", "opposite"}:
        return None
    return "left" if "same" in words else "right"


def weighed(pack: Pack, imbalance: Imbalance, raw: Raw) -> Weighed:
    """The sum for the imbalance (on the left, if it has sides)."""
    safety = accepted(pack, raw)
    return _sum(pack, imbalance, safety.values if safety else {})


def _sum(pack: Pack, imbalance: Imbalance, values: Values) -> Weighed:
    return next(one for one in weigh(pack, values) if (one.target.muscle, one.target.state) == imbalance)
