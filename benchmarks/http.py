"""python -m benchmarks.http: requests a second of the posting routes, as ratios to a bare endpoint and to the tutorial's way, in one run."""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.databases import postgresql
from benchmarks.http_load import Window, load
from rules import load_pack

APPS = ("ours", "bare", "tutorial")
ROUNDS, SECONDS, CONNECTIONS, MANY = 6, 1.0, 16, 128


def main() -> None:
    """Measure on SQLite, then on PostgreSQL where one answers on 127.0.0.1:5432."""
    example = next(one for one in load_pack().examples if one.id == "sweeping-ache")
    body = json.dumps({"answers": example.model_dump(mode="json")["answers"]}).encode()
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite, synchronous=FULL", {app: f"sqlite:///{Path(folder) / app}.db" for app in APPS}, body)
    with postgresql(*APPS) as urls:
        if urls:
            _measure("PostgreSQL", urls, body)


def _measure(name: str, urls: dict[str, str], body: bytes) -> None:
    with ExitStack() as stack:
        ports = {app: stack.enter_context(server(app, urls[app])) for app in APPS}
        print(f"\n{name}: {CONNECTIONS} connections, {ROUNDS} windows of {SECONDS:g} s for each, in turn")
        print(f"{'':24}{'ours':>9}{'bare':>9}{'tutorial':>10}{'x bare':>9}{'x tutorial':>12}")
        for path in ("/v1/evaluate", "/v1/assessments"):
            rates: dict[str, list[float]] = {app: [] for app in APPS}
            for _ in range(ROUNDS):
                for app in APPS:
                    rates[app].append(_window(ports[app], path, body, CONNECTIONS).rate)
            ours, bare, tutorial = (statistics.median(rates[app]) for app in APPS)
            print(f"{path:24}{ours:9.0f}{bare:9.0f}{tutorial:10.0f}{ours / bare:9.2f}{ours / tutorial:12.2f}")
        windows = [_window(ports["ours"], "/v1/assessments", body, MANY) for _ in range(ROUNDS)]
        slowest, longest = min(one.rate for one in windows), max(one.longest for one in windows)
        failed = sum(one.failed for one in windows)
        print(f"ours at {MANY} connections: slowest window {slowest:.0f}/s, longest answer {longest:.2f} s, failed {failed}")


def _window(port: int, path: str, body: bytes, connections: int) -> Window:
    return asyncio.run(load(port, path, body, connections=connections, seconds=SECONDS))


@contextmanager
def server(app: str, url: str) -> Iterator[int]:
    """One uvicorn with one of the apps, on a free loopback port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "uvicorn", f"benchmarks.http_apps:{app}", "--factory", "--port", str(port), "--no-access-log"]
    if app == "ours" and not url.startswith("sqlite"):
        _migrate(url)
    process = subprocess.Popen([*command, "--log-level", "warning"], env={**os.environ, "MUSCLE_BALANCE_DATABASE_URL": url})
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _migrate(url: str) -> None:
    environment = {**os.environ, "MUSCLE_BALANCE_DATABASE_URL": url}
    subprocess.run([sys.executable, "-m", "service.cli", "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as connection:
            if connection.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


if __name__ == "__main__":
    main()
