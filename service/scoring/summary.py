"""Guidance on one line of a table."""

from typing import TypedDict

from rules import Guidance
from service.batch.rows import BatchOutcome
from service.errors import Problem

ANSWERS = "/answers/"


class Summary(TypedDict):
    """One cell each; what there may be several of stands between semicolons. None where a row has a problem."""

    line: int
    id: str | None
    urgency: str | None
    red_flags: str | None
    gates: str | None
    findings: str | None
    strongest: str | None
    plan_status: str | None
    plan_exercises: str | None
    answered: int | None
    askable: int | None
    versions: str | None
    problem: str | None


def summary(told: BatchOutcome) -> Summary:
    """The cells of one row."""
    guidance, problem = told.get("guidance"), told.get("problem")
    empty: Summary = {
        "line": told["line"],
        "id": told["id"],
        "urgency": None,
        "red_flags": None,
        "gates": None,
        "findings": None,
        "strongest": None,
        "plan_status": None,
        "plan_exercises": None,
        "answered": None,
        "askable": None,
        "versions": None,
        "problem": faults(problem) if problem else None,
    }
    return _filled(empty, guidance) if guidance else empty


def _filled(empty: Summary, guidance: Guidance) -> Summary:
    triage, findings, plan = guidance["triage"], guidance["findings"], guidance["plan"]
    return {
        **empty,
        "urgency": triage["urgency"],
        "red_flags": ";".join(one["id"] for one in triage["red_flags"]),
        "gates": ";".join(one["id"] for one in triage["gates"]),
        "findings": ";".join(f"{one['id']}:{one['band']}" for one in findings),
        "strongest": findings[0]["id"] if findings else "",  # they come the strongest first
        "plan_status": plan["status"],
        "plan_exercises": ";".join(one["exercise"] for one in plan["prescriptions"]),
        "answered": guidance["completeness"]["answered"],
        "askable": guidance["completeness"]["askable"],
        "versions": ";".join(f"{name}:{version}" for name, version in guidance["versions"].items()),
    }


def faults(problem: Problem) -> str:
    """`link_id:code` of each fault; what is amiss with the row itself is said of `row`."""
    named = [f"{_where(one['pointer'])}:{one['code']}" for one in problem.get("errors", [])]
    return ";".join(named) or f"row:{problem['type'].rsplit(':', 1)[-1]}"


def _where(pointer: str) -> str:
    if pointer.startswith(ANSWERS):
        return pointer.removeprefix(ANSWERS)
    return pointer.removeprefix("/") or "row"
