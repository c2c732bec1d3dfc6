"""The texts of a pack in another language: a gettext catalogue in which every text stands, and nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from rules.content.documents import Fault, PackRefused

_PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)s")
_SHOWN = 60
_Said = str | list[str] | tuple[str, ...] | None


class Texts:
    """`texts/<language>.po`. What is asked for is remembered, so that what is missing or no longer used can be told."""

    def __init__(self, seeds: Path, language: str) -> None:
        self.name = f"texts/{language}.po"
        self._catalog = read_catalogue(seeds / self.name, self.name, language)
        self._asked = Catalog()

    def translate(self, text: str) -> str:
        """The translation; the text itself while there is none, which `faults` then tells."""
        self._asked.add(text)
        message = self._catalog.get(text)
        return str(message.string) if message and message.string else text

    def faults(self) -> list[Fault]:
        """What keeps the catalogue from saying everything that was asked for, and nothing else."""
        return differences(self._asked, self._catalog, self.name)


def differences(wanted: Catalog, catalog: Catalog, name: str) -> list[Fault]:
    """Texts without a translation, translations without a text, placeholders that got lost on the way."""
    faults = []
    for message in _texts(wanted):
        known = catalog.get(message.id)
        if known is None or not all(_forms(known.string)):
            faults.append(_fault(name, known or message, "is not translated"))
    for message in _texts(catalog):
        if wanted.get(message.id) is None:
            faults.append(_fault(name, message, "translates a text that is no longer there"))
        elif message.fuzzy:
            faults.append(_fault(name, message, "is marked fuzzy: look it over"))
        elif all(_forms(message.string)) and _placeholders(message.id) != _placeholders(message.string):
            faults.append(_fault(name, message, "has other placeholders than the text"))
    return faults


def read_catalogue(path: Path, name: str, language: str | None) -> Catalog:
    """A .po file. Raises PackRefused when it is missing or cannot be read."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except FileNotFoundError:
        raise PackRefused([Fault(name, 1, "", "is missing")]) from None
    except (PoFileError, UnicodeDecodeError) as error:
        raise PackRefused([Fault(name, 1, "", f"is not a catalogue: {error}")]) from None


def _texts(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _forms(text: _Said) -> tuple[str, ...]:
    """A text and its plurals; one that is not translated is empty."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def _placeholders(text: _Said) -> set[str]:
    """The names that are filled in later."""
    return {name for form in _forms(text) for name in _PLACEHOLDER.findall(form)}


def _fault(name: str, message: Message, complaint: str) -> Fault:
    text = _forms(message.id)[0]
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return Fault(name, message.lineno or 1, f'"{shown}"', complaint)
