"""What clinicians think of findings. Each opinion counts for the rules that spoke for the finding, and the counts outlast the intake."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from pydantic_core import from_json
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlmodel import Session, col, delete, select

from rules import Guidance
from service.storage.clinic_tables import Agreement, StoredOpinion
from service.storage.tables import StoredAssessment

Verdict = Literal["agree", "disagree"]
Disagreement = Literal["examined-and-normal", "other-side", "other-muscle", "measured-differently", "not-examined", "other"]
REASONS: tuple[Disagreement, ...] = get_args(Disagreement)
FINDING = r"^[a-z0-9-]{1,32}\.[a-z]{1,8}\.[a-z]{1,8}$"
FEWEST = 5  # fewer are not told: one clinician's opinion must not be read off the counts
Counts = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Opinion:
    """Agreement with a finding, or a reason against it."""

    verdict: Verdict
    reason: Disagreement | None = None


@dataclass(frozen=True)
class GivenOpinion:
    """An opinion on one finding, and when it was given."""

    finding: str
    opinion: Opinion
    given_at: datetime


@dataclass(frozen=True)
class Agreed:
    """How often a rule was agreed and disagreed with, and why not."""

    agree: int
    disagree: int
    reasons: Mapping[str, int]


def opine(session: Session, clinic: str, assessment: str, finding: str, opinion: Opinion) -> GivenOpinion | None:
    """Give an opinion, or another one in its place; None where there is no such finding, or it is not this clinic's."""
    stored = _locked(session, clinic, assessment)
    guidance: Guidance | None = from_json(stored.guidance) if stored else None
    found = next((one for one in guidance["findings"] if one["id"] == finding), None) if guidance else None
    if guidance is None or found is None:
        return None
    rules = sorted({one["rule"] for one in found["supporting"]})
    counted = " ".join([guidance["versions"]["evidence"], *rules])
    row = session.get(StoredOpinion, (assessment, finding))
    changes = _counts(row, -1)
    if row is None:
        row = StoredOpinion(
            assessment_id=assessment, finding=finding, clinic_id=clinic, verdict="", counted=counted, given_at=datetime.now(UTC)
        )
        session.add(row)
    row.verdict, row.reason, row.counted, row.given_at = opinion.verdict, opinion.reason, counted, datetime.now(UTC)
    _count(session, changes, _counts(row, 1))
    return _given(row)


def withdraw(session: Session, clinic: str, assessment: str, finding: str) -> str | None:
    """Take an opinion back; says of which finding, or None where there is none."""
    row = session.get(StoredOpinion, (assessment, finding)) if _locked(session, clinic, assessment) else None
    if row is None:
        return None
    _count(session, _counts(row, -1))
    session.delete(row)
    return finding


def opinions_on(session: Session, assessment: str) -> list[GivenOpinion]:
    """What was said of the findings of an intake, by finding; in a transaction of its clinic."""
    wanted = select(StoredOpinion).where(col(StoredOpinion.assessment_id) == assessment)
    return [_given(row) for row in session.exec(wanted.order_by(col(StoredOpinion.finding)))]


def forget_opinions(session: Session, assessment: str) -> None:
    """What was thought of findings is not thought of those that other answers bring. For the rules it still counts."""
    session.exec(delete(StoredOpinion).where(col(StoredOpinion.assessment_id) == assessment))


def agreed(session: Session, rule: str, evidence: str) -> Agreed | None:
    """What clinicians of all clinics thought of findings that this rule spoke for; None while that are too few."""
    wanted = select(Agreement).where(col(Agreement.rule) == rule, col(Agreement.evidence) == evidence, col(Agreement.count) > 0)
    rows = session.exec(wanted).all()
    if sum(row.count for row in rows) < FEWEST:
        return None
    reasons = {row.reason: row.count for row in rows if row.verdict == "disagree"}
    agree = sum(row.count for row in rows if row.verdict == "agree")
    return Agreed(agree, sum(reasons.values()), {one: reasons[one] for one in REASONS if one in reasons})


def _locked(session: Session, clinic: str, assessment: str) -> StoredAssessment | None:
    """The intake, which nobody else opines on meanwhile."""
    row = session.get(StoredAssessment, assessment, with_for_update=True)
    return row if row is not None and row.clinic_id == clinic else None


def _counts(row: StoredOpinion | None, by: int) -> Counts:
    """What an opinion adds to the counts, or takes from them: by rule, evidence, verdict and reason."""
    if row is None or row.counted is None:
        return Counter()
    evidence, *rules = row.counted.split(" ")
    return Counter({(rule, evidence, row.verdict, row.reason or ""): by for rule in rules})


def _count(session: Session, *changes: Counts) -> None:
    total: Counts = Counter()
    for one in changes:
        total.update(one)
    on_postgresql = session.connection().dialect.name == "postgresql"
    # In one order, so that two who opine at once never wait for each other.
    for (rule, evidence, verdict, reason), by in sorted(total.items()):
        if by:
            values: dict[str, Any] = {"rule": rule, "evidence": evidence, "verdict": verdict, "reason": reason, "count": by}
            added = (insert_on_postgresql if on_postgresql else insert_on_sqlite)(Agreement).values(values)
            key = ("rule", "evidence", "verdict", "reason")
            session.exec(added.on_conflict_do_update(index_elements=key, set_={"count": col(Agreement.count) + by}))


def _given(row: StoredOpinion) -> GivenOpinion:
    verdict: Verdict = "agree" if row.verdict == "agree" else "disagree"
    reason = next((one for one in REASONS if one == row.reason), None)
    return GivenOpinion(row.finding, Opinion(verdict, reason), row.given_at)
