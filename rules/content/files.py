"""Which files make a pack."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from rules.content.documents import Document
from rules.content.evidence import Rules, Weighing
from rules.content.exercise import Exercises, PlanRules
from rules.content.follow_up import FollowUp
from rules.content.knowledge import Article, Examples, Label, MuscleList, Patterns, SourceList, Wording
from rules.content.questionnaire import Group, Groups, SelfTests
from rules.content.safety import Safety
from rules.content.shape import Shape, Translate
from rules.content.support import Support
from rules.content.terminologies import Terminologies

QUESTION_FILES = ("about-you", "support", "back", "hips", "glutes", "legs", "shoulders")
EVIDENCE_FILES = ("back", "hips", "glutes", "legs", "shoulders")
EXERCISE_FILES = ("mobilise", "stretch", "strengthen", "control", "aerobic")

T = TypeVar("T", bound=Shape)


class Files:
    """The files of a pack, parsed; the cross-check names lines with their help. `translate`: into which words every text is turned."""

    def __init__(self, seeds: Path, translate: Translate | None = None) -> None:
        def document(name: str, shape: type[T]) -> Document[T]:
            return Document(seeds / f"{name}.yaml", f"{name}.yaml", shape, translate)

        self.label = document("pack", Label)
        self.examples = document("examples", Examples)
        self.article = document("article", Article)
        self.sources = document("sources", SourceList)
        self.muscles = document("muscles", MuscleList)
        self.patterns = document("patterns", Patterns)
        self.safety_questions = document("questions/safety", Groups)
        self.questions = [document(f"questions/{name}", Group) for name in QUESTION_FILES]
        self.self_tests = document("questions/self-tests", SelfTests)
        self.safety = document("safety", Safety)
        self.evidence = [document(f"evidence/{name}", Rules) for name in EVIDENCE_FILES]
        self.weighing = document("evidence/clusters", Weighing)
        self.exercises = [document(f"exercises/{name}", Exercises) for name in EXERCISE_FILES]
        self.plan = document("plan", PlanRules)
        self.follow_up = document("follow-up", FollowUp)
        self.support = document("support", Support)
        self.wording = document("wording", Wording)
        self.terminologies = document("terminologies", Terminologies)

    def __iter__(self) -> Iterator[Document[Any]]:
        yield from (self.label, self.examples, self.article, self.sources, self.muscles, self.patterns, self.safety_questions)
        yield from (*self.questions, self.self_tests, self.safety, *self.evidence, self.weighing, *self.exercises, self.plan)
        yield from (self.follow_up, self.support, self.wording, self.terminologies)
