"""A moment comes back as the same moment, in UTC, from each database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select

from service.storage.database import Database
from service.storage.types import UtcDateTime

DIARY = Table("diary", MetaData(), Column("id", Integer, primary_key=True), Column("moment", UtcDateTime))
NEPAL, SAMOA = timezone(timedelta(hours=5, minutes=45)), timezone(timedelta(hours=-11))
MOMENTS = [
    datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
    datetime(2026, 1, 1, 0, 0, tzinfo=NEPAL),
    datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=SAMOA),
    datetime(1970, 1, 1, tzinfo=UTC),
    None,
]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Each database with a table of moments."""
    opened = Database(database_url)
    DIARY.metadata.create_all(opened.engine)
    yield opened
    opened.close()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_comes_back_as_it_was(database: Database, moment: datetime | None) -> None:
    with database.engine.begin() as connection:
        connection.execute(insert(DIARY).values(moment=moment))
        found = connection.execute(select(DIARY.c.moment)).scalar_one()
    assert found == moment
    assert found is None or found.tzinfo is UTC


def test_moments_are_compared_as_moments(database: Database) -> None:
    noon = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    with database.engine.begin() as connection:
        connection.execute(insert(DIARY), [{"moment": noon - timedelta(minutes=1)}, {"moment": noon + timedelta(minutes=1)}])
        earlier = select(DIARY.c.id).where(DIARY.c.moment <= noon.astimezone(NEPAL))
        assert connection.execute(earlier).scalars().all() == [1]
