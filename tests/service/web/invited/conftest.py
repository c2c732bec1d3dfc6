"""A practice that invites people, on each database, and once in every language."""

from collections.abc import Iterator

import pytest

from rules import Pack
from service.app import create_app
from service.settings import Settings
from tests.service.clinic_world import World
from tests.service.web.invited.practice import practice


@pytest.fixture
def at(settings: Settings, pack: Pack) -> Iterator[World]:
    """On each database."""
    with practice(create_app(settings, pack)) as made:
        yield made


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """In every language."""
    with practice(create_app(Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('spoken') / 'kept.db'}"))) as made:
        yield made
