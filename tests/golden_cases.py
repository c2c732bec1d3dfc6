"""The shapes of the golden files, and the cases in them: read as strictly as a pack is."""

from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field

from rules.content import Urgency
from rules.content.documents import Document
from rules.content.shape import Shape
from rules.weighing.weigh import Band

GOLDEN = Path(__file__).parent / "golden"
Given = dict[str, str | int | float | list[str]]
SIDES: dict[str, Literal["left", "right"] | None] = {"left": "left", "right": "right", "none": None}
S = TypeVar("S", bound=Shape)


class People(Shape):
    """people.yaml: where the cases start from."""

    people: dict[str, Given]


class Vignette(Shape):
    """A person, and what must come out."""

    case: str = Field(pattern=r"^[VNRT]\d\d")
    person: str
    answers: Given
    urgency: Urgency
    red_flags: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    hidden_tests: tuple[str, ...] = ()
    findings: dict[str, Band] = Field(default_factory=dict)
    never_findings: tuple[str, ...] = ()
    highest_band: Band = "strong"
    support_tier: bool = False
    signposts: tuple[str, ...] = ()
    plan: Literal["issued", "withheld", "safety-unanswered"]
    plan_has: tuple[str, ...] = ()
    plan_lacks: tuple[str, ...] = ()
    extra_set_side: dict[str, Literal["left", "right"]] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Vignettes(Shape):
    """vignettes.yaml and consistency.yaml"""

    vignettes: tuple[Vignette, ...]


class Boundary(Shape):
    """Answers right at both sides of a line."""

    says: str
    fires: Given
    silent: Given


class RuleCase(Boundary):
    """An evidence rule at its boundary."""

    rule: str
    side: Literal["left", "right", "none"]


class RuleCases(Shape):
    """rules.yaml"""

    cases: tuple[RuleCase, ...]


class FlagCase(Boundary):
    """A level of a red flag at its boundary."""

    flag: str
    urgency: Urgency


class GateCase(Boundary):
    """A gate at its boundary."""

    gate: str


class HiddenCase(Boundary):
    """A self-test that is not offered to everybody, at its boundary: it is hidden where the case fires."""

    test: str


class SignCase(Boundary):
    """A sign of the support tier at its boundary."""

    sign: str


class SignpostCase(Boundary):
    """A signpost at its boundary."""

    signpost: str


class SupportCases(Shape):
    """support.yaml"""

    person: str
    signs: tuple[SignCase, ...]
    signposts: tuple[SignpostCase, ...]


class SafetyCases(Shape):
    """safety.yaml"""

    person: str
    red_flags: tuple[FlagCase, ...]
    gates: tuple[GateCase, ...]
    hidden_tests: tuple[HiddenCase, ...]


def golden(name: str, shape: type[S]) -> S:
    """A golden file, read as strictly as a pack is."""
    return Document(GOLDEN / name, name, shape).content


PEOPLE = golden("people.yaml", People).people
VIGNETTES = golden("vignettes.yaml", Vignettes).vignettes + golden("consistency.yaml", Vignettes).vignettes
RULES = golden("rules.yaml", RuleCases).cases
SAFETY = golden("safety.yaml", SafetyCases)
SUPPORT = golden("support.yaml", SupportCases)
