"""The one entry: answers in, guidance out. The same pack and answers give the same bytes on any machine."""

from collections.abc import Mapping

from rules.answers import Answers, read_answers
from rules.content import Pack
from rules.outlook.bounds import look_ahead
from rules.outlook.completions import Missing, missing
from rules.planning.plan import Plan, is_deconditioned, make_plan
from rules.shapes import Completeness, Guidance, PlanShape, TriageShape, Versions
from rules.support import NOTHING, Supported, support
from rules.telling import Teller
from rules.triage import Triage, triage
from rules.weighing.findings import Finding, find, patterns


def evaluate(pack: Pack, answers: Mapping[str, object]) -> Guidance:
    """Everything the pack has to say about these answers.

    `answers` maps link_id → option code, number or list of codes; a missing item and "not-sure" both mean undecided.
    Returns plain, JSON-ready data in the shape of `Guidance`. Raises AnswersRefused, naming every answer that cannot be read.
    Source of the method: the pack's own rules, each with its sources; see `/v1/rules`.
    """
    return guide(pack, read_answers(pack, answers))


def guide(pack: Pack, answers: Answers) -> Guidance:
    """Guidance for answers that were already read."""
    tell = Teller(pack, answers)
    safety = triage(pack, answers)
    urgent = safety.urgent
    findings = [] if urgent else find(pack, safety.values)
    supported = NOTHING if urgent else support(pack, safety.values)
    so_far = missing(pack, answers, safety)
    outlook = look_ahead(pack, so_far, {(one.muscle.id, one.state) for one in findings}) if findings else None
    return {
        "versions": _versions(pack),
        "triage": _triage(pack, safety),
        "support": tell.support(supported),
        "findings": [tell.finding(one, outlook.of(one)) for one in findings] if outlook else [],
        "patterns": [tell.pattern(one) for one in patterns(pack, findings)],
        "measured": [] if urgent else tell.measured(safety.values),
        "plan": _plan(pack, safety, findings, supported, tell),
        "recheck_weeks": list(pack.plan.recheck_weeks),
        "limits": _limits(pack, safety, findings, tell),
        "completeness": _completeness(pack, answers, safety, so_far),
    }


def _versions(pack: Pack) -> Versions:
    versions = pack.label.versions
    return {
        "pack": pack.label.id,
        "questionnaire": versions.questionnaire,
        "evidence": versions.evidence,
        "exercises": versions.exercises,
        "digest": pack.digest,
    }


def _triage(pack: Pack, safety: Triage) -> TriageShape:
    advice = pack.safety.advice
    words = advice.for_urgency(safety.urgency)
    if safety.open and safety.urgency in ("clear", "restricted"):
        words = advice.undecided
    return {
        "urgency": safety.urgency,
        "advice": words,
        "red_flags": [
            {"id": one.flag.id, "urgency": one.urgency, "text": one.flag.text, "sources": list(one.flag.sources)}
            for one in safety.red_flags
        ],
        "gates": [{"id": gate.id, "because": gate.because} for gate in safety.gates],
        "unanswered": list(safety.open),
    }


def _plan(pack: Pack, safety: Triage, findings: list[Finding], supported: Supported, tell: Teller) -> PlanShape:
    reasons = pack.plan.reasons
    if safety.urgent:
        return tell.plan(Plan(), "withheld", reasons.urgent)
    if safety.urgency == "clinician-first":
        return tell.plan(Plan(), "withheld", reasons.clinician_first)
    if safety.open:
        return tell.plan(Plan(), "safety-unanswered", reasons.safety_unanswered)
    gently = supported.tier or is_deconditioned(pack, findings)
    return tell.plan(make_plan(pack, safety.values, safety.gates, findings, gently=gently), "issued", None)


def _limits(pack: Pack, safety: Triage, findings: list[Finding], tell: Teller) -> list[str]:
    notes = pack.label.notes
    if safety.urgent:
        return list(pack.label.limits)
    said: list[str] = []
    if not findings:
        tested = tell.any_measured(safety.values)
        said.append(
            notes.nothing_stands_out
            if tested
            else notes.too_little_asked
            if safety.urgency != "clinician-first"
            else notes.clinician_before_tests
        )
    said += [*tell.hidden_tests(safety), *tell.painful_tests(safety)]
    if is_deconditioned(pack, findings):
        said.append(notes.general_deconditioning)
    said.extend(scale.text for scale in tell.scales(safety.values))
    return [*said, *pack.label.limits]


def _completeness(pack: Pack, answers: Answers, safety: Triage, so_far: Missing) -> Completeness:
    hidden = {test.name for test in safety.hidden}
    answered = sum(item not in pack.test_of or pack.test_of[item].name not in hidden for item in answers.given)
    return {"answered": answered, "askable": answered + len(so_far.open)}
