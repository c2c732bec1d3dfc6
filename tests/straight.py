"""Starlette's test client on a shorter way: each request crosses once, not eight times, to the thread of the app, and arrives byte for byte."""

from collections.abc import AsyncIterator, Iterable

import httpx2
from fastapi import FastAPI
from starlette.testclient import TestClient


class StraightClient(TestClient):
    """To be entered: the app must be running."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app)
        self._transport = _Straight(self, app)


class _Straight(httpx2.BaseTransport):
    def __init__(self, client: TestClient, app: FastAPI) -> None:
        self._client = client
        self._asgi = httpx2.ASGITransport(app, client=("testclient", 50000))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        assert self._client.portal
        assert isinstance(request.stream, Iterable)
        request.stream = _Pieces(request.stream)
        return self._client.portal.call(self._answer, request)

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        said = await self._asgi.handle_async_request(request)
        assert isinstance(said.stream, httpx2.AsyncByteStream)
        body = b"".join([piece async for piece in said.stream])
        return httpx2.Response(said.status_code, headers=said.headers, stream=httpx2.ByteStream(body))


class _Pieces(httpx2.AsyncByteStream):
    """A body as it was cut by who sends it."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
