"""Says what authors wrote in words that a reader can check: criteria, limits, doses."""

from collections.abc import Mapping
from typing import assert_never

from rules.content import (
    AllOf,
    AnyOf,
    AtLeast,
    Cluster,
    Criterion,
    FromOption,
    Includes,
    Is,
    Measure,
    Measured,
    Norm,
    NormRow,
    Not,
    Number,
    OneOf,
    OnSide,
    Rule,
    SideGap,
)
from rules.content.criterion import Range
from rules.content.evidence import Fitness, KindCap
from rules.content.exercise import Dose
from rules.content.questionnaire import SideDifference, SmallestChange

SIDE_WORDS = {"same": "this side", "opposite": "the other side", "left": "the left", "right": "the right"}


def criterion_words(criterion: Criterion) -> str:
    """A criterion on one line, in the ids and codes of the content."""
    match criterion:
        case AllOf(all_=parts):
            return _joined(" and ", parts)
        case AnyOf(any_=parts):
            return _joined(" or ", parts)
        case AtLeast(at_least=count, of=parts):
            return f"at least {count} of: {_joined('; ', parts)}"
        case Not(not_=part):
            return f"not ({criterion_words(part)})"
        case Is():
            return f"{criterion.item} is {criterion.is_}"
        case OneOf():
            return f"{criterion.item} is one of ({', '.join(criterion.in_)})"
        case FromOption():
            return f"{criterion.item} from {criterion.from_} on"
        case Includes():
            return f"{criterion.item} includes {criterion.includes}"
        case OnSide():
            return f"{criterion.item} on {SIDE_WORDS[criterion.side]}"
        case Number():
            return f"{criterion.item} {_bounds(criterion)}"
        case Measured(test=test, measure=measure, side=side):
            return f"{test} {measure}{f' of {SIDE_WORDS[side]}' if side else ''} {_bounds(criterion)}"
        case SideGap(test=test, measure=measure, side=side):
            return f"{test} {measure} worse on {SIDE_WORDS[side]}"
    assert_never(criterion)


def _joined(word: str, parts: tuple[Criterion, ...]) -> str:
    return word.join(f"({criterion_words(part)})" if isinstance(part, AllOf | AnyOf | AtLeast) else criterion_words(part) for part in parts)


def _bounds(span: Range) -> str:
    bounds = [f"{word.replace('_', ' ')} {_threshold(threshold)}" for word, threshold in span.bounds]
    return f"{' and '.join(bounds)} {span.unit}"


def _threshold(threshold: float | Norm) -> str:
    return f"norm {threshold.norm}" if isinstance(threshold, Norm) else f"{threshold:g}"


def argument_words(rule: Rule) -> str:
    """Both weights of a rule and what it reads."""
    against = f" ({criterion_words(rule.against_when)})" if rule.against_when else ""
    weights = f"for {rule.weight_for:+g}, against {rule.weight_against:g}{against}"
    return f"{weights}, when {criterion_words(rule.when)}; {rule.kind}, {rule.grade}"


def usual_words(measure: Measure) -> str:
    """What is usual for a measure, and every cell of its norms."""
    typical = measure.typical
    said = []
    if typical and typical.low is not None:
        said.append(f"usual from {typical.low:g} {measure.unit}")
    if typical and typical.high is not None:
        said.append(f"usual up to {typical.high:g} {measure.unit}")
    said.extend(f"norm {name} ({measure.unit}): {', '.join(map(_norm_row, rows))}" for name, rows in measure.norms.items())
    return "; ".join(said) or "no usual value of its own"


def _norm_row(row: NormRow) -> str:
    ages = f"{row.age[0].split('-')[0]}-{row.age[-1].split('-')[-1]}" if row.age else "all ages"
    return f"{ages}{f' {row.sex}' if row.sex else ''} {row.value:g}"


def side_difference_words(difference: SideDifference, unit: str) -> str:
    """From when sides differ."""
    share = f", and {difference.share:.0%} of the other side" if difference.share else ""
    return f"sides differ {'by more than' if difference.beyond else 'from'} {difference.by:g} {unit}{share}"


def smallest_change_words(change: SmallestChange, unit: str) -> str:
    """From when two results differ."""
    return f"two results differ from {change.by:g} {unit}"


def dose_words(dose: Dose) -> str:
    """How much of an exercise."""
    if dose.minutes:
        return f"{dose.minutes} min, {dose.days_a_week} days a week ({dose.code})"
    parts = [f"{dose.sets} x {dose.reps}"]
    if dose.hold_seconds:
        parts.append(f"hold {dose.hold_seconds} s")
    parts.append(f"{dose.seconds_per_rep} s a movement")
    if dose.rest_seconds:
        parts.append(f"rest {dose.rest_seconds} s")
    parts.append(f"{dose.days_a_week} days a week")
    return f"{', '.join(parts)} ({dose.code})"


def cap_words(cap: KindCap) -> str:
    """How much arguments of some kinds may add up to."""
    return f"together at most {cap.limit:g}{'' if cap.decides else ', and never moves a band'}"


def cluster_words(cluster: Cluster) -> str:
    """How arguments that tell the same story are added."""
    rest = "all others" if cluster.rest == "all" else "the next"
    limits = [f"at most {cluster.highest:g}"] if cluster.highest is not None else []
    limits += [f"at least {cluster.lowest:g}"] if cluster.lowest is not None else []
    alone = [] if cluster.shows_alone else ["shows nothing by itself"]
    return ", ".join([f"the strongest whole, {rest} x {cluster.share:g}", *limits, *alone])


def fitness_words(fitness: Fitness) -> str:
    """What general fitness takes away."""
    return f"when {fitness.low_tests} tests are low, all but the strongest of {plain(fitness.clusters)} x {fitness.factor:g}"


def plain(value: object) -> str:
    """Numbers of a settings file as they stand there, without brackets."""
    match value:
        case Mapping():
            return ", ".join(f"{key} {plain(part)}" for key, part in value.items())
        case tuple():
            return ", ".join(plain(part) for part in value)
        case float():
            return f"{value:g}"
    return str(value)
