"""The words of the body map: front and back, whose left is meant, and what the fills mean."""

from collections.abc import Callable, Mapping
from html import escape

from rules.content import State
from rules.weighing.weigh import Band
from service.figures.body_map_data import View
from service.figures.body_map_patterns import COLOURS, LINE_WIDTHS, fill

Gettext = Callable[[str], str]
HEAD, FEET, LEGEND = 52, 530, 566
COLUMNS: dict[Band, int] = {"possible": 218, "likely": 286, "strong": 362}
SWATCH = 46


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
        (front - 60, HEAD, gettext("Right")),
        (front + 60, HEAD, gettext("Left")),
        (back - 60, HEAD, gettext("Left")),
        (back + 60, HEAD, gettext("Right")),
    )
    sides = "".join(_text(x, y, word) for x, y, word in words)
    return sides + _text(front, FEET, gettext("Front"), "600") + _text(back, FEET, gettext("Back"), "600")


def legend(prefix: str, gettext: Gettext) -> str:
    """A swatch for each state and band, and whose sides they are."""
    words: dict[Band, str] = {"possible": gettext("Possible"), "likely": gettext("Likely"), "strong": gettext("Strong signs")}
    heads = "".join(_text(x, LEGEND, words[band]) for band, x in COLUMNS.items())
    tight = _row(prefix, "tight", LEGEND + 9, gettext("Tighter than usual"))
    weak = _row(prefix, "weak", LEGEND + 36, gettext("Tires sooner than usual"))
    plain = _text(210, LEGEND + 84, gettext("No colour: no finding. Left and right are your own."))
    return heads + tight + weak + plain


def _row(prefix: str, state: State, top: int, word: str) -> str:
    swatches = [_swatch(prefix, state, band, x - SWATCH // 2, top) for band, x in COLUMNS.items()]
    return _text(18, top + 15, word, anchor="start") + "".join(swatches)


def _swatch(prefix: str, state: State, band: Band, x: int, top: int) -> str:
    return (
        f'<rect class="body-map-{state}-edge" x="{x}" y="{top}" width="{SWATCH}" height="20" rx="5" fill="{fill(prefix, state, band)}"'
        f' stroke="{COLOURS[state]}" stroke-width="{LINE_WIDTHS[band]}"/>'
    )


def _text(x: int, y: int, word: str, weight: str = "400", anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" font-size="14" font-weight="{weight}" text-anchor="{anchor}" fill="currentColor">{escape(word)}</text>'
