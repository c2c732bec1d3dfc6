"""Assessments as a clinic's programs keep them, as responses that may be drafts: revise, search; in a transaction of that clinic or of their owner."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pydantic_core import to_json
from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from rules import Guidance
from service.assessments import FINISHED, Intake, Kept, TooOften, announce_finished, canonical, kept_of
from service.clinics.opinions import forget_opinions
from service.storage.tables import StoredAssessment

WRONG = "entered-in-error"
MOST_VERSIONS = 1000  # a form that saves a draft after each answer needs some hundred
Comparison = Literal["eq", "ne", "gt", "ge", "lt", "le"]


class Stale(Exception):
    """It has changed since it was read"""


class NoWayBack(Exception):
    """What is finished is no draft any more, and what was entered in error stays so"""


@dataclass(frozen=True)
class Revision:
    """What takes the place of what was told. `expected`: only if that version is there; `intake`: whom it is about, where that was said anew."""

    answers: Mapping[str, object]
    guidance: Guidance
    language: str
    status: str
    authored: datetime | None
    expected: int | None = None
    intake: Intake | None = None


@dataclass(frozen=True)
class Moment:
    """A comparison with a span of time, such as a day: from `start` on, before `end`."""

    how: Comparison
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Place:
    """Where a search goes on: behind this response, or with it."""

    authored: datetime
    id: str
    included: bool = False


@dataclass(frozen=True)
class Sought:
    """Which responses: of each list any may fit, and all where there is none; of `authored` and `changed` one of each inner list.

    What was entered in error comes only where it is asked for.
    """

    ids: Collection[str] | None = None
    versions: Collection[str] | None = None
    statuses: Collection[str] | None = None
    subjects: Collection[str] | None = None
    references: Collection[str] | None = None
    authors: Collection[str] | None = None
    authored: tuple[tuple[Moment, ...], ...] = ()
    changed: tuple[tuple[Moment, ...], ...] = ()
    oldest_first: bool = False
    after: Place | None = None
    most: int = 50


_authored: ColumnElement[datetime] = func.coalesce(col(StoredAssessment.authored_at), col(StoredAssessment.created_at))
_changed: ColumnElement[datetime] = func.coalesce(col(StoredAssessment.changed_at), col(StoredAssessment.created_at))


def revise(session: Session, row: StoredAssessment, revision: Revision) -> Kept:
    """Other answers in the place of those before. A clinic hears of what is finished or changed after that. Raises Stale, NoWayBack or TooOften."""
    _take(session, row, revision.expected)
    was = row.status
    if was in FINISHED and revision.status not in FINISHED:
        raise NoWayBack
    answers, versions = canonical(revision.answers), revision.guidance["versions"]
    if answers != row.answers:
        forget_opinions(session, row.id)
    row.status = "amended" if was in FINISHED and (answers != row.answers or was == "amended") else revision.status
    row.answers, row.guidance, row.language = answers, to_json(revision.guidance).decode(), revision.language
    row.pack, row.questionnaire, row.digest = versions["pack"], versions["questionnaire"], versions["digest"]
    row.evidence, row.exercises = versions["evidence"], versions["exercises"]
    if revision.intake and row.invitation_id is None:
        row.reference = revision.intake.reference or row.reference
        row.subject = revision.intake.subject or row.subject
        row.author = revision.intake.author or row.author
    row.authored_at = revision.authored or row.changed_at
    announce_finished(session, row, revision.guidance)
    return kept_of(row)


def withdraw(session: Session, row: StoredAssessment, expected: int | None) -> Kept:
    """It was entered in error: it stays, and nothing follows from it any more. Raises Stale, NoWayBack or TooOften."""
    _take(session, row, expected)
    row.status = WRONG
    return kept_of(row)


def _take(session: Session, row: StoredAssessment, expected: int | None) -> None:
    """For this transaction alone, as its next version."""
    session.refresh(row, with_for_update=True)
    if expected is not None and row.version != expected:
        raise Stale
    if row.status == WRONG:
        raise NoWayBack
    if row.version >= MOST_VERSIONS:
        raise TooOften
    row.version, row.changed_at = row.version + 1, datetime.now(UTC)


def own(session: Session, clinic: str, assessment: str) -> StoredAssessment | None:
    """A clinic's row; None where there is none, it is not this clinic's, or its time is over."""
    row = session.get(StoredAssessment, assessment)
    return row if row is not None and row.clinic_id == clinic and row.expires_at > datetime.now(UTC) else None


def search(session: Session, clinic: str, sought: Sought) -> tuple[list[Kept], int]:
    """What fits, as far as asked for, and how many there are."""
    wanted = [col(StoredAssessment.clinic_id) == clinic, col(StoredAssessment.expires_at) > datetime.now(UTC), *_criteria(sought)]
    total = session.exec(select(func.count()).select_from(StoredAssessment).where(*wanted)).one()
    page = [*wanted, *([_behind(sought.after, sought.oldest_first)] if sought.after else [])]
    order = _authored if sought.oldest_first else _authored.desc()
    found = session.exec(select(StoredAssessment).where(*page).order_by(order, col(StoredAssessment.id)).limit(sought.most))
    return [kept_of(row) for row in found], total


def _criteria(sought: Sought) -> list[ColumnElement[bool]]:
    lists = {
        StoredAssessment.id: sought.ids,
        StoredAssessment.status: sought.statuses,
        StoredAssessment.subject: sought.subjects,
        StoredAssessment.reference: sought.references,
        StoredAssessment.author: sought.authors,
        StoredAssessment.questionnaire: sought.versions,
    }
    criteria: list[ColumnElement[bool]] = [col(column).in_(sorted(values)) for column, values in lists.items() if values is not None]
    if sought.ids is None and sought.statuses is None:
        criteria.append(col(StoredAssessment.status) != WRONG)
    for column, alternatives in ((_authored, sought.authored), (_changed, sought.changed)):
        criteria += [or_(*(_compared(column, one) for one in any_of)) for any_of in alternatives]
    return criteria


def _compared(column: ColumnElement[datetime], moment: Moment) -> ColumnElement[bool]:
    match moment.how:
        case "eq":
            return and_(column >= moment.start, column < moment.end)
        case "ne":
            return or_(column < moment.start, column >= moment.end)
        case "gt":
            return column >= moment.end
        case "ge":
            return column >= moment.start
        case "lt":
            return column < moment.start
        case "le":
            return column < moment.end


def _behind(place: Place, oldest_first: bool) -> ColumnElement[bool]:
    beyond = _authored > place.authored if oldest_first else _authored < place.authored
    same = col(StoredAssessment.id) >= place.id if place.included else col(StoredAssessment.id) > place.id
    return or_(beyond, and_(_authored == place.authored, same))
