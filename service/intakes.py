"""A clinic's side of what was told to it: list, find, erase; in a transaction of that clinic, which sees no other's."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from service.assessments import Kept, kept_of, subject_of
from service.storage.tables import StoredAssessment
from service.webhooks.outbox import announce


@dataclass(frozen=True)
class Wanted:
    """Which intakes: the newest first, at most `most`. `before`: go on behind this moment; `since`: nothing older."""

    reference: str | None = None
    subject: str | None = None
    invitation: str | None = None
    status: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    most: int = 50


def find_intake(session: Session, clinic: str, assessment: str) -> Kept | None:
    """One intake; None where there is none, or it is not this clinic's."""
    row = session.get(StoredAssessment, assessment)
    return kept_of(row) if row is not None and row.clinic_id == clinic else None


def list_intakes(session: Session, clinic: str, wanted: Wanted) -> list[Kept]:
    """What fits."""
    statement = select(StoredAssessment).where(col(StoredAssessment.clinic_id) == clinic)
    for name in ("reference", "subject", "status"):
        if getattr(wanted, name) is not None:
            statement = statement.where(getattr(StoredAssessment, name) == getattr(wanted, name))
    if wanted.invitation is not None:
        statement = statement.where(col(StoredAssessment.invitation_id) == wanted.invitation)
    if wanted.since is not None:
        statement = statement.where(col(StoredAssessment.created_at) >= wanted.since)
    if wanted.before is not None:
        statement = statement.where(col(StoredAssessment.created_at) < wanted.before)
    newest = statement.order_by(col(StoredAssessment.created_at).desc(), col(StoredAssessment.id)).limit(wanted.most)
    return [kept_of(row) for row in session.exec(newest)]


def erase_intake(session: Session, clinic: str, assessment: str) -> str | None:
    """Remove an intake; says its id, or None where there is none, or it is not this clinic's."""
    row = session.get(StoredAssessment, assessment)
    if row is None or row.clinic_id != clinic:
        return None
    announce(session, "assessment.erased", subject_of(row))
    session.exec(delete(StoredAssessment).where(col(StoredAssessment.id) == row.id))
    return row.id
