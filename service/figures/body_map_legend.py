"""The words of the body map: front and back, whose left is meant, and what the fills mean."""

from collections.abc import Callable, Mapping
from html import escape

from rules.content import State
from rules.weighing.weigh import Band
from service.figures.body_map_data import View
from service.figures.body_map_patterns import COLOURS, LINE_WIDTHS, fill

Gettext = Callable[[str], str]
HEAD, FEET, LEGEND, CENTRE, BESIDE = 50, 532, 574, 210, 62
COLUMNS: dict[Band, int] = {"possible": 74, "likely": 210, "strong": 346}
SWATCH, COLUMN, PAGE, SIDE, PERSON = 118, 134, 400, 76, 200
LARGE, LETTER = 17, 0.58


def state_name(state: State, gettext: Gettext) -> str:
    """What a state means, in words for anybody."""
    return gettext("tighter than usual") if state == "tight" else gettext("tires sooner than usual")


def band_name(band: Band, gettext: Gettext) -> str:
    """How much speaks for a finding."""
    names = {"none": "", "possible": gettext("possible"), "likely": gettext("likely"), "strong": gettext("strong signs")}
    return names[band]


def captions(midlines: Mapping[View, int], gettext: Gettext) -> str:
    """Front and back, and the person's own left and right beside each head."""
    front, back = midlines["front"], midlines["back"]
    words = (
        (front - BESIDE, HEAD, gettext("Right")),
        (front + BESIDE, HEAD, gettext("Left")),
        (back - BESIDE, HEAD, gettext("Left")),
        (back + BESIDE, HEAD, gettext("Right")),
    )
    sides = "".join(_text(x, y, word, SIDE) for x, y, word in words)
    return (
        sides
        + _text(front, FEET, gettext("From the front"), PERSON, weight="600")
        + _text(back, FEET, gettext("From behind"), PERSON, weight="600")
    )


def legend(prefix: str, gettext: Gettext) -> str:
    """A row of swatches for each state, a column for each band, and whose left is meant."""
    words: dict[Band, str] = {"possible": gettext("Possible"), "likely": gettext("Likely"), "strong": gettext("Strong signs")}
    tight = _row(prefix, "tight", LEGEND, gettext("Tighter than usual"))
    weak = _row(prefix, "weak", LEGEND + 54, gettext("Tires sooner than usual"))
    bands = "".join(_text(x, LEGEND + 106, words[band], COLUMN) for band, x in COLUMNS.items())
    plain = _text(CENTRE, LEGEND + 142, gettext("No colour: no finding."))
    return tight + weak + bands + plain + _text(CENTRE, LEGEND + 165, gettext("Left and right are your own."))


def _row(prefix: str, state: State, top: int, word: str) -> str:
    swatches = "".join(_swatch(prefix, state, band, x - SWATCH // 2, top + 9) for band, x in COLUMNS.items())
    return _text(CENTRE, top, word) + swatches


def _swatch(prefix: str, state: State, band: Band, x: int, top: int) -> str:
    return (
        f'<rect class="body-map-{state}-edge" x="{x}" y="{top}" width="{SWATCH}" height="22" rx="6" fill="{fill(prefix, state, band)}"'
        f' stroke="{COLOURS[state]}" stroke-width="{LINE_WIDTHS[band]}"/>'
    )


def _text(x: int, y: int, word: str, room: int = PAGE, weight: str = "400") -> str:
    """A word around `x`; a long one is written smaller, so that it keeps to its room."""
    size = round(min(LARGE, room / len(word) / LETTER), 1)
    return (
        f'<text x="{x}" y="{y}" font-size="{size:g}" font-weight="{weight}" text-anchor="middle" fill="currentColor">{escape(word)}</text>'
    )
