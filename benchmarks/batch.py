"""python -m benchmarks.batch: people a second in one batch against a real server, and how long others wait for /livez meanwhile."""

import asyncio
import json
import statistics
import sys
import time

import httpx2

from benchmarks.http import server
from rules import load_pack
from rules.content import SEEDS
from rules.content.loading import load_population
from rules.simulation.population import Crowd

PEOPLE = 2000
PAUSE = 0.01


def main() -> None:
    """Send everything, then read; ask for health all the while."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    body = _people(count)
    print(f"{count} simulated people, {len(body) / 1e6:.1f} MB")
    with server("ours", "sqlite://") as port:
        _told("idle", asyncio.run(_health(port, 2)))
        asyncio.run(_measure(port, body, count))


def _people(count: int) -> bytes:
    pack = load_pack(SEEDS)
    crowd = Crowd(pack, load_population(SEEDS, pack), seed=2).people(count)
    return b"".join(json.dumps({"id": f"p{place}", "answers": dict(one.answers)}).encode() + b"\n" for place, one in enumerate(crowd))


async def _measure(port: int, body: bytes, count: int) -> None:
    asking = asyncio.create_task(_health(port, 3600))
    began = time.perf_counter()
    rows = size = 0
    headers = {"Content-Type": "application/x-ndjson"}
    async with (
        httpx2.AsyncClient(timeout=600) as client,
        client.stream("POST", f"http://127.0.0.1:{port}/v1/batch", content=body, headers=headers) as response,
    ):
        async for piece in response.aiter_bytes():
            rows += piece.count(b"\n")
            size += len(piece)
    took = time.perf_counter() - began
    asking.cancel()
    waits = await asking
    assert rows == count
    print(f"{rows / took:.0f} people a second; {size / 1e6:.1f} MB came back in {took:.1f} s")
    _told("meanwhile", waits)


async def _health(port: int, seconds: float) -> list[float]:
    """How long /livez took, in milliseconds, each time."""
    waits: list[float] = []
    until = time.perf_counter() + seconds
    async with httpx2.AsyncClient(timeout=60) as client:
        try:
            while time.perf_counter() < until:
                began = time.perf_counter()
                (await client.get(f"http://127.0.0.1:{port}/livez")).raise_for_status()
                waits.append((time.perf_counter() - began) * 1000)
                await asyncio.sleep(PAUSE)
        except asyncio.CancelledError:
            pass
    return waits


def _told(when: str, waits: list[float]) -> None:
    cuts = statistics.quantiles(waits, n=100)
    print(f"/livez {when}: {len(waits)} requests, median {cuts[49]:.1f} ms, 99 % {cuts[98]:.1f} ms, longest {max(waits):.1f} ms")


if __name__ == "__main__":
    main()
