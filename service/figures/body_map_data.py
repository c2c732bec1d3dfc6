"""The drawing of the body as its author writes it, and how it is read: every muscle of the pack lies somewhere, and nothing else does."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import StringConstraints, model_validator

from rules import Pack
from rules.content.documents import Document, Fault, PackRefused
from rules.content.shape import Code, Shape

NAME = "figures/body-map.yaml"
_POINT = r"-?[0-9]+(\.[0-9]+)?,-?[0-9]+(\.[0-9]+)?\*?"
Curve = Annotated[str, StringConstraints(pattern=rf"^{_POINT}( {_POINT})+$")]
View = Literal["front", "back"]


class Views(Shape):
    """Curves on the front and on the back of one half of the body."""

    front: tuple[Curve, ...] = ()
    back: tuple[Curve, ...] = ()

    def seen_from(self, view: View) -> tuple[Curve, ...]:
        """The curves of one view."""
        return self.front if view == "front" else self.back


class Place(Views):
    """Where a muscle lies."""

    muscle: Code

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if not self.front and not self.back:
            raise ValueError("a muscle lies on the front, on the back, or both")
        return self


class Body(Shape):
    """figures/body-map.yaml: one half of a person; the other is its mirror image. `bystanders`: muscles that are not assessed."""

    outline: Curve
    regions: tuple[Place, ...]
    bystanders: Views
    hair: Views
    lines: Views


def load_body(seeds: Path, pack: Pack) -> Body:
    """Read the drawing that belongs to a pack.

    Raises PackRefused, with file, line and key of every fault, when something is wrong in itself or does not fit the pack.
    """
    document = Document(seeds / NAME, NAME, Body)
    faults = document.faults or list(_misfits(pack, document))
    if faults:
        raise PackRefused(faults)
    return document.content


def _misfits(pack: Pack, document: Document[Body]) -> Iterator[Fault]:
    drawn = Counter[str]()
    for place, region in enumerate(document.content.regions):
        drawn[region.muscle] += 1
        if region.muscle not in pack.muscles:
            yield document.fault(("regions", place, "muscle"), f"{region.muscle} is no muscle of muscles.yaml")
        elif drawn[region.muscle] > 1:
            yield document.fault(("regions", place, "muscle"), f"{region.muscle} is drawn twice")
    for muscle in pack.muscles.keys() - drawn.keys():
        yield document.fault(("regions",), f"{muscle} of muscles.yaml is drawn nowhere")
