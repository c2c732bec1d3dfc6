"""Codes of other terminologies that mean what ours mean, or nearly; a service may add them to its FHIR resources."""

from typing import Literal

from pydantic import Field

from rules.content.shape import Bases, Code, Shape, Sources, Untranslated


class Match(Shape):
    """One of our meanings, and its code elsewhere.

    `of`: what `ours` names: a side, an item by its link_id, or the plan as a whole (`programme`). `meaning`: theirs is as ours, wider or narrower.
    """

    of: Literal["side", "item", "programme"]
    ours: str
    code: str = Field(pattern=r"^[0-9-]{3,18}$")
    display: Untranslated
    meaning: Literal["equivalent", "wider", "narrower"]
    basis: Bases
    sources: Sources


class Terminology(Shape):
    """A terminology by the id that the setting names. `licence`: on what terms its codes may be used."""

    id: Code
    name: Untranslated
    system: str = Field(pattern=r"^https?://[^\s]+$")
    licence: Untranslated
    matches: tuple[Match, ...] = Field(min_length=1)


class Terminologies(Shape):
    """terminologies.yaml"""

    review: Literal["needed", "done"]
    terminologies: tuple[Terminology, ...]
