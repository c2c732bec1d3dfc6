"""The use cases: submit, find, erase, purge. One function is one transaction."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic_core import to_json
from sqlmodel import Session, col, delete

from rules import Guidance
from service.storage.tables import StoredAssessment, StoredRequest


class AssessmentNotFound(Exception):
    """There is no such assessment, or the token does not open it"""


class KeyReused(Exception):
    """This Idempotency-Key came with another body before"""


@dataclass(frozen=True)
class Submission:
    """What there is to store. `key` is the caller's Idempotency-Key, if any."""

    answers: Mapping[str, object]
    guidance: Guidance
    key: str | None
    retention: timedelta


@dataclass(frozen=True)
class Kept:
    """A stored assessment as its owner sees it; `token` only right after submitting."""

    id: str
    token: str
    created_at: datetime
    expires_at: datetime
    answers: str
    guidance: str


def submit(session: Session, submission: Submission) -> Kept:
    """Store an assessment, or give back the one that the same key and body made before.

    Raises KeyReused when the key came with other answers.
    """
    answers = json.dumps(submission.answers, sort_keys=True, separators=(",", ":"))
    if submission.key is None:
        token = secrets.token_urlsafe(32)
        return _kept(_store(session, submission, answers, token), token)
    key_hash, fingerprint = _hash(submission.key), _hash(answers)
    earlier = session.get(StoredRequest, key_hash)
    if earlier is not None:
        if not hmac.compare_digest(earlier.fingerprint, fingerprint):
            raise KeyReused
        row = session.get(StoredAssessment, earlier.assessment_id)
        if row is not None and row.expires_at > datetime.now(UTC):
            return _kept(row, _token_for(submission.key, earlier.salt))
        purge(session)
        session.expire_all()
    salt = secrets.token_bytes(32)
    token = _token_for(submission.key, salt)
    row = _store(session, submission, answers, token)
    session.flush()
    session.add(StoredRequest(key_hash=key_hash, fingerprint=fingerprint, salt=salt, assessment_id=row.id))
    return _kept(row, token)


def find(session: Session, assessment_id: str, token: str) -> Kept:
    """The assessment that this token opens. Raises AssessmentNotFound, after the same work whether it is the id or the token that is wrong."""
    return _kept(_opened(session, assessment_id, token), "")


def erase(session: Session, assessment_id: str, token: str) -> None:
    """Remove every trace of the assessment. Raises AssessmentNotFound as `find` does."""
    row = _opened(session, assessment_id, token)
    session.exec(delete(StoredAssessment).where(col(StoredAssessment.id) == row.id))


def purge(session: Session) -> int:
    """Remove what has expired; says how many there were."""
    return session.exec(delete(StoredAssessment).where(col(StoredAssessment.expires_at) <= datetime.now(UTC))).rowcount


def _store(session: Session, submission: Submission, answers: str, token: str) -> StoredAssessment:
    now = datetime.now(UTC)
    versions = submission.guidance["versions"]
    row = StoredAssessment(
        id=secrets.token_urlsafe(16),
        token_hash=_hash(token),
        answers=answers,
        guidance=to_json(submission.guidance).decode(),
        pack=versions["pack"],
        questionnaire=versions["questionnaire"],
        evidence=versions["evidence"],
        exercises=versions["exercises"],
        digest=versions["digest"],
        created_at=now,
        expires_at=now + submission.retention,
    )
    session.add(row)
    return row


def _opened(session: Session, assessment_id: str, token: str) -> StoredAssessment:
    row = session.get(StoredAssessment, assessment_id)
    expected = row.token_hash if row is not None else bytes(32)
    opens = hmac.compare_digest(expected, _hash(token))
    if row is None or not opens or row.expires_at <= datetime.now(UTC):
        raise AssessmentNotFound
    return row


def _kept(row: StoredAssessment, token: str) -> Kept:
    return Kept(row.id, token, row.created_at, row.expires_at, row.answers, row.guidance)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _token_for(key: str, salt: bytes) -> str:
    """The token of a keyed request: unguessable because of the salt, and not stored because the caller brings the key again."""
    return hmac.new(salt, key.encode(), hashlib.sha256).hexdigest()
