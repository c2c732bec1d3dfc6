"""The command line: each command calls one use case."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from pydantic_core import to_jsonable_python
from rich.console import Console, RenderableType
from rich.markdown import Markdown

from rules import AnswersRefused, Pack, PackRefused, compare, evaluate, load_pack, what_if
from rules.content import SEEDS
from rules.content.files import Files
from rules.lint import findings_of_lint
from rules.review.register import register
from service.figures.body_map_data import load_body
from service.reader import Reader
from service.settings import Settings
from service.terminal import Asking

main = typer.Typer(name="muscle-balance", help="A self-assessment of tight and weak muscles.", no_args_is_help=True, add_completion=False)
console = Console()
Seeds = Annotated[Path, typer.Option(help="Folder of content.")]
People = Annotated[int, typer.Option(min=1, max=1_000_000, help="How many people to simulate.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same people.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print figures as JSON.")]


Read = TypeVar("Read")


def _pack(seeds: Path) -> Pack:
    return _read(lambda: load_pack(seeds))


def _read(load: Callable[[], Read]) -> Read:
    try:
        return load()
    except PackRefused as refused:
        for fault in refused.faults:
            console.print(str(fault), style="red", highlight=False, markup=False)
        raise typer.Exit(1) from None


def _settings(given: dict[str, Any]) -> Settings:
    try:
        return Settings(**given)
    except ValidationError as refused:
        faults = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in refused.errors()]
        raise typer.BadParameter("; ".join(faults)) from None


@main.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; more than one needs PostgreSQL.")] = None,
) -> None:
    """Run the service."""
    import uvicorn

    given: dict[str, Any] = {"host": host, "port": port, "workers": workers}
    settings = _settings({name: value for name, value in given.items() if value is not None})
    if settings.workers > 1 and settings.url().startswith("sqlite"):
        raise typer.BadParameter("more than one worker needs PostgreSQL")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if settings.port:
        console.print(f"Open http://{settings.host}:{settings.port}/docs", highlight=False)
    uvicorn.run(
        "service.app:from_environment",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
    )


@main.command()
def assess(
    answers: Annotated[Path | None, typer.Option(help="A JSON file with answers; without it you are asked.")] = None,
    minutes: Annotated[
        int | None, typer.Option(min=1, help="Stop asking after about so long; what safety needs is asked in any case.")
    ] = None,
    self_tests: Annotated[bool, typer.Option(help="Ask for self-tests too.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the guidance as JSON.")] = False,
    seeds: Seeds = SEEDS,
) -> None:
    """Answer the questions here, or from a file, and read the result."""
    from service.readable import markdown

    pack = _pack(seeds)
    given = _from_file(answers) if answers else Asking(pack, console).ask(minutes, self_tests=self_tests)
    with _refusals():
        guidance = evaluate(pack, given)
    if as_json:
        _print_json(guidance)
    else:
        console.print(Markdown(markdown(guidance, Reader(pack, NullTranslations()))))


@main.command("what-if")
def show_what_if(
    answers: Annotated[Path, typer.Option(help="A JSON file with answers.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    seeds: Seeds = SEEDS,
) -> None:
    """Which single answers would move a finding."""
    pack = _pack(seeds)
    with _refusals():
        effect = what_if(pack, _from_file(answers))
    if as_json:
        _print_json(effect)
        return
    for one in (*effect["findings"], *effect["within_reach"]):
        console.print(f"{one['id']}: {one['band']}", style="bold", highlight=False)
        for move in one["moves"]:
            console.print(f"  {move['band']} with {move['link_id']} = {move['answer']}", highlight=False, markup=False)


@main.command("compare")
def show_comparison(
    before: Annotated[Path, typer.Argument(help="A JSON file with the earlier answers.")],
    after: Annotated[Path, typer.Argument(help="A JSON file with the later answers.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    seeds: Seeds = SEEDS,
) -> None:
    """What changed between two sets of answers, and whether it is more than chance."""
    comparison = compare(_pack(seeds), _from_file(before), _from_file(after))
    if as_json:
        _print_json(comparison)
        return
    for measure in comparison["measures"]:
        side = f" ({measure['side']})" if measure["side"] else ""
        console.print(measure["text"] + side, highlight=False, markup=False)
    for name, found in comparison["findings"].items():
        console.print(f"findings {name}: {found or 'none'}", highlight=False, markup=False)
    for link_id in sorted({*comparison["left_aside"]["before"], *comparison["left_aside"]["after"]}):
        console.print(f"left aside: {link_id}", style="yellow", highlight=False, markup=False)


@contextmanager
def _refusals() -> Iterator[None]:
    """Every answer that cannot be read, named; then the end."""
    try:
        yield
    except AnswersRefused as refused:
        for problem in refused.problems:
            console.print(f"{problem.link_id or 'a key that is no link_id'}: {problem.message}", style="red", highlight=False, markup=False)
        raise typer.Exit(1) from None


def _print_json(found: object) -> None:
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")


def _from_file(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise typer.BadParameter("is not a JSON file that can be read") from None
    given = content.get("answers", content) if isinstance(content, dict) else None
    if not isinstance(given, dict):
        raise typer.BadParameter("must hold an object: link_id to answer")
    return given


@main.command()
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
        difference = _read(lambda: compare(*diff, people=people, seed=seed))
        _tell(difference, comparison(difference), as_json=as_json)
        return
    pack = _pack(seeds)
    if review:
        from service.readable import review_markdown

        sys.stdout.write(review_markdown(register(Files(seeds)), pack))
        return
    _read(lambda: load_body(seeds, pack))
    found = findings_of_lint(pack)
    for one in found:
        console.print(one, style="yellow", highlight=False, markup=False)
    undescribed = _read(lambda: left_open(seeds, pack))
    if undescribed:
        console.print(f"population.yaml does not describe {len(undescribed)} items: {', '.join(undescribed)}", highlight=False)
    counts = f"{len(pack.items)} items, {len(pack.tests)} self-tests, {len(pack.rules)} rules, {len(pack.exercises)} exercises, {len(pack.sources)} sources"
    console.print(f"{pack.label.name}: {counts}; {len(found)} findings", highlight=False)
    if found:
        raise typer.Exit(1)


@main.command()
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

    found, population = _read(lambda: run(seeds, people=people, seed=seed, shakes=shakes, harmless=not red_flags))
    _tell(found, report(found, population), as_json=as_json)


def _tell(found: object, words: RenderableType, *, as_json: bool) -> None:
    if as_json:
        _print_json(to_jsonable_python(found))
    else:
        console.print(words)


@main.command()
def migrate() -> None:
    """Bring the database to the present schema."""
    from service.storage.database import Database
    from service.storage.schema import migrate as run

    database = Database(_settings({}).url())
    run(database.engine)
    database.close()
    console.print("The database is up to date.")


@main.command()
def purge() -> None:
    """Erase what has expired."""
    from service.assessments import purge as run
    from service.storage.database import Database

    database = Database(_settings({}).url())
    console.print(f"Erased {database.run_now(run)} assessments.", highlight=False)
    database.close()


@main.command()
def openapi(seeds: Seeds = SEEDS) -> None:
    """Print the OpenAPI document."""
    from service.app import create_app

    app = create_app(Settings(database_url="sqlite://"), _pack(seeds))
    sys.stdout.write(json.dumps(app.openapi(), indent=2) + "\n")


if __name__ == "__main__":
    main()
