"""A second language without a catalogue: the same texts, loud. Whoever hears a quiet word was answered in the wrong language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from gettext import NullTranslations

from starlette.testclient import TestClient

from rules import Pack
from rules.content import SEEDS
from rules.content.files import Files
from rules.content.loading import _build
from service.api.knowledge import publish
from service.app import create_app
from service.reader import Reader
from service.settings import Settings

LOUD = {"Accept-Language": "es"}


class LoudWords(NullTranslations):
    """The words of the interface, loud."""

    def gettext(self, message: str) -> str:
        """What is filled in keeps its name."""
        return "".join(one if place % 2 else one.upper() for place, one in enumerate(_parts(message)))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """One or many."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def _parts(message: str) -> list[str]:
    return re.split(r"(%\(\w+\)[sd]|%%|\{\w+\})", message)


@cache
def loud_reader() -> Reader:
    """Somebody who reads only what is loud."""
    pack: Pack = _build(Files(SEEDS, str.upper))
    return Reader(replace(pack, label=pack.label.model_copy(update={"language": "es"})), LoudWords())


@contextmanager
def in_two_languages(settings: Settings, pack: Pack) -> Iterator[TestClient]:
    """The running service, quiet in English and loud in Spanish."""
    app = create_app(settings, pack)
    loud = loud_reader()
    state = app.state.service
    app.state.service = replace(state, readers={**state.readers, "es": loud})
    app.state.published["es"] = publish(loud.pack)
    with TestClient(app) as running:
        yield running
