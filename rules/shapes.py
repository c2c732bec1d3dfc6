"""The shape of guidance: plain data, ready for JSON. These names are the contract with callers."""

from typing import Literal

from typing_extensions import TypedDict

from rules.content import ExerciseKind, Grade, Kind, State, Urgency
from rules.planning.candidates import Reason
from rules.weighing.weigh import Band


class Versions(TypedDict):
    """Which content gave this guidance. `digest` changes with any change of content."""

    pack: str
    questionnaire: str
    evidence: str
    exercises: str
    digest: str


class RedFlagShape(TypedDict):
    """A sign that comes before exercise, with what to do."""

    id: str
    urgency: Urgency
    text: str
    sources: list[str]


class GateShape(TypedDict):
    """A reason to leave some exercises out."""

    id: str
    because: str


class TriageShape(TypedDict):
    """Safety first. `unanswered`: the items without which there is no plan."""

    urgency: Urgency
    advice: str
    red_flags: list[RedFlagShape]
    gates: list[GateShape]
    unanswered: list[str]


class SignShape(TypedDict):
    """An answer that speaks for the support tier."""

    id: str
    text: str
    sources: list[str]


class SignpostShape(TypedDict):
    """Kind words for one answer, and whom to turn to."""

    id: str
    text: str
    sources: list[str]


class SupportShape(TypedDict):
    """More than exercises. `text` and `because`: the support tier, which recommends guided care; null and empty while too few answers speak for it."""

    text: str | None
    because: list[SignShape]
    signposts: list[SignpostShape]


class ArgumentShape(TypedDict):
    """One reason: the rule, the answer it read, how much it weighs, and why we believe it."""

    rule: str
    link_id: str
    answer: str | float | list[str] | None
    unit: str | None
    side: str
    weight: Literal["strong", "moderate", "slight"]
    kind: Kind
    grade: Grade
    text: str
    sources: list[str]


class UnansweredShape(TypedDict):
    """A reason still open: answering `link_id` could raise or lower the finding."""

    rule: str
    link_id: str
    could: Literal["raise", "lower", "raise-or-lower"]


class FindingShape(TypedDict):
    """A muscle that looks tight or weak. `lowest` and `highest`: the bands that any further answers could still give; `settled`: they are the same."""

    id: str
    muscle: str
    name: str
    state: State
    side: Literal["left", "right", "both", "midline"]
    region: str
    band: Band
    lowest: Band
    highest: Band
    settled: bool
    text: str
    neighbours: list[str]
    supporting: list[ArgumentShape]
    conflicting: list[ArgumentShape]
    unanswered: list[UnansweredShape]


class BandChange(TypedDict):
    """A finding's band, then and now."""

    id: str
    before: Band
    after: Band


class UrgencyChange(TypedDict):
    """The urgency, then and now."""

    before: Urgency
    after: Urgency


class PatternShape(TypedDict):
    """A named grouping of findings, for display only."""

    id: str
    name: str
    text: str
    sources: list[str]


class TypicalShape(TypedDict):
    """What is usual for a measure, in its own unit."""

    low: float | None
    high: float | None
    text: str
    sources: list[str]


class MeasuredShape(TypedDict):
    """A number from a self-test. `counted` is false when pain ended the test or it was not really tried."""

    link_id: str
    test: str
    name: str
    side: Literal["left", "right"] | None
    value: float
    unit: str
    counted: bool
    typical: TypicalShape | None


_For = TypedDict("_For", {"for": list[str]})


class PrescriptionShape(_For):
    """One exercise with its dose. `sets` are for each side when `side` is "each"; `extra_set_side` gets one more. `for`: ids of the findings it serves."""

    exercise: str
    name: str
    kind: ExerciseKind
    level: int
    position: list[str]
    kit: list[str]
    side: Literal["both", "each"]
    extra_set_side: Literal["left", "right"] | None
    sets: int
    reps: int
    hold_seconds: int
    rest_seconds: int
    days_a_week: int
    minutes: int
    steps: list[str]
    faults: list[str]
    stop_if: str
    caution: str
    easier: str | None
    harder: str | None
    why: str
    sources: list[str]


class LeftOutShape(TypedDict):
    """An exercise that would have fitted a finding, and why it is not in the plan."""

    exercise: str
    name: str
    reason: Reason
    gate: str | None
    text: str


class PlanShape(TypedDict):
    """What to do. `minutes` is one session."""

    status: Literal["issued", "withheld", "safety-unanswered"]
    reason: str | None
    minutes: int
    days_a_week: int
    prescriptions: list[PrescriptionShape]
    left_out: list[LeftOutShape]


class Completeness(TypedDict):
    """How many items were answered, of how many that make sense to ask this person."""

    answered: int
    askable: int


Why = Literal["safety", "plan", "could-raise", "could-clear", "decides-side"]


class AskedBecause(TypedDict):
    """Why something is asked, and the findings it bears on."""

    code: Why
    findings: list[str]


class NextItem(TypedDict):
    """An item to ask now."""

    link_id: str
    asked_because: list[AskedBecause]


class Progress(TypedDict):
    """How far the interview is. `seconds_left`: at most about so long, by the items' own estimates."""

    answered: int
    askable: int
    seconds_left: int


StopReason = Literal["urgent", "settled", "budget", "nothing-left"]


class NextQuestion(TypedDict):
    """What to ask now, all of it together, or that it is time to stop and why."""

    items: list[NextItem]
    should_stop: bool
    stop_because: StopReason | None
    progress: Progress


class Guidance(TypedDict):
    """Everything we say back. `support` is null when no answer calls for it, and whenever something is urgent."""

    versions: Versions
    triage: TriageShape
    support: SupportShape | None
    findings: list[FindingShape]
    patterns: list[PatternShape]
    measured: list[MeasuredShape]
    plan: PlanShape
    recheck_weeks: list[int]
    limits: list[str]
    completeness: Completeness
