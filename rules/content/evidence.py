"""Evidence rules and how their weights are combined."""

from typing import Literal

from pydantic import Field

from rules.content.criterion import Criterion
from rules.content.shape import Bases, Code, LinkId, OptionalText, Shape, Sources, Text, Untranslated

State = Literal["tight", "weak"]
Kind = Literal["measured", "felt", "history", "habit", "posture", "visual"]
Grade = Literal["strong", "moderate", "weak"]


class Bearing(Shape):
    """The muscle and state a rule bears on, and on which side.

    `same`: the side the answer names; `opposite`: the other one; `both`: left and right alike; `midline`: the muscle has no sides.
    """

    muscle: Code
    state: State
    side: Literal["same", "opposite", "both", "midline"]


class Rule(Shape):
    """One argument. Weights are natural-log units: `for` counts when the criterion holds, `against` when it is decided and does not.

    `against_when` narrows what counts as a normal answer (say, not merely "short of bad"). `basis`: what the weights and the threshold rest on.
    """

    id: str = Field(pattern=r"^R\d{3}$")
    on: tuple[Bearing, ...] = Field(min_length=1)
    when: Criterion
    against_when: Criterion | None = None
    weight_for: float = Field(alias="for", ge=-2, le=2)
    weight_against: float = Field(alias="against", ge=-2, le=0)
    kind: Kind
    grade: Grade
    cluster: str
    about: LinkId | None = None
    unless_measured: bool = False
    overrides: tuple[str, ...] = ()
    says: Text
    says_not: OptionalText = ""
    basis: Bases
    sources: Sources
    review: Literal["needed", "done"] = "needed"

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """`when`, and `against_when` where there is one."""
        return (self.when,) if self.against_when is None else (self.when, self.against_when)


class Rules(Shape):
    """One file of rules."""

    rules: tuple[Rule, ...]


class Cluster(Shape):
    """Arguments that tell the same story twice: the strongest counts whole, the `rest` (all, or only the next) at `share`.

    `shows_alone: false`: adds to other arguments, but is no reason to show a finding by itself.
    """

    id: str
    share: float = Field(gt=0, le=1)
    rest: Literal["all", "next"]
    highest: float | None = None
    lowest: float | None = None
    shows_alone: bool = True
    reason: Untranslated


class KindCap(Shape):
    """These kinds together add at most `limit` either way. `decides: false`: shown, but never moves a band."""

    kinds: tuple[Kind, ...] = Field(min_length=1)
    limit: float = Field(gt=0)
    decides: bool = True


class Scale(Shape):
    """When it holds, every weight is multiplied by `factor`."""

    id: str
    when: Criterion
    factor: float = Field(gt=0, lt=1)
    text: Text
    basis: Bases
    sources: Sources


class Fitness(Shape):
    """General fitness shows in every endurance test: when `low_tests` or more are low, only the strongest of these clusters counts whole."""

    clusters: tuple[str, ...]
    low_tests: int
    factor: float


class Bands(Shape):
    """Where each band begins, as a probability; a total must lie above it."""

    possible: float
    likely: float
    strong: float


class WeightClasses(Shape):
    """From which absolute weight an argument is called strong or moderate."""

    strong: float
    moderate: float


class WeighingBasis(Shape):
    """What each block of numbers rests on; `caps` speaks for the total as well. Scales have their own."""

    bands: Bases
    weight_classes: Bases
    caps: Bases
    clusters: Bases
    fitness: Bases
    normal_test: Bases


class Weighing(Shape):
    """clusters.yaml: everything about adding up that is a number."""

    basis: WeighingBasis
    bands: Bands
    weight_classes: WeightClasses
    total: float
    caps: tuple[KindCap, ...]
    clusters: tuple[Cluster, ...]
    fitness: Fitness
    normal_test: tuple[str, ...]
    scales: tuple[Scale, ...]
    review: Literal["needed", "done"] = "needed"
