"""Sentences that would speak of an answer nobody gave."""

from collections.abc import Iterator

from rules.content import Pack, leaves
from rules.criteria import read_by
from rules.lint.holding import side_of, who_make_it_speak


def unfilled_values(pack: Pack) -> Iterator[str]:
    """Rules whose {value} can stay empty: they speak although the item they are about was not answered."""
    for rule in pack.rules:
        about = rule.about or next(item for leaf in leaves(rule.when) for item in read_by(leaf, pack, side_of(rule)))
        for key, sentence, supports in (("says", rule.says, True), ("says_not", rule.says_not, False)):
            counts = rule.weight_for if supports else rule.weight_against
            if counts and "{value}" in sentence and any(who_make_it_speak(pack, rule, supports=supports, without=about)):
                yield f"{rule.id} {key}: {{value}} stays empty when {about} was not answered; say it without, or set another `about`"
