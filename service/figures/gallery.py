"""Every picture of a pack, drawn when it is first asked for and then kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules import Pack
from service.figures.composing import compose
from service.figures.loading import Figures
from service.figures.shapes import Picture
from service.figures.svg import Look, draw

Side = Literal["left", "right"]
Motion = Literal["still", "animated"]
Background = Literal["card", "none"]


@dataclass(frozen=True)
class Wanted:
    """Which picture: of an exercise or a self-test, by its name; for which side; still or moving; on a card or not."""

    kind: Literal["exercise", "self-test"]
    name: str
    side: Side = "right"
    motion: Motion = "animated"
    background: Background = "card"


@dataclass(frozen=True)
class Drawn:
    """A picture's bytes and strong ETag."""

    body: bytes
    etag: str


@dataclass(frozen=True)
class Subject:
    """What a picture is of, in the pack's own words."""

    title: str
    told: str
    sided: bool


@dataclass(frozen=True)
class Gallery:
    """The pictures of a pack. `drawn` holds what was asked for before: at most eight of each picture."""

    pack: Pack
    figures: Figures
    drawn: dict[Wanted, Drawn] = field(default_factory=dict)

    def picture(self, wanted: Wanted) -> Drawn | None:
        """A picture, or None when there is none by this name."""
        subject, picture = self.subject(wanted), self.pictures(wanted.kind).get(self.key(wanted))
        if subject is None or picture is None:
            return None
        if wanted not in self.drawn:
            body = self._draw(wanted, subject, picture).encode()
            self.drawn[wanted] = Drawn(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
        return self.drawn[wanted]

    def pictures(self, kind: Literal["exercise", "self-test"]) -> Mapping[str, Picture]:
        """What is drawn of this kind, by id."""
        return self.figures.exercises if kind == "exercise" else self.figures.self_tests

    def key(self, wanted: Wanted) -> str:
        """The id under which a picture is written: an exercise's own, or a test's (T01)."""
        test = self.pack.tests.get(wanted.name) if wanted.kind == "self-test" else None
        return test.id if test else wanted.name

    def subject(self, wanted: Wanted) -> Subject | None:
        """What the picture is of, if the pack knows it."""
        if wanted.kind == "exercise":
            exercise = self.pack.exercises.get(wanted.name)
            return Subject(exercise.name, " ".join(exercise.steps[:2]), exercise.side == "each") if exercise else None
        test = self.pack.tests.get(wanted.name)
        return Subject(test.title, " ".join(test.steps[:2]), test.sided) if test else None

    def _draw(self, wanted: Wanted, subject: Subject, picture: Picture) -> str:
        body = self.figures.body
        assert body is not None  # noqa: S101 - whoever has pictures has a body
        words = {option.code: option.text for option in self.pack.label.option_sets["sides"]}
        look = Look(
            name=f"{wanted.name}-{wanted.side[0]}",
            title=f"{subject.title} ({words[wanted.side]})" if subject.sided else subject.title,
            told=subject.told,
            animated=wanted.motion == "animated",
            mirrored=subject.sided and wanted.side == "left",
            card=wanted.background == "card",
        )
        return draw(body, picture, compose(body, self.figures.poses, picture), look)
