"""The audit trail: who did what, when, in the transaction of what was done; so nothing is shown that could not be written down."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from service.storage.clinic_tables import StoredAudit

Action = Literal["create", "read", "search", "update", "erase", "export", "send"]
PERSON, OPERATOR, SERVICE = "person", "operator", "service"  # beside keys and links, which have names of their own
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)  # set around each request, see service.transport


class NotWrittenDown(Exception):
    """What was asked for could not be written into the audit trail, so it was not done"""


@dataclass(frozen=True)
class Act:
    """What is done to what: `Act("read", "assessment", id)`."""

    action: Action
    kind: str
    what: str = ""


@dataclass(frozen=True)
class Noted:
    """One line of the trail."""

    id: int
    at: datetime
    actor: str
    act: Act
    outcome: str
    request_id: str | None


def note(session: Session, clinic: str, actor: str, act: Act, *, refused: bool = False) -> None:
    """Write a line. Raises NotWrittenDown, with which everything else of the transaction is undone."""
    session.flush()  # what else is written fails by itself
    row = StoredAudit(
        clinic_id=clinic,
        at=datetime.now(UTC),
        actor=actor,
        action=act.action,
        kind=act.kind,
        what=act.what,
        outcome="refused" if refused else "done",
        request_id=request_id.get(),
    )
    session.add(row)
    try:
        session.flush()
    except DatabaseError:
        raise NotWrittenDown from None


def trail(session: Session, clinic: str, *, before: int | None = None, since: datetime | None = None, most: int = 100) -> Sequence[Noted]:
    """The newest lines first. `before`: go on behind this one; `since`: nothing older."""
    wanted = select(StoredAudit).where(col(StoredAudit.clinic_id) == clinic)
    if before is not None:
        wanted = wanted.where(col(StoredAudit.id) < before)
    if since is not None:
        wanted = wanted.where(col(StoredAudit.at) >= since)
    return [_noted(row) for row in session.exec(wanted.order_by(col(StoredAudit.id).desc()).limit(most))]


def _noted(row: StoredAudit) -> Noted:
    action: Action = row.action  # type: ignore[assignment]  # written by `note` alone
    return Noted(row.id or 0, row.at, row.actor, Act(action, row.kind, row.what), row.outcome, row.request_id)
