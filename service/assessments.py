"""The use cases: submit, find, compare, check in, erase, purge. One function is one transaction."""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic_core import to_json
from sqlmodel import Session, col, delete, select

from rules import Guidance
from service.clinics.audit import PERSON, SERVICE, Act, note
from service.clinics.invitations import forget_answers
from service.clinics.links import drop_old_links
from service.clinics.secrets import KeyReused, derived, fits, hashed
from service.storage.tables import StoredAssessment, StoredRequest
from service.storage.tenancy import NOBODY, enter, reach
from service.webhooks.outbox import EventType, Subject, announce

FINISHED = ("completed", "amended")


class AssessmentNotFound(Exception):
    """There is no such assessment, or the token does not open it"""


class TooOften(Exception):
    """This has been changed as often as can be"""


@dataclass(frozen=True)
class Intake:
    """For which clinic an assessment is. `reference`, `subject`: the clinic's own words for whom it is about; `author`: for who answered."""

    clinic: str
    invitation: str | None = None
    reference: str | None = None
    subject: str | None = None
    author: str | None = None


@dataclass(frozen=True)
class Submission:
    """What there is to store. `language`: what the guidance is written in; `key`: the caller's Idempotency-Key, if any.

    `intake`: for which clinic, if any; then in a transaction of that clinic. `actor`: who brings it, for the clinic's audit trail; None: who calls
    writes that line. `status`: as FHIR has it for a response; events are about what is finished. `authored`: when it was answered, if not now.
    """

    answers: Mapping[str, object]
    guidance: Guidance
    language: str
    key: str | None
    retention: timedelta
    intake: Intake | None = None
    actor: str | None = PERSON
    status: str = "completed"
    authored: datetime | None = None


@dataclass(frozen=True)
class Kept:
    """A stored assessment as its owner sees it; `token` only right after submitting."""

    id: str
    token: str
    created_at: datetime
    expires_at: datetime
    answers: str
    guidance: str
    language: str
    intake: Intake | None = None
    status: str = "completed"
    version: int = 1
    changed_at: datetime | None = None
    authored_at: datetime | None = None


@dataclass(frozen=True)
class Access:
    """An id with the token that should open it."""

    id: str
    token: str


def submit(session: Session, submission: Submission) -> Kept:
    """Store an assessment, or give back the one that the same key and body made before.

    Raises KeyReused when the key came with other answers.
    """
    answers = canonical(submission.answers)
    if submission.key is None:
        token = secrets.token_urlsafe(32)
        return kept_of(_store(session, submission, answers, token), token)
    key_hash, fingerprint = hashed(submission.key), hashed(answers)
    earlier = session.get(StoredRequest, key_hash)
    if earlier is not None:
        if not hmac.compare_digest(earlier.fingerprint, fingerprint):
            raise KeyReused
        row = session.get(StoredAssessment, earlier.assessment_id)
        if row is not None and row.expires_at > datetime.now(UTC):
            return kept_of(row, derived(submission.key, earlier.salt))
        purge(session)
        session.expire_all()
    salt = secrets.token_bytes(32)
    token = derived(submission.key, salt)
    row = _store(session, submission, answers, token)
    session.flush()
    session.add(StoredRequest(key_hash=key_hash, fingerprint=fingerprint, salt=salt, assessment_id=row.id))
    return kept_of(row, token)


def find(session: Session, access: Access) -> Kept:
    """The assessment that this token opens. Raises AssessmentNotFound, after the same work whether it is the id or the token that is wrong."""
    row = opened(session, access)
    note_owner(session, row, "read")
    return kept_of(row)


def find_both(session: Session, first: Access, second: Access) -> tuple[Kept, Kept]:
    """Two assessments, each opened by its own token. Raises AssessmentNotFound, after the same work whichever of them it is."""
    rows = [_opened_or_none(session, one) for one in (first, second)]
    if rows[0] is None or rows[1] is None:
        raise AssessmentNotFound
    for row in (rows[0], rows[1]):
        note_owner(session, row, "read")
    return kept_of(rows[0]), kept_of(rows[1])


