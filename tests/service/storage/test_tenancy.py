"""Both walls between clinics: a statement that forgot its WHERE shows nothing of another clinic, and neither does one that goes past the session."""

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import URL, delete, make_url, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlmodel import Session, SQLModel, col, select

from rules import Pack, evaluate
from service.assessments import Intake, Submission, submit
from service.clinics.audit import Act, note, trail
from service.clinics.clinics import create
from service.clinics.keys import issue
from service.storage.clinic_tables import Clinic, OfClinic, StoredAudit, StoredKey
from service.storage.database import Database, UnsafeDatabase
from service.storage.schema import migrate
from service.storage.tables import StoredAssessment
from service.storage.tenancy import NOBODY, OPERATOR, ForeignRow, enter, reach
from tests.service.asking import RETENTION, Answers

SESSIONS = 3200


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Each database, with few connections."""
    opened = Database(database_url, pool=3)
    yield opened
    opened.close()


def two_clinics(database: Database, pack: Pack, answers: Answers) -> list[str]:
    """Two clinics, each with a key, an intake and a line in its trail; and one assessment of nobody's clinic."""

    def make(session: Session) -> list[str]:
        return [create(session, name).id for name in ("one", "two")]

    def fill(session: Session, clinic: str) -> None:
        intake = Intake(clinic) if clinic else None
        submit(session, Submission(answers, evaluate(pack, answers), "en", None, RETENTION, intake))
        if clinic:
            issue(session, clinic, ["read"], None)

    made = database.run_now(make, OPERATOR)
    for clinic in (*made, NOBODY):
        database.run_now(partial(fill, clinic=clinic), clinic)
    return made


@pytest.fixture
def clinics(database: Database, pack: Pack, answers: Answers) -> list[str]:
    """Two clinics on each database."""
    return two_clinics(database, pack, answers)


def owners(session: Session) -> dict[str, set[str]]:
    """Whose rows are shown, by a statement without any WHERE, in each table with a clinic's rows."""
    return {
        "Clinic": set(session.exec(select(Clinic.id))),
        "StoredAssessment": {row.clinic_id or NOBODY for row in session.exec(select(StoredAssessment))},
        "StoredKey": {row.clinic_id for row in session.exec(select(StoredKey))},
        "StoredAudit": {row.clinic_id for row in session.exec(select(StoredAudit))},
    }


def test_a_statement_without_a_where_shows_the_clinics_own_rows_only(database: Database, clinics: list[str]) -> None:
    for clinic in clinics:
        assert set(map(frozenset, database.run_now(owners, clinic).values())) == {frozenset([clinic])}
    nobody = database.run_now(owners)
    assert nobody == {"Clinic": set(), "StoredAssessment": {NOBODY}, "StoredKey": set(), "StoredAudit": set()}
    everybody = database.run_now(owners, OPERATOR)
    assert everybody["StoredKey"] == everybody["Clinic"] == set(clinics)
    assert everybody["StoredAssessment"] == {*clinics, NOBODY}


def test_neither_does_a_change_or_a_removal_without_a_where(database: Database, clinics: list[str]) -> None:
    def careless(session: Session) -> None:
        session.exec(update(StoredKey).values(scopes="none"))
        session.exec(delete(StoredAssessment))

    database.run_now(careless, clinics[0])
    left = database.run_now(lambda session: [one.clinic_id for one in session.exec(select(StoredAssessment))], OPERATOR)
    assert sorted(map(str, left)) == sorted(["None", clinics[1]])
    scopes = database.run_now(lambda session: {one.clinic_id: one.scopes for one in session.exec(select(StoredKey))}, OPERATOR)
    assert scopes == {clinics[0]: "none", clinics[1]: "read"}


def test_no_row_is_written_for_another_clinic(database: Database, clinics: list[str]) -> None:
    for clinic in (clinics[0], NOBODY):
        with pytest.raises(ForeignRow):
            database.run_now(lambda session: note(session, clinics[1], "somebody", Act("read", "clinic")), clinic)


def test_one_assessment_can_be_reached_by_name_and_nothing_beside_it(database: Database, clinics: list[str]) -> None:
    found = database.run_now(lambda session: [one.id for one in session.exec(select(StoredAssessment))], clinics[0])

    def look(session: Session) -> tuple[set[str | None], int]:
        reach(session, found[0])
        return {one.clinic_id for one in session.exec(select(StoredAssessment))}, len(session.exec(select(StoredKey)).all())

    assert database.run_now(look) == ({None, clinics[0]}, 0)


