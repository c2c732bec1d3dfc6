"""Looks at space from a distance: parallel rays, no vanishing point."""

from dataclasses import dataclass
from math import cos, radians, sin

from service.figures.vectors import Vector, dot

Spot = tuple[float, float]


@dataclass(frozen=True)
class Camera:
    """`right` and `up` span the picture; `away` points into it. A spot is in card units, y downwards."""

    right: Vector
    up: Vector
    away: Vector
    level: Vector
    scale: float = 1.0
    shift: Spot = (0.0, 0.0)

    def spot(self, point: Vector) -> Spot:
        """Where a point is on the card."""
        return (dot(point, self.right) * self.scale + self.shift[0], self.shift[1] - dot(point, self.up) * self.scale)

    def depth(self, point: Vector) -> float:
        """How far away a point is, in metres."""
        return dot(point, self.away)

    def towards(self, direction: Vector) -> float:
        """How much a direction points at us: 1 straight at us, -1 straight away."""
        return -dot(direction, self.away)


def camera(turn: float, height: float) -> Camera:
    """A camera that went round the person by `turn` degrees and looks down by `height` degrees."""
    c, s = cos(radians(turn)), sin(radians(turn))
    p, q = cos(radians(height)), sin(radians(height))
    level = (-s, c, 0.0)
    return Camera((c, s, 0.0), (level[0] * q, level[1] * q, p), (level[0] * p, level[1] * p, -q), level)
