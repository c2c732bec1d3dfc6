"""How a finding is filled: dots for tight, stripes for weak, and the stronger the band, the fuller."""

from html import escape
from typing import Literal

from rules.content import State
from rules.weighing.weigh import BANDS, Band

SHOWN: tuple[Band, ...] = BANDS[1:]
# For a picture that stands alone; body-map.css has others for a page, light and dark.
COLOURS = {
    "card": "#fbfaf7",
    "ink": "#1d2a2f",
    "skin": "#f4ebe3",
    "muscle": "#e6d9ce",
    "hair": "#cdbcae",
    "line": "#a8968a",
    "edge": "#85746a",
    "tight": "#b34700",
    "weak": "#12549c",
}
GROUNDS: dict[Band, float] = {"none": 0, "possible": 0.1, "likely": 0.36, "strong": 1}
LINE_WIDTHS: dict[Band, float] = {"none": 0, "possible": 0.9, "likely": 1.4, "strong": 1.9}
MARKS: dict[Band, float] = {"none": 0, "possible": 0.75, "likely": 1.15, "strong": 1.15}
OVERS: dict[Band, float] = {"none": 0, "possible": 1.1, "likely": 1.8, "strong": 2.5}
Tone = Literal["skin", "muscle", "hair", "line", "edge"]


def tone(name: Tone) -> str:
    """The attributes of a part of the body: a class for a stylesheet, and a colour where there is none."""
    if name in ("line", "edge"):
        width = 0.8 if name == "line" else 1.3
        return f'class="body-map-{name}" fill="none" stroke="{COLOURS[name]}" stroke-width="{width}" stroke-linecap="round"'
    return f'class="body-map-{name}" fill="{COLOURS[name]}"'


def fill(prefix: str, state: State, band: Band, *, over: bool = False) -> str:
    """The fill of a finding. `over`: it is seen through, because the same muscle has another one below."""
    return f"url(#{escape(prefix)}-{'over' if over else state}-{band})"


def patterns(prefix: str) -> str:
    """Every fill, to stand before its first use."""
    states: tuple[State, ...] = ("tight", "weak")
    drawn = [_pattern(prefix, state, band) for state in states for band in SHOWN]
    return f"<defs>{''.join(drawn)}{''.join(_over(prefix, band) for band in SHOWN)}</defs>"


def _pattern(prefix: str, state: State, band: Band) -> str:
    ground = f'<rect class="body-map-{state}" width="5" height="5" fill="{COLOURS[state]}" fill-opacity="{GROUNDS[band]}"/>'
    name = "skin" if band == "strong" else state
    if state == "tight":
        mark = f'<circle class="body-map-{name}" cx="2.5" cy="2.5" r="{MARKS[band]}" fill="{COLOURS[name]}"/>'
    else:
        mark = f'<rect class="body-map-{name}" width="{MARKS[band]}" height="5" fill="{COLOURS[name]}"/>'
    return f'<pattern id="{escape(prefix)}-{state}-{band}" {_tiles(5)}>{ground}{mark}</pattern>'


def _over(prefix: str, band: Band) -> str:
    """Dots with a pale rim, so that the stripes below do not swallow them."""
    radius = OVERS[band]
    dot = f'<circle class="body-map-skin" cx="4" cy="4" r="{radius + 0.7:g}" fill="{COLOURS["skin"]}"/>'
    dot += f'<circle class="body-map-tight" cx="4" cy="4" r="{radius}" fill="{COLOURS["tight"]}"/>'
    return f'<pattern id="{escape(prefix)}-over-{band}" {_tiles(8)}>{dot}</pattern>'


def _tiles(size: int) -> str:
    return f'width="{size}" height="{size}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"'
