"""What a fit pack may still have wrong. Each module holds checks of one idea; each finding says where and what to do."""

from collections.abc import Callable, Iterator

from rules.content import Pack
from rules.lint.exercises import unreachable_exercises, unsafe_steps, unserved_findings
from rules.lint.holding import dead_rules, doubled_rules
from rules.lint.impossible import covered_levels, dead_criteria, unasked
from rules.lint.plans import unprescribed
from rules.lint.targets import stuck_imbalances
from rules.lint.unused import idle_claims, unused
from rules.lint.values import unfilled_values
from rules.lint.wording import avoided_words, hard_texts

CHECKS: tuple[Callable[[Pack], Iterator[str]], ...] = (
    dead_rules,
    doubled_rules,
    unfilled_values,
    dead_criteria,
    covered_levels,
    unasked,
    stuck_imbalances,
    unreachable_exercises,
    unserved_findings,
    unsafe_steps,
    unprescribed,
    unused,
    idle_claims,
    hard_texts,
    avoided_words,
)


def findings_of_lint(pack: Pack) -> list[str]:
    """Every finding as one line: what it is about, what is wrong, what to do."""
    return [finding for check in CHECKS for finding in check(pack)]
