"""Exercises, and what the plan may hold."""

from typing import Literal

from pydantic import Field

from rules.content.criterion import Criterion
from rules.content.evidence import State
from rules.content.shape import Bases, Code, LinkId, OptionalText, Shape, Sources, Text

ExerciseKind = Literal["mobilise", "stretch", "strengthen", "control", "aerobic"]


class Serves(Shape):
    """A muscle and a state the exercise is for."""

    muscle: Code
    state: State


class Dose(Shape):
    """How much. Either `reps` (each held `hold_seconds`) or one hold; `seconds_per_rep` is movement without the hold. `minutes` is for walking and the like."""

    code: str
    sets: int = Field(ge=1, le=10)
    reps: int = Field(default=1, ge=1, le=30)
    hold_seconds: int = Field(default=0, ge=0, le=300)
    seconds_per_rep: int = Field(default=4, ge=0, le=20)
    rest_seconds: int = Field(default=0, ge=0, le=180)
    days_a_week: int = Field(ge=1, le=7)
    minutes: int | None = Field(default=None, ge=1, le=60)


class Exercise(Shape):
    """One exercise. `only_when` must hold for it to be offered; the gates listed take it away.

    `same_as_test`: self-tests that are the same movement; pain in one of them takes the exercise away too. `basis`: what the dose rests on.
    """

    id: Code
    name: Text
    also_called: tuple[Text, ...] = ()
    kind: ExerciseKind
    serves: tuple[Serves, ...]
    side: Literal["both", "each"]
    kit: tuple[Code, ...] = ()
    positions: tuple[Code, ...] = Field(min_length=1)
    level: int = Field(ge=1, le=3)
    easier: tuple[Code, ...] = ()
    harder: tuple[Code, ...] = ()
    easier_way: OptionalText = ""
    harder_way: OptionalText = ""
    dose: Dose
    basis: Bases
    steps: tuple[Text, ...] = Field(min_length=1)
    faults: tuple[Text, ...] = Field(min_length=1)
    stop_if: Text
    gates: tuple[str, ...] = ()
    same_as_test: tuple[Code, ...] = ()
    only_when: Criterion | None = None
    caution: OptionalText = ""
    why: Text
    sources: Sources
    review: Literal["needed", "done"] = "needed"


class Exercises(Shape):
    """One file of exercises."""

    exercises: tuple[Exercise, ...]


class Kit(Shape):
    """A thing an exercise needs. `presumed`: nearly every home has it, so an unanswered question does not rule it out."""

    id: Code
    name: Text
    presumed: bool


class Position(Shape):
    """A position an exercise is done in."""

    id: Code
    name: Text


class PlanLevel(Shape):
    """From when exercises of this level are offered."""

    level: int = Field(ge=2, le=3)
    when: Criterion


class WeakStart(Shape):
    """Who is weak somewhere, from this band on, starts there at no higher level than this."""

    band: Literal["possible", "likely", "strong"]
    level: int = Field(ge=1, le=3)


class Deconditioned(Shape):
    """From so many findings of this band or a stronger one, it is training in general that is missing."""

    findings: int = Field(ge=1)
    band: Literal["possible", "likely", "strong"]


class LeftOutTexts(Shape):
    """Why an exercise is not in the plan; {exercise} and {what} (the kit, the position, the gate's reason) are filled in."""

    gate: Text
    pain: Text
    kit: Text
    position: Text
    level: Text
    only_when: Text = Field(alias="only-when")
    time: Text
    gentle: Text
    step: Text
    covered: Text
    balance: Text
    full: Text


class PlanReasons(Shape):
    """Why there is no plan."""

    urgent: Text
    clinician_first: Text = Field(alias="clinician-first")
    safety_unanswered: Text = Field(alias="safety-unanswered")


class PlanItems(Shape):
    """Which items tell the plan, the norms and the interview what they need."""

    minutes: LinkId
    kit: LinkId
    positions: LinkId
    age: LinkId
    sex: LinkId
    regions: LinkId


class PlanRules(Shape):
    """plan.yaml: limits of a plan, what everybody gets, and what is said about it. `basis`: what its numbers rest on."""

    items: PlanItems
    basis: Bases
    default_minutes: int
    short_session_below: int
    one_set_when: Criterion
    fewest: int
    usual_size: int
    most: int
    general_size: int
    smallest_gain: int
    most_stretches: int
    days_a_week: int
    recheck_weeks: tuple[int, ...]
    order: tuple[ExerciseKind, ...]
    band_points: dict[Literal["possible", "likely", "strong"], int]
    repeat_share: float
    suits: dict[State, dict[ExerciseKind, float]]
    always: tuple[Code, ...]
    general: tuple[Code, ...]
    deconditioned: Deconditioned
    levels: tuple[PlanLevel, ...]
    weak_start: WeakStart
    kit: tuple[Kit, ...]
    positions: tuple[Position, ...]
    left_out: LeftOutTexts
    reasons: PlanReasons
    review: Literal["needed", "done"] = "needed"
