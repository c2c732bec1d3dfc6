"""Many people from a file: score."""

from pathlib import Path
from typing import Annotated

import typer

from rules.content import SEEDS, WRITTEN_IN
from service.cli.console import Seeds, console, pack_in
from service.reader import Reader, interface_words

commands = typer.Typer()


@commands.command()
def score(
    people: Annotated[
        Path, typer.Argument(help="A .csv, .ndjson or .parquet file: a row a person, a column a link_id, and id if you like.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write: .csv or .parquet, a row a person; .ndjson, whole guidance.")],
    language: Annotated[str, typer.Option(help="Language of whole guidance.")] = WRITTEN_IN,
    seeds: Seeds = SEEDS,
) -> None:
    """Guidance for everybody in a file. An empty cell is no answer; several choices stand between bars (a|b)."""
    from service.scoring import FileRefused
    from service.scoring import score as run

    reader = Reader(pack_in(seeds, language), interface_words(language))
    if out.resolve() == people.resolve():
        raise typer.BadParameter("the result would take the place of the answers")
    try:
        rows, refused = run(reader, people, out)
    except FileRefused as why:
        raise typer.BadParameter(str(why)) from None
    except OSError as error:
        raise typer.BadParameter(f"cannot write there: {error.strerror}") from None
    said = f", {refused} of them with a problem" if refused else ""
    console.print(f"{rows} people{said}: {out}", highlight=False, markup=False)
