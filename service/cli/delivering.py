"""What leaves for clinics: deliver, and the key that we sign with."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from service.cli.configuring import log_plainly, settings
from service.cli.console import console
from service.settings import Settings

commands = typer.Typer()
RESTART = 5  # seconds


@commands.command()
def deliver(
    alongside: Annotated[bool, typer.Option("--alongside", hidden=True, help="Stop when standard input ends.")] = False,
) -> None:
    """Send events to clinics, and results to their FHIR servers; `serve` starts this by itself."""
    from service.delivering.worker import work

    chosen = settings({})
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    if alongside:
        threading.Thread(target=_stop_at_the_end_of_input, args=(stop,), daemon=True).start()
    log_plainly()
    work(chosen, stop)


@commands.command("signing-key")
def signing_key(
    out: Annotated[Path, typer.Option(help="File to write; it must not be there yet.")],
) -> None:
    """Make our private keys, one for RS384 and one for ES384; MUSCLE_BALANCE_SIGNING_KEY_FILE names their file."""
    from service.webhooks.signing_key import new_keys, read_keys

    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(new_keys())
    except FileExistsError:
        raise typer.BadParameter("there is such a file already") from None
    for one in read_keys(out):
        console.print(f"{one.algorithm} {one.kid}", highlight=False)


@contextmanager
def delivering_alongside(chosen: Settings) -> Iterator[None]:
    """A worker in a process of its own, as long as this one lives, however it ends: then the worker's input ends, too."""
    if not chosen.deliver or chosen.url() in ("sqlite://", "sqlite:///:memory:"):
        yield
        return
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_delivering, args=(stop,), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join(30)


def _keep_delivering(stop: threading.Event) -> None:
    command = [sys.executable, "-m", "service.cli", "deliver", "--alongside"]
    while not stop.is_set():
        with subprocess.Popen(command, stdin=subprocess.PIPE) as worker:  # noqa: S603 - our own program
            while worker.poll() is None and not stop.wait(0.5):
                pass
        stop.wait(RESTART)


def _stop_at_the_end_of_input(stop: threading.Event) -> None:
    sys.stdin.buffer.read()
    stop.set()
