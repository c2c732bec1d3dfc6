"""The body map shows each finding where it lies, on the person's own side, to eyes and to screen readers."""

import gzip
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, cast

import pytest

from rules import Pack, evaluate
from rules.content import SEEDS, PackRefused, State
from rules.shapes import FindingShape
from rules.weighing.weigh import Band
from service.figures.body_map import MIDLINES, SIGNS, WIDTH, body_map
from service.figures.body_map_data import Body, View, load_body
from service.figures.body_map_patterns import SHOWN
from tests.planting import Plant, copy_of_seeds
from tests.service.asking import examples

SVG = "{http://www.w3.org/2000/svg}"
DRAWING = "figures/body-map.yaml"


@pytest.fixture(scope="module")
def body(pack: Pack) -> Body:
    """The drawing as it is shipped."""
    return load_body(SEEDS, pack)


def finding(muscle: str, state: State, side: str, band: Band = "likely", name: str = "") -> FindingShape:
    """As much of a finding as the picture reads."""
    told: dict[str, Any] = {"id": f"{muscle}.{state}.{side}", "muscle": muscle, "name": name or muscle}
    return cast("FindingShape", told | {"state": state, "side": side, "band": band})


def everything(pack: Pack) -> list[FindingShape]:
    """Every muscle in every state that is assessed, on both sides: more than anybody has."""
    return [
        finding(muscle.id, state, "both" if muscle.sided else "midline", SHOWN[place % 3])
        for place, muscle in enumerate(pack.muscles.values())
        for state in muscle.priors
    ]


def read(svg: str) -> ET.Element:
    """The picture as XML."""
    return ET.fromstring(svg)  # noqa: S314 - we drew it


def regions(svg: str) -> list[ET.Element]:
    """The paths that show findings."""
    groups = [one for one in read(svg).iter() if one.get("class") == "body-map-finding"]
    return [path for group in groups for path in group.iter(f"{SVG}path")]


def starts(path: ET.Element) -> list[float]:
    """Where each curve of a path begins, from the left."""
    return [float(x) for x in re.findall(r"M(-?[\d.]+)", path.get("d", ""))]


def sides_of(path: ET.Element) -> set[str]:
    """The person's own sides on which a path lies; front and back are told apart by where they stand on the page."""
    views = {x: min(MIDLINES, key=lambda view: abs(MIDLINES[view] - x)) for x in starts(path)}
    return {side for x, view in views.items() for side, sign in SIGNS[view].items() if (x - MIDLINES[view]) * sign > 0}


def titles(svg: str) -> list[str]:
    """What the picture calls itself and its findings."""
    return ["".join(one.itertext()) for one in read(svg).iter(f"{SVG}title")]


def test_every_muscle_is_drawn_on_the_side_that_is_found(body: Body, pack: Pack) -> None:
    for muscle in pack.muscles.values():
        for side in ("left", "right") if muscle.sided else ():
            [path] = regions(body_map(body, [finding(muscle.id, "weak", side)]))
            assert sides_of(path) == {side}, muscle.id
        drawn = regions(body_map(body, [finding(muscle.id, "weak", "both" if muscle.sided else "midline")]))
        assert [sides_of(path) for path in drawn] == [{"left"}, {"right"}], muscle.id


def test_somebody_who_faces_us_has_their_right_on_our_left() -> None:
    assert SIGNS["front"]["right"] < 0 < SIGNS["back"]["right"]


def test_the_words_left_and_right_stand_on_these_sides(body: Body) -> None:
    words = [(one.text, float(one.get("x", ""))) for one in read(body_map(body, [])).iter(f"{SVG}text")]
    for view, side in product(MIDLINES, ("left", "right")):
        nearest = min((x for word, x in words if word == side.title()), key=lambda x: abs(x - MIDLINES[view]))
        assert (nearest - MIDLINES[view]) * SIGNS[view][side] > 0


def test_a_mirrored_finding_gives_a_mirrored_drawing(body: Body, pack: Pack) -> None:
    for muscle in pack.muscles.values():
        [left], [right] = (regions(body_map(body, [finding(muscle.id, "tight", side)])) for side in ("left", "right"))
        for view, one, other in zip(views_of(body, muscle.id), starts(left), starts(right), strict=True):
            assert one + other == pytest.approx(2 * MIDLINES[view], abs=0.11), muscle.id
        assert [one for one in left.items() if one[0] != "d"] == [one for one in right.items() if one[0] != "d"]


def views_of(body: Body, muscle: str) -> Iterator[View]:
    """For each curve of a muscle, whether it is in front or behind."""
    [place] = [one for one in body.regions if one.muscle == muscle]
    yield from (view for view in MIDLINES for _ in place.seen_from(view))


def test_tight_and_weak_and_each_band_look_different_without_colour(body: Body) -> None:
    states: tuple[State, ...] = ("tight", "weak")
    every = [finding("hamstrings", state, "left", band) for state, band in product(states, SHOWN)]
    drawn = [regions(body_map(body, [one]))[0] for one in every]
    assert len({path.get("fill") for path in drawn}) == 6
    widths = [float(path.get("stroke-width", "")) for path in drawn]
    assert widths[:3] == widths[3:] == sorted(set(widths))


def test_a_muscle_that_is_tight_and_weak_shows_both(body: Body) -> None:
    both = [finding("hamstrings", "tight", "both", "strong"), finding("hamstrings", "weak", "right")]
    below, left, right = regions(body_map(body, both))
    assert below.get("fill") == "url(#body-map-weak-likely)"
    assert right.get("fill") == "url(#body-map-over-strong)"
    assert left.get("fill") == "url(#body-map-tight-strong)"


