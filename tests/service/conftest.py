"""What the tests of the service share: somebody's answers, and a service that stores nothing."""

from collections.abc import Iterator
from gettext import NullTranslations

import pytest
from starlette.testclient import TestClient

from rules import Pack
from service.app import create_app
from service.reader import Reader
from service.settings import Settings
from tests.service.asking import Answers, Posted, examples, post
from tests.service.clinic_world import World, world
from tests.straight import StraightClient


@pytest.fixture(scope="session")
def answers(pack: Pack) -> Answers:
    """A whole person: choices, several choices and numbers."""
    return examples(pack)["sweeping-ache"]


@pytest.fixture(scope="session")
def reader(pack: Pack) -> Reader:
    """Somebody who reads the language that the pack is written in."""
    return Reader(pack, NullTranslations())


@pytest.fixture(scope="session")
def stateless(pack: Pack) -> Iterator[TestClient]:
    """A running service for what needs no database."""
    with StraightClient(create_app(Settings(database_url="sqlite://"), pack)) as running:
        yield running


@pytest.fixture
def at(settings: Settings, pack: Pack, answers: Answers) -> Iterator[World]:
    """Two clinics on each database."""
    app = create_app(settings, pack)
    with StraightClient(app) as client:
        yield world(client, app.state.service, answers)


@pytest.fixture
def posted(client: TestClient, answers: Answers) -> Posted:
    """Somebody's assessment, stored."""
    return post(client, answers)
