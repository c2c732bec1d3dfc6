"""What the rest rests on: sources, the article's claims, muscles, patterns, and the pack's own label."""

from typing import Literal

from pydantic import Field

from rules.content.evidence import State
from rules.content.questionnaire import Option, Region
from rules.content.shape import Bases, Code, LinkId, OptionalText, Shape, Sources, Text, Untranslated


class Source(Shape):
    """One entry of the bibliography. `read` says how far we got; everything but `source` needs a second look."""

    id: Code
    citation: Untranslated
    grade: Literal["strong", "moderate", "weak", "opinion"]
    read: Literal["source", "secondary", "memory", "judgement"]
    review: Literal["needed", "done"]
    note: str = ""


class SourceList(Shape):
    """sources.yaml"""

    sources: tuple[Source, ...]


class Claim(Shape):
    """One claim of the article the pack started from."""

    id: str = Field(pattern=r"^C\d\d$")
    paragraphs: tuple[int, ...]
    claim: Text
    stance: Literal["honours", "tempers", "corrects"]
    what_we_do: Text
    sources: tuple[str, ...] = ()


class Article(Shape):
    """article.yaml"""

    title: Text
    claims: tuple[Claim, ...]


class Muscle(Shape):
    """A muscle group. `priors`: the share of adults with a sore back in whom each state would be measured; only these states are assessed.

    `basis`: what these shares rest on. `stays_possible`: why nothing that is asked or measured makes a state more than possible.
    """

    id: Code
    name: Text
    plain_name: Text
    region: Region
    sided: bool
    priors: dict[State, float]
    basis: Bases
    says: dict[State, Text]
    neighbours: tuple[Code, ...] = ()
    stays_possible: dict[State, Untranslated] = Field(default_factory=dict)
    sources: Sources
    review: Literal["needed", "done"] = "needed"


class MuscleList(Shape):
    """muscles.yaml; findings in a `shown_last` region come after others of the same band."""

    shown_last: tuple[Region, ...]
    muscles: tuple[Muscle, ...]


class Pattern(Shape):
    """A named grouping, for display only: it adds no weight."""

    id: Code
    name: Text
    tight: tuple[Code, ...] = Field(min_length=1)
    weak: tuple[Code, ...] = Field(min_length=1)
    text: Text
    basis: Bases
    sources: Sources
    review: Literal["needed", "done"] = "needed"


class Patterns(Shape):
    """patterns.yaml; shown when so many tight and so many weak members each have a measured test behind them."""

    tight_members: int
    weak_members: int
    patterns: tuple[Pattern, ...]


class Versions(Shape):
    """Three semantic versions: they change apart."""

    questionnaire: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    evidence: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    exercises: str = Field(pattern=r"^\d+\.\d+\.\d+$")


class Review(Shape):
    """Who has looked over the content."""

    status: Literal["needed", "done"]
    text: Text


class Notes(Shape):
    """Sentences that belong to a whole guidance."""

    nothing_stands_out: Text = Field(alias="nothing-stands-out")
    too_little_asked: Text = Field(alias="too-little-asked")
    clinician_before_tests: Text = Field(alias="clinician-before-tests")
    general_deconditioning: Text = Field(alias="general-deconditioning")
    stopped_by_pain: Text = Field(alias="stopped-by-pain")
    hidden_test: Text = Field(alias="hidden-test")


class Label(Shape):
    """pack.yaml: what the pack is and is not."""

    id: Code
    name: Text
    language: str
    versions: Versions
    licence: Untranslated
    review: Review
    intended_use: Text
    not_for: tuple[Text, ...] = Field(min_length=1)
    limits: tuple[Text, ...] = Field(min_length=1)
    notes: Notes
    not_sure: Text
    units: dict[str, OptionalText]
    unit_of_one: dict[str, Text] = Field(default_factory=dict)
    option_sets: dict[Code, tuple[Option, ...]]
    question_order: tuple[Code, ...]


class Example(Shape):
    """A whole set of answers to try."""

    id: Code
    title: Untranslated
    about: Untranslated
    answers: dict[LinkId, str | int | float | tuple[Code, ...]]


class Examples(Shape):
    """examples.yaml"""

    examples: tuple[Example, ...]


class Reading(Shape):
    """How hard a text may be: its Flesch-Kincaid grade, from so many words on. `known`: words that count as easy whatever their length."""

    hardest_grade: float
    fewest_words: int = Field(ge=1)
    known: tuple[str, ...] = ()


class Avoided(Shape):
    """Words we do not use, and what to say instead. A word that ends with * stands for all that begin so."""

    words: tuple[str, ...] = Field(min_length=1)
    say: Untranslated


class Wording(Shape):
    """wording.yaml: how the texts of a pack read."""

    reading: Reading
    avoid: tuple[Avoided, ...]
