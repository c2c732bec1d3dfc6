"""Simulated people as clinicians describe them: who they are, what they would answer, and what studies found in such people."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import Field, model_validator

from rules.content.evidence import Kind, State
from rules.content.pack import Pack
from rules.content.shape import Code, LinkId, Shape, Sources, Text

Share = float
SIDE_ENDINGS = (".left", ".right")
Known = Literal["source", "secondary", "calculated", "memory", "judgement"]


class PeopleGroup(Shape):
    """A group of simulated people, and its share of all."""

    id: Code
    name: Text
    share: Share = Field(gt=0, le=1)


class Among(Shape):
    """Whom something is about; an absent key covers everybody."""

    group: Code | None = None
    sex: Code | None = None
    age: tuple[Code, ...] = ()

    def covers(self, group: str, sex: object, age: object) -> bool:
        """Whether a person of this group, sex and age is meant."""
        return self.group in (None, group) and self.sex in (None, sex) and (not self.age or age in self.age)


class Row(Among):
    """How these people answer. `known`: how far the figures can be traced.

    Exactly one of: `mean` and `spread` (standard deviation) of a number; `shares` of the options of a choice, which make 1;
    `each`: how many choose each of several options.
    """

    mean: float | None = None
    spread: float | None = Field(default=None, ge=0)
    shares: dict[Code, Share] | None = None
    each: dict[Code, Share] | None = None
    known: Known = "judgement"

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.mean is None) != (self.spread is None):
            raise ValueError("a mean needs a spread, and a spread a mean")
        if [self.mean, self.shares, self.each].count(None) != 2:
            raise ValueError("a row says one thing: mean and spread, shares, or each")
        if self.shares is not None and abs(sum(self.shares.values()) - 1) > 0.001:
            raise ValueError(f"the shares make {sum(self.shares.values()):g}, not 1")
        if any(not 0 <= share <= 1 for share in (self.shares or self.each or {}).values()):
            raise ValueError("a share lies between 0 and 1")
        return self


class Distribution(Shape):
    """What people answer to one item; the first row that covers a person counts.

    `item` is without side for a measure of a test with sides; then `sides` is the correlation of left and right.
    `leans`: the correlation with each hidden factor that several answers share; the better (for a choice: the later option), the more of it.
    `step`: a number is given in these steps.
    """

    item: LinkId
    rows: tuple[Row, ...] = Field(min_length=1)
    leans: dict[Code, float] = Field(default_factory=dict)
    sides: float = Field(default=0.8, ge=0, le=1)
    step: float = Field(default=1, gt=0)
    sources: Sources

    @property
    def leaning(self) -> float:
        """The part of the variance that the hidden factors explain."""
        return sum(lean * lean for lean in self.leans.values())

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if self.leaning > self.sides:
            raise ValueError("what both sides lean on makes them more alike than `sides` says")
        return self


class StoppedBy(Shape):
    """What ends a self-test, where it has no entry of its own."""

    rows: tuple[Row, ...] = Field(min_length=1)
    sources: Sources


class Anchor(Among):
    """What a study found, and the share of simulated people among whom it should show again.

    The share is that of people with this finding (without `muscle`: with any) of this `band` or a stronger one. With `without` it is that of
    people for whom leaving out these items changes its band; `without_kinds` leaves out what rules of these kinds read. `asked`: they answer only these items (a link_id, or the beginning of some),
    and the safety questions. `given`: answers that are set. `times`: this often as high as in the group `than`.
    Chance may carry a share a little beyond `at_least` and `at_most`; nothing may pass a limit of 0.
    """

    id: str = Field(pattern=r"^A\d\d$")
    published: Text
    muscle: Code | None = None
    state: State | None = None
    band: Literal["possible", "likely", "strong"] = "possible"
    asked: tuple[str, ...] = ()
    given: dict[LinkId, str | int | float] = Field(default_factory=dict)
    without: tuple[str, ...] = ()
    without_kinds: tuple[Kind, ...] = ()
    at_least: Share | None = Field(default=None, ge=0, le=1)
    at_most: Share | None = Field(default=None, ge=0, le=1)
    times: float | None = Field(default=None, gt=0)
    than: Code | None = None
    sources: Sources

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.muscle is None) != (self.state is None):
            raise ValueError("a muscle needs a state, and a state a muscle")
        if (self.times is None) != (self.than is None):
            raise ValueError("`times` needs `than`, and `than` needs `times`")
        if self.at_least is None and self.at_most is None and self.times is None:
            raise ValueError("needs at_least, at_most, or times and than")
        return self


class Population(Shape):
    """population.yaml"""

    groups: tuple[PeopleGroup, ...] = Field(min_length=1)
    factors: dict[Code, Text]
    stopped_by: StoppedBy
    distributions: tuple[Distribution, ...]
    anchors: tuple[Anchor, ...]

    @model_validator(mode="after")
    def _has_everybody(self) -> Self:
        if abs(sum(group.share for group in self.groups) - 1) > 0.001:
            raise ValueError("the shares of the groups must make 1")
        return self


def entry_of(link_id: str, pack: Pack) -> str:
    """The name under which an item has its distribution: without the side, for a measure of a self-test."""
    return (
        next((link_id.removesuffix(end) for end in SIDE_ENDINGS if link_id.endswith(end)), link_id) if link_id in pack.test_of else link_id
    )


def starts(link_id: str, names: Iterable[str]) -> bool:
    """Whether an item is one of these, or begins like one."""
    return any(link_id == name or link_id.startswith(f"{name}.") for name in names)
