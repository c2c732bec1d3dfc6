"""A composed picture as SVG: still with a pale first pose behind, or moving without any script."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, sin
from xml.sax.saxutils import escape

from service.figures.camera import Spot
from service.figures.composing import HEIGHT, WIDTH, Composed
from service.figures.inking import Ink
from service.figures.outlines import curve
from service.figures.shapes import Body, Picture

# The shadow lies on mats (rank -6) and under all else; what stands behind the body ranks below -3.
LOW, BEHIND = -5.5, -3


@dataclass(frozen=True)
class Look:
    """How a picture is to look. `name` keeps its ids apart from those of other pictures on a page."""

    name: str
    title: str
    told: str
    animated: bool = True
    mirrored: bool = False
    card: bool = True


def draw(body: Body, picture: Picture, composed: Composed, look: Look) -> str:
    """The whole SVG."""
    colours, name = body.colours, look.name
    inside = [_floor(composed, colours)] if look.card else []
    shadow = _shadow(composed, colours) if look.card else ""
    if look.animated and len(composed.moments) > 1:
        shapes = _moving(composed, picture, colours, name)
        low = sum(ink.rank[0] < LOW for ink in composed.moments[0])
        inside += [*shapes[:low], shadow, *shapes[low:]]
    else:
        inside += _still(composed, colours, name, shadow)
    inside += [_arrow(way, colours) for way in composed.arrows]
    figure = "".join(inside)
    turned = f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">{figure}</g>' if look.mirrored else figure
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" rx="24" fill="{colours["card"]}"/>' if look.card else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(look.title)}</title><desc id="{name}-d">{escape(look.told)}</desc>'
        f"{_patterns(picture, colours, name)}{ground}"
        f'<g stroke="{colours["line"]}" stroke-width="3.2" stroke-linejoin="round" stroke-linecap="round" paint-order="stroke">{turned}</g></svg>\n'
    )


def _still(composed: Composed, colours: dict[str, str], name: str, shadow: str) -> list[str]:
    """The last pose, with the first one pale behind it."""
    last = composed.moments[-1]
    mats, things, body = (
        [_shape(ink, colours, name) for ink in last if low <= ink.rank[0] < high] for low, high in ((-99, LOW), (LOW, BEHIND), (BEHIND, 99))
    )
    if len(composed.moments) == 1:
        return [*mats, shadow, *things, *body]
    pale = "".join(f'<path d="{ink.path}"/>' for ink in composed.still_from if ink.lined)
    ghost = f'<g fill="{colours["ghost"]}" stroke="none" opacity=".65">{pale}</g>'
    return [*mats, shadow, *things, ghost, *body]


def _patterns(picture: Picture, colours: dict[str, str], name: str) -> str:
    found = ""
    if picture.muscles.worked:
        found += (
            f'<pattern id="{name}-w" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<path fill="{colours["worked"]}" d="M0 0h9v9h-9z"/><path fill="{colours["worked-mark"]}" d="M0 0h3v9h-3z"/></pattern>'
        )
    if picture.muscles.stretched:
        found += (
            f'<pattern id="{name}-s" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(30)">'
            f'<path fill="{colours["stretched"]}" d="M0 0h10v10h-10z"/><circle fill="{colours["stretched-mark"]}" cx="5" cy="5" r="2.3"/></pattern>'
        )
    return f"<defs>{found}</defs>" if found else ""


def _floor(composed: Composed, colours: dict[str, str]) -> str:
    x, y, rx, ry = composed.ground.floor
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{colours["floor"]}" stroke="none"/>'


def _shadow(composed: Composed, colours: dict[str, str]) -> str:
    ground = composed.ground
    return f'<path d="{ground.shadow}" transform="{ground.squash}" fill="{colours["shadow"]}" stroke="none" opacity=".5"/>'


def _look(ink: Ink, colours: dict[str, str], name: str) -> str:
    use = {"worked": "w", "stretched": "s"}.get(ink.fill)
    if use:
        edge = colours[ink.fill]
        return f'fill="url(#{name}-{use})" stroke="{edge}" stroke-width="2"' + (' opacity=".45"' if ink.faint else "")
    return f'fill="{colours[ink.fill]}"' + ("" if ink.lined else ' stroke="none"')


def _shape(ink: Ink, colours: dict[str, str], name: str) -> str:
    return f'<path d="{ink.path}" {_look(ink, colours, name)}/>'


def _moving(composed: Composed, picture: Picture, colours: dict[str, str], name: str) -> list[str]:
    steps = len(composed.moments)
    whole = 2 * picture.seconds + 0.5 + picture.hold
    times = [picture.seconds * step / (steps - 1) for step in range(steps)]
    there = [0.0, *(0.5 + time for time in times)]
    back = [0.5 + 2 * picture.seconds + picture.hold - time for time in reversed(times)]
    marks = ";".join(f"{time / whole:.3f}".rstrip("0").rstrip(".") for time in [*there, *back])
    shapes = []
    for index, ink in enumerate(composed.moments[0]):
        paths = [moment[index].path for moment in composed.moments]
        look = _look(ink, colours, name)
        if len(set(paths)) == 1:
            shapes.append(_shape(ink, colours, name))
            continue
        values = ";".join([paths[0], *paths, *reversed(paths)])
        shapes.append(
            f'<path d="{ink.path}" {look}><animate attributeName="d" dur="{whole:.1f}s" repeatCount="indefinite" keyTimes="{marks}" values="{values}"/></path>'
        )
    return shapes


def _arrow(way: Sequence[Spot], colours: dict[str, str]) -> str:
    """A line along the way with a head at its end, on a light edge so that it reads on anything."""
    spots = [way[0], *(spot for before, spot in pairwise(way) if hypot(spot[0] - before[0], spot[1] - before[1]) > 1)]
    if len(spots) < 2:
        return ""
    (ax, ay), (bx, by) = spots[-2], spots[-1]
    turn = atan2(by - ay, bx - ax)
    line = f"M{round(spots[0][0])} {round(spots[0][1])}{curve(spots)}"
    wings = [(bx - 20 * cos(turn + swing), by - 20 * sin(turn + swing)) for swing in (0.5, -0.5)]
    head = f"M{round(wings[0][0])} {round(wings[0][1])}L{round(bx)} {round(by)}L{round(wings[1][0])} {round(wings[1][1])}"
    return "".join(
        f'<path d="{line}{head}" fill="none" stroke="{colours[colour]}" stroke-width="{width}"/>'
        for colour, width in (("card", 12), ("arrow", 6))
    )
