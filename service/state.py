"""What one running service is made of; each app has its own, so that two can live in one process."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import Request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from rules import Pack, languages, load_pack
from rules.content import SEEDS
from service.figures.body_map_data import Body, load_body
from service.figures.gallery import Gallery
from service.figures.loading import Figures, load_figures
from service.reader import Reader, interface_words
from service.settings import Settings
from service.storage.database import Database


@dataclass(frozen=True)
class State:
    """Passed to whoever needs it. `readers`: one for each language, first the one that the pack is written in.

    `keys_in_use`: the Idempotency-Keys of requests still running. `galleries`: the pictures drawn so far, by language.
    `batch_turn`: whose row is being worked out.
    """

    settings: Settings
    readers: Mapping[str, Reader]
    body: Body
    figures: Figures
    database: Database
    keys_in_use: set[str] = field(default_factory=set)
    galleries: dict[str, Gallery] = field(default_factory=dict)
    batch_turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def pack(self) -> Pack:
        """The pack in the language it is written in."""
        return next(iter(self.readers.values())).pack

    def gallery(self, reader: Reader) -> Gallery:
        """The pictures with the reader's words."""
        return self.galleries.setdefault(reader.language, Gallery(reader.pack, self.figures))


def make_state(settings: Settings, database: Database, pack: Pack | None = None) -> State:
    """The content in every language, or the one pack that is given, and the pictures that belong to it."""
    seeds = settings.seeds or SEEDS
    packs = [pack] if pack else [load_pack(seeds, language) for language in languages(seeds)]
    readers = {one.label.language: Reader(one, interface_words(one.label.language)) for one in packs}
    return State(settings, readers, load_body(seeds, packs[0]), load_figures(seeds, packs[0]), database)


def state_of(request: Request) -> State:
    """The state of the app that serves this request."""
    state = request.app.state.service
    assert isinstance(state, State)  # noqa: S101 - create_app sets nothing else
    return state


def reader_of(request: Request) -> Reader:
    """Who asks: the language that the address names, that was chosen before, that an invitation is in, or that the browser prefers; and the units chosen."""
    readers = state_of(request).readers
    chosen = (request.path_params.get("language"), request.query_params.get("language"), request.cookies.get("language"))
    wished = (*chosen, *getattr(request.state, "languages", ()))
    accepted = parse_accept_header(request.headers.get("accept-language"), LanguageAccept)
    language = next((one for one in wished if one in readers), None) or accepted.best_match(readers, default=next(iter(readers)))
    reader = readers[language or next(iter(readers))]
    units = request.path_params.get("units") or request.query_params.get("units") or request.cookies.get("units")
    return replace(reader, units="imperial") if units == "imperial" else reader


def reader_in(request: Request, language: str) -> Reader:
    """Who asks, but for the language, which is that of what was stored; the first one when it is offered no more."""
    state, reader = state_of(request), reader_of(request)
    return replace(state.readers.get(language, next(iter(state.readers.values()))), units=reader.units)


def spoken(language: str, *varying: str) -> dict[str, str]:
    """The headers of an answer in a language that was chosen for the reader."""
    return {"Content-Language": language, "Vary": ", ".join((*varying, "Accept-Language", "Cookie"))}
