"""The shapes of what authors write about the drawn body, its poses and its pictures."""

from typing import Annotated, Literal

from pydantic import Field

from rules.content.shape import Code, Shape

SIDES: tuple[str, ...] = ("right", "left")
Angle = Annotated[float, Field(ge=-360, le=360)]
Ball = tuple[float, float, float, float]
Point = tuple[float, float, float]
# A part of the body, such as `right-hand`, or a point in metres: forward, to the left, up.
Place = Code | Point


class Joint(Shape):
    """How far a joint goes, in degrees."""

    low: float
    high: float
    sided: bool


class Thing(Shape):
    """A block to lie, sit or step on: length, width, height."""

    size: Point
    colour: Code


class Body(Shape):
    """body.yaml: the drawn person and what stands about."""

    lengths: dict[Code, float]
    joints: dict[Code, Joint]
    trunk: tuple[Ball, ...]
    hem: tuple[float, float]
    limbs: dict[Code, tuple[Ball, ...]]
    sleeve: tuple[Ball, ...]
    neck: tuple[Ball, ...]
    head: dict[Code, tuple[Ball, ...]]
    contacts: dict[Code, dict[Code, tuple[Ball, ...]]]
    muscles: dict[Code, dict[Code, tuple[Ball, ...]]]
    colours: dict[Code, Annotated[str, Field(pattern="^#[0-9A-F]{6}$")]]
    things: dict[Code, Thing]


class Pose(Shape):
    """Joint angles, what rests on what, and what reaches where.

    `rests`: the first part named places the body; hands, feet, toes and heels after it are brought to their surface.
    `lifts` lets go of what the pose it builds on rested. `slides` may move along its surface. `settle` tips the whole body until this part touches.
    """

    based_on: Code | None = Field(default=None, alias="from")
    angles: dict[Code, Angle] = Field(default_factory=dict)
    rests: dict[Code, Code] = Field(default_factory=dict)
    lifts: tuple[Code, ...] = ()
    slides: tuple[Code, ...] = ()
    reach: dict[Code, Place] = Field(default_factory=dict)
    settle: Code | None = None


class Poses(Shape):
    """poses.yaml: poses to begin from."""

    poses: dict[Code, Pose]


class View(Shape):
    """Where we look from: `turn` 0 sees the right side, 90 the front, -90 the back; `raise` looks down from above."""

    turn: Angle = 0.0
    height: Annotated[float, Field(ge=-30, le=90)] = Field(default=10.0, alias="raise")


class Block(Shape):
    """Something with a flat top: its middle at `at`, or under a part of the body in the first pose."""

    kind: Literal["mat", "bed", "step", "stool", "cushion", "pillow", "towel", "box"]
    at: tuple[float, float] = (0.0, 0.0)
    under: Code | None = None
    size: Point | None = None
    base: float = 0.0
    turn: Angle = 0.0
    in_front: bool = Field(default=False, alias="in-front")
    between_legs: bool = Field(default=False, alias="between-legs")


class Chair(Shape):
    """A chair whose seat has its middle at `at`; who sits on it looks where it `faces` (0 is forward)."""

    kind: Literal["chair"]
    at: tuple[float, float] = (0.0, 0.0)
    faces: Angle = 0.0
    height: float = 0.45


class Wall(Shape):
    """A wall so many metres from the middle, on one side of the person."""

    kind: Literal["wall", "doorway"]
    side: Literal["front", "back", "left", "right"]
    at: float
    height: float = 1.9


class Rail(Shape):
    """A hand rail: a bar along x or y, on posts."""

    kind: Literal["rail"]
    at: tuple[float, float]
    along: Literal["x", "y"] = "x"
    length: float = 0.7
    height: float = 0.95


class Cord(Shape):
    """A strap, band, stick or tape measure drawn through places, or a loop round two parts."""

    kind: Literal["strap", "band", "stick", "tape-measure"]
    through: tuple[Place, ...] = Field(min_length=2)
    behind: bool = False


class Weight(Shape):
    """A weight in a hand."""

    kind: Literal["weight"]
    held: Code


Prop = Annotated[Block | Chair | Wall | Rail | Cord | Weight, Field(discriminator="kind")]


class Muscles(Shape):
    """What works and what is stretched; `right-hamstrings` is one side, `hamstrings` both."""

    worked: tuple[Code, ...] = ()
    stretched: tuple[Code, ...] = ()


class Arrow(Shape):
    """The way of a part from the first pose to the last; or, for small movements, a push in metres: forward, to the left, up. `towards`: it comes to the part, and does not leave it."""

    part: Code
    push: Point | None = None
    towards: bool = False


class Picture(Shape):
    """One exercise or self-test, drawn for the right side."""

    view: View = View()
    props: dict[Code, Prop] = Field(default_factory=dict)
    muscles: Muscles = Muscles()
    start: Pose
    through: Pose | None = None
    end: Pose | None = None
    arrows: tuple[Arrow, ...] = ()
    front: tuple[Code, ...] = ()
    behind: tuple[Code, ...] = ()
    seconds: Annotated[float, Field(ge=0.5, le=6)] = 1.6
    hold: Annotated[float, Field(ge=0, le=4)] = 0.8


class Pictures(Shape):
    """A file of pictures, by the id of the exercise or self-test."""

    pictures: dict[str, Picture]
