"""The command line: each command calls one use case."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from rules import AnswersRefused, Pack, PackRefused, compare, evaluate, load_pack, what_if
from rules.answers import NOT_SURE
from rules.content import SEEDS, Item
from rules.lint import findings_of_lint
from service.settings import Settings

main = typer.Typer(name="muscle-balance", help="A self-assessment of tight and weak muscles.", no_args_is_help=True, add_completion=False)
console = Console()
Seeds = Annotated[Path, typer.Option(help="Folder of content.")]


def _pack(seeds: Path) -> Pack:
    try:
        return load_pack(seeds)
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
    as_json: Annotated[bool, typer.Option("--json", help="Print the guidance as JSON.")] = False,
    seeds: Seeds = SEEDS,
) -> None:
    """Answer the questions here, or from a file, and read the result."""
    from service.readable import markdown

    pack = _pack(seeds)
    given = _from_file(answers) if answers else _ask(pack)
    with _refusals():
        guidance = evaluate(pack, given)
    if as_json:
        sys.stdout.write(json.dumps(guidance, ensure_ascii=False, indent=2) + "\n")
    else:
        console.print(Markdown(markdown(guidance, pack)))


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
        sys.stdout.write(json.dumps(effect, ensure_ascii=False, indent=2) + "\n")
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
        sys.stdout.write(json.dumps(comparison, ensure_ascii=False, indent=2) + "\n")
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


def _from_file(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise typer.BadParameter("is not a JSON file that can be read") from None
    given = content.get("answers", content) if isinstance(content, dict) else None
    if not isinstance(given, dict):
        raise typer.BadParameter("must hold an object: link_id to answer")
    return given


def _ask(pack: Pack) -> dict[str, Any]:
    """Every enabled question in order, with progress; Enter leaves one out."""
    given: dict[str, Any] = {}
    console.print(pack.label.intended_use)
    console.print("[dim]Enter leaves a question out. Ctrl-C stops and keeps nothing.[/dim]")
    columns = (TextColumn("[dim]{task.description}"), BarColumn(bar_width=30), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("questions", total=len(pack.items))
        for group in pack.groups:
            console.rule(group.title)
            if group.intro:
                console.print(group.intro, style="dim")
            for item in group.items:
                progress.advance(task)
                if not _cleared(item, given) and _enabled(pack, item, given):
                    progress.stop()
                    answer = _answer(pack, item, given)
                    progress.start()
                    if answer is not None:
                        given[item.link_id] = answer
    return given


def _cleared(item: Item, given: dict[str, Any]) -> bool:
    return item.cleared_by is not None and given.get(item.cleared_by) == "none"


def _enabled(pack: Pack, item: Item, given: dict[str, Any]) -> bool:
    return not item.enable_when or item.link_id not in _refused(pack, {**given, item.link_id: NOT_SURE})


def _refused(pack: Pack, given: dict[str, Any]) -> dict[str, str]:
    try:
        evaluate(pack, given)
    except AnswersRefused as refused:
        return {problem.link_id: problem.message for problem in refused.problems if problem.link_id}
    return {}


def _answer(pack: Pack, item: Item, given: dict[str, Any]) -> object:
    """One answer, asked again until it can be read; None when it is left out."""
    codes = [*pack.options(item.link_id), NOT_SURE] if pack.options(item.link_id) else []
    console.print(f"\n[bold]{item.text}[/bold]")
    if item.help:
        console.print(item.help, style="dim")
    for number, code in enumerate(codes, start=1):
        console.print(f"  {number}  {pack.option_text(item.link_id, code)}", highlight=False)
    hint = "numbers, with commas" if item.type == "choices" else "a number" if codes else f"{item.min:g} to {item.max:g} {item.unit}"
    while True:
        text = typer.prompt(f"({hint})", default="", show_default=False).strip()
        if not text:
            return None
        answer = _understood(text, codes, several=item.type == "choices")
        if answer is None:
            console.print("Please choose by number." if codes else "Please type a number.", style="yellow")
            continue
        problem = _refused(pack, {**given, item.link_id: answer}).get(item.link_id)
        if problem is None:
            return answer
        console.print(problem, style="yellow")


def _understood(text: str, codes: list[str], *, several: bool) -> object:
    try:
        if not codes:
            return float(text.replace(",", "."))
        picked = [codes[int(part) - 1] for part in text.split(",") if int(part) > 0]
    except (ValueError, IndexError):
        return None
    if not picked or (len(picked) > 1 and not several):
        return None
    return picked if several and picked != [NOT_SURE] else picked[0]


@main.command()
def check(seeds: Seeds = SEEDS) -> None:
    """Check the content: faults, dead rules, exercises that nobody can get."""
    pack = _pack(seeds)
    found = findings_of_lint(pack)
    for one in found:
        console.print(one, style="yellow", highlight=False, markup=False)
    counts = f"{len(pack.items)} items, {len(pack.tests)} self-tests, {len(pack.rules)} rules, {len(pack.exercises)} exercises, {len(pack.sources)} sources"
    console.print(f"{pack.label.name}: {counts}; {len(found)} findings", highlight=False)
    if found:
        raise typer.Exit(1)


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
