"""The worker as people start it, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.service.receiving import until


def start(database_url: str, log: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """`muscle-balance deliver`, allowed to send to this machine."""
    own = {"MUSCLE_BALANCE_DATABASE_URL": database_url, "MUSCLE_BALANCE_DEVELOPMENT": "true", **settings}
    with log.open("ab") as output:
        return subprocess.Popen([sys.executable, "-m", "service.cli", "deliver"], stdout=output, stderr=output, env=os.environ | own)


@contextmanager
def working(database_url: str, log: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Asked to stop in the end."""
    log.touch()
    before = log.read_text().count("deliveries delivering")
    worker = start(database_url, log, {f"MUSCLE_BALANCE_{name.upper()}": value for name, value in settings.items()})
    try:
        until(lambda: worker.poll() is not None or log.read_text().count("deliveries delivering") > before, 60)
        assert worker.poll() is None, log.read_text()
        yield worker
    finally:
        worker.terminate()
        assert worker.wait(60) in (0, -15), log.read_text()
