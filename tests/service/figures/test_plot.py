"""Plots say with marks what their descriptions say in words, inside a narrow picture, in any language."""

import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from service.figures.plot import EDGE, WIDTH, measured_plot, trend_plot
from service.figures.plot_scale import Measure, scale

SVG = "{http://www.w3.org/2000/svg}"
FIRST, SECOND = date(2026, 9, 1), date(2026, 11, 1)


def measure(
    low: float | None = None, high: float | None = None, *, least: float = 0, most: float = 600, name: str = "Trunk hold"
) -> Measure:
    """A measure in seconds, its numbers written with a comma."""
    return Measure(name, "s", low, high, least, most, lambda value: f"{value:g}".replace(".", ","))


def read(svg: str) -> ET.Element:
    """The picture as XML."""
    return ET.fromstring(svg)  # noqa: S314 - we drew it


def words(svg: str) -> list[str]:
    """All that is written in the picture."""
    return [one.text or "" for one in read(svg).iter(f"{SVG}text")]


def description(svg: str) -> str:
    """What a screen reader says after the name."""
    return read(svg).findtext(f"{SVG}desc", "")


def arrows(svg: str) -> list[float]:
    """Where the arrows of values point, from the left."""
    return [float(x) for x in re.findall(r'd="M([\d.]+) \d+l', svg)]


def band(svg: str) -> tuple[float, float]:
    """Where the usual range begins and ends on the track."""
    [found] = re.findall(r'<rect x="([\d.]+)" y="38" width="([\d.]+)" height="16" rx="4" fill="#', svg)
    return float(found[0]), float(found[0]) + float(found[1])


def test_the_description_says_what_the_marks_show() -> None:
    svg = measured_plot(measure(low=60), {"left": 38.5, "right": 71})
    assert read(svg).findtext(f"{SVG}title") == "Trunk hold"
    assert description(svg) == "Left: 38,5 s. Right: 71 s. Usual: 60 s or more."
    assert {"Left: 38,5 s", "Right: 71 s", "Usual: 60 s or more"} <= set(words(svg))


@pytest.mark.parametrize(
    ("usual", "says"),
    [(measure(low=60), "60 s or more"), (measure(high=20), "20 s or less"), (measure(low=6, high=12.5), "6 to 12,5 s")],
)
def test_a_value_lies_in_the_band_exactly_when_it_is_usual(usual: Measure, says: str) -> None:
    for value in (3, 6, 12.5, 13, 20, 21, 59, 60, 61):
        svg = measured_plot(usual, {None: value})
        [x], (start, end) = arrows(svg), band(svg)
        within = (usual.low is None or value >= usual.low) and (usual.high is None or value <= usual.high)
        assert (start - 0.06 <= x <= end + 0.06) is within, value
        assert says in description(svg)


def test_more_lies_further_right_and_zero_is_the_beginning() -> None:
    [left, right] = arrows(measured_plot(measure(), {"left": 40, "right": 12}))
    assert left > right
    assert scale(measure(), [40, 12], 0, 100).at(0) == 0


def test_where_nothing_is_usual_no_band_is_drawn_or_told() -> None:
    svg = measured_plot(measure(), {None: 12})
    assert 'fill="#' not in svg
    assert description(svg) == "You: 12 s."


@pytest.mark.parametrize("values", [(0.0, 0.0), (600.0, 600.0), (0.0, 600.0), (0.001, 0.002), (-5.0, 700.0)])
def test_every_value_has_a_place_in_the_picture(values: tuple[float, float]) -> None:
    svg = measured_plot(measure(low=60), {"left": values[0], "right": values[1]})
    assert all(EDGE <= x <= WIDTH - EDGE for x in arrows(svg))
    trend = trend_plot(measure(low=60), [(FIRST, values[0]), (SECOND, values[1])], smallest_change=9, day=str)
    places = [(float(one.get("cx", "")), float(one.get("cy", ""))) for one in read(trend).iter(f"{SVG}circle")]
    assert all(0 < x < WIDTH and 0 < y < 160 for x, y in places)


def test_a_trend_goes_up_with_the_value_and_right_with_time() -> None:
    svg = trend_plot(measure(low=60), [(FIRST, 38), (date(2026, 10, 1), 44), (SECOND, 66)], smallest_change=12, day=str)
    places = [(float(one.get("cx", "")), float(one.get("cy", ""))) for one in read(svg).iter(f"{SVG}circle")]
    assert places == sorted(places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
    told = "2026-09-01: 38 s. 2026-10-01: 44 s. 2026-11-01: 66 s. Usual: 60 s or more. Grey: a change this small may be chance."
    assert description(svg) == told


def test_a_change_that_may_be_chance_lies_in_the_grey_zone() -> None:
    for value, within in ((49.0, True), (51.0, False), (27.0, True), (25.0, False)):
        svg = trend_plot(measure(), [(FIRST, 38), (SECOND, value)], smallest_change=12, day=str)
        [zone] = re.findall(r'y="([\d.]+)" width="\d+" height="([\d.]+)" fill="currentColor"', svg)
        top, height = map(float, zone)
        last = float(list(read(svg).iter(f"{SVG}circle"))[-1].get("cy", ""))
        assert (top <= last <= top + height) is within


def test_a_first_time_alone_is_a_point_and_claims_no_change() -> None:
    svg = trend_plot(measure(), [(FIRST, 38)], smallest_change=None, day=str)
    assert len(list(read(svg).iter(f"{SVG}circle"))) == 1
    assert description(svg) == "2026-09-01: 38 s."


def test_plots_hold_no_style_speak_other_languages_and_escape_names() -> None:
    hostile = measure(low=60, name="</title><script>&")
    for svg in (
        measured_plot(hostile, {"left": 38}, gettext=german),
        trend_plot(hostile, [(FIRST, 38), (SECOND, 40)], smallest_change=9, day=str, gettext=german),
    ):
        assert read(svg).findtext(f"{SVG}title") == hostile.name
        assert not re.search(r"<style|<script|\bstyle=", svg)
        assert "Üblich: 60 s oder mehr" in words(svg)
        assert not re.search("Usual|Left|Grey", svg)


def german(word: str) -> str:
    """The words as a catalogue would give them."""
    return {
        "Left: {value}": "Links: {value}",
        "Usual: {low} or more": "Üblich: {low} oder mehr",
        "Grey: a change this small may be chance": "Grau: kann Zufall sein",
    }[word]


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert measured_plot(measure(low=60), {None: 38}) == measured_plot(measure(low=60), {None: 38})
