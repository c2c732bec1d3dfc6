"""The record of an intake, handed over as a file."""

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from service.intakes import Record
from service.paper.record import RecordPaper, record_pdf
from service.retelling import retold
from service.state import reader_in, reader_of, spoken, state_of

NAME = "intake-record.pdf"  # what a download folder may show to anybody


async def hand_over_record(request: Request, record: Record, *varying: str) -> Response:
    """In the reader's language where the content is still what it was, else in the one it was told in."""
    weeks = retold(reader_of(request), record.kept, record.check_ins, record.clinic)
    reader = reader_in(request, weeks.language)
    body = await run_in_threadpool(record_pdf, RecordPaper(record, weeks, reader, state_of(request).body))
    own = {
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "Content-Disposition": f'attachment; filename="{NAME}"',
    }
    return Response(body, media_type="application/pdf", headers={**own, **spoken(reader.language, *varying)})
