"""Items that a form filler works out by itself: how far two sides differ, and how many signs speak for the support tier.

What comes back in them is never read: the same is worked out here from the answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules import Pack
from rules.answers import read_answers
from rules.content import AnyOf, Criterion, FromOption, Group, Is, Measure, Number, OneOf, SelfTest, Sign, link_id
from rules.support import support
from service.fhir.codes import Names, answer_code

SIGNS = "support.signs"
_BOUNDS = {"below": "<", "at_least": ">=", "above": ">", "at_most": "<="}


@dataclass(frozen=True)
class Difference:
    """A measure of both sides, left minus right."""

    test: SelfTest
    measure: Measure

    @property
    def link_id(self) -> str:
        """The calculated item's."""
        return link_id(self.test.name, self.measure.code, "difference")

    @property
    def sides(self) -> tuple[str, str]:
        """The items of left and right."""
        return link_id(self.test.name, self.measure.code, "left"), link_id(self.test.name, self.measure.code, "right")

    @property
    def expression(self) -> str:
        """In FHIRPath that every form filler knows. The items stand in the group of their test, which stands in the group of all tests."""
        left, right = (f"%resource.item.item.item.where(linkId='{side}').answer.value" for side in self.sides)
        return f"{left} - {right}"


def differences(test: SelfTest) -> list[Difference]:
    """One for each measure of a test that has sides."""
    return [Difference(test, measure) for measure in test.measures] if test.sided else []


@lru_cache(maxsize=8)
def calculated(pack: Pack) -> frozenset[str]:
    """The link_ids of what is worked out."""
    return frozenset({SIGNS, *(one.link_id for test in pack.tests.values() for one in differences(test))})


@lru_cache(maxsize=8)
def signs_group(pack: Pack) -> Group | None:
    """The page that the count of signs stands on: the one that holds most of what they read."""
    read = [item for sign in pack.support.signs if (found := counted(sign)) for item, _ in found]
    return max(pack.groups, key=lambda group: sum(item.link_id in read for item in group.items), default=None)


def counted(sign: Sign) -> list[tuple[str, Criterion]] | None:
    """The single answers each of which tells this sign. None for one that several answers tell together only: it is not in the count."""
    parts = sign.when.any_ if isinstance(sign.when, AnyOf) else (sign.when,)
    found: list[tuple[str, Criterion]] = [(one.item, one) for one in parts if isinstance(one, Is | OneOf | FromOption | Number)]
    plain = all(isinstance(limit, int | float) for _, one in found if isinstance(one, Number) for _, limit in one.bounds)
    return found if plain and len(found) == len(parts) else None


@lru_cache(maxsize=8)
def weights(pack: Pack) -> Mapping[tuple[str, str], int]:
    """Which options are a sign by themselves. Two of one sign count once, so that the weights of all answers may add up to more than the count."""
    found = [one for sign in pack.support.signs for one in counted(sign) or ()]
    return {(item, code): 1 for item, criterion in found for code in _codes(pack, item, criterion)}


def signs_expression(names: Names) -> str:
    """How many signs the answers hold, in FHIRPath that every form filler knows: without `ordinal()` and `weight()`, which some lack."""
    return " + ".join(_one(names, sign) for sign in names.pack.support.signs if counted(sign)) or "0"


def _one(names: Names, sign: Sign) -> str:
    parts = [f"{_path(names.pack, item)}.where({_holds(names, item, criterion)})" for item, criterion in counted(sign) or ()]
    return f"{parts[0]}.count()" if len(parts) == 1 else f"iif({' or '.join(f'{part}.exists()' for part in parts)}, 1, 0)"


def _path(pack: Pack, item: str) -> str:
    """Questions stand on a page, those of self-tests one group deeper."""
    deep = ".item.item.item" if item in pack.test_of else ".item.item"
    return f"%resource{deep}.where(linkId='{item}').answer.value"


def _holds(names: Names, item: str, criterion: Criterion) -> str:
    if isinstance(criterion, Number):
        return " and ".join(f"$this {_BOUNDS[word]} {limit:g}" for word, limit in criterion.bounds if isinstance(limit, int | float))
    asked = names.pack.items[item]
    return " or ".join(f"code='{answer_code(asked, code)}'" for code in _codes(names.pack, item, criterion))


def _codes(pack: Pack, item: str, criterion: Criterion) -> Iterator[str]:
    match criterion:
        case Is(is_=code):
            yield code
        case OneOf(in_=codes):
            yield from codes
        case FromOption(from_=code):
            options = list(pack.options(item))
            yield from options[options.index(code) :]


def worked_out(pack: Pack, answers: Mapping[str, object]) -> dict[str, int | float]:
    """What the calculated items hold after these answers; in a draft what would not be asked counts for nothing."""
    values = read_answers(pack, answers, draft=True).values
    found: dict[str, int | float] = {}
    for test in pack.tests.values():
        for one in differences(test):
            left, right = (values.get(side) for side in one.sides)
            if isinstance(left, int | float) and isinstance(right, int | float):
                found[one.link_id] = round(left - right, 6)
    if any(item in values for sign in pack.support.signs for item, _ in counted(sign) or ()):
        told = {sign.id for sign in support(pack, values).signs}
        found[SIGNS] = sum(sign.id in told for sign in pack.support.signs if counted(sign))
    return found
