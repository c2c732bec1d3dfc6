"""The service itself: serve, migrate, purge, openapi."""

import json
import sys
from typing import Annotated, Any

import typer

from rules.content import SEEDS
from service.cli.configuring import log_plainly, settings
from service.cli.console import Seeds, console, pack_in
from service.cli.delivering import delivering_alongside
from service.settings import Settings

commands = typer.Typer()


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; more than one needs PostgreSQL.")] = None,
) -> None:
    """Run the service."""
    import uvicorn

    given: dict[str, Any] = {"host": host, "port": port, "workers": workers}
    chosen = settings({name: value for name, value in given.items() if value is not None})
    if chosen.workers > 1 and chosen.url().startswith("sqlite"):
        raise typer.BadParameter("more than one worker needs PostgreSQL")
    log_plainly()
    if chosen.port:
        console.print(f"Open http://{chosen.host}:{chosen.port}", highlight=False)
    with delivering_alongside(chosen):
        uvicorn.run(
            "service.app:from_environment",
            factory=True,
            host=chosen.host,
            port=chosen.port,
            workers=chosen.workers,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=20,
        )


@commands.command()
def migrate() -> None:
    """Bring the database to the present schema."""
    from service.storage.database import Database
    from service.storage.schema import migrate as run

    database = Database(settings({}).url())
    run(database.engine)
    database.queue.prepare()
    database.close()
    console.print("The database is up to date.")


@commands.command()
def purge() -> None:
    """Erase what has expired."""
    from service.assessments import purge as run
    from service.storage.database import Database
    from service.storage.tenancy import OPERATOR

    database = Database(settings({}).url())
    console.print(f"Erased {database.run_now(run, OPERATOR)} assessments.", highlight=False)
    database.close()


@commands.command()
def openapi(seeds: Seeds = SEEDS) -> None:
    """Print the OpenAPI document."""
    from service.app import create_app

    app = create_app(Settings(database_url="sqlite://"), pack_in(seeds))
    sys.stdout.write(json.dumps(app.openapi(), indent=2) + "\n")
