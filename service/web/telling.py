"""What a result page shows beside the guidance itself: the picture of the body, plots, answers in words, and the sources that are cited."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import groupby

from fastapi import Request
from markupsafe import Markup

from rules import Comparison, Guidance
from rules.content import URGENT
from rules.follow_up.comparing import MeasureChange
from rules.shapes import ArgumentShape, FindingShape, MeasuredShape, TypicalShape
from service.figures.body_map import body_map
from service.figures.body_map_data import Body
from service.figures.plot import Side, measured_plot, trend_plot
from service.figures.plot_scale import Measure
from service.readable.told import in_words
from service.readable.words import explained, side_word, to_others
from service.reader import CM_PER_INCH, Reader
from service.state import state_of

CLAIM = "article:"


@dataclass(frozen=True)
class Cited:
    """A source with its number on the page."""

    number: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Measured:
    """One measure of a self-test, on one or both sides."""

    name: str
    values: Sequence[MeasuredShape]
    typical: TypicalShape | None
    plot: Markup | None


@dataclass(frozen=True)
class Shown:
    """A guidance as its reader sees it. `drawn`: the exercises of which there is a picture; `words`: what pictures say."""

    guidance: Guidance
    reader: Reader
    body: Body
    drawn: Container[str]
    words: Callable[[str], str]

    @property
    def urgent(self) -> bool:
        """Whether nothing is shown but what to do now."""
        return self.guidance["triage"]["urgency"] in URGENT

    @property
    def heading(self) -> str:
        """What stands above it."""
        headings: Mapping[str, str] = self.reader.pack.safety.headings.model_dump(by_alias=True)
        return headings[self.guidance["triage"]["urgency"]]

    @property
    def body_map(self) -> Markup:
        """The findings on the body; each links to its card."""
        return Markup(body_map(self.body, self.guidance["findings"], gettext=self.words, base=""))  # noqa: S704 - the picture escapes what it holds

    def muscle(self, finding: FindingShape) -> str:
        """The muscle in plain words, or by the name it was stored with."""
        muscle = self.reader.pack.muscles.get(finding["muscle"])
        return muscle.plain_name if muscle else finding["name"]

    def question(self, link_id: str) -> str:
        """A question that is still open; nothing where it is asked no more."""
        item = self.reader.pack.items.get(link_id)
        return item.text if item else ""

    def answer(self, argument: ArgumentShape) -> str:
        """What was asked and answered; nothing for a number, which stands in the sentence, and where it is asked no more."""
        question, answer = self.question(argument["link_id"]), argument["answer"]
        if not question or answer is None or isinstance(answer, int | float):
            return ""
        return f"{question} \N{EN DASH} {in_words(self.reader, argument['link_id'], answer)}"

    def said(self, link_id: str, answer: str | float | list[str]) -> str:
        """An answer in words."""
        return in_words(self.reader, link_id, answer)

    def named(self, finding_id: str) -> str:
        """A finding by its muscle and side, as a clinician calls it."""
        muscle, _, side = finding_id.split(".")
        name = self.reader.pack.muscles[muscle].name if muscle in self.reader.pack.muscles else muscle
        word = side_word(self.reader, side)
        return f"{name} ({word})" if word else name

    def finding_text(self, finding_id: str) -> str:
        """What a finding says, also one that is not there now."""
        muscle, state, side = finding_id.split(".")
        say = self.reader.say
        sides = {"left": say("Left"), "right": say("Right"), "both": say("Both sides")}
        text = self.reader.pack.muscles[muscle].says["tight" if state == "tight" else "weak"]
        return f"{sides[side]}: {text}" if side in sides else text

    @cached_property
    def measured(self) -> list[Measured]:
        """The measured values, those of both sides together."""
        return [self._measured(name, list(values)) for name, values in groupby(self.guidance["measured"], key=lambda one: one["name"])]

    def _measured(self, name: str, values: list[MeasuredShape]) -> Measured:
        typical = values[0]["typical"]
        measure = measure_of(self.reader, name, values[0]["link_id"], values[0]["unit"], typical)
        counted: dict[Side | None, float] = {one["side"]: one["value"] for one in values if one["counted"]}
        if measure is None or not counted or typical is None:
            return Measured(name, values, typical, None)
        return Measured(name, values, typical, Markup(measured_plot(measure, counted, gettext=self.words)))  # noqa: S704

    @property
    def left_out(self) -> list[str]:
        """Why exercises that would have fitted are not there, where the reason is the person's own."""
        return explained(self.guidance["plan"])

    @cached_property
    def sources(self) -> dict[str, Cited]:
        """Everything that is cited, in the order in which it is first."""
        ids = dict.fromkeys(_cited(self.guidance))
        return {one: Cited(number, one.replace(":", "-"), self._source(one)) for number, one in enumerate(ids, start=1)}

    def _source(self, name: str) -> str:
        pack = self.reader.pack
        if name.startswith(CLAIM):
            say = self.reader.say
            return say("The article that this began with, claim %(claim)s.") % {"claim": name.removeprefix(CLAIM)}
        return pack.sources[name].citation if name in pack.sources else name


