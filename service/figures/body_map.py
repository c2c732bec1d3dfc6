"""The body map: a person from the front and from the back, with the findings where they lie."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape

from rules.content import State
from rules.shapes import FindingShape
from service.figures.body_map_curves import moved, outline_path, read_points
from service.figures.body_map_data import Body, Curve, Place, View
from service.figures.body_map_legend import Gettext, band_name, captions, legend, state_name
from service.figures.body_map_patterns import COLOURS, LINE_WIDTHS, Tone, fill, patterns, tone

WIDTH, HEIGHT, TOP = 420, 752, 22
MIDLINES: dict[View, int] = {"front": 108, "back": 312}
# Which way from the midline: somebody who faces us has their right on our left.
SIGNS: dict[View, dict[str, int]] = {"front": {"right": -1, "left": 1}, "back": {"right": 1, "left": -1}}


def body_map(
    body: Body, findings: Sequence[FindingShape], *, gettext: Gettext = str, base: str | None = None, prefix: str = "body-map"
) -> str:
    """The findings as an SVG picture.

    With a `base` it is a part of a page: each finding links to `<base>#finding-<id>` there, and body-map.css gives the colours.
    Without one it is a picture of its own on a light card. `prefix` begins every id, so that a page may hold two.
    """
    drawn = [*_opening(findings, gettext, base, prefix), patterns(prefix)]
    if base is None:
        drawn.append(f'<rect width="{WIDTH}" height="{HEIGHT}" rx="16" fill="{COLOURS["card"]}"/>')
    drawn.append(_people(body, prefix))
    drawn.extend(_finding(body, one, findings, gettext, base, prefix) for one in sorted(findings, key=lambda one: one["state"] == "tight"))
    drawn.extend((captions(MIDLINES, gettext), legend(prefix, gettext), "</svg>\n"))
    return "".join(drawn)


def _opening(findings: Sequence[FindingShape], gettext: Gettext, base: str | None, prefix: str) -> Iterator[str]:
    alone = f' width="{WIDTH}" height="{HEIGHT}" color="{COLOURS["ink"]}"' if base is None else ""
    # What holds links is no single image.
    role = "img" if base is None else "group"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="body-map" viewBox="0 0 {WIDTH} {HEIGHT}"{alone} role="{role}"'
        f' aria-labelledby="{escape(prefix)}-title" aria-describedby="{escape(prefix)}-desc" direction="ltr" font-family="system-ui, sans-serif">'
    )
    name = gettext("Body map")
    told = [_told(one, gettext) for one in findings] or [gettext("No findings")]
    yield f'<title id="{escape(prefix)}-title">{escape(name)}</title>'
    yield f'<desc id="{escape(prefix)}-desc">{escape(". ".join(told))}.</desc>'


def _told(finding: FindingShape, gettext: Gettext) -> str:
    """A finding in a line, such as "Hamstrings, right: tighter than usual, likely"."""
    sides = {"left": gettext("left"), "right": gettext("right"), "both": gettext("both sides")}
    words = {"muscle": finding["name"], "state": state_name(finding["state"], gettext), "band": band_name(finding["band"], gettext)}
    if finding["side"] == "midline":
        return gettext("{muscle}: {state}, {band}").format(**words)
    return gettext("{muscle}, {side}: {state}, {band}").format(side=sides[finding["side"]], **words)


@lru_cache(maxsize=8)
def _people(body: Body, prefix: str) -> str:
    """The pale body from both sides; one half is drawn, and shown twice."""
    half = read_points(body.outline)
    whole = outline_path((*half, *moved(reversed(half[1:-1]), 0, -1)))
    defs = f'<path id="{escape(prefix)}-outline" d="{whole}"/>' + "".join(_half(body, view, prefix) for view in MIDLINES)
    shown = "".join(
        f'<g transform="translate({x} {TOP})"><use href="#{escape(prefix)}-outline" {tone("skin")}/>'
        f'<use href="#{escape(prefix)}-{view}"/><use href="#{escape(prefix)}-{view}" transform="scale(-1 1)"/>'
        f'<use href="#{escape(prefix)}-outline" {tone("edge")}/></g>'
        for view, x in MIDLINES.items()
    )
    return f"<defs>{defs}</defs>{shown}"


def _half(body: Body, view: View, prefix: str) -> str:
    muscles = [curve for place in (body.bystanders, *body.regions) for curve in place.seen_from(view)]
    drawn: dict[Tone, Sequence[Curve]] = {"hair": body.hair.seen_from(view), "muscle": muscles, "line": body.lines.seen_from(view)}
    paths = "".join(f'<path {tone(name)} d="{_paths(curves, closed=name != "line")}"/>' for name, curves in drawn.items())
    return f'<g id="{escape(prefix)}-{view}">{paths}</g>'


def _paths(curves: Iterable[Curve], x: int = 0, sign: int = 1, *, closed: bool = True) -> str:
    return "".join(outline_path(moved(read_points(curve), x, sign), closed=closed) for curve in curves)


def _sides(finding: FindingShape) -> tuple[str, ...]:
    side = finding["side"]
    return (side,) if side in ("left", "right") else ("left", "right")


def _finding(body: Body, finding: FindingShape, findings: Sequence[FindingShape], gettext: Gettext, base: str | None, prefix: str) -> str:
    # A stored finding may be about a muscle that today's content has no more: it is told, but not drawn.
    places = [place for place in body.regions if place.muscle == finding["muscle"]]
    weak = {side for one in findings if one["muscle"] == finding["muscle"] and one["state"] == "weak" for side in _sides(one)}
    shapes = [
        _region(place, side, finding, doubled=finding["state"] == "tight" and side in weak, prefix=prefix)
        for place in places
        for side in _sides(finding)
    ]
    within = f"<title>{escape(_told(finding, gettext))}</title>" + "".join(shapes)
    lowered = f'transform="translate(0 {TOP})" class="body-map-finding"'
    if base is None or not places:
        return f"<g {lowered}>{within}</g>"
    return f'<a {lowered} href="{escape(base)}#finding-{escape(finding["id"])}">{within}</a>'


def _region(place: Place, side: str, finding: FindingShape, *, doubled: bool, prefix: str) -> str:
    state: State = finding["state"]
    path = "".join(_placed(place, view, side) for view in MIDLINES)
    dashes = ' stroke-dasharray="3 3"' if doubled else ""
    return (
        f'<path class="body-map-{state}-edge" fill="{fill(prefix, state, finding["band"], over=doubled)}"'
        f' stroke="{COLOURS[state]}" stroke-width="{LINE_WIDTHS[finding["band"]]}" stroke-linejoin="round"{dashes} d="{path}"/>'
    )


@lru_cache(maxsize=256)
def _placed(place: Place, view: View, side: str) -> str:
    return _paths(place.seen_from(view), MIDLINES[view], SIGNS[view][side])
