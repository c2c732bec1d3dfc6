"""The use cases: submit, find, compare, check in, erase, purge. One function is one transaction."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic_core import from_json, to_json
from sqlmodel import Session, col, delete, select

import rules
from rules import CheckInOutcome, Guidance, Pack, PastCheckIn
from rules.shapes import PlanShape
from service.storage.tables import StoredAssessment, StoredCheckIn, StoredRequest


class AssessmentNotFound(Exception):
    """There is no such assessment, or the token does not open it"""


class KeyReused(Exception):
    """This Idempotency-Key came with another body before"""


@dataclass(frozen=True)
class Submission:
    """What there is to store. `language`: what the guidance is written in; `key`: the caller's Idempotency-Key, if any."""

    answers: Mapping[str, object]
    guidance: Guidance
    language: str
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
    language: str


@dataclass(frozen=True)
class Access:
    """An id with the token that should open it."""

    id: str
    token: str


@dataclass(frozen=True)
class KeptCheckIn:
    """A stored check-in; `told` and `outcome` as JSON."""

    place: int
    created_at: datetime
    told: str
    outcome: str


def submit(session: Session, submission: Submission) -> Kept:
    """Store an assessment, or give back the one that the same key and body made before.

    Raises KeyReused when the key came with other answers.
    """
    answers = _canonical(submission.answers)
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


def find(session: Session, access: Access) -> Kept:
    """The assessment that this token opens. Raises AssessmentNotFound, after the same work whether it is the id or the token that is wrong."""
    return _kept(_opened(session, access), "")


def find_both(session: Session, first: Access, second: Access) -> tuple[Kept, Kept]:
    """Two assessments, each opened by its own token. Raises AssessmentNotFound, after the same work whichever of them it is."""
    rows = [_opened_or_none(session, one) for one in (first, second)]
    if rows[0] is None or rows[1] is None:
        raise AssessmentNotFound
    return _kept(rows[0], ""), _kept(rows[1], "")


def check_in(session: Session, pack: Pack, access: Access, told: Mapping[str, object], key: str | None) -> KeptCheckIn:
    """Decide how the plan goes on, and store it; or give back what the same key made before.

    Raises AssessmentNotFound as `find` does, KeyReused, and what `rules.check_in` raises.
    """
    row = _opened(session, access)
    text = _canonical(told)
    key_hash = _hash(key) if key is not None else None
    earlier = _check_ins(session, row)
    for one in earlier if key_hash is not None else []:
        if one.key_hash is not None and hmac.compare_digest(one.key_hash, key_hash or b""):
            if one.told != text:
                raise KeyReused
            return _kept_check_in(one)
    outcome = rules.check_in(
        pack,
        from_json(row.answers),
        _exercises(from_json(row.guidance)["plan"]),
        told,
        day=_day(row, datetime.now(UTC)),
        earlier=[_past(row, one) for one in earlier],
    )
    stored = StoredCheckIn(
        assessment_id=row.id,
        place=len(earlier) + 1,
        key_hash=key_hash,
        told=text,
        outcome=to_json(outcome).decode(),
        created_at=datetime.now(UTC),
    )
    session.add(stored)
    return _kept_check_in(stored)


def find_check_ins(session: Session, access: Access) -> list[KeptCheckIn]:
    """Every check-in, the first one first. Raises AssessmentNotFound as `find` does."""
    return [_kept_check_in(one) for one in _check_ins(session, _opened(session, access))]


def erase(session: Session, access: Access) -> None:
    """Remove every trace of the assessment. Raises AssessmentNotFound as `find` does."""
    row = _opened(session, access)
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
        language=submission.language,
        created_at=now,
        expires_at=now + submission.retention,
    )
    session.add(row)
    return row


def _opened(session: Session, access: Access) -> StoredAssessment:
    row = _opened_or_none(session, access)
    if row is None:
        raise AssessmentNotFound
    return row


def _opened_or_none(session: Session, access: Access) -> StoredAssessment | None:
    row = session.get(StoredAssessment, access.id)
    expected = row.token_hash if row is not None else bytes(32)
    opens = hmac.compare_digest(expected, _hash(access.token))
    return row if row is not None and opens and row.expires_at > datetime.now(UTC) else None


def _check_ins(session: Session, row: StoredAssessment) -> Sequence[StoredCheckIn]:
    own = select(StoredCheckIn).where(col(StoredCheckIn.assessment_id) == row.id)
    return session.exec(own.order_by(col(StoredCheckIn.place))).all()


def _past(row: StoredAssessment, one: StoredCheckIn) -> PastCheckIn:
    outcome: CheckInOutcome = from_json(one.outcome)
    return PastCheckIn(_day(row, one.created_at), from_json(one.told), outcome["decision"], _exercises(outcome["plan"]))


def _exercises(plan: PlanShape) -> tuple[str, ...]:
    return tuple(one["exercise"] for one in plan["prescriptions"])


def _day(row: StoredAssessment, moment: datetime) -> int:
    """Days since the assessment."""
    return (moment - row.created_at).days


def _kept_check_in(one: StoredCheckIn) -> KeptCheckIn:
    return KeptCheckIn(one.place, one.created_at, one.told, one.outcome)


def _kept(row: StoredAssessment, token: str) -> Kept:
    return Kept(row.id, token, row.created_at, row.expires_at, row.answers, row.guidance, row.language)


def _canonical(answers: Mapping[str, object]) -> str:
    """The same text for the same answers."""
    return json.dumps(answers, sort_keys=True, separators=(",", ":"))


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _token_for(key: str, salt: bytes) -> str:
    """The token of a keyed request: unguessable because of the salt, and not stored because the caller brings the key again."""
    return hmac.new(salt, key.encode(), hashlib.sha256).hexdigest()
