"""A house for each kind of database: the app, its worker in a process of its own, and clinics that want to hear of things."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from rules import Pack
from tests.service.asking import examples
from tests.service.delivering.house import House, housed
from tests.service.delivering.working import working

SCHEDULE = "0,0.2,0.2,0.2"


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, pack: Pack) -> Iterator[House]:
    """Kept for all tests here: a worker takes a while to start."""
    folder = tmp_path_factory.mktemp("house")
    with ExitStack() as open_until_the_end:
        enter = open_until_the_end.enter_context
        url = (
            f"sqlite:///{folder / 'a.db'}"
            if request.param == "sqlite"
            else enter(request.getfixturevalue("databases").migrated(request.getfixturevalue("migrated_postgresql")))
        )
        made = enter(housed(url, folder, pack, examples(pack)["sweeping-ache"]))
        enter(working(url, made.log, delivery_schedule=SCHEDULE, signing_key_file=str(made.signing_keys)))
        yield made
