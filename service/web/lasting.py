"""How long the assessment takes, worked out from the pack."""

from dataclasses import dataclass
from functools import lru_cache

from rules import Pack, next_question
from rules.content import Item

PREFERRED = ("none", "no")


@dataclass(frozen=True)
class Takes:
    """Minutes for the questions, of somebody with nothing to tell and at most; how many pages are about safety; self-tests and their minutes."""

    low: int
    high: int
    safety_pages: int
    tests: int
    test_low: int
    test_high: int


@lru_cache(maxsize=8)
def how_long(pack: Pack) -> Takes:
    """What the front page may promise."""
    answers: dict[str, object] = {}
    step = next_question(pack, answers, self_tests=False)
    most = step["progress"]["seconds_left"]
    while not step["should_stop"]:
        answers |= {one["link_id"]: _nothing_to_tell(pack, pack.items[one["link_id"]]) for one in step["items"]}
        step = next_question(pack, answers, self_tests=False)
    least = sum(pack.items[item].seconds for item in answers)
    tests = sorted(test.seconds for test in pack.tests.values())
    return Takes(
        low=_minutes(least),
        high=_minutes(most),
        safety_pages=len(pack.safety_groups),
        tests=len(tests),
        test_low=_minutes(tests[len(tests) // 10]),
        test_high=_minutes(tests[-1 - len(tests) // 10]),
    )


def _nothing_to_tell(pack: Pack, item: Item) -> object:
    options = pack.options(item.link_id)
    if not options:
        return item.min
    quiet = [code for code, option in options.items() if option.neutral]
    chosen = next((code for code in (*PREFERRED, *quiet) if code in options), next(iter(options)))
    return [chosen] if item.type == "choices" else chosen


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)
