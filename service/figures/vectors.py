"""Vectors and frames in space: x is forward, y to the person's left, z up."""

from math import acos, cos, degrees, radians, sin, sqrt
from typing import NamedTuple

Vector = tuple[float, float, float]
UP: Vector = (0.0, 0.0, 1.0)


def add(a: Vector, b: Vector, share: float = 1.0) -> Vector:
    """a + share · b"""
    return (a[0] + share * b[0], a[1] + share * b[1], a[2] + share * b[2])


def subtract(a: Vector, b: Vector) -> Vector:
    """a - b"""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def dot(a: Vector, b: Vector) -> float:
    """The scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """The vector product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def length(a: Vector) -> float:
    """How long a vector is."""
    return sqrt(dot(a, a))


def unit(a: Vector) -> Vector:
    """The same direction, one long."""
    size = length(a) or 1.0
    return (a[0] / size, a[1] / size, a[2] / size)


def across(a: Vector, normal: Vector) -> Vector:
    """The part of `a` that lies in the plane with this normal."""
    return add(a, normal, -dot(a, normal))


def between(a: Vector, b: Vector, share: float) -> Vector:
    """From a (0) to b (1)."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def rotated(a: Vector, axis: Vector, angle: float) -> Vector:
    """`a` turned about an axis of length one by degrees, as a right-handed screw."""
    c, s = cos(radians(angle)), sin(radians(angle))
    return add(add((a[0] * c, a[1] * c, a[2] * c), cross(axis, a), s), axis, dot(axis, a) * (1 - c))


def angle_between(a: Vector, b: Vector) -> float:
    """Degrees between two directions."""
    return degrees(acos(max(-1.0, min(1.0, dot(unit(a), unit(b))))))


class Frame(NamedTuple):
    """The directions that a part of the body calls forward, left and up."""

    forward: Vector
    left: Vector
    up: Vector

    def leant(self, angle: float) -> "Frame":
        """Tipped forward: up moves towards forward."""
        if angle == 0:
            return self
        c, s = cos(radians(angle)), sin(radians(angle))
        forward = add((self.forward[0] * c, self.forward[1] * c, self.forward[2] * c), self.up, -s)
        return Frame(forward, self.left, add((self.up[0] * c, self.up[1] * c, self.up[2] * c), self.forward, s))

    def tilted(self, angle: float) -> "Frame":
        """Tipped to the right: up moves towards the right."""
        if angle == 0:
            return self
        c, s = cos(radians(angle)), sin(radians(angle))
        left = add((self.left[0] * c, self.left[1] * c, self.left[2] * c), self.up, s)
        return Frame(self.forward, left, add((self.up[0] * c, self.up[1] * c, self.up[2] * c), self.left, -s))

    def turned(self, angle: float) -> "Frame":
        """Turned to the left: forward moves towards the left."""
        if angle == 0:
            return self
        c, s = cos(radians(angle)), sin(radians(angle))
        forward = add((self.forward[0] * c, self.forward[1] * c, self.forward[2] * c), self.left, s)
        return Frame(forward, add((self.left[0] * c, self.left[1] * c, self.left[2] * c), self.forward, -s), self.up)

    def rotated(self, axis: Vector, angle: float) -> "Frame":
        """The whole frame turned about an axis."""
        return Frame(rotated(self.forward, axis, angle), rotated(self.left, axis, angle), rotated(self.up, axis, angle))

    def point(self, origin: Vector, forward: float, left: float, up: float) -> Vector:
        """Where something lies that is so far forward, left and up of `origin`."""
        f, le, u = self
        return (
            origin[0] + f[0] * forward + le[0] * left + u[0] * up,
            origin[1] + f[1] * forward + le[1] * left + u[1] * up,
            origin[2] + f[2] * forward + le[2] * left + u[2] * up,
        )


WORLD = Frame((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), UP)
