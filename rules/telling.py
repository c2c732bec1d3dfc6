"""Puts results into the pack's words: arguments with the answer in them, the plan, what was not counted."""

from collections.abc import Iterable
from typing import Literal

from rules.answers import Answers
from rules.content import SIDES, Measured, Pack, Pattern, SelfTest, Side, link_id
from rules.content.evidence import Scale
from rules.criteria import COUNTS, OTHER, Values
from rules.outlook.spans import Bounds
from rules.planning.candidates import LeftOut
from rules.planning.plan import Plan, Prescription
from rules.shapes import (
    ArgumentShape,
    FindingShape,
    LeftOutShape,
    MeasuredShape,
    PatternShape,
    PlanShape,
    PrescriptionShape,
    SupportShape,
    UnansweredShape,
)
from rules.support import Supported
from rules.triage import Triage
from rules.weighing.arguments import Argument, scales
from rules.weighing.findings import Finding
from rules.weighing.weigh import Counted


class Teller:
    """Says things about one person's answers."""

    def __init__(self, pack: Pack, answers: Answers) -> None:
        self.pack = pack
        self.answers = answers
        self.values: Values = answers.values

    def finding(self, finding: Finding, bounds: Bounds) -> FindingShape:
        """A finding with every argument that was weighed and every one still open."""
        seen: set[tuple[str, str, Side | None]] = set()
        supporting: list[ArgumentShape] = []
        conflicting: list[ArgumentShape] = []
        unanswered: list[UnansweredShape] = []
        for weighed in finding.weighed:
            for one in sorted(weighed.counted, key=lambda one: -abs(one.weight)):
                if self._first(seen, one.argument, one.argument.side):
                    (supporting if one.weight > 0 else conflicting).append(self._argument(one, finding))
            for argument in weighed.undecided:
                if self._first(seen, argument, None):
                    unanswered.extend(self._unanswered(argument))
        return {
            "id": finding.id,
            "muscle": finding.muscle.id,
            "name": finding.muscle.name,
            "state": finding.state,
            "side": finding.side,
            "region": finding.muscle.region,
            "band": finding.band,
            "lowest": bounds.lowest,
            "highest": bounds.highest,
            "settled": bounds.settled,
            "text": self._sided(finding.side, finding.muscle.says[finding.state]),
            "neighbours": list(finding.muscle.neighbours),
            "supporting": supporting,
            "conflicting": conflicting,
            "unanswered": unanswered,
        }

    def _first(self, seen: set[tuple[str, str, Side | None]], argument: Argument, side: Side | None) -> bool:
        """Whether this argument was not yet told (one that bears on both sides alike is told once, and so is an open question)."""
        key = (argument.rule.id, argument.about, side)
        if key in seen:
            return False
        seen.add(key)
        return True

    def _sided(self, side: str, text: str) -> str:
        if side == "midline":
            return text
        word = next(option.text for option in self.pack.label.option_sets["sides"] if option.code == side)
        return f"{word}: {text}"

    def _argument(self, one: Counted, finding: Finding) -> ArgumentShape:
        rule, about = one.argument.rule, one.argument.about
        answer = self.values.get(about)
        classes = self.pack.weighing.weight_classes
        size = abs(one.weight) / 1000
        return {
            "rule": rule.id,
            "link_id": about,
            "answer": list(answer) if isinstance(answer, tuple) else answer,
            "unit": self.pack.items[about].unit,
            "side": one.argument.side or ("both" if finding.side != "midline" else "midline"),
            "weight": "strong" if size >= classes.strong else "moderate" if size >= classes.moderate else "slight",
            "kind": rule.kind,
            "grade": rule.grade,
            "text": self._filled(rule.says if one.supports else rule.says_not, one.argument),
            "sources": list(rule.sources),
        }

    def _filled(self, sentence: str, argument: Argument) -> str:
        if "{" not in sentence:
            return sentence
        about = argument.about
        other = about
        for side in SIDES:
            if about.endswith(f".{side}"):
                other = about.removesuffix(side) + OTHER[side]
        side_word = self.pack.option_text_of_side(argument.side) if argument.side else ""
        return sentence.replace("{value}", self.value(about)).replace("{other}", self.value(other)).replace("{side}", side_word)

    def value(self, item: str) -> str:
        """A person's own answer in words: 38 s, Left, Not sure."""
        answer = self.values.get(item)
        if answer is None:
            return self.pack.label.not_sure
        if isinstance(answer, int | float):
            unit = self.pack.items[item].unit or ""
            return self.pack.quantity(answer, unit)
        codes = answer if isinstance(answer, tuple) else (answer,)
        return ", ".join(self.pack.option_text(item, code) for code in codes)

    def _unanswered(self, argument: Argument) -> Iterable[UnansweredShape]:
        """The first item of the argument that has no answer at all; one answered `not-sure` is not asked again."""
        missing = next((item for item in argument.items if item not in self.answers.given and item not in self.values), None)
        if missing:
            could: Literal["raise", "lower", "raise-or-lower"]
            up = argument.weight_for > 0
            down = argument.weight_for < 0 or argument.weight_against < 0
            could = "raise-or-lower" if up and down else "raise" if up else "lower"
            yield {"rule": argument.rule.id, "link_id": missing, "could": could}

    def pattern(self, pattern: Pattern) -> PatternShape:
        """A pattern for display."""
        return {"id": pattern.id, "name": pattern.name, "text": pattern.text, "sources": list(pattern.sources)}

    def measured(self, values: Values) -> list[MeasuredShape]:
        """Every number measured, beside what is usual."""
        return [one for test in self.pack.tests.values() for one in self._measures(test, values)]

    def _measures(self, test: SelfTest, values: Values) -> Iterable[MeasuredShape]:
        stopped_by = values.get(link_id(test.name, "stopped-by"))
        for measure in test.measures:
            for side in SIDES if test.sided else (None,):
                item = link_id(test.name, measure.code, side)
                value = values.get(item)
                if isinstance(value, int | float):
                    typical = measure.typical
                    yield {
                        "link_id": item,
                        "test": test.id,
                        "name": f"{test.title}: {measure.name}" if measure.name else test.title,
                        "side": side,
                        "value": value,
                        "unit": measure.unit,
                        "counted": stopped_by in COUNTS[Measured],
                        "typical": None
                        if typical is None
                        else {"low": typical.low, "high": typical.high, "text": typical.text, "sources": list(typical.sources)},
                    }

    def any_measured(self, values: Values) -> bool:
        """Whether any self-test was done to its end."""
        return any(one["counted"] for one in self.measured(values))

    def hidden_tests(self, safety: Triage) -> list[str]:
        """A note for each answered test that does not suit the person."""
        answered = {self.pack.test_of[item].name for item in self.values if item in self.pack.test_of} if safety.hidden else set()
        note = self.pack.label.notes.hidden_test
        return [note.replace("{test}", test.title) for test in safety.hidden if test.name in answered]

    def painful_tests(self, safety: Triage) -> list[str]:
        """A note for each test that was ended by pain."""
        painful = [test for test in self.pack.tests.values() if safety.values.get(link_id(test.name, "stopped-by")) == "pain"]
        return [self.pack.label.notes.stopped_by_pain.replace("{test}", test.title) for test in painful]

    def scales(self, values: Values) -> list[Scale]:
        """The reasons why every weight counts for less."""
        holding = zip(self.pack.weighing.scales, scales(self.pack).factors, strict=True)
        return [scale for scale, (holds, _) in holding if holds(values)]

    def support(self, supported: Supported) -> SupportShape | None:
        """The support tier if there are enough signs, and the signposts that fit."""
        if not supported.tier and not supported.signposts:
            return None
        signs = supported.signs if supported.tier else ()
        return {
            "text": self.pack.support.text if supported.tier else None,
            "because": [{"id": one.id, "text": one.because, "sources": list(one.sources)} for one in signs],
            "signposts": [{"id": one.id, "text": one.text, "sources": list(one.sources)} for one in supported.signposts],
        }

    def plan(self, plan: Plan, status: Literal["issued", "withheld", "safety-unanswered"], reason: str | None) -> PlanShape:
        """The plan in words."""
        return {
            "status": status,
            "reason": reason,
            "minutes": plan.minutes,
            "days_a_week": self.pack.plan.days_a_week if plan.prescriptions else 0,
            "prescriptions": [self._prescription(one) for one in plan.prescriptions],
            "left_out": [self._left_out(one) for one in plan.left_out],
        }

    def _prescription(self, one: Prescription) -> PrescriptionShape:
        exercise, dose = one.exercise, one.exercise.dose
        return {
            "exercise": exercise.id,
            "name": exercise.name,
            "for": [finding.id for finding in one.findings],
            "kind": exercise.kind,
            "level": exercise.level,
            "position": list(exercise.positions),
            "kit": list(exercise.kit),
            "side": exercise.side,
            "extra_set_side": one.extra_side,
            "sets": one.sets,
            "reps": dose.reps,
            "hold_seconds": dose.hold_seconds,
            "rest_seconds": dose.rest_seconds,
            "days_a_week": dose.days_a_week,
            "minutes": one.minutes,
            "steps": list(exercise.steps),
            "faults": list(exercise.faults),
            "stop_if": exercise.stop_if,
            "caution": exercise.caution,
            "easier": one.easier.name if one.easier else exercise.easier_way or None,
            "harder": one.harder.name if one.harder else exercise.harder_way or None,
            "why": exercise.why,
            "sources": list(exercise.sources),
        }

    def _left_out(self, one: LeftOut) -> LeftOutShape:
        texts = self.pack.plan.left_out
        sentence = texts.only_when if one.reason == "only-when" else getattr(texts, one.reason)
        sentence = sentence.replace("{exercise}", one.exercise.name).replace("{what}", self.pack.names.get(one.what, ""))
        return {
            "exercise": one.exercise.id,
            "name": one.exercise.name,
            "reason": one.reason,
            "gate": one.what if one.reason == "gate" else None,
            "text": sentence,
        }
