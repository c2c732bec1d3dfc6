"""A real server in a process of its own, on a free port of 127.0.0.1."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """Where it listens, and all that it has printed."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int

    @property
    def address(self) -> str:
        """What a browser would open."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(database_url: str, log: Path, **settings: str) -> Iterator[Server]:
    """`muscle-balance serve --port 0`, without a worker beside it unless told otherwise; asked to stop in the end."""
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    own = {"database_url": database_url, "deliver": "false", **settings}
    environment = os.environ | {f"MUSCLE_BALANCE_{name.upper()}": value for name, value in own.items()}
    with log.open("ab") as output, subprocess.Popen(command, stdout=output, stderr=output, env=environment) as process:
        try:
            yield Server(process, log, _port(process, log))
        finally:
            process.terminate()
            process.wait(60)


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """The port that it says it has taken."""
    for _ in range(3000):
        said = re.search(r"running on http://127\.0\.0\.1:(\d+)", log.read_text(encoding="utf-8"))
        if said:
            return int(said[1])
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise AssertionError(log.read_text(encoding="utf-8"))
