"""Rules without effect: that can never hold, weigh nothing, or are always silenced or taken whole by other rules.

What is covered: everything that shows when only the answers a rule reads (and those that make its questions be asked) are given, at
every edge of every answer. More answers only ever decide more, so what is silenced then is silenced always. Not covered: a rule
that only the caps leave nothing of beside many others.
"""

from collections.abc import Iterator
from itertools import combinations

from rules.content import Pack, Rule, Side
from rules.criteria import Values, compile_criterion
from rules.lint.people import accepted, as_values, people
from rules.weighing.weigh import weigh

MOST_COMPARED = 3_000


def dead_rules(pack: Pack) -> Iterator[str]:
    """Rules of the evidence without any effect."""
    for rule in pack.rules:
        if not rule.weight_for and not rule.weight_against:
            yield f"{rule.id}: weighs nothing either way; give it a weight or remove it"
        for supports, weight, key in ((True, rule.weight_for, "for"), (False, rule.weight_against, "against")):
            if weight:
                yield from _unheard(pack, rule, supports=supports, key=key)


def _unheard(pack: Pack, rule: Rule, *, supports: bool, key: str) -> Iterator[str]:
    spoke = False
    for values in who_make_it_speak(pack, rule, supports=supports):
        spoke = True
        if _counts(pack, rule, values):
            return
    if not spoke:
        what = "hold" if supports else "speak against"
        where = "`when`" if supports else "`when` or `against_when`, or set `against: 0`"
        yield f"{rule.id}: can never {what}, because its parts exclude each other, its questions or our safety rules; repair {where}"
    else:
        yield f"{rule.id}: its `{key}` never counts, because other rules always silence it or take its place; remove it or change its cluster"


def who_make_it_speak(pack: Pack, rule: Rule, *, supports: bool, without: str = "") -> Iterator[Values]:
    """People whom the rule tells of, either for or against; only those who would be shown findings. `without`: an item they leave open."""
    side = side_of(rule)
    holds = compile_criterion(rule.when, pack, side)
    normal = compile_criterion(rule.against_when, pack, side) if rule.against_when else None

    def speaks(values: Values) -> bool:
        return holds(values) is supports and (supports or normal is None or normal(values) is True)

    for raw in people(pack, rule.criteria, side):
        if without not in raw and speaks(as_values(raw)):
            safety = accepted(pack, raw)
            if safety and not safety.urgent and speaks(safety.values):
                yield safety.values


def side_of(rule: Rule) -> Side | None:
    """A side to try a rule on; the other one is its mirror."""
    return "left" if any(bearing.side in ("same", "opposite") for bearing in rule.on) else None


def _counts(pack: Pack, rule: Rule, values: Values) -> bool:
    return any(one.counted and one.argument.rule.id == rule.id for weighed in weigh(pack, values) for one in weighed.counted)


def doubled_rules(pack: Pack) -> Iterator[str]:
    """A rule that holds only together with a stronger one of the same cluster, muscle and state: the same answers counted twice."""
    for one, other in combinations(pack.rules, 2):
        weaker, stronger = sorted((one, other), key=lambda rule: rule.weight_for)
        alike = one.cluster == other.cluster and set(one.on) & set(other.on) and weaker.weight_for > 0
        if alike and _implies(pack, weaker, stronger):
            yield f"{weaker.id}: holds only when the stronger {stronger.id} holds, so it counts the same answers twice; narrow or remove it"
        elif alike and _implies(pack, stronger, weaker):
            yield f"{weaker.id}: always holds when the stronger {stronger.id} holds, so it counts the same answers twice; end it where that begins"


def _implies(pack: Pack, rule: Rule, other: Rule) -> bool:
    """Whether everybody of whom the rule holds is somebody of whom the other does; tried where the questions of both are few."""
    side = side_of(rule)
    first, second = compile_criterion(rule.when, pack, side), compile_criterion(other.when, pack, side_of(other))
    held = False
    for number, raw in enumerate(people(pack, [rule.when, other.when], side)):
        values = as_values(raw)
        if first(values):
            held = True
            if not second(values):
                return False
        if number > MOST_COMPARED:
            return False
    return held
