"""The shapes around guidance that callers see."""

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from rules import Guidance


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
