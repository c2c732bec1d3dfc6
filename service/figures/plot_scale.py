"""What a plot is about, and where its numbers lie."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

Gettext = Callable[[str], str]
Number = Callable[[float], str]
NICE = (1, 2, 5, 10)
PIECES = 6
OPEN, CLOSED, NEAR = 0.4, 0.1, 2


@dataclass(frozen=True)
class Measure:
    """What was measured. `low` and `high`: the usual range, open where there is none; `least` and `most`: what can be measured at all.

    `unit` is a word or a sign for people; `number` writes a number as the reader's language does.
    """

    name: str
    unit: str
    low: float | None
    high: float | None
    least: float
    most: float
    number: Number

    def told(self, value: float) -> str:
        """A value with its unit."""
        return f"{self.number(value)} {self.unit}".strip()

    def usual(self, gettext: Gettext) -> str:
        """The usual range in words; empty where nobody knows one."""
        if self.low is not None and self.high is not None:
            return gettext("Usual: {low} to {high}").format(low=self.number(self.low), high=self.told(self.high))
        if self.low is not None:
            return gettext("Usual: {low} or more").format(low=self.told(self.low))
        return gettext("Usual: {high} or less").format(high=self.told(self.high)) if self.high is not None else ""


@dataclass(frozen=True)
class Scale:
    """The part of a measure that is shown, laid out between two places of the picture."""

    first: float
    last: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies; beyond the ends, at the end."""
        share = (value - self.first) / (self.last - self.first)
        return round(self.start + min(1, max(0, share)) * (self.end - self.start), 1)


def scale(measure: Measure, values: Iterable[float], start: float, end: float) -> Scale:
    """Round ends around all that is shown, with room where the usual range is open.

    It begins at nothing where that is the least possible value, or where it is not far off, so that lengths can be compared.
    """
    shown = [*values, *(limit for limit in (measure.low, measure.high) if limit is not None)]
    lowest, highest = min(shown), max(shown)
    spread = highest - lowest or abs(highest) or 1
    step = _nice(spread / PIECES)
    below = OPEN if measure.low is None and measure.high is not None else CLOSED
    above = OPEN if measure.high is None and measure.low is not None else CLOSED
    first = max(measure.least, floor((lowest - below * spread) / step) * step)
    if measure.least == 0 or lowest - measure.least <= NEAR * spread:
        first = measure.least
    return Scale(first, min(measure.most, ceil((highest + above * spread) / step) * step), start, end)


def _nice(length: float) -> float:
    magnitude: float = 10 ** floor(log10(length))
    return next(one * magnitude for one in NICE if one * magnitude >= length)
