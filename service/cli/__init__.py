"""The command line: each command calls one use case."""

import typer

from service.cli import answering, clinics, content, delivering, drawing, running, scoring

main = typer.Typer(name="muscle-balance", help="A self-assessment of tight and weak muscles.", no_args_is_help=True, add_completion=False)
for part in (running, delivering, answering, scoring, clinics, content, drawing):
    main.add_typer(part.commands)
