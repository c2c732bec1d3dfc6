"""Reads the body, the poses and the pictures of a folder of content, or refuses them with file, line and key of every fault."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from rules import Pack, PackRefused
from rules.content.documents import Document, Fault, Loc
from service.figures.placing import ENDS, MIDDLE, split
from service.figures.props import surfaces
from service.figures.shapes import SIDES, Body, Cord, Picture, Pictures, Pose, Poses

TESTS = "self-tests"


@dataclass(frozen=True)
class Figures:
    """All that pictures are drawn from. A pack without a folder of figures has no pictures."""

    body: Body | None = None
    poses: Mapping[str, Pose] = field(default_factory=dict)
    exercises: Mapping[str, Picture] = field(default_factory=dict)
    self_tests: Mapping[str, Picture] = field(default_factory=dict)


@lru_cache(maxsize=8)
def load_figures(seeds: Path, pack: Pack) -> Figures:
    """Read the figures of a folder of content, once for a pack.

    Raises PackRefused, with file, line and key of every fault, when a name is unknown or an angle is more than a joint can do.
    """
    folder = seeds / "figures"
    if not folder.is_dir():
        return Figures()
    body = Document(folder / "body.yaml", "figures/body.yaml", Body)
    poses = Document(folder / "poses.yaml", "figures/poses.yaml", Poses)
    exercises = [_document(folder, f"exercises/{path.stem}") for path in sorted((folder / "exercises").glob("*.yaml"))]
    tests = _document(folder, TESTS)
    documents: list[Document[Any]] = [body, poses, *exercises, tests]
    faults = [fault for document in documents for fault in document.faults]
    if faults:
        raise PackRefused(faults)
    names = Names(body.content, poses.content.poses, pack)
    faults = list(names.of_poses(poses))
    left = set(pack.exercises)
    for document in exercises:
        faults += names.of_pictures(document, left)
        left -= set(document.content.pictures)
    faults += names.of_pictures(tests, {test.id for test in pack.tests.values()})
    if faults:
        raise PackRefused(faults)
    drawn = {name: picture for document in exercises for name, picture in document.content.pictures.items()}
    return Figures(body.content, poses.content.poses, drawn, tests.content.pictures)


def _document(folder: Path, name: str) -> Document[Pictures]:
    return Document(folder / f"{name}.yaml", f"figures/{name}.yaml", Pictures)


@dataclass(frozen=True)
class Names:
    """Every name that an author may write, and what is wrong with those that are none."""

    body: Body
    poses: Mapping[str, Pose]
    pack: Pack

    def of_poses(self, document: Document[Poses]) -> Iterator[Fault]:
        """Faults of poses.yaml."""
        for name, pose in document.content.poses.items():
            for loc, message in self._pose(pose, None):
                yield document.fault(("poses", name, *loc), message)

    def of_pictures(self, document: Document[Pictures], ids: set[str]) -> Iterator[Fault]:
        """Faults of a file of pictures."""
        for name, picture in document.content.pictures.items():
            if name not in ids:
                yield document.fault(("pictures", name), "is the picture of nothing in this pack, or stands in another file already")
            for loc, message in self._picture(picture):
                yield document.fault(("pictures", name, *loc), message)

    def _picture(self, picture: Picture) -> Iterator[tuple[Loc, str]]:
        rested = set(surfaces(self.body, picture.props))
        for key, pose in (("start", picture.start), ("through", picture.through), ("end", picture.end)):
            if pose is not None:
                for loc, message in self._pose(pose, rested):
                    yield (key, *loc), message
        if picture.end is None and picture.through is not None:
            yield ("through",), "leads nowhere without an end"
        for use in ("worked", "stretched"):
            for index, name in enumerate(getattr(picture.muscles, use)):
                if split(name)[1] not in self.body.muscles or split(name)[1] not in self.pack.muscles:
                    yield ("muscles", use, index), f"{name} is no muscle of this pack"
        for index, arrow in enumerate(picture.arrows):
            yield from self._part(("arrows", index, "part"), arrow.part)
        for name, prop in picture.props.items():
            if isinstance(prop, Cord):
                for index, goal in enumerate(prop.through):
                    if isinstance(goal, str):
                        yield from self._part(("props", name, "through", index), goal)

    def _pose(self, pose: Pose, rested: set[str] | None) -> Iterator[tuple[Loc, str]]:
        if pose.based_on is not None and pose.based_on not in self.poses:
            yield ("from",), f"{pose.based_on} is no pose of poses.yaml"
        for name, angle in pose.angles.items():
            yield from self._angle(name, angle)
        for part, surface in pose.rests.items():
            yield from self._part(("rests", part), part)
            if rested is not None and surface not in rested:
                yield ("rests", part), f"{surface} is neither the floor nor a prop of this picture"
        for part, goal in pose.reach.items():
            if split(part)[1] not in ENDS:
                yield ("reach", part), "only hands, feet, toes and heels reach"
            if isinstance(goal, str):
                yield from self._part(("reach", part), goal)
        for key in ("lifts", "slides"):
            for index, part in enumerate(getattr(pose, key)):
                yield from self._part((key, index), part)

    def _angle(self, name: str, angle: float) -> Iterator[tuple[Loc, str]]:
        plain = split(name)[1]
        joint = self.body.joints.get(plain)
        if joint is None or (not joint.sided and name != plain):
            yield ("angles", name), "is no joint"
        elif not joint.low <= angle <= joint.high:
            yield ("angles", name), f"{angle:g} is outside what the joint can do: {joint.low:g} to {joint.high:g} degrees"

    def _part(self, loc: Loc, part: str) -> Iterator[tuple[Loc, str]]:
        name = split(part)[1]
        sided = any(part.startswith(f"{side}-") for side in SIDES)
        if name not in self.body.contacts or sided == (name in MIDDLE):
            yield loc, f"{part} is no part of the body; write a side with what there are two of"
