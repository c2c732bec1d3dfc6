"""Runs with simulated people, from folders of content to figures, with a bar on standard error for those who wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from rules.content import SEEDS, Pack, load_pack
from rules.content.loading import POPULATION, load_population
from rules.content.population import Population
from rules.simulation.differences import Difference, difference, for_both
from rules.simulation.population import Crowd
from rules.simulation.simulate import Simulation, simulate, ticks


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    columns = (TextColumn("simulated people"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def run(seeds: Path, *, people: int, seed: int, shakes: int, harmless: bool) -> tuple[Simulation, Population]:
    """Simulate a folder of content. Raises PackRefused."""
    pack = load_pack(seeds)
    population = load_population(seeds, pack)
    with _progress(ticks(population, people, shakes)) as tick:
        found = simulate(pack, population, count=people, seed=seed, shakes=shakes, harmless=harmless, tick=tick)
    return found, population


def compare(old: Path, new: Path, *, people: int, seed: int) -> Difference:
    """What the new folder changes. The people are the new folder's; a folder without any borrows the shipped ones. Raises PackRefused."""
    before, after = load_pack(old), load_pack(new)
    described = load_population(new if (new / POPULATION).exists() else SEEDS, after)
    known = load_population(old, before) if (old / POPULATION).exists() else None
    with _progress(people) as tick:
        return difference(before, after, for_both(after, described, known), people, seed, tick)


def left_open(seeds: Path, pack: Pack) -> tuple[str, ...] | None:
    """The items that simulated people leave open, because nothing says how they answer; None where no people are described. Raises PackRefused."""
    return Crowd(pack, load_population(seeds, pack), seed=0).undescribed if (seeds / POPULATION).exists() else None
