"""Somebody who checks in once a week, and the golden cases of it."""

from dataclasses import dataclass, field
from pathlib import Path

from rules import CheckInOutcome, Pack, PastCheckIn, check_in, evaluate
from rules.content import Decision
from rules.content.documents import Document
from rules.content.shape import Shape
from tests.strategies import Given

Told = dict[str, str | int]


@dataclass
class Weeks:
    """Somebody with a plan who checks in."""

    pack: Pack
    answers: Given
    earlier: list[PastCheckIn] = field(default_factory=list)

    @property
    def plan(self) -> list[str]:
        """The exercises of the assessment."""
        return [one["exercise"] for one in evaluate(self.pack, self.answers)["plan"]["prescriptions"]]

    def tell(self, told: Given, day: int | None = None) -> CheckInOutcome:
        """One more check-in, a week after the last one unless another day is given."""
        when = day if day is not None else (self.earlier[-1].day + 7 if self.earlier else 7)
        said = check_in(self.pack, self.answers, self.plan, told, day=when, earlier=self.earlier)
        self.earlier.append(PastCheckIn(when, told, said["decision"], tuple(exercises(said))))
        return said

    def tell_all(self, *weeks: Given) -> CheckInOutcome:
        """Several weeks; what the last of them led to."""
        return [self.tell(told) for told in weeks][-1]


def exercises(said: CheckInOutcome) -> list[str]:
    """What the plan holds from now on."""
    return [one["exercise"] for one in said["plan"]["prescriptions"]]


class Case(Shape):
    """Some weeks in a row, and what the last of them leads to."""

    says: str
    weeks: tuple[Told, ...]
    decision: Decision
    because: tuple[str, ...]


class Cases(Shape):
    """check-ins.yaml"""

    easy_week: Told
    cases: tuple[Case, ...]


GOLDEN = Document(Path(__file__).parent / "golden" / "check-ins.yaml", "golden/check-ins.yaml", Cases).content
EASY: Given = dict(GOLDEN.easy_week)
