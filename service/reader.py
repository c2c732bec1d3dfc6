"""How one person reads: which language, which units, and how numbers and dates look there."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.numbers import format_decimal

from rules import Pack, PackRefused
from rules.content import WRITTEN_IN
from rules.content.texts import differences, read_catalogue

Units = Literal["metric", "imperial"]
CHROME = Path(__file__).parent / "texts"
TEMPLATE = CHROME / "interface.pot"  # every word of the interface, untranslated
CENTIMETRES = re.compile(r"(\d+(?:[.,]\d+)?) cm\b")
CM_PER_INCH = 2.54
AS_WRITTEN = NullTranslations()


@dataclass(frozen=True)
class Reader:
    """One language and one system of units; `words` are what the pages and documents say beside the pack's own texts."""

    pack: Pack
    words: NullTranslations
    units: Units = "metric"

    @property
    def language(self) -> str:
        """The language's code, `es`."""
        return self.pack.label.language

    @property
    def locale(self) -> Locale:
        """The language as Babel knows it."""
        return Locale.parse(self.language)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self.locale.text_direction

    def say(self, text: str) -> str:
        """A word of the interface in this language."""
        return self.words.gettext(text)

    def number(self, value: float) -> str:
        """7.5 as it is written here."""
        return str(format_decimal(value, format="#0.##", locale=self.locale))

    def quantity(self, value: float, unit: str) -> str:
        """A measured value with its unit; centimetres become inches for who reads those."""
        if unit == "cm" and self.units == "imperial":
            return f"{self.number(round(value / CM_PER_INCH, 1))} in"
        return self.pack.quantity(value, unit)

    def prose(self, text: str) -> str:
        """A sentence of the pack; who reads inches finds them after each length in centimetres."""
        if self.units == "metric":
            return text
        return CENTIMETRES.sub(lambda found: f"{found[0]} ({self.quantity(float(found[1].replace(',', '.')), 'cm')})", text)

    def short_day(self, day: date) -> str:
        """Day and month, as short as they are written here."""
        return str(format_skeleton("MMMd", day, locale=self.locale))

    def moment(self, moment: datetime) -> str:
        """A day in full with the time, in UTC."""
        return f"{self.day(moment.date())}, {moment:%H:%M} UTC"

    def day(self, day: date) -> str:
        """A date in full."""
        return str(format_date(day, format="long", locale=self.locale))


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text for translation where it is written; it is translated where it is said."""
    return text


def interface_words(language: str) -> NullTranslations:
    """The interface's own words in one language. Raises PackRefused for a catalogue that is missing, cannot be read, or lacks a text."""
    if language == WRITTEN_IN:
        return AS_WRITTEN
    catalogue = read_catalogue(CHROME / f"{language}.po", f"service/texts/{language}.po", language)
    faults = differences(read_catalogue(TEMPLATE, "service/texts/interface.pot", None), catalogue, f"service/texts/{language}.po")
    if faults:
        raise PackRefused(faults)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
