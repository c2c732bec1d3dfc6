"""Questions and self-tests as their authors write them, and the flat list of items that follows."""

from typing import Literal, Self

from pydantic import Field, model_validator

from rules.content.criterion import Criterion
from rules.content.shape import Bases, Code, LinkId, OptionalText, Shape, Sources, Text

Region = Literal["back", "hips", "glutes", "legs", "shoulders"]


class Option(Shape):
    """One answer to choose. `neutral`: no rule reads it, on purpose. `exclusive`: goes with no other option."""

    code: Code
    text: Text
    neutral: bool = False
    exclusive: bool = False


class EnableWhen(Shape):
    """FHIR's enableWhen, one condition."""

    question: LinkId
    operator: Literal["exists", "=", "!=", ">", "<", ">=", "<="]
    answer: str | float | bool


class Item(Shape):
    """One question.

    `options` is a list, or the name of a set in pack.yaml. `cleared_by` names the group's
    "none of these" item: when that says `none` and this item is unanswered, this item reads `no`.
    `seconds` is how long an answer usually takes.
    """

    link_id: LinkId
    text: Text
    help: OptionalText = ""
    type: Literal["choice", "choices", "integer", "decimal"]
    options: tuple[Option, ...] | Code = ()
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    seconds: int = Field(default=5, ge=1, le=600)
    enable_when: tuple[EnableWhen, ...] = ()
    enable_behavior: Literal["all", "any"] = "all"
    cleared_by: LinkId | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if self.type in ("choice", "choices"):
            if not self.options or self.unit or self.min is not None or self.max is not None:
                raise ValueError("a choice needs options, and no unit or limits")
        elif self.options or self.unit is None or self.min is None or self.max is None or self.min >= self.max:
            raise ValueError("a number needs unit, min and max (min below max), and no options")
        return self

    @property
    def own_options(self) -> tuple[Option, ...]:
        """The options that stand with the item itself; those of a set are in pack.yaml."""
        return self.options if isinstance(self.options, tuple) else ()


class Group(Shape):
    """A page of questions that belong together."""

    id: Code
    title: Text
    intro: OptionalText = ""
    region: Region | None = None
    items: tuple[Item, ...]


class NormRow(Shape):
    """One cell of a table by age and sex; an absent key covers everybody."""

    age: tuple[Code, ...] = ()
    sex: Literal["female", "male"] | None = None
    value: float


class Typical(Shape):
    """What is usual: at least `low`, at most `high`, said in one sentence."""

    low: float | None = None
    high: float | None = None
    text: Text
    sources: Sources


class SideDifference(Shape):
    """From when sides differ by more than measurement error: `by` units, and `share` of the other side.

    `beyond`: the difference must be more than that, not just as much.
    """

    by: float = Field(gt=0)
    share: float = Field(default=0, ge=0, lt=1)
    beyond: bool = False
    basis: Bases
    sources: Sources


class SmallestChange(Shape):
    """From when two results of one person, on the same side, differ by more than chance. `basis`: what the number rests on."""

    by: float = Field(gt=0)
    basis: Bases
    sources: Sources


class Measure(Shape):
    """One number that a self-test yields; for a sided test, one a side. `better` says which way is good; `name` tells it from the test's other measures.

    `basis`: what its usual values and norms rest on.
    """

    code: Code
    name: OptionalText = ""
    text: Text
    type: Literal["integer", "decimal"]
    unit: str
    min: float
    max: float
    better: Literal["higher", "lower"]
    basis: Bases
    typical: Typical | None = None
    side_difference: SideDifference | None = None
    smallest_change: SmallestChange | None = None
    norms: dict[Code, tuple[NormRow, ...]] = Field(default_factory=dict)


class Observation(Shape):
    """Something seen or felt during a self-test. `basis`: why it counts as a sign."""

    code: Code
    text: Text
    help: OptionalText = ""
    basis: Bases
    options: tuple[Option, ...] | Code


class SelfTest(Shape):
    """A test a person does alone. Its items are `tests.<name>.<measure>[.left|.right]`, `tests.<name>.<observation>` and `tests.<name>.stopped-by`."""

    id: str = Field(pattern=r"^T\d\d$")
    name: Code
    title: Text
    region: Region
    sided: bool
    measures: tuple[Measure, ...] = ()
    observations: tuple[Observation, ...] = ()
    kit: tuple[Code, ...] = ()
    positions: tuple[Code, ...] = Field(min_length=1)
    seconds: int = Field(ge=10, le=600)
    steps: tuple[Text, ...] = Field(min_length=2)
    stop_rules: tuple[Text, ...] = Field(min_length=1)
    hidden_by: tuple[str, ...] = ()
    hidden_when: Criterion | None = None
    pain_sets: tuple[str, ...] = ()
    fitness: bool = False
    cannot_tell: Text
    sources: Sources
    review: Literal["needed", "done"] = "needed"


class SelfTests(Shape):
    """The self-tests file."""

    id: Literal["tests"]
    title: Text
    intro: Text
    stopped_by: Text
    tests: tuple[SelfTest, ...]


class Groups(Shape):
    """A file with several pages."""

    groups: tuple[Group, ...]
