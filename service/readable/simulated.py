"""What simulated people are told, as tables for a terminal."""

from collections.abc import Iterable, Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from rules.content.population import Anchor, Population
from rules.shapes import Versions
from rules.simulation.anchors import Held
from rules.simulation.differences import Difference
from rules.simulation.flagging import FlagRate
from rules.simulation.simulate import Simulation
from rules.weighing.weigh import BANDS, Band


def report(simulation: Simulation, population: Population) -> RenderableType:
    """Flag rates, what tells the groups apart, what studies found, and the stability."""
    parts: list[RenderableType] = [
        Text(f"{simulation.people} simulated people, seed {simulation.seed}; {_versions(simulation.versions)}"),
        _flags(simulation, population),
        *_apart(simulation),
        Text("\nWhat studies found:"),
        *(_anchor(held) for held in simulation.anchors),
        Text("\n" + _stable(simulation)),
    ]
    if simulation.undescribed:
        count, names = len(simulation.undescribed), ", ".join(simulation.undescribed)
        parts.append(Text(f"{count} items are not described in population.yaml, so nobody answered them: {names}"))
    return Group(*parts)


def comparison(difference: Difference) -> RenderableType:
    """What the new pack changes."""
    parts: list[RenderableType] = [
        Text(f"Old: {_versions(difference.old)}"),
        Text(f"New: {_versions(difference.new)}"),
        Text(f"Of {difference.people} simulated people, asked by both:"),
        Text(f"{_percent(difference.strongest)} of people get a different strongest finding"),
        Text(f"{_percent(difference.findings)} get a finding more or less, or one in another band"),
        Text(
            f"{_percent(difference.exercises)} get other exercises; {_percent(difference.dose)} the same ones, otherwise dosed, ordered or explained"
        ),
        Text(f"{_percent(difference.urgency)} get another urgency"),
    ]
    if difference.moved:
        ways = [Column(way, justify="right") for way in ("appears", "disappears", "stronger", "weaker")]
        table = Table(Column("Finding", no_wrap=True), *ways, box=SIMPLE_HEAD)
        for one in difference.moved:
            shares = (one.appears, one.disappears, one.stronger, one.weaker)
            table.add_row(_name(one.muscle, one.state), *(_percent(share) for share in shares))
        parts.append(table)
    for words, exercises in (("Come into plans", difference.added), ("Leave plans", difference.removed)):
        if exercises:
            parts.append(Text(f"{words}: " + ", ".join(f"{name} {_percent(share)}" for name, share in exercises.items())))
    for words, items in (
        ("Only the old pack asks", difference.only_old),
        ("Only the new pack asks", difference.only_new),
        ("Nobody answered, because population.yaml does not describe it", difference.left_open),
    ):
        if items:
            parts.append(Text(f"{words}: {', '.join(items)}"))
    return Group(*parts)


def _flags(simulation: Simulation, population: Population) -> Table:
    """A row an imbalance; for each group the three bands, and of women and of men those who are shown it."""
    title = "People flagged, in %: possible / likely / strong (this band or a stronger one); of women and of men: possible"
    table = Table(Column("Finding", no_wrap=True), title=title, title_justify="left", box=SIMPLE_HEAD, padding=0)
    groups = [group.id for group in population.groups]
    for group in groups:
        for words in (group, "women", "men"):
            table.add_column(words, justify="right")
    rates = {(one.muscle, one.state, one.group, one.sex): one for one in simulation.flag_rates}
    for muscle, state in dict.fromkeys((one.muscle, one.state) for one in simulation.flag_rates):
        cells = [
            _shares(rates.get((muscle, state, group, sex)), bands)
            for group in groups
            for sex, bands in ((None, BANDS[1:]), ("female", BANDS[1:2]), ("male", BANDS[1:2]))
        ]
        table.add_row(_name(muscle, state), *cells)
    return table


def _shares(rate: FlagRate | None, bands: Iterable[Band]) -> str:
    return " / ".join(f"{100 * rate.share[band]:.0f}" for band in bands) if rate else "-"


def _apart(simulation: Simulation) -> Iterator[Text]:
    for of, than in dict.fromkeys((one.of, one.than) for one in simulation.separations):
        told = [one for one in simulation.separations if (one.of, one.than) == (of, than) and abs(one.difference) >= 0.0005]
        shares = ", ".join(f"{_name(one.muscle, one.state)} {100 * one.difference:+.1f}" for one in told)
        yield Text(f"What tells {of} from {than}, in points of % who are flagged likely: {shares or 'nothing'}")


def _anchor(held: Held) -> Text:
    """Two lines: whether it holds, with the figures; and what was published, where."""
    anchor = held.anchor
    what = f"{_name(anchor.muscle, anchor.state)}, {anchor.band}" + (f", {anchor.group}" if anchor.group else "")
    if anchor.without or anchor.without_kinds:
        what = f"{_name(anchor.muscle, anchor.state)} changes without {', '.join((*anchor.without, *anchor.without_kinds))}"
    here = _percent(held.share) + (f" ({anchor.than}: {_percent(held.other)})" if held.other is not None else "")
    mark = ("ok ", "green") if held.ok else ("off", "bold red")
    return Text.assemble(
        mark, f" {anchor.id} {what}: {here}; expected {_expected(anchor)}\n        {anchor.published} [{', '.join(anchor.sources)}]"
    )


def _expected(anchor: Anchor) -> str:
    limits = [f"at least {_percent(anchor.at_least)}"] if anchor.at_least is not None else []
    limits += [f"at most {_percent(anchor.at_most)}"] if anchor.at_most is not None else []
    limits += [f"{anchor.times:g} times {anchor.than}"] if anchor.times is not None else []
    return ", ".join(limits)


def _name(muscle: str | None, state: str | None) -> str:
    return f"{muscle} {state}" if muscle else "anything"


def _stable(simulation: Simulation) -> str:
    one = simulation.stability
    if one.kept is None or one.always_kept is None:
        return "Nobody's findings were shaken."
    still = "" if one.still_none is None else f" Where nothing was found, nothing is in {_percent(one.still_none)} of the shakes."
    return (
        f"Weights shaken by up to {100 * one.by:.0f} %, {one.shakes} times: the strongest finding stays in {_percent(one.kept)} of the shakes, "
        f"and in every shake for {_percent(one.always_kept)} of the {one.with_finding} people with a finding.{still}"
    )


def _versions(versions: Versions) -> str:
    numbers = f"questionnaire {versions['questionnaire']}, evidence {versions['evidence']}, exercises {versions['exercises']}"
    return f"{versions['pack']}: {numbers}, {versions['digest']}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
