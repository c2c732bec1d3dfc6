"""The settings that a command runs with, and how our processes log."""

import logging
from typing import Any

import typer
from pydantic import ValidationError

from service.settings import Settings

# httpx logs addresses, which may hold a secret of a clinic's.
QUIET = ("alembic", "dbos", "httpx", "httpcore")


def settings(given: dict[str, Any]) -> Settings:
    """What the environment says, but for what is given; or the faults and the end."""
    try:
        return Settings(**given)
    except ValidationError as refused:
        faults = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in refused.errors()]
        raise typer.BadParameter("; ".join(faults)) from None


def log_plainly() -> None:
    """To the terminal, a line each."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