def test_every_fill_that_is_used_is_drawn(body: Body, pack: Pack) -> None:
    svg = body_map(body, everything(pack), prefix="before")
    root = read(svg)
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"(?:url\(|href=\")#([\w-]+)", svg)) <= set(ids)
    assert all(one and one.startswith("before-") for one in ids)


def test_each_finding_is_named_and_on_a_page_it_is_a_link(body: Body) -> None:
    found = [finding("gluteus-maximus", "weak", "right", name="Gluteus maximus"), finding("abdominals", "weak", "midline", name="Belly")]
    svg = body_map(body, found, base="/result")
    links = list(read(svg).iter(f"{SVG}a"))
    assert [one.get("href") for one in links] == [f"/result#finding-{one['id']}" for one in found]
    told = ["Gluteus maximus, right: tires sooner than usual, likely", "Belly: tires sooner than usual, likely"]
    assert titles(svg) == ["Body map", *told]
    description = read(svg).find(f"{SVG}desc")
    assert description is not None
    assert description.text == f"{'. '.join(told)}."


def test_a_picture_of_its_own_has_a_card_and_no_links(body: Body, pack: Pack) -> None:
    alone, within = read(body_map(body, everything(pack))), read(body_map(body, everything(pack), base=""))
    assert (alone.get("role"), within.get("role")) == ("img", "group")
    assert not list(alone.iter(f"{SVG}a"))
    assert alone.get("width")
    assert within.get("width") is None


def test_a_page_with_a_strict_policy_can_hold_it(body: Body, pack: Pack) -> None:
    svg = body_map(body, everything(pack), base="")
    assert not re.search(r"<style|<script|\bstyle=|\bon\w+=", svg)


def test_words_come_in_other_languages(body: Body) -> None:
    svg = body_map(body, [finding("hamstrings", "tight", "left")], gettext=lambda word: re.sub("[a-z](?![a-z]*})", "x", word))
    words = " ".join(["".join(one.itertext()) for one in read(svg).iter(f"{SVG}text")])
    assert not re.search("[a-wyz]{2}", words)


def test_long_words_keep_to_their_room(body: Body) -> None:
    svg = body_map(body, [], gettext=lambda word: word * 3)
    places: dict[str, list[tuple[float, float]]] = {}
    for one in read(svg).iter(f"{SVG}text"):
        half = len(one.text or "") * float(one.get("font-size", "")) * 0.29
        places.setdefault(one.get("y", ""), []).append((float(one.get("x", "")) - half, float(one.get("x", "")) + half))
    for row in places.values():
        ends = [end for place in sorted(row) for end in place]
        assert ends == sorted(ends)
        assert ends[0] >= 0
        assert ends[-1] <= WIDTH


def test_hostile_names_stay_words(body: Body) -> None:
    hostile = "</title><script>alert(1)</script>{side}{0}\"'&"
    svg = body_map(body, [finding("hamstrings", "tight", "left", name=hostile)], base='"><script>', prefix='"><b>')
    assert hostile in titles(svg)[1]
    assert not list(read(svg).iter(f"{SVG}script"))


def test_a_stored_finding_about_a_muscle_we_no_longer_draw_is_still_told(body: Body) -> None:
    svg = body_map(body, [finding("gone-since", "weak", "left", name="Something else")], base="")
    assert regions(svg) == []
    assert "Something else, left" in titles(svg)[1]


def test_the_practice_cases_give_the_same_bytes_each_time_and_few(body: Body, pack: Pack) -> None:
    cases = [evaluate(pack, answers)["findings"] for answers in examples(pack).values()]
    for found in [*cases, everything(pack)]:
        assert body_map(body, found) == body_map(load_body(SEEDS, pack), found)
        assert len(gzip.compress(body_map(body, found).encode())) < 12_000


def relative_luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_findings_stand_out_from_the_body_by_day_and_by_night() -> None:
    css = (Path(__file__).parents[3] / "service/web/static/body-map.css").read_text()
    palettes = [dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in css.split("@media")[:2]]
    for palette, found, ground in product(palettes, ("tight", "weak"), ("skin", "muscle")):
        high, low = sorted((relative_luminance(palette[found]), relative_luminance(palette[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 3, (found, ground)


@pytest.mark.parametrize(
    "plant",
    [
        Plant(DRAWING, "muscle: calves", "muscle: calfs", "muscle", "calfs is no muscle"),
        Plant(DRAWING, "muscle: calves", "muscle: hamstrings", "muscle", "hamstrings is drawn twice"),
        Plant(DRAWING, "muscle: pectorals\n    front", "muscle: pectorals\n    side", "side", "Extra inputs"),
        Plant(DRAWING, "15.9,76.5* ", "15.9;76.5* ", "front", "pattern"),
    ],
)
def test_a_drawing_that_does_not_fit_is_refused_with_its_line(tmp_path: Path, pack: Pack, plant: Plant) -> None:
    seeds = copy_of_seeds(tmp_path)
    line = plant.place(seeds)
    with pytest.raises(PackRefused) as refused:
        load_body(seeds, pack)
    assert any(fault.file == DRAWING and abs(fault.line - line) <= 1 and plant.says in fault.message for fault in refused.value.faults)


def test_a_muscle_that_is_drawn_nowhere_is_refused(tmp_path: Path, pack: Pack) -> None:
    seeds = copy_of_seeds(tmp_path)
    Plant(DRAWING, "muscle: calves", "muscle: calfs", "muscle", "").place(seeds)
    with pytest.raises(PackRefused, match=r"calves of muscles\.yaml is drawn nowhere"):
        load_body(seeds, pack)
