"""What every authored shape shares: strict, frozen, no key it does not know."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo


class Shape(BaseModel):
    """A piece of content as its author writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, populate_by_name=False)


Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
LinkId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=80)]
SourceId = Annotated[str, StringConstraints(pattern=r"^([a-z0-9-]+|article:C\d\d)$")]
Translate = Callable[[str], str]


def _translated(text: str, info: ValidationInfo) -> str:
    translate: Translate | None = info.context
    return translate(text) if translate and text else text


# Words that a person reads. They are translated as they are read: whoever validates passes a `Translate` as context, or None.
Text = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True), AfterValidator(_translated)]
OptionalText = Annotated[str, AfterValidator(_translated)]
# What stays as it is in every language: entries of a bibliography, notes for those who look after the content.
Untranslated = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True)]
Sources = Annotated[tuple[SourceId, ...], Field(min_length=1)]
# Where a number comes from: read at the source, or on a page about it; worked out from what was read; from memory; chosen by us.
Basis = Literal["read", "secondary", "calculated", "memory", "judgement"]
Bases = Annotated[tuple[Basis, ...], Field(min_length=1)]
