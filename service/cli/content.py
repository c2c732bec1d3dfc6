"""The content looked over: check, simulate, texts."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic_core import to_jsonable_python
from rich.console import RenderableType

from rules import languages
from rules.content import SEEDS
from rules.content.files import Files
from rules.lint import findings_of_lint
from rules.review.register import register
from service.cli.console import AsJson, Seeds, console, pack_in, print_json, read
from service.figures.body_map_data import load_body

commands = typer.Typer()
People = Annotated[int, typer.Option(min=1, max=1_000_000, help="How many people to simulate.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same people.")]


@commands.command()
def check(
    review: Annotated[bool, typer.Option("--review", help="Print what a clinician must still confirm, as Markdown.")] = False,
    diff: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="Two folders of content, old and new: what does the new one change for simulated people?"),
    ] = None,
    people: People = 1000,
    seed: Seed = 1,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
) -> None:
    """Check the content: faults, dead rules, exercises that nobody can get. Or compare two folders of it."""
    from service.readable.simulated import comparison
    from service.simulating import compare, left_open

    if diff:
        difference = read(lambda: compare(*diff, people=people, seed=seed))
        tell(difference, comparison(difference), as_json=as_json)
        return
    pack = pack_in(seeds)
    if review:
        from service.readable import review_markdown

        sys.stdout.write(review_markdown(register(Files(seeds)), pack))
        return
    read(lambda: load_body(seeds, pack))
    found = findings_of_lint(pack)
    for one in found:
        console.print(one, style="yellow", highlight=False, markup=False)
    undescribed = read(lambda: left_open(seeds, pack))
    if undescribed:
        console.print(f"population.yaml does not describe {len(undescribed)} items: {', '.join(undescribed)}", highlight=False)
    counts = f"{len(pack.items)} items, {len(pack.tests)} self-tests, {len(pack.rules)} rules, {len(pack.exercises)} exercises, {len(pack.sources)} sources"
    console.print(f"{pack.label.name}: {counts}; {len(found)} findings", highlight=False)
    if found:
        raise typer.Exit(1)


@commands.command()
def simulate(
    people: People = 1000,
    seed: Seed = 1,
    shakes: Annotated[int, typer.Option(min=0, max=1000, help="How often to shake the weights.")] = 10,
    red_flags: Annotated[bool, typer.Option("--red-flags", help="Let safety answers raise alarms too.")] = False,
    as_json: AsJson = False,
    seeds: Seeds = SEEDS,
) -> None:
    """Ask simulated people, and hold what they are told against what studies found."""
    from service.readable.simulated import report
    from service.simulating import run

    found, population = read(lambda: run(seeds, people=people, seed=seed, shakes=shakes, harmless=not red_flags))
    tell(found, report(found, population), as_json=as_json)


@commands.command()
def texts(
    language: Annotated[list[str] | None, typer.Option(help="A language to start, say `fr`; without it, those that are there.")] = None,
    seeds: Seeds = SEEDS,
) -> None:
    """Bring the catalogues of texts up to date: new texts come in untranslated, old ones go."""
    from service.translating import refresh

    for path in refresh(seeds, language or languages(seeds)[1:]):
        console.print(f"{path.parent.parent.name}/texts/{path.name}", highlight=False)


def tell(found: object, words: RenderableType, *, as_json: bool) -> None:
    if as_json:
        print_json(to_jsonable_python(found))
    else:
        console.print(words)
