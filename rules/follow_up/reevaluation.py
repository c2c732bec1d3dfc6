"""Stored answers under today's pack: the guidance they give now, and how it differs from what was said then."""

from collections.abc import Mapping

from typing_extensions import TypedDict

from rules.answers import readable
from rules.content import Pack
from rules.follow_up.comparing import FindingsDifference, difference
from rules.guidance import evaluate
from rules.shapes import Guidance, PlanShape, UrgencyChange, Versions


class VersionsPair(TypedDict):
    """The content then and now."""

    before: Versions
    after: Versions


class PlanDifference(TypedDict):
    """Exercises that came and went, and whether there was a plan at all."""

    status_before: str
    status_after: str
    added: list[str]
    removed: list[str]


class Difference(TypedDict):
    """What today's pack says differently. `left_aside`: the link_ids of answers that it no longer reads."""

    versions: VersionsPair
    urgency: UrgencyChange
    findings: FindingsDifference
    plan: PlanDifference
    left_aside: list[str]


class Reevaluation(TypedDict):
    """Today's guidance, and the difference."""

    guidance: Guidance
    difference: Difference


def reevaluate(pack: Pack, answers: Mapping[str, object], earlier: Guidance) -> Reevaluation:
    """Evaluate stored answers again under this pack, and compare with the guidance that was given then.

    Answers that the pack no longer reads are left aside, so what they told is undecided now; a safety answer among them withholds the plan.
    """
    kept, left_aside = readable(pack, answers)
    today = evaluate(pack, kept)
    return {
        "guidance": today,
        "difference": {
            "versions": {"before": earlier["versions"], "after": today["versions"]},
            "urgency": {"before": earlier["triage"]["urgency"], "after": today["triage"]["urgency"]},
            "findings": difference(*({one["id"]: one["band"] for one in said["findings"]} for said in (earlier, today))),
            "plan": _plan(earlier["plan"], today["plan"]),
            "left_aside": list(left_aside),
        },
    }


def _plan(before: PlanShape, after: PlanShape) -> PlanDifference:
    then, now = ([one["exercise"] for one in plan["prescriptions"]] for plan in (before, after))
    return {
        "status_before": before["status"],
        "status_after": after["status"],
        "added": [one for one in now if one not in then],
        "removed": [one for one in then if one not in now],
    }
