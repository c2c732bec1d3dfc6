"""POST /v1/batch: many people at once, a line each, answered while they come."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from service.acting import Act, acting, brings_key
from service.api.operations import documented
from service.batch.lines import numbered_lines
from service.batch.reading_ahead import read_ahead
from service.batch.rows import BatchOutcome, outcome, row_of_line
from service.bodies import NDJSON, TooManyLines, accepts, expect
from service.errors import problem_of
from service.reader import Reader
from service.state import reader_of, state_of

router = APIRouter(prefix="/v1")
AHEAD = 16 * 2**20  # bytes: what a caller may send without reading what comes back
PATIENCE = 60  # seconds: who takes nothing for so long is not there any more


@router.post(
    "/batch",
    operation_id="evaluateBatch",
    tags=["Assessments"],
    summary="Guidance for many people, a line each; nothing is stored",
    **documented(200, 401, 403, 406, 415, 503, form=NDJSON),
)
async def post_batch(request: Request) -> Response:
    """One `{"id": "…", "answers": {…}}` a line in; one `{"line": 1, "id": "…", "guidance": {…}}` a line out, in the same order, while you send.

    `id` is yours and may be left out. A line that cannot be read gets a `problem` in the place of its `guidance`, and the others go on.
    Blank lines are skipped. Send at most 16 MB before you begin to read the answer, or read while you send. Nothing is stored or logged.

    Who runs this service may have it for clinics only: `Authorization: Bearer` and an API key with the scope `batch`. A clinic's audit trail then says
    that there was a batch.
    """
    expect(request, NDJSON)
    accepts(request, NDJSON)
    if brings_key(request) or state_of(request).settings.batch_needs_key:
        await acting(request, "batch", Act("create", "batch"), lambda _, __: None)
    return BatchResponse(request)


class BatchResponse(Response):
    """Answers while the request still comes, which Starlette's StreamingResponse cannot: it would throw the rest of the request away."""

    media_type = NDJSON

    def __init__(self, request: Request) -> None:
        self._request = request
        headers = {"Cache-Control": "no-store", "Content-Language": reader_of(request).language, "Vary": "Accept, Accept-Language"}
        super().__init__(headers=headers)
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Serve it. Begins to answer only when there is something to say, so that the caller was told to go on sending."""
        async with read_ahead(self._request.stream(), AHEAD) as pieces:
            answers = _answers(self._request, pieces)
            first = await anext(answers, b"")
            await _send(send, {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await _send(send, _body(first))
            async for answer in answers:
                await _send(send, _body(answer))
            await _send(send, _body(b"", more=False))


async def _answers(request: Request, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    state, reader = state_of(request), reader_of(request)
    async for number, line in numbered_lines(pieces, state.settings.max_body_bytes):
        if number > state.settings.max_batch_lines:
            refused: BatchOutcome = {"line": number, "id": None, "problem": problem_of(TooManyLines(), reader)}
            yield to_json(refused) + b"\n"
            return
        if line is None or line.strip():
            # One row after the other, also of several batches: everybody else waits for at most one.
            async with state.batch_turn:
                answer = await asyncio.to_thread(_answer, reader, number, line)
            yield answer


def _answer(reader: Reader, number: int, line: bytes | None) -> bytes:
    return to_json(outcome(reader, row_of_line(number, line))) + b"\n"


def _body(content: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}


async def _send(send: Send, message: Message) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await send(message)
    except TimeoutError:
        raise ClientDisconnect from None
