"""What comes after an assessment: what a comparison says, and the weekly check-in."""

from typing import Literal

from pydantic import Field

from rules.content.criterion import Criterion
from rules.content.questionnaire import Item
from rules.content.shape import Bases, Code, LinkId, Shape, Sources, Text, Untranslated

Decision = Literal["harder", "hold", "easier", "stop-and-see-a-clinician"]
DECISIONS: tuple[Decision, ...] = ("harder", "hold", "easier", "stop-and-see-a-clinician")
WEEKS = "weeks"


class ComparisonTexts(Shape):
    """What is said of a result that was measured twice; {name}, {change} and {smallest} are filled in."""

    better: Text
    worse: Text
    too_small: Text = Field(alias="too-small")
    same: Text
    not_known: Text = Field(alias="not-known")
    not_counted: Text = Field(alias="not-counted")


class Rise(Shape):
    """How far the answer to `item` lies above the one to `over`, which the assessment asked."""

    id: LinkId
    item: LinkId
    over: LinkId


class Streak(Shape):
    """In how many weeks in a row, this one included, `when` held; with `since_step` only since the plan last moved. `basis`: what its limits rest on."""

    id: LinkId
    when: Criterion
    since_step: bool
    basis: Bases
    sources: Sources


class CheckInRule(Shape):
    """What a check-in leads to, and why. Of all rules that hold the most careful counts. `basis`: what its limits rest on."""

    id: str = Field(pattern=r"^CI\d\d$")
    then: Decision
    when: Criterion
    because: Text
    basis: Bases
    sources: Sources


class CheckInTexts(Shape):
    """What each decision means for the coming week."""

    harder: Text
    hold: Text
    hold_undecided: Text = Field(alias="hold-undecided")
    easier: Text
    stop: Text = Field(alias="stop-and-see-a-clinician")


class CheckInExample(Shape):
    """A week to try the service with: answers by the key of each question."""

    id: Code
    title: Untranslated
    told: dict[str, str | int]


class CheckIn(Shape):
    """The weekly questions, and what follows from the answers.

    `days_apart`: a check-in sooner than this after the one before tells of the same week. `harder_at_once`: how many exercises may move up at a time.
    `basis`: what these two rest on; criteria and streaks have their own.
    """

    title: Text
    intro: Text
    days_apart: int = Field(ge=1, le=7)
    harder_at_once: int = Field(ge=1)
    basis: Bases
    questions: tuple[Item, ...] = Field(min_length=1)
    rises: tuple[Rise, ...]
    streaks: tuple[Streak, ...]
    rules: tuple[CheckInRule, ...] = Field(min_length=1)
    says: CheckInTexts
    examples: tuple[CheckInExample, ...] = Field(min_length=1)
    review: Literal["needed", "done"] = "needed"


class FollowUp(Shape):
    """follow-up.yaml"""

    comparison: ComparisonTexts
    check_in: CheckIn
