"""The weekly check-in: what was told, and how the plan goes on, each in one transaction."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic_core import from_json, to_json
from sqlmodel import Session, col, select

import rules
from rules import CheckInOutcome, Pack, PastCheckIn
from rules.shapes import PlanShape
from service.assessments import Access, TooOften, canonical, note_owner, opened
from service.clinics.secrets import KeyReused, hashed
from service.storage.tables import StoredAssessment, StoredCheckIn

MOST = 100  # of one assessment; a plan is over long before


@dataclass(frozen=True)
class KeptCheckIn:
    """A stored check-in; `told` and `outcome` as JSON."""

    place: int
    created_at: datetime
    told: str
    outcome: str


def check_in(session: Session, pack: Pack, access: Access, told: Mapping[str, object], key: str | None) -> KeptCheckIn:
    """Decide how the plan goes on, and store it; or give back what the same key made before.

    Raises AssessmentNotFound as `find` does, KeyReused, TooOften, and what `rules.check_in` raises.
    """
    row = opened(session, access)
    text = canonical(told)
    key_hash = hashed(key) if key is not None else None
    earlier = _check_ins(session, row)
    for one in earlier if key_hash is not None else []:
        if one.key_hash is not None and hmac.compare_digest(one.key_hash, key_hash or b""):
            if one.told != text:
                raise KeyReused
            return _kept_check_in(one)
    if len(earlier) >= MOST:
        raise TooOften
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
    session.flush()
    note_owner(session, row, "update")
    return _kept_check_in(stored)


def find_check_ins(session: Session, access: Access) -> list[KeptCheckIn]:
    """Every check-in, the first one first. Raises AssessmentNotFound as `find` does."""
    row = opened(session, access)
    note_owner(session, row, "read")
    return [_kept_check_in(one) for one in _check_ins(session, row)]


def check_ins_of(session: Session, assessment: str) -> list[KeptCheckIn]:
    """The same for whoever has opened the assessment in this transaction already."""
    row = session.get(StoredAssessment, assessment)
    return [_kept_check_in(one) for one in _check_ins(session, row)] if row else []


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
