"""Small plots that stand beside the same numbers in words: a measured value in its usual range, and how it changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from html import escape
from itertools import pairwise
from typing import Literal

from service.figures.plot_scale import Gettext, Measure, Scale, scale

Side = Literal["left", "right"]
Day = Callable[[date], str]
WIDTH, EDGE = 320, 14
# Clear enough on white and on black alike, so that no stylesheet is needed.
USUAL = "#16877f"


def measured_plot(measure: Measure, values: Mapping[Side | None, float], *, gettext: Gettext = str) -> str:
    """The usual range as a band, and the values as marks: left above, right below. A value without side stands above."""
    across = scale(measure, values.values(), EDGE, WIDTH - EDGE)
    words = {side: _valued(measure, side, value, gettext) for side, value in values.items()}
    marks = [_mark(across.at(value), words[side], below=side == "right") for side, value in values.items()]
    ends = _text(EDGE, 90, measure.number(across.first), "start", 11) + _text(WIDTH - EDGE, 90, measure.told(across.last), "end", 11)
    usual = measure.usual(gettext)
    track = f'<rect x="{EDGE}" y="38" width="{WIDTH - 2 * EDGE}" height="16" rx="4" fill="currentColor" fill-opacity="0.12"/>'
    drawn = [track, _band(measure, across), *marks, ends, _key(usual, 110)]
    return _picture(118, measure.name, [*words.values(), usual], drawn)


def trend_plot(
    measure: Measure,
    points: Sequence[tuple[date, float]],
    *,
    smallest_change: float | None,
    day: Day,
    gettext: Gettext = str,
) -> str:
    """One measure over time, oldest first. In the grey zone around the first value a change may be chance."""
    (began, first), (ended, last) = points[0], points[-1]
    near = [] if smallest_change is None else [first - smallest_change, first + smallest_change]
    up = scale(measure, [*(value for _, value in points), *near], 150, 24)
    along = Scale(0, max(1, (ended - began).days), EDGE + 16, WIDTH - EDGE - 16)
    places = [(along.at((when - began).days), up.at(value)) for when, value in points]
    usual = measure.usual(gettext)
    chance = "" if smallest_change is None else gettext("Grey: a change this small may be chance")
    words = [_beside(places[:2], EDGE + 24, measure.told(first), "start"), _text(EDGE, 184, day(began), "start", 11)]
    if len(points) > 1:
        words += [_beside(places[:-3:-1], WIDTH - EDGE - 6, measure.told(last), "end"), _text(WIDTH - EDGE, 184, day(ended), "end", 11)]
    drawn = [_shelf(measure, up), _chance(places[0][0], [up.at(value) for value in near]), _line(places), *words, _key(usual, 204)]
    drawn.append(_text(EDGE, 224, chance, "start"))
    told = [f"{day(when)}: {measure.told(value)}" for when, value in points]
    return _picture(232 if chance else 212, measure.name, [*told, usual, chance], drawn)


def _picture(height: int, name: str, told: Iterable[str], drawn: Iterable[str]) -> str:
    description = escape(". ".join(one for one in told if one))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {WIDTH} {height}" role="img" direction="ltr"'
        f' font-family="system-ui, sans-serif"><title>{escape(name)}</title><desc>{description}.</desc>{"".join(drawn)}</svg>\n'
    )


def _valued(measure: Measure, side: Side | None, value: float, gettext: Gettext) -> str:
    if side is None:
        return gettext("You: {value}").format(value=measure.told(value))
    return (gettext("Left: {value}") if side == "left" else gettext("Right: {value}")).format(value=measure.told(value))


def _mark(x: float, words: str, *, below: bool) -> str:
    """An arrow that points at the value, with its words; near an end they keep inside."""
    tip, base, line = (50, 62, 76) if below else (42, 30, 22)
    anchor, place = ("start", x - 6) if x < WIDTH * 0.3 else ("end", x + 6) if x > WIDTH * 0.7 else ("middle", x)
    arrow = f'<path d="M{x:g} {tip}l-6 {base - tip}h12z" fill="currentColor"/>'
    return arrow + _text(place, line, words, anchor, weight="600")


def _band(measure: Measure, across: Scale) -> str:
    if measure.low is None and measure.high is None:
        return ""
    start = across.start if measure.low is None else across.at(measure.low)
    end = across.end if measure.high is None else across.at(measure.high)
    return (
        f'<rect x="{start:g}" y="38" width="{max(2, end - start):g}" height="16" rx="4"'
        f' fill="{USUAL}" fill-opacity="0.4" stroke="{USUAL}" stroke-width="1.5"/>'
    )


def _shelf(measure: Measure, up: Scale) -> str:
    if measure.low is None and measure.high is None:
        return ""
    bottom = up.start if measure.low is None else up.at(measure.low)
    top = up.end if measure.high is None else up.at(measure.high)
    return (
        f'<rect x="{EDGE}" y="{top:g}" width="{WIDTH - 2 * EDGE}" height="{max(2, bottom - top):g}" rx="4"'
        f' fill="{USUAL}" fill-opacity="0.25" stroke="{USUAL}" stroke-width="1.5"/>'
    )


def _line(places: Sequence[tuple[float, float]]) -> str:
    lines = "".join(f"M{ax:g} {ay:g}L{bx:g} {by:g}" for (ax, ay), (bx, by) in pairwise(places))
    dots = "".join(f'<circle cx="{x:g}" cy="{y:g}" r="4" fill="currentColor"/>' for x, y in places)
    return f'<path d="{lines or "M0 0"}" fill="none" stroke="currentColor" stroke-width="2"/>{dots}'


def _beside(places: Sequence[tuple[float, float]], x: float, words: str, anchor: str) -> str:
    """The words of the first place: above it, or below where the line to the next place goes up."""
    ys = [y for _, y in places]
    return _text(x, ys[0] + (20 if ys[-1] < ys[0] else -10), words, anchor, weight="600")


def _chance(x: float, ends: Sequence[float]) -> str:
    if not ends:
        return ""
    bottom, top = ends
    zone = f'<rect x="{EDGE}" y="{top:g}" width="{WIDTH - 2 * EDGE}" height="{bottom - top:g}" fill="currentColor" fill-opacity="0.14"/>'
    return zone + f'<path d="M{x - 5:g} {top:g}h10m-5 0V{bottom:g}m-5 0h10" fill="none" stroke="currentColor" stroke-width="1.2"/>'


def _key(usual: str, y: int) -> str:
    """What the band means, in words beside a piece of it; nothing where there is no band."""
    if not usual:
        return ""
    swatch = f'<rect x="{EDGE}" y="{y - 10}" width="16" height="11" rx="3" fill="{USUAL}" fill-opacity="0.4" stroke="{USUAL}"/>'
    return swatch + _text(EDGE + 23, y, usual, "start")


def _text(x: float, y: float, words: str, anchor: str = "middle", size: int = 13, weight: str = "400") -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="currentColor">{escape(words)}</text>'
