"""A pack: everything the clinicians wrote, as the rest of the code sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from babel.numbers import format_decimal

from rules.content.evidence import Rule, Weighing
from rules.content.exercise import Exercise, PlanRules
from rules.content.follow_up import FollowUp
from rules.content.knowledge import Article, Example, Label, Muscle, Patterns, Source, Wording
from rules.content.questionnaire import Group, Item, Option, SelfTest
from rules.content.safety import Safety
from rules.content.support import Support
from rules.content.terminologies import Terminology


@dataclass(frozen=True, eq=False)
class Pack:
    """One version of everything we know. Two packs are the same when their digests are."""

    label: Label
    digest: str
    article: Article
    sources: Mapping[str, Source]
    muscles: Mapping[str, Muscle]
    shown_last: tuple[str, ...]
    patterns: Patterns
    groups: tuple[Group, ...]
    safety_groups: frozenset[str]
    items: Mapping[str, Item]
    tests: Mapping[str, SelfTest]
    test_of: Mapping[str, SelfTest]
    safety: Safety
    support: Support
    weighing: Weighing
    rules: tuple[Rule, ...]
    exercises: Mapping[str, Exercise]
    plan: PlanRules
    follow_up: FollowUp
    examples: tuple[Example, ...]
    wording: Wording
    terminologies: tuple[Terminology, ...]

    def option_text(self, link_id: str, code: str) -> str:
        """The words of an option."""
        return self.label.not_sure if code == "not-sure" else self._options[link_id][code].text

    def quantity(self, value: float, unit: str) -> str:
        """A number with its unit, as it is written in the pack's language: 7.5 cm, or 7,5 cm."""
        number = f"{value:g}" if float(value).is_integer() else format_decimal(value, format="#0.######", locale=self.label.language)
        return f"{number} {self.unit(value, unit)}"

    def unit(self, value: float, unit: str) -> str:
        """The word for a unit after this number: 1 point, 2 points."""
        words = self.label.units | (self.label.unit_of_one if value == 1 else {})
        return words.get(unit, unit)

    def option_text_of_side(self, side: str) -> str:
        """The word for a side inside a sentence."""
        return next(option.text for option in self.label.option_sets["sides"] if option.code == side).lower()

    def options(self, link_id: str) -> Mapping[str, Option]:
        """The options of a choice by code, in their order; empty for numbers."""
        return self._options[link_id]

    @cached_property
    def _options(self) -> Mapping[str, Mapping[str, Option]]:
        sets = self.label.option_sets
        lists = {
            link_id: item.options if isinstance(item.options, tuple) else sets.get(item.options, ()) for link_id, item in self.items.items()
        }
        return {link_id: {option.code: option for option in options} for link_id, options in lists.items()}

    @cached_property
    def cleared(self) -> Mapping[str, str]:
        """Which item each clearable item is cleared by."""
        return {link_id: item.cleared_by for link_id, item in self.items.items() if item.cleared_by}

    @cached_property
    def safety_items(self) -> frozenset[str]:
        """The items of the safety pages."""
        return frozenset(item.link_id for group in self.groups if group.id in self.safety_groups for item in group.items)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What a kit, a position or a gate is called in a sentence."""
        kit = {kit.id: kit.name for kit in self.plan.kit}
        positions = {position.id: position.name for position in self.plan.positions}
        tests = {test.name: test.title for test in self.tests.values()}
        return kit | positions | tests | {gate.id: gate.because for gate in self.safety.gates}
