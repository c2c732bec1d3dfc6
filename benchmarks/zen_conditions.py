"""Writes a pack's criteria as zen expressions: one that says when a criterion holds, one that says when it is decided and does not."""

from dataclasses import dataclass

from rules.content import (
    AllOf,
    AnyOf,
    AtLeast,
    Criterion,
    FromOption,
    Includes,
    Is,
    Measured,
    Norm,
    Not,
    Number,
    OneOf,
    OnSide,
    Pack,
    Side,
    SideGap,
)
from rules.criteria import measure_of, read_by

_SIGNS = {"below": "<", "at_least": ">=", "above": ">", "at_most": "<="}
_OPPOSITES = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_HOLDS_WHEN_BETTER = {("at_least", "higher"), ("above", "higher"), ("below", "lower"), ("at_most", "lower")}
_FULLY = ("done", "tired-here")
_AT_BEST = (*_FULLY, "tired-elsewhere")


@dataclass(frozen=True)
class Cell:
    """A choice that must be one of some codes: fit for a column of its own."""

    name: str
    codes: tuple[str, ...]


Term = Cell | str


def both(terms: list[Term]) -> str:
    """The terms joined by `and`."""
    return " and ".join(_text(term) for term in terms) or "true"


def _text(term: Term) -> str:
    if isinstance(term, str):
        return term
    quoted = ", ".join(f"'{code}'" for code in term.codes)
    return f"{term.name} == {quoted}" if len(term.codes) == 1 else f"{term.name} in [{quoted}]"


def _any(alternatives: list[list[Term]]) -> list[Term]:
    return alternatives[0] if len(alternatives) == 1 else ["(" + " or ".join(f"({both(terms)})" for terms in alternatives) + ")"]


class Translator:
    """Criteria of one pack as zen terms. An item that was not answered must be given as null."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.names = {item: f"q{place}" for place, item in enumerate(pack.items)}

    def terms(self, criterion: Criterion, side: Side | None, *, holds: bool) -> list[Term]:
        """What must all be true for the criterion to hold, or to be decided and not hold."""
        match criterion:
            case Not(not_=part):
                return self.terms(part, side, holds=not holds)
            case AllOf(all_=parts) | AnyOf(any_=parts):
                each = [self.terms(part, side, holds=holds) for part in parts]
                return [term for terms in each for term in terms] if isinstance(criterion, AllOf) is holds else _any(each)
            case AtLeast(at_least=fewest, of=parts):
                enough = fewest if holds else len(parts) - fewest + 1
                counts = [f"({both(self.terms(part, side, holds=holds))} ? 1 : 0)" for part in parts]
                return [f"{' + '.join(counts)} >= {enough}"]
            case Includes(item=item, includes=code):
                name = self.names[item]
                return [f"{name} != null", f"{'' if holds else 'not '}contains({name}, '{code}')"]
            case Number(item=item):
                bounds = [(_SIGNS[word], limit) for word, limit in criterion.bounds if not isinstance(limit, Norm)]
                return [f"{self.names[item]} != null", *_any_bound(self.names[item], bounds, holds=holds)]
            case Measured():
                return self._measured(criterion, side, holds=holds)
            case SideGap():
                return self._side_gap(criterion, side, holds=holds)
            case _:
                return [self._chosen(criterion, side, holds=holds)]

    def _chosen(self, leaf: Is | OneOf | FromOption | OnSide, side: Side | None, *, holds: bool) -> Cell:
        codes = tuple(self.pack.options(leaf.item))
        wanted: tuple[str, ...]
        match leaf:
            case Is(is_=code):
                wanted = (code,)
            case OneOf(in_=several):
                wanted = several
            case FromOption(from_=code):
                wanted = codes[codes.index(code) :]
            case OnSide(side=word):
                turned = {"left": "right", "right": "left"}[side or "left"] if word == "opposite" else side if word == "same" else word
                wanted = (str(turned), "both")
        return Cell(self.names[leaf.item], tuple(code for code in codes if (code in wanted) is holds))

    def _measured(self, leaf: Measured, side: Side | None, *, holds: bool) -> list[Term]:
        measure = measure_of(self.pack, leaf.test, leaf.measure)
        value, stopped = (self.names[item] for item in read_by(leaf, self.pack, side)[:2])
        alternatives: list[list[Term]] = []
        for word, limit in leaf.bounds:
            certain = (word, measure.better) in _HOLDS_WHEN_BETTER
            sign = _SIGNS[word] if holds else _OPPOSITES[_SIGNS[word]]
            ends = Cell(stopped, _AT_BEST if certain is holds else _FULLY)
            alternatives.append([ends, f"{value} != null", *self._limit(value, sign, limit, leaf)])
        return [term for terms in alternatives for term in terms] if holds else _any(alternatives)

    def _limit(self, value: str, sign: str, limit: float | Norm, leaf: Measured) -> list[Term]:
        """Within the limit; when it depends on age and sex, within every one they leave possible."""
        if not isinstance(limit, Norm):
            return [f"{value} {sign} {limit!r}"]
        age, sex = (self.names[item] for item in (self.pack.plan.items.age, self.pack.plan.items.sex))
        fits: list[str] = []
        for row in measure_of(self.pack, leaf.test, leaf.measure).norms[limit.norm]:
            of_age = f"({age} == null or {_text(Cell(age, row.age))})" if row.age else "true"
            of_sex = f"({sex} not in ['female', 'male'] or {sex} == '{row.sex}')" if row.sex else "true"
            fits.append(f"{of_age} and {of_sex} and {{}}{value} {sign} {row.value!r}{{}}")
        some = " or ".join(f"({fit.format('', '')})" for fit in fits)
        every = " or ".join(f"({fit.format('not (', ')')})" for fit in fits)
        rows = measure_of(self.pack, leaf.test, leaf.measure).norms[limit.norm]
        covered = {one for row in rows for one in row.age or self.pack.options(self.pack.plan.items.age)}
        told = [] if covered.issuperset(self.pack.options(self.pack.plan.items.age)) else [f"{age} != null"]
        return [*told, f"({some})", f"not ({every})"]

    def _side_gap(self, leaf: SideGap, side: Side | None, *, holds: bool) -> list[Term]:
        measure = measure_of(self.pack, leaf.test, leaf.measure)
        own, other, stopped = (self.names[item] for item in read_by(leaf, self.pack, side))
        least = measure.side_difference
        if least is None:
            raise ValueError(f"{leaf.test} {leaf.measure} has no side_difference")
        gap = f"({other} - {own})" if measure.better == "higher" else f"({own} - {other})"
        sign = ">" if least.beyond else ">="
        worse = f"{gap} {sign} {least.by!r} and {gap} {sign} {least.share!r} * abs({other})"
        return [Cell(stopped, _FULLY), f"{own} != null", f"{other} != null", worse if holds else f"not ({worse})"]


def _any_bound(name: str, bounds: list[tuple[str, float]], *, holds: bool) -> list[Term]:
    if holds:
        return [f"{name} {sign} {limit!r}" for sign, limit in bounds]
    return _any([[f"{name} {_OPPOSITES[sign]} {limit!r}"] for sign, limit in bounds])
