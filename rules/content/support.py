"""The support tier: which answers say that a sore back weighs on more than muscles, how many are enough, and what is said then."""

from typing import Literal, Self

from pydantic import Field, model_validator

from rules.content.criterion import AtLeast, Criterion
from rules.content.evidence import Scale
from rules.content.shape import Bases, Code, Shape, Sources, Text


class Sign(Shape):
    """An answer that speaks for the tier."""

    id: Code
    when: Criterion
    because: Text
    sources: Sources


class Signpost(Shape):
    """Kind words, and whom to turn to; said when it holds, with or without the tier."""

    id: Code
    when: Criterion
    text: Text
    sources: Sources


class Support(Shape):
    """support.yaml: from `at_least` signs on, the tier is shown and every weight is multiplied by `factor`. `basis`: what its limits rest on."""

    at_least: int = Field(ge=1)
    text: Text
    factor: float = Field(gt=0, lt=1)
    counts_less: Text
    basis: Bases
    sources: Sources
    review: Literal["needed", "done"] = "needed"
    signs: tuple[Sign, ...]
    signposts: tuple[Signpost, ...]

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.at_least > len(self.signs):
            raise ValueError(f"at_least is {self.at_least}, but there are only {len(self.signs)} signs")
        return self

    @property
    def scale(self) -> Scale:
        """The tier among the reasons to count every weight for less."""
        enough = AtLeast(at_least=self.at_least, of=tuple(sign.when for sign in self.signs))
        return Scale(id="support", when=enough, factor=self.factor, text=self.counts_less, basis=self.basis, sources=self.sources)
