"""What one running service is made of; each app has its own, so that two can live in one process."""

from dataclasses import dataclass, field

from fastapi import Request

from rules import Pack
from service.figures.body_map_data import Body
from service.settings import Settings
from service.storage.database import Database


@dataclass(frozen=True)
class State:
    """Passed to whoever needs it. `keys_in_use`: the Idempotency-Keys of requests still running."""

    settings: Settings
    pack: Pack
    body: Body
    database: Database
    keys_in_use: set[str] = field(default_factory=set)


def state_of(request: Request) -> State:
    """The state of the app that serves this request."""
    state = request.app.state.service
    assert isinstance(state, State)  # noqa: S101 - create_app sets nothing else
    return state
