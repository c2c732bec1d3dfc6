"""Two clinics on each database, each with a record system of its own that is listed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings
from tests.service.asking import Answers
from tests.service.clinic_world import World, operated, world
from tests.service.signing import Ehr


@pytest.fixture
def both(settings: Settings, pack: Pack, answers: Answers, tmp_path: Path) -> Iterator[World]:
    """Two clinics."""
    app = create_app(operated(settings, tmp_path), pack)
    with TestClient(app) as client:
        yield world(client, app.state.service, answers)


@pytest.fixture
def ehr(both: World) -> Ehr:
    """Ours."""
    ours = Ehr(both, both.ours)
    ours.trust()
    return ours


@pytest.fixture
def other(both: World) -> Ehr:
    """Theirs."""
    theirs = Ehr(both, both.theirs, "https://other.example/")
    theirs.trust()
    return theirs
