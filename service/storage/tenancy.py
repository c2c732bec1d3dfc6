"""The wall between clinics, in one place: a session sees the rows of one clinic, of nobody's, or, for the operator, of all.

On PostgreSQL row-level security is a second wall behind it, for a statement that would not come through here.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, event, or_
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction, with_loader_criteria
from sqlalchemy.sql import func, select
from sqlmodel import Session, col

from service.storage.clinic_tables import Clinic, OfClinic
from service.storage.tables import StoredAssessment

NOBODY = ""
OPERATOR = "*"


class ForeignRow(Exception):
    """A row was about to be written that belongs to another clinic"""


class TenantSession(Session):
    """One transaction on behalf of one clinic, of nobody, or of the operator."""

    def __init__(self, *args: Any, clinic: str = NOBODY, **options: Any) -> None:
        super().__init__(*args, **options)
        self.clinic = clinic
        self.own: set[str] = set()


def enter(session: Session, clinic: str) -> None:
    """From here on in the name of this clinic: for whom has shown a key, or the secret of something that is the clinic's."""
    assert isinstance(session, TenantSession)  # noqa: S101 - Database opens no other
    session.clinic = clinic
    _tell(session.connection(), "app.clinic", clinic)


def reach(session: Session, assessment: str) -> None:
    """This one assessment may be looked up, whoever it belongs to: its token decides what comes next."""
    assert isinstance(session, TenantSession)  # noqa: S101
    session.own.add(assessment)
    _tell(session.connection(), "app.own", ",".join(sorted(session.own)))


def _tell(connection: Connection, name: str, value: str) -> None:
    """What row-level security asks for; gone with the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.set_config(name, value, True)))


@event.listens_for(TenantSession, "after_begin")
def _tell_who_asks(session: TenantSession, _: SessionTransaction, connection: Connection) -> None:
    _tell(connection, "app.clinic", session.clinic)


@event.listens_for(TenantSession, "do_orm_execute")
def _show_own_rows_only(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, TenantSession) or session.clinic == OPERATOR or not (state.is_select or state.is_update or state.is_delete):
        return
    criteria: list[tuple[type[Any], ColumnElement[bool]]] = [
        (Clinic, col(Clinic.id) == session.clinic),
        (StoredAssessment, _assessments(session)),
        *((table, col(table.clinic_id) == session.clinic) for table in OfClinic.__subclasses__()),
    ]
    state.statement = state.statement.options(*(with_loader_criteria(table, shown, include_aliases=True) for table, shown in criteria))


def _assessments(session: TenantSession) -> ColumnElement[bool]:
    clinic = col(StoredAssessment.clinic_id)
    of_clinic = clinic == session.clinic if session.clinic != NOBODY else clinic.is_(None)
    return or_(of_clinic, col(StoredAssessment.id).in_(sorted(session.own))) if session.own else of_clinic


@event.listens_for(TenantSession, "before_flush")
def _write_own_rows_only(session: TenantSession, _: UOWTransaction, __: object) -> None:
    if session.clinic == OPERATOR:
        return
    for row in [*session.new, *session.dirty]:
        owner = (
            row.clinic_id or NOBODY
            if isinstance(row, StoredAssessment | OfClinic)
            else row.id
            if isinstance(row, Clinic)
            else session.clinic
        )
        if owner != session.clinic and not (isinstance(row, StoredAssessment) and row.id in session.own):
            raise ForeignRow
