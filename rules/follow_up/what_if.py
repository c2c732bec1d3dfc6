"""What would move a finding: single answers other than those given, each evaluated for real."""

from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import TypedDict

from rules.answers import NOT_SURE, AnswerProblem, Answers, AnswersRefused, read_answer, read_answers
from rules.content import Pack
from rules.follow_up.alternatives import Alternative, alternatives
from rules.shapes import BandChange, UrgencyChange
from rules.triage import Triage, triage
from rules.weighing.findings import Finding, find
from rules.weighing.weigh import Band


class Move(TypedDict):
    """An answer that moves a band. `together_with`: what must be answered with it to count. `becomes`: the finding it then belongs to, if any."""

    link_id: str
    answer: str | float | list[str]
    together_with: dict[str, str]
    band: Band
    becomes: str | None


class FindingMoves(TypedDict):
    """A finding with the single answers that would move it."""

    id: str
    band: Band
    moves: list[Move]


class ChangeEffect(TypedDict):
    """What a change does to every finding there was or would be; to none when either is urgent, because safety comes first.

    `left_aside`: answers to questions that would not be asked then.
    """

    urgency: UrgencyChange
    findings: list[BandChange]
    left_aside: list[str]


class WhatIf(TypedDict):
    """`within_reach`: what is not found now, and one answer would show."""

    findings: list[FindingMoves]
    within_reach: list[FindingMoves]
    change: ChangeEffect | None


@dataclass(frozen=True)
class _Seen:
    """What some answers show."""

    safety: Triage
    findings: list[Finding]

    @property
    def urgent(self) -> bool:
        return self.safety.urgent


def what_if(pack: Pack, answers: Mapping[str, object], change: Mapping[str, object] | None = None) -> WhatIf:
    """For each finding, and for what is just below one, the single answers that would move its band.

    Tried is every answer to what the rules read: each option of a choice; of a number what lies on both sides of each threshold, and the extremes.
    For each band that an item could bring, the answer nearest to the one given is told. With `change`, also what all of it together does.
    Raises AnswersRefused for answers, or a change, that cannot be read.
    """
    given = read_answers(pack, answers)
    now = _look(pack, given)
    effect = None if change is None else _effect(pack, now, answers, change)
    moves: dict[str, dict[tuple[str, Band], Move]] = {one.id: {} for one in now.findings}
    reached: dict[str, dict[tuple[str, Band], Move]] = {}
    for alternative in alternatives(pack, given, frozenset(test.name for test in now.safety.hidden)):
        then = None if now.urgent else _tried(pack, answers, now, alternative)
        if then is None or then.urgent:
            continue
        for one in now.findings:
            strongest = _same(then.findings, one)
            band: Band = strongest.band if strongest else "none"
            if band != one.band:
                # The nearest comes first.
                moves[one.id].setdefault((alternative.link_id, band), _move(alternative, strongest))
        for one in then.findings:
            if _same(now.findings, one) is None:
                reached.setdefault(one.id, {}).setdefault((alternative.link_id, one.band), _move(alternative, one))
    return {
        "findings": [{"id": one.id, "band": one.band, "moves": list(moves[one.id].values())} for one in now.findings],
        "within_reach": [{"id": name, "band": "none", "moves": list(found.values())} for name, found in sorted(reached.items())],
        "change": effect,
    }


def _look(pack: Pack, answers: Answers) -> _Seen:
    safety = triage(pack, answers)
    seen = _Seen(safety, [])
    return seen if seen.urgent else _Seen(safety, find(pack, safety.values))


def _tried(pack: Pack, answers: Mapping[str, object], now: _Seen, alternative: Alternative) -> _Seen | None:
    """What would be seen with this answer; None when the question would not be asked."""
    if not alternative.touches_safety:
        values = {**now.safety.values, **alternative.together_with, alternative.link_id: alternative.value}
        return _Seen(now.safety, find(pack, values))
    changed = read_answers(pack, {**answers, **alternative.answers}, draft=True)
    return _look(pack, changed) if alternative.link_id in changed.given else None


def _effect(pack: Pack, now: _Seen, answers: Mapping[str, object], change: Mapping[str, object]) -> ChangeEffect:
    """What the change does."""
    merged = {**answers, **change}
    changed = _read_change(pack, merged, change)
    then = _look(pack, changed)
    shown = [] if now.urgent or then.urgent else [*now.findings, *then.findings]
    bands = {one.id: (_band(now.findings, one), _band(then.findings, one)) for one in shown}
    return {
        "urgency": {"before": now.safety.urgency, "after": then.safety.urgency},
        "findings": [{"id": name, "before": before, "after": after} for name, (before, after) in bands.items()],
        "left_aside": [link_id for link_id in merged if link_id not in changed.given],
    }


def _read_change(pack: Pack, merged: Mapping[str, object], change: Mapping[str, object]) -> Answers:
    """A change may answer what would not be asked, but nothing that is no answer."""
    try:
        changed = read_answers(pack, merged, draft=True)
    except AnswersRefused as refused:
        raise AnswersRefused(refused.problems, within=("change",)) from None
    unasked = [one for one in change if one not in changed.given and change[one] != NOT_SURE]
    values = [read_answer(pack.items[one], pack.options(one), change[one]) for one in unasked]
    problems = tuple(value for value in values if isinstance(value, AnswerProblem))
    if problems:
        raise AnswersRefused(problems, within=("change",))
    return changed


def _same(findings: list[Finding], finding: Finding) -> Finding | None:
    """The strongest finding for the same muscle and state on any side that this one is about; findings come strongest first."""
    return next((one for one in findings if _overlap(one, finding)), None)


def _overlap(one: Finding, other: Finding) -> bool:
    same = (one.muscle.id, one.state) == (other.muscle.id, other.state)
    return same and (one.side == other.side or "both" in (one.side, other.side))


def _band(findings: list[Finding], finding: Finding) -> Band:
    found = _same(findings, finding)
    return found.band if found else "none"


def _move(alternative: Alternative, becomes: Finding | None) -> Move:
    value = alternative.value
    return {
        "link_id": alternative.link_id,
        "answer": list(value) if isinstance(value, tuple) else value,
        "together_with": dict(alternative.together_with),
        "band": becomes.band if becomes else "none",
        "becomes": becomes.id if becomes else None,
    }
