"""A clinic's side of what was told to it: list, find, open, erase; in a transaction of that clinic, which sees no other's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic_core import from_json
from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, delete, func, or_, select

from service.assessments import FINISHED, Kept, kept_of, subject_of
from service.check_ins import KeptCheckIn, check_ins_of
from service.clinics.clinics import Clinic, find
from service.clinics.opinions import GivenOpinion, opinions_on
from service.storage.clinic_tables import StoredInvitation
from service.storage.tables import StoredAssessment
from service.webhooks.outbox import announce


class NothingKnown(Exception):
    """Nothing is known of this patient here, and nothing was sent along"""


@dataclass(frozen=True)
class Wanted:
    """Which intakes: the newest first, at most `most`. `since`: nothing older.

    `before`: go on behind this moment; with `behind`, behind this intake among those of that moment.
    """

    reference: str | None = None
    subject: str | None = None
    invitation: str | None = None
    status: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    behind: str | None = None
    most: int = 50


@dataclass(frozen=True)
class Record:
    """One intake with everything that came to it. `opinions`: what clinicians think of its findings."""

    clinic: Clinic
    kept: Kept
    check_ins: Sequence[KeptCheckIn]
    opinions: Mapping[str, GivenOpinion]

    def wording(self, language: str) -> tuple[str, str] | None:
        """What the clinic itself says at this urgency, and in which language: this one if it can be, else the clinic's own."""
        urgency = from_json(self.kept.guidance)["triage"]["urgency"]
        said = self.clinic.settings.wording.get(urgency, {})
        wanted = next((one for one in (language, self.clinic.settings.language, *said) if one in said), None)
        return (wanted, said[wanted]) if wanted else None


def open_intake(session: Session, clinic: str, assessment: str) -> Record | None:
    """One intake with its check-ins and opinions; None where there is none, or it is not this clinic's."""
    kept = find_intake(session, clinic, assessment)
    if kept is None:
        return None
    opinions = {one.finding: one for one in opinions_on(session, assessment)}
    return Record(find(session, clinic), kept, check_ins_of(session, assessment), opinions)


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
        moment, earlier = col(StoredAssessment.created_at), col(StoredAssessment.created_at) < wanted.before
        behind = and_(moment == wanted.before, col(StoredAssessment.id) > (wanted.behind or ""))
        statement = statement.where(or_(earlier, behind) if wanted.behind else earlier)
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


def latest_about(session: Session, clinic: str, patient: str) -> Kept | None:
    """The finished intake with the newest answers about a patient of the clinic's, by the id that its own records give."""
    about = select(StoredAssessment).where(col(StoredAssessment.clinic_id) == clinic, _about(StoredAssessment, patient))
    finished = about.where(col(StoredAssessment.status).in_(FINISHED), col(StoredAssessment.expires_at) > datetime.now(UTC))
    told = func.coalesce(col(StoredAssessment.authored_at), col(StoredAssessment.created_at))
    row = session.exec(finished.order_by(told.desc()).limit(1)).first()
    return kept_of(row) if row else None


def knows(session: Session, clinic: str, patient: str) -> bool:
    """Whether the clinic has invited the patient or was told something by them, finished or not."""
    return any(
        session.exec(select(table.id).where(col(table.clinic_id) == clinic, _about(table, patient)).limit(1)).first()
        for table in (StoredAssessment, StoredInvitation)
    )


def _about(table: type[StoredAssessment] | type[StoredInvitation], patient: str) -> ColumnElement[bool]:
    return or_(col(table.subject) == f"Patient/{patient}", col(table.reference) == patient)
