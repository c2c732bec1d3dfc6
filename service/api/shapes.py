"""The shapes around guidance that callers see."""

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from rules import CheckInOutcome, Guidance


class CreatedAssessment(TypedDict):
    """Said once: keep the token, only its hash is stored here."""

    id: str
    access_token: str
    expires_at: datetime
    guidance: Guidance


class StoredAssessment(TypedDict):
    """An assessment as it was given."""

    id: str
    created_at: datetime
    expires_at: datetime
    answers: dict[str, Any]
    guidance: Guidance


class StoredCheckIn(TypedDict):
    """A check-in: what was told, by the key of each question, and what followed. `place` counts from 1."""

    place: int
    created_at: datetime
    told: dict[str, Any]
    outcome: CheckInOutcome


class CheckInHistory(TypedDict):
    """Every check-in of an assessment, the first one first."""

    check_ins: list[StoredCheckIn]
