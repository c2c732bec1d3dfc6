"""What an author may ask of the answers: a small tree of questions that can be true, false or undecided."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from rules.content.shape import Code, LinkId, Shape

Side = Literal["left", "right"]
SideWord = Literal["same", "opposite", "left", "right"]


class Norm(Shape):
    """A threshold that depends on age and sex: a row of the measure's own table."""

    norm: Code


class Is(Shape):
    """The item was answered with this option."""

    item: LinkId
    is_: Code = Field(alias="is")


class OneOf(Shape):
    """The item was answered with one of these options."""

    item: LinkId
    in_: tuple[Code, ...] = Field(alias="in", min_length=1)


class FromOption(Shape):
    """The item was answered with this option or a later one; its options are in rising order."""

    item: LinkId
    from_: Code = Field(alias="from")


class OnSide(Shape):
    """A sided feeling was reported on this side (or on both)."""

    item: LinkId
    side: SideWord


class Includes(Shape):
    """A several-choice item was answered with this option among others."""

    item: LinkId
    includes: Code


class Range(Shape):
    """A number inside all the bounds that are given."""

    unit: str
    below: float | Norm | None = None
    at_least: float | Norm | None = None
    above: float | Norm | None = None
    at_most: float | Norm | None = None

    @model_validator(mode="after")
    def _has_a_bound(self) -> Self:
        if not self.bounds:
            raise ValueError("needs one of: below, at_least, above, at_most")
        return self

    @property
    def bounds(self) -> tuple[tuple[str, float | Norm], ...]:
        """The given bounds as (word, threshold)."""
        pairs = (("below", self.below), ("at_least", self.at_least), ("above", self.above), ("at_most", self.at_most))
        return tuple((word, threshold) for word, threshold in pairs if threshold is not None)


class Number(Range):
    """A numeric item lies inside the bounds."""

    item: LinkId


class Measured(Range):
    """A self-test's measure lies inside the bounds, and the test was not ended by pain.

    When something else tired first, a poor value is undecided: it says nothing about this muscle.
    """

    test: Code
    measure: Code
    side: SideWord | None = None


class SideGap(Shape):
    """This side did worse than the other by more than the test can err."""

    test: Code
    measure: Code
    gap: Literal["worse"]
    side: SideWord = "same"


class AllOf(Shape):
    """Every part holds."""

    all_: tuple["Criterion", ...] = Field(alias="all", min_length=1)


class AnyOf(Shape):
    """At least one part holds."""

    any_: tuple["Criterion", ...] = Field(alias="any", min_length=1)


class AtLeast(Shape):
    """At least so many of the parts hold."""

    at_least: int = Field(ge=1)
    of: tuple["Criterion", ...] = Field(min_length=1)


class Not(Shape):
    """The part does not hold."""

    not_: "Criterion" = Field(alias="not")


_BY_KEY = ("all", "any", "not", "of", "is", "in", "from", "includes")
_TAGS: dict[type, str] = {
    AllOf: "all",
    AnyOf: "any",
    Not: "not",
    AtLeast: "of",
    Is: "is",
    OneOf: "in",
    FromOption: "from",
    Includes: "includes",
    OnSide: "side",
    Number: "item",
    Measured: "test",
    SideGap: "gap",
}


def _shape_of(value: object) -> str | None:
    """Name the shape an author meant by the keys used, so that a mistake is reported once and in its own words."""
    if not isinstance(value, dict):
        return _TAGS.get(type(value))
    for key in _BY_KEY:
        if key in value:
            return key
    if "test" in value:
        return "gap" if "gap" in value else "test"
    if "item" in value:
        return "side" if "side" in value else "item"
    return None


Criterion = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[AtLeast, Tag("of")]
    | Annotated[Is, Tag("is")]
    | Annotated[OneOf, Tag("in")]
    | Annotated[FromOption, Tag("from")]
    | Annotated[Includes, Tag("includes")]
    | Annotated[OnSide, Tag("side")]
    | Annotated[Number, Tag("item")]
    | Annotated[Measured, Tag("test")]
    | Annotated[SideGap, Tag("gap")],
    Discriminator(
        _shape_of,
        custom_error_type="criterion",
        custom_error_message="is no criterion: use all, any, not, at_least + of, item + (is | in | from | includes | side | a bound), or test + measure",
    ),
]
Leaf = Is | OneOf | FromOption | Includes | OnSide | Number | Measured | SideGap

for _branch in (AllOf, AnyOf, AtLeast, Not):
    _branch.model_rebuild()


def leaves(criterion: Criterion) -> Iterator[Leaf]:
    """Every question at the bottom of the tree, in the order written."""
    match criterion:
        case AllOf(all_=parts) | AnyOf(any_=parts) | AtLeast(of=parts):
            for part in parts:
                yield from leaves(part)
        case Not(not_=part):
            yield from leaves(part)
        case _:
            yield criterion
