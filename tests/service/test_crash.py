"""Kill -9 while four callers post: whatever was acknowledged stays, and no Idempotency-Key makes two assessments."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import text

from service.storage.database import Database

CYCLES = 10
SECONDS_TO_START = 60
Told = tuple[str, str]


@dataclass
class Caller:
    """Posts one keyed assessment after the other and remembers the id and token it was told."""

    name: str
    body: Mapping[str, object]
    told: dict[str, Told] = field(default_factory=dict)

    def post_until_the_server_dies(self, base: str) -> None:
        """A request without an answer is tried again next time: its key is the same."""
        with httpx2.Client(base_url=base, timeout=20) as client:
            try:
                while True:
                    self.post_the_next(client)
            except httpx2.TransportError:
                return

    def post_the_next(self, client: httpx2.Client) -> None:
        """Counts as done only when it was acknowledged."""
        key = f"{self.name}-{len(self.told)}"
        told = self.post(client, key)
        if told is not None:
            self.told[key] = told

    def post(self, client: httpx2.Client, key: str) -> Told | None:
        """None when told to try again, say while the database still holds a lock of the dead."""
        answer = client.post("/v1/assessments", json=self.body, headers={"Idempotency-Key": key})
        if answer.status_code in (409, 503):
            return None
        assert answer.status_code == 201
        created = answer.json()
        return created["id"], created["access_token"]

    def check(self, base: str) -> None:
        """Everything told still holds: the key gives the same again, and the token opens the id."""
        with httpx2.Client(base_url=base, timeout=20) as client:
            self.post_the_next(client)
            for key, told in self.told.items():
                assert self.post(client, key) == told
                answer = client.get(f"/v1/assessments/{told[0]}", headers={"Authorization": f"Bearer {told[1]}"})
                assert answer.json()["answers"] == self.body["answers"]


@contextmanager
def serving(database_url: str, log: Path) -> Iterator[str]:
    """A real server with processes of its own, killed without warning in the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    workers = 1 if database_url.startswith("sqlite") else 2
    command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port), "--workers", str(workers)]
    environment = os.environ | {"MUSCLE_BALANCE_DATABASE_URL": database_url, "MUSCLE_BALANCE_DELIVER": "false"}
    with (
        log.open("ab") as output,
        subprocess.Popen(command, stdout=output, stderr=output, env=environment, start_new_session=True) as server,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            wait_until_ready(base, server, log)
            yield base
        finally:
            os.killpg(server.pid, signal.SIGKILL)


def wait_until_ready(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Asks until the server answers; says what it printed if it does not."""
    with httpx2.Client(base_url=base) as client:  # one for all tries: each takes its time to be made
        for _ in range(SECONDS_TO_START * 20):
            try:
                if server.poll() is None and client.get("/readyz").status_code == 200:
                    return
            except httpx2.TransportError:
                time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text()[-2000:]}")


def stored(database_url: str) -> tuple[int, int, object]:
    """How many assessments and keys there are, and what SQLite says of its file."""
    database = Database(database_url)
    try:
        with database.engine.connect() as connection:
            assessments, keys = (
                connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - the two names below
                for table in ("assessment", "idempotent_request")
            )
            sound = connection.execute(text("PRAGMA integrity_check")).scalar_one() if database.is_sqlite else "ok"
            return assessments, keys, sound
    finally:
        database.close()


@pytest.mark.slow
def test_ten_crashes_lose_nothing_that_was_acknowledged(database_url: str, safe: dict[str, object], tmp_path: Path) -> None:
    callers = [Caller(name, {"answers": {**safe, "safety.pain-level": place}}) for place, name in enumerate(["ann", "ben", "cleo", "dan"])]
    log = tmp_path / "server.log"
    with ThreadPoolExecutor(len(callers)) as threads:
        for _ in range(CYCLES):
            with serving(database_url, log) as base:
                posting = [threads.submit(caller.post_until_the_server_dies, base) for caller in callers]
                time.sleep(random.uniform(0.05, 0.8))
            for one in posting:
                one.result()
        with serving(database_url, log) as base:
            list(threads.map(lambda caller: caller.check(base), callers))
    acknowledged = sum(len(caller.told) for caller in callers)
    assert acknowledged >= CYCLES
    assert stored(database_url) == (acknowledged, acknowledged, "ok")
