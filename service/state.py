"""What one running service is made of; each app has its own, so that two can live in one process."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import Request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from rules import Pack
from service.figures.body_map_data import Body
from service.reader import Reader
from service.settings import Settings
from service.storage.database import Database


@dataclass(frozen=True)
class State:
    """Passed to whoever needs it. `readers`: one for each language, first the one that the pack is written in.

    `keys_in_use`: the Idempotency-Keys of requests still running. `batch_turn`: whose row is being worked out.
    """

    settings: Settings
    readers: Mapping[str, Reader]
    body: Body
    database: Database
    keys_in_use: set[str] = field(default_factory=set)
    batch_turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def pack(self) -> Pack:
        """The pack in the language it is written in."""
        return next(iter(self.readers.values())).pack


def state_of(request: Request) -> State:
    """The state of the app that serves this request."""
    state = request.app.state.service
    assert isinstance(state, State)  # noqa: S101 - create_app sets nothing else
    return state


def reader_of(request: Request) -> Reader:
    """Who asks: the language that the address names, that was chosen before, or that the browser prefers; and the units chosen."""
    readers = state_of(request).readers
    chosen = request.query_params.get("language") or request.cookies.get("language")
    accepted = parse_accept_header(request.headers.get("accept-language"), LanguageAccept)
    language = chosen if chosen in readers else accepted.best_match(readers, default=next(iter(readers)))
    reader = readers[language or next(iter(readers))]
    units = request.query_params.get("units") or request.cookies.get("units")
    return replace(reader, units="imperial") if units == "imperial" else reader