def test_a_transaction_may_go_on_as_a_clinic(database: Database, clinics: list[str]) -> None:
    def work(session: Session) -> set[str]:
        enter(session, clinics[1])
        return {one.clinic_id for one in session.exec(select(StoredKey))}

    assert database.run_now(work) == {clinics[1]}
    assert database.run_now(owners)["StoredKey"] == set()  # and the next one on the same connection begins as nobody


def test_many_transactions_over_few_connections_never_see_anothers_rows(database: Database, clinics: list[str]) -> None:
    async def look(clinic: str) -> bool:
        seen = await database.run(lambda session: set(session.exec(select(StoredKey.clinic_id))), clinic)
        return seen == ({clinic} if clinic else set())

    async def all_of_them() -> list[bool]:
        return await asyncio.gather(*(look((*clinics, NOBODY)[place % 3]) for place in range(300 if database.is_sqlite else SESSIONS)))

    assert all(asyncio.run(all_of_them()))


RAW = {"clinic": "id", **{table.__tablename__: "clinic_id" for table in OfClinic.__subclasses__()}, "assessment": "clinic_id"}  # type: ignore[attr-defined]


@pytest.fixture
def walled(postgresql_url: str, pack: Pack, answers: Answers) -> Iterator[tuple[Database, list[str]]]:
    """PostgreSQL alone, with two clinics."""
    opened = Database(postgresql_url, pool=3)
    migrate(opened.engine)
    yield opened, two_clinics(opened, pack, answers)
    opened.close()


@pytest.mark.parametrize("table", RAW)
def test_row_level_security_holds_where_the_session_is_gone_past(walled: tuple[Database, list[str]], table: str) -> None:
    database, made = walled
    for clinic, allowed in ((None, {None}), (made[0], {made[0]}), ("", {None}), ("' OR true --", set())):
        with database.engine.begin() as connection:
            if clinic is not None:
                connection.execute(text("SELECT set_config('app.clinic', :clinic, true)"), {"clinic": clinic})
            seen = set(connection.execute(text(f"SELECT {RAW[table]} FROM {table}")).scalars())  # noqa: S608 - names of ours
        assert seen <= allowed


def test_row_level_security_refuses_to_write_for_another(walled: tuple[Database, list[str]]) -> None:
    database, (one, two) = walled
    insert = text("INSERT INTO event (id, clinic_id, type, at) VALUES ('evt', :clinic, 'x', now())")
    with database.engine.connect() as connection:
        connection.execute(text("SELECT set_config('app.clinic', :clinic, true)"), {"clinic": one})
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(insert, {"clinic": two})


def test_every_table_of_clinics_has_its_wall(walled: tuple[Database, list[str]]) -> None:
    database, _ = walled
    unguarded = text(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'clinic_id' AND NOT a.attisdropped "
        "WHERE c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    )
    with database.engine.connect() as connection:
        assert connection.execute(unguarded).scalars().all() == []
    with_clinic = {table.name for table in SQLModel.metadata.sorted_tables if "clinic_id" in table.columns}
    assert with_clinic == set(RAW) - {"clinic"}


def test_a_role_that_the_wall_does_not_bind_is_refused(postgresql: URL, postgresql_url: str) -> None:
    superuser = postgresql.set(drivername="postgresql+psycopg", database=make_url(postgresql_url).database)
    database = Database(superuser.render_as_string(hide_password=False))
    with pytest.raises(UnsafeDatabase, match="row-level security"):
        database.assert_safe()
    database.close()


@pytest.mark.parametrize("change", ["UPDATE audit_event SET actor = 'nobody'", "DELETE FROM audit_event"])
def test_the_audit_trail_cannot_be_changed(database: Database, clinics: list[str], change: str) -> None:
    before = database.run_now(lambda session: trail(session, clinics[0]), clinics[0])
    assert before
    try:
        touched = database.run_now(lambda session: session.connection().execute(text(change)).rowcount, OPERATOR)
    except DBAPIError:
        touched = 0
    assert touched == 0
    assert database.run_now(lambda session: trail(session, clinics[0]), clinics[0]) == before
    assert database.run_now(lambda session: session.exec(select(StoredAudit).where(col(StoredAudit.outcome) == "done")).all(), OPERATOR)
