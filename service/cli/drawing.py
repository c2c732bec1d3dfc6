"""The pictures: pictures."""

from pathlib import Path
from typing import Annotated

import typer

from rules.content import SEEDS
from service.cli.console import Seeds, console, pack_in, read

commands = typer.Typer()


@commands.command()
def pictures(
    out: Annotated[Path | None, typer.Option(help="Write every picture and a page that shows them into this folder.")] = None,
    check: Annotated[bool, typer.Option("--check", help="List what has no picture, and what is amiss in the others.")] = False,
    seeds: Seeds = SEEDS,
) -> None:
    """Draw every exercise and self-test."""
    from service.figures.contact_sheet import complaints, write_sheet
    from service.figures.gallery import Gallery
    from service.figures.loading import load_figures

    pack = pack_in(seeds)
    gallery = Gallery(pack, read(lambda: load_figures(seeds, pack)))
    if out:
        console.print(f"{write_sheet(gallery, out)} pictures: {out / 'index.html'}", highlight=False, markup=False)
    found = list(complaints(gallery)) if check else []
    for one in found:
        console.print(one, style="yellow", highlight=False, markup=False)
    if found:
        raise typer.Exit(1)