def erase(session: Session, access: Access) -> None:
    """Remove every trace of the assessment. Raises AssessmentNotFound as `find` does."""
    row = opened(session, access)
    if row.clinic_id:
        note_owner(session, row, "erase")
        announce(session, "assessment.erased", subject_of(row))
    session.exec(delete(StoredAssessment).where(col(StoredAssessment.id) == row.id))


def purge(session: Session) -> int:
    """Remove what has expired, as the operator; says how many assessments that were. Clinics hear of what was theirs."""
    drop_old_links(session)
    over = col(StoredAssessment.expires_at) <= datetime.now(UTC)
    for row in session.exec(select(StoredAssessment).where(over, col(StoredAssessment.clinic_id).is_not(None))):
        announce(session, "assessment.erased", subject_of(row))
        note(session, row.clinic_id or NOBODY, SERVICE, Act("erase", "assessment", row.id))
    forget_answers(session)
    return session.exec(delete(StoredAssessment).where(over)).rowcount


def _store(session: Session, submission: Submission, answers: str, token: str) -> StoredAssessment:
    now = datetime.now(UTC)
    versions = submission.guidance["versions"]
    row = StoredAssessment(
        id=secrets.token_urlsafe(16),
        token_hash=hashed(token),
        answers=answers,
        guidance=to_json(submission.guidance).decode(),
        pack=versions["pack"],
        questionnaire=versions["questionnaire"],
        evidence=versions["evidence"],
        exercises=versions["exercises"],
        digest=versions["digest"],
        language=submission.language,
        status=submission.status,
        created_at=now,
        changed_at=now,
        authored_at=submission.authored or now,
        expires_at=now + submission.retention,
    )
    if submission.intake:
        row.clinic_id, row.invitation_id = submission.intake.clinic, submission.intake.invitation
        row.reference, row.subject, row.author = submission.intake.reference, submission.intake.subject, submission.intake.author
    session.add(row)
    if row.clinic_id and submission.actor:
        note(session, row.clinic_id, submission.actor, Act("create", "assessment", row.id))
    announce_finished(session, row, submission.guidance)
    return row


def announce_finished(session: Session, row: StoredAssessment, guidance: Guidance) -> None:
    """What the clinic hears of a finished assessment: that it is there, whether it holds a red flag, and whether a plan was issued."""
    if not row.clinic_id or row.status not in FINISHED:
        return
    events: list[EventType] = ["assessment.completed"]
    events += ["assessment.red_flag"] if guidance["triage"]["red_flags"] else []
    events += ["plan.issued" if guidance["plan"]["status"] == "issued" else "plan.withheld"]
    for one in events:
        announce(session, one, subject_of(row))


def subject_of(row: StoredAssessment) -> Subject:
    """What events about it name."""
    return Subject(row.clinic_id or NOBODY, row.id, row.invitation_id, row.reference)


def note_owner(session: Session, row: StoredAssessment, action: Literal["read", "erase", "update"]) -> None:
    """What its owner does with an assessment that is a clinic's too; from here on the transaction is in that clinic's name."""
    if row.clinic_id:
        enter(session, row.clinic_id)
        note(session, row.clinic_id, PERSON, Act(action, "assessment", row.id))
        session.flush()


def opened(session: Session, access: Access) -> StoredAssessment:
    """The row that the token opens. Raises AssessmentNotFound."""
    row = _opened_or_none(session, access)
    if row is None:
        raise AssessmentNotFound
    return row


def _opened_or_none(session: Session, access: Access) -> StoredAssessment | None:
    reach(session, access.id)
    row = session.get(StoredAssessment, access.id)
    opens = fits(access.token, row.token_hash if row is not None else None)
    return row if row is not None and opens and row.expires_at > datetime.now(UTC) else None


def kept_of(row: StoredAssessment, token: str = "") -> Kept:
    """The row as its owner and its clinic see it."""
    intake = Intake(row.clinic_id, row.invitation_id, row.reference, row.subject, row.author) if row.clinic_id else None
    return Kept(
        row.id,
        token,
        row.created_at,
        row.expires_at,
        row.answers,
        row.guidance,
        row.language,
        intake,
        row.status,
        row.version,
        row.changed_at,
        row.authored_at,
    )


def canonical(answers: Mapping[str, object]) -> str:
    """The same text for the same answers."""
    return json.dumps(answers, sort_keys=True, separators=(",", ":"))
