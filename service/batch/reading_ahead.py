"""Takes a stream in ahead of the work on it: who sends everything before reading must not wait for somebody who waits for them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def read_ahead(source: AsyncIterator[bytes], most: int) -> AsyncIterator[AsyncIterator[bytes]]:
    """The pieces of `source`, of which about `most` bytes at a time wait here. What goes wrong in reading is raised where it is missed."""
    waiting: asyncio.Queue[bytes | None] = asyncio.Queue()
    room = asyncio.Event()
    held = 0

    async def fill() -> None:
        nonlocal held
        try:
            async for piece in source:
                held += len(piece)
                waiting.put_nowait(piece)
                while held >= most:
                    room.clear()
                    await room.wait()
        finally:
            waiting.put_nowait(None)

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal held
        while (piece := await waiting.get()) is not None:
            held -= len(piece)
            room.set()
            yield piece
        await reading

    reading = asyncio.create_task(fill())
    try:
        yield pieces()
    finally:
        reading.cancel()
        await asyncio.wait([reading])
        if not reading.cancelled():
            reading.exception()  # said above, or of no interest any more
