"""Red flags, gates and what to say at each urgency."""

from typing import Literal

from pydantic import Field

from rules.content.criterion import Criterion
from rules.content.shape import Bases, Code, Shape, Sources, Text, Untranslated

Urgency = Literal["emergency", "same-day", "clinician-first", "restricted", "clear"]
URGENCIES: tuple[Urgency, ...] = ("emergency", "same-day", "clinician-first", "restricted", "clear")
URGENT: tuple[Urgency, ...] = ("emergency", "same-day")  # nothing is shown then but what to do now


class Level(Shape):
    """One way a red flag shows, and how urgent it is then."""

    urgency: Literal["emergency", "same-day", "clinician-first", "restricted"]
    when: Criterion


class RedFlag(Shape):
    """A sign that comes before any exercise. Levels are read from the top; the first that holds counts. `basis`: what the levels rest on."""

    id: str = Field(pattern=r"^RF\d\d$")
    domain: Untranslated
    levels: tuple[Level, ...] = Field(min_length=1)
    text: Text
    basis: Bases
    sources: Sources
    review: Literal["needed", "done"] = "needed"


class Gate(Shape):
    """A reason to leave some exercises and self-tests out. `adds`: what suits instead; these come first when a plan is filled up.

    `positions`: those that it is about; an exercise in another position does not need it.
    """

    id: str = Field(pattern=r"^[A-Z_]+$")
    name: Untranslated
    when: Criterion
    because: Text
    adds: tuple[Code, ...] = ()
    basis: Bases
    positions: tuple[Code, ...] = ()
    sources: Sources
    review: Literal["needed", "done"] = "needed"


class Advice(Shape):
    """What to do, in full sentences, for each urgency."""

    emergency: Text
    same_day: Text = Field(alias="same-day")
    clinician_first: Text = Field(alias="clinician-first")
    restricted: Text
    clear: Text
    undecided: Text

    def for_urgency(self, urgency: Urgency) -> str:
        """The advice for one urgency."""
        words = {
            "emergency": self.emergency,
            "same-day": self.same_day,
            "clinician-first": self.clinician_first,
            "restricted": self.restricted,
        }
        return words.get(urgency, self.clear)


class Headings(Shape):
    """What stands above a result, for each urgency."""

    emergency: Text
    same_day: Text = Field(alias="same-day")
    clinician_first: Text = Field(alias="clinician-first")
    restricted: Text
    clear: Text


class Safety(Shape):
    """The safety file."""

    headings: Headings
    advice: Advice
    red_flags: tuple[RedFlag, ...]
    gates: tuple[Gate, ...]
