"""What the commands share: the console, the folder of content, faults in words, figures as JSON."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from rules import Pack, PackRefused, load_pack
from rules.content import WRITTEN_IN

console = Console()
Seeds = Annotated[Path, typer.Option(help="Folder of content.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print figures as JSON.")]
Read = TypeVar("Read")


def pack_in(seeds: Path, language: str = WRITTEN_IN) -> Pack:
    """The pack of a folder, or its faults and the end."""
    return read(lambda: load_pack(seeds, language))


def read(load: Callable[[], Read]) -> Read:
    """What `load` gives, or the faults of the content and the end."""
    try:
        return load()
    except PackRefused as refused:
        for fault in refused.faults:
            console.print(str(fault), style="red", highlight=False, markup=False)
        raise typer.Exit(1) from None


def print_json(found: object) -> None:
    """Figures for other programs."""
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
