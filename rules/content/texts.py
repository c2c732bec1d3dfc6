"""The texts of a pack in another language: a gettext catalogue in which every text stands, and nothing else."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from rules.content.documents import Fault, PackRefused

_PLACEHOLDER = re.compile(r"\{\w+\}")
_SHOWN = 60


class Texts:
    """`texts/<language>.po`. What is asked for is remembered, so that what is missing or no longer used can be told."""

    def __init__(self, seeds: Path, language: str) -> None:
        self.name = f"texts/{language}.po"
        self._catalog: Catalog = read_catalogue(seeds / self.name, self.name, language)
        self._asked: dict[str, None] = {}

    def translate(self, text: str) -> str:
        """The translation; the text itself while there is none, which `faults` then tells."""
        self._asked[text] = None
        message = self._catalog.get(text)
        return str(message.string) if message and message.string else text

    def faults(self) -> list[Fault]:
        """Texts without a translation, translations without a text, placeholders that got lost on the way."""
        faults = [self._fault(text, "is not translated") for text in self._asked if not self._translated(text)]
        for message in self._catalog:
            text = str(message.id)
            if text and text not in self._asked:
                faults.append(self._fault(text, "translates a text that is no longer there"))
            elif text and message.fuzzy:
                faults.append(self._fault(text, "is marked fuzzy: look it over"))
            elif text and message.string and placeholders(text) != placeholders(str(message.string)):
                faults.append(self._fault(text, "has other placeholders than the text"))
        return faults

    def _translated(self, text: str) -> bool:
        message = self._catalog.get(text)
        return bool(message and message.string)

    def _fault(self, text: str, complaint: str) -> Fault:
        message = self._catalog.get(text)
        shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
        return Fault(self.name, (message and message.lineno) or 1, f'"{shown}"', complaint)


def read_catalogue(path: Path, name: str, language: str) -> Catalog:
    """A .po file. Raises PackRefused when it is missing or cannot be read."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except FileNotFoundError:
        raise PackRefused([Fault(name, 1, "", "is missing")]) from None
    except (PoFileError, UnicodeDecodeError) as error:
        raise PackRefused([Fault(name, 1, "", f"is not a catalogue: {error}")]) from None


def placeholders(text: str) -> list[str]:
    """The {names} in a text that are filled in later, in a fixed order."""
    return sorted(set(_PLACEHOLDER.findall(text)))
