"""A small load generator: keep-alive connections that post one body as fast as they are answered."""

import asyncio
import time
from dataclasses import dataclass


@dataclass
class Window:
    """What one window of load saw."""

    answered: int
    failed: int
    seconds: float
    longest: float

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.answered / self.seconds


async def load(port: int, path: str, body: bytes, *, connections: int, seconds: float) -> Window:
    """Post `body` to a loopback port from so many connections for so long."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    message = head.encode() + body
    window = Window(0, 0, 0, 0)
    began = time.perf_counter()
    until = began + seconds
    await asyncio.gather(*(_connection(port, message, until, window) for _ in range(connections)))
    window.seconds = time.perf_counter() - began
    return window


async def _connection(port: int, message: bytes, until: float, window: Window) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(message)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
        await reader.readexactly(_length(head))
        window.longest = max(window.longest, time.perf_counter() - began)
        if head.startswith(b"HTTP/1.1 20"):
            window.answered += 1
        else:
            window.failed += 1
    writer.close()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    raise ValueError("an answer without Content-Length")
