"""Answers in, words out: assess, what-if, compare."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markdown import Markdown

from rules import AnswersRefused, compare, evaluate, what_if
from rules.content import SEEDS, WRITTEN_IN
from service.cli.asking import Asking
from service.cli.console import Seeds, console, pack_in, print_json
from service.reader import Reader, interface_words

commands = typer.Typer()


@commands.command()
def assess(
    answers: Annotated[Path | None, typer.Option(help="A JSON file with answers; without it you are asked.")] = None,
    minutes: Annotated[
        int | None, typer.Option(min=1, help="Stop asking after about so long; what safety needs is asked in any case.")
    ] = None,
    self_tests: Annotated[bool, typer.Option(help="Ask for self-tests too.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the guidance as JSON.")] = False,
    language: Annotated[str, typer.Option(help="Language to ask and answer in.")] = WRITTEN_IN,
    seeds: Seeds = SEEDS,
) -> None:
    """Answer the questions here, or from a file, and read the result."""
    from service.readable import markdown

    pack = pack_in(seeds, language)
    reader = Reader(pack, interface_words(language))
    given = from_file(answers) if answers else Asking(reader, console).ask(minutes, self_tests=self_tests)
    with refusals():
        guidance = evaluate(pack, given)
    if as_json:
        print_json(guidance)
    else:
        console.print(Markdown(markdown(guidance, reader)))


@commands.command("what-if")
def show_what_if(
    answers: Annotated[Path, typer.Option(help="A JSON file with answers.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    seeds: Seeds = SEEDS,
) -> None:
    """Which single answers would move a finding."""
    pack = pack_in(seeds)
    with refusals():
        effect = what_if(pack, from_file(answers))
    if as_json:
        print_json(effect)
        return
    for one in (*effect["findings"], *effect["within_reach"]):
        console.print(f"{one['id']}: {one['band']}", style="bold", highlight=False)
        for move in one["moves"]:
            console.print(f"  {move['band']} with {move['link_id']} = {move['answer']}", highlight=False, markup=False)


@commands.command("compare")
def show_comparison(
    before: Annotated[Path, typer.Argument(help="A JSON file with the earlier answers.")],
    after: Annotated[Path, typer.Argument(help="A JSON file with the later answers.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    seeds: Seeds = SEEDS,
) -> None:
    """What changed between two sets of answers, and whether it is more than chance."""
    comparison = compare(pack_in(seeds), from_file(before), from_file(after))
    if as_json:
        print_json(comparison)
        return
    for measure in comparison["measures"]:
        side = f" ({measure['side']})" if measure["side"] else ""
        console.print(measure["text"] + side, highlight=False, markup=False)
    for name, found in comparison["findings"].items():
        console.print(f"findings {name}: {found or 'none'}", highlight=False, markup=False)
    for link_id in sorted({*comparison["left_aside"]["before"], *comparison["left_aside"]["after"]}):
        console.print(f"left aside: {link_id}", style="yellow", highlight=False, markup=False)


@contextmanager
def refusals() -> Iterator[None]:
    """Every answer that cannot be read, named; then the end."""
    try:
        yield
    except AnswersRefused as refused:
        for problem in refused.problems:
            console.print(f"{problem.link_id or 'a key that is no link_id'}: {problem.message}", style="red", highlight=False, markup=False)
        raise typer.Exit(1) from None


def from_file(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise typer.BadParameter("is not a JSON file that can be read") from None
    given = content.get("answers", content) if isinstance(content, dict) else None
    if not isinstance(given, dict):
        raise typer.BadParameter("must hold an object: link_id to answer")
    return given