def shown_to(request: Request, reader: Reader, guidance: Guidance) -> Shown:
    """A guidance for this reader, whom it is about."""
    state = state_of(request)
    return Shown(guidance, reader, state.body, state.figures.exercises, reader.say)


def shown_to_clinician(request: Request, reader: Reader, guidance: Guidance) -> Shown:
    """A guidance for this reader, who is not the person it is about."""
    return replace(shown_to(request, reader, guidance), words=to_others(reader))


def measure_of(reader: Reader, name: str, link_id: str, unit: str, typical: TypicalShape | None) -> Measure | None:
    """A measure as the plots draw it, in the reader's units; nothing where it is asked no more."""
    item = reader.pack.items.get(link_id)
    if item is None or item.min is None or item.max is None:
        return None
    low, high = (typical["low"], typical["high"]) if typical else (None, None)
    if unit == "cm" and reader.units == "imperial":
        return Measure(name, "in", low, high, item.min, item.max, lambda value: reader.number(round(value / CM_PER_INCH, 1)))
    return Measure(name, reader.pack.label.units.get(unit, unit), low, high, item.min, item.max, reader.number)


def trends(later: Shown, compared: Comparison, days: tuple[date, date]) -> list[tuple[MeasureChange, Markup | None]]:
    """Every measure that differs, with its plot; no plot for two results of one day."""
    differing = [one for one in compared["measures"] if one["before"] != one["after"]]
    return [(one, _trend(later, one, days) if days[0] < days[1] else None) for one in differing]


def unchanged(reader: Reader, compared: Comparison) -> list[str]:
    """The measures that are the same as before, by name and side."""
    sides = {"left": reader.say("left"), "right": reader.say("right")}
    same = [one for one in compared["measures"] if one["before"] == one["after"]]
    return [f"{one['name']} ({sides[one['side']]})" if one["side"] else one["name"] for one in same]


def _trend(later: Shown, change: MeasureChange, days: tuple[date, date]) -> Markup | None:
    reader = later.reader
    typical = next((one["typical"] for one in later.guidance["measured"] if one["link_id"] == change["link_id"]), None)
    measure = measure_of(reader, change["name"], change["link_id"], change["unit"], typical)
    if measure is None:
        return None
    smallest = change["smallest_change"]["by"] if change["smallest_change"] else None
    points = list(zip(days, (change["before"], change["after"]), strict=True))
    return Markup(trend_plot(measure, points, smallest_change=smallest, day=reader.day, gettext=reader.say))  # noqa: S704


def _cited(guidance: Guidance) -> Iterator[str]:
    for flag in guidance["triage"]["red_flags"]:
        yield from flag["sources"]
    support = guidance["support"]
    for sign in (*support["because"], *support["signposts"]) if support else ():
        yield from sign["sources"]
    for finding in guidance["findings"]:
        for argument in (*finding["supporting"], *finding["conflicting"]):
            yield from argument["sources"]
    for pattern in guidance["patterns"]:
        yield from pattern["sources"]
    for measured in guidance["measured"]:
        yield from measured["typical"]["sources"] if measured["typical"] else ()
    for prescription in guidance["plan"]["prescriptions"]:
        yield from prescription["sources"]
