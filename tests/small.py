"""Small packs: the shipped one with other rules and numbers, so that one thing at a time is weighed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rules.answers import Value
from rules.content import Cluster, Pack, Rule
from rules.weighing.weigh import Weighed, weigh

MUSCLE, STATE = "lumbar-extensors", "weak"
YES_NO = ("back.doming", "back.belly-surgery", "back.arched-posture", "back.upright-ache", "legs.high-heels", "legs.sit-tall")
FREE: dict[str, Any] = {
    "total": 100.0,
    "caps": (),
    "scales": (),
    "normal_test": (),
    "clusters": [{"id": f"C{place}", "share": 1.0, "rest": "all", "reason": "Alone."} for place in range(9)],
}


def rule(place: int, weight: float, *, against: float = 0, **more: Any) -> Rule:
    """A rule that holds when the yes-no question of this place is answered yes; alone in its cluster unless said otherwise."""
    written: dict[str, Any] = {
        "id": f"R{place:03}",
        "on": [{"muscle": MUSCLE, "state": STATE, "side": "midline"}],
        "when": {"item": YES_NO[place], "is": "yes"},
        "for": weight,
        "against": against,
        "kind": "history",
        "grade": "moderate",
        "cluster": f"C{place}",
        "says": "Yes.",
        "says_not": "No.",
        "basis": ["judgement"],
        "sources": ["team-judgement"],
    }
    return Rule.model_validate_json(json.dumps(written | more))


def pack_of(pack: Pack, *rules: Rule, **weighing: Any) -> Pack:
    """The pack with these rules only, and without caps, scales and best tests but those given."""
    changed = {key: _clusters(value) if key == "clusters" else value for key, value in (FREE | weighing).items()}
    return replace(pack, rules=rules, weighing=pack.weighing.model_copy(update=changed))


def _clusters(written: list[dict[str, Any]]) -> tuple[Cluster, ...]:
    return tuple(Cluster.model_validate_json(json.dumps(one)) for one in written)


def cluster(share: float, rest: str, **limits: float | bool) -> dict[str, Any]:
    """The cluster C, beside which every other argument stands alone."""
    return {"clusters": [*FREE["clusters"], {"id": "C", "share": share, "rest": rest, "reason": "One story.", **limits}]}


def told(*answers: str | None) -> dict[str, Value]:
    """Answers to the yes-no questions in their order."""
    return {item: answer for item, answer in zip(YES_NO, answers, strict=False) if answer}


def target(pack: Pack, values: Mapping[str, Value]) -> Weighed:
    """The one imbalance that these rules bear on."""
    return next(one for one in weigh(pack, values) if (one.target.muscle, one.target.state) == (MUSCLE, STATE))


def added(pack: Pack, values: Mapping[str, Value]) -> int:
    """What the arguments add to the starting share, in thousandths."""
    weighed = target(pack, values)
    return weighed.total - weighed.target.prior
