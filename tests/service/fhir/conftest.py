"""What the tests of /fhir share: two clinics on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.settings import Settings
from tests.service.asking import Answers
from tests.service.clinic_world import World, operated, world


@pytest.fixture
def both(settings: Settings, pack: Pack, answers: Answers, tmp_path: Path) -> Iterator[World]:
    """Two clinics on each database."""
    app = create_app(operated(settings, tmp_path), pack)
    with TestClient(app) as client:
        yield world(client, app.state.service, answers)
