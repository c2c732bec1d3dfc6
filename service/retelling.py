"""What was stored, in the language of whoever reads it now: told again where the content is still the same, else as it was said then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic_core import from_json

from rules import CheckInOutcome, Guidance, Pack, PastCheckIn, check_in, evaluate
from rules.shapes import PlanShape
from service.assessments import Kept
from service.check_ins import KeptCheckIn
from service.clinics.clinics import Clinic
from service.reader import Reader


@dataclass(frozen=True)
class Week:
    """One check-in: when it was, what was told, what followed."""

    day: date
    told: dict[str, Any]
    outcome: CheckInOutcome


@dataclass(frozen=True)
class Weeks:
    """A kept result with the check-ins since. `language`: what it is told in; `clinic`: whom it was sent to, if anybody."""

    kept: Kept
    language: str
    guidance: Guidance
    weeks: Sequence[Week]
    clinic: Clinic | None

    @property
    def plan(self) -> PlanShape:
        """The plan as it is now."""
        return self.weeks[-1].outcome["plan"] if self.weeks else self.guidance["plan"]

    @property
    def goes_on(self) -> bool:
        """Whether there is a plan to check in on."""
        return self.plan["status"] == "issued"

    @property
    def created(self) -> date:
        """The day it was kept."""
        return self.kept.created_at.date()

    @property
    def expires(self) -> date:
        """The day it is erased."""
        return self.kept.expires_at.date()


def retold(reader: Reader, kept: Kept, check_ins: Sequence[KeptCheckIn], clinic: Clinic | None) -> Weeks:
    """A stored result for this reader."""
    stored: Guidance = from_json(kept.guidance)
    outcomes: list[CheckInOutcome] = [from_json(one.outcome) for one in check_ins]
    language = kept.language
    if stored["versions"]["digest"] == reader.pack.digest:
        # The same content gives the same guidance: only its words change. What is told of the weeks is in the words of each day otherwise.
        language = reader.language
        stored = stored if language == kept.language else evaluate(reader.pack, from_json(kept.answers))
        outcomes = _again(reader.pack, kept, stored, check_ins, outcomes)
    weeks = [Week(one.created_at.date(), from_json(one.told), said) for one, said in zip(check_ins, outcomes, strict=True)]
    plan = weeks[-1].outcome["plan"] if weeks else stored["plan"]
    return Weeks(kept, language, {**stored, "plan": plan}, weeks, clinic)


def _again(
    pack: Pack, kept: Kept, guidance: Guidance, check_ins: Sequence[KeptCheckIn], outcomes: Sequence[CheckInOutcome]
) -> list[CheckInOutcome]:
    earlier: list[PastCheckIn] = []
    said: list[CheckInOutcome] = []
    first = _exercises(guidance["plan"])
    for one, outcome in zip(check_ins, outcomes, strict=True):
        told, day = from_json(one.told), _day(kept.created_at, one.created_at)
        said.append(check_in(pack, from_json(kept.answers), first, told, day=day, earlier=earlier))
        earlier.append(PastCheckIn(day, told, outcome["decision"], _exercises(outcome["plan"])))
    return said


def _exercises(plan: PlanShape) -> tuple[str, ...]:
    return tuple(one["exercise"] for one in plan["prescriptions"])


def _day(first: datetime, moment: datetime) -> int:
    return (moment - first).days
