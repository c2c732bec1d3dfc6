"""What every authored shape shares: strict, frozen, no key it does not know."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Shape(BaseModel):
    """A piece of content as its author writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, populate_by_name=False)


Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
LinkId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=80)]
SourceId = Annotated[str, StringConstraints(pattern=r"^([a-z0-9-]+|article:C\d\d)$")]
Text = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True)]
Sources = Annotated[tuple[SourceId, ...], Field(min_length=1)]
# Where a number comes from: read at the source, or on a page about it; worked out from what was read; from memory; chosen by us.
Basis = Literal["read", "secondary", "calculated", "memory", "judgement"]
Bases = Annotated[tuple[Basis, ...], Field(min_length=1)]
