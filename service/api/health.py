"""Is the process alive, and can it serve? Without the database for the first, with it for the second."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import text

from service.state import state_of

router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def livez() -> Response:
    """The process answers."""
    return Response(b"alive", media_type="text/plain")


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """The database answers too."""
    await state_of(request).database.run(lambda session: session.connection().execute(text("SELECT 1")).scalar_one())
    return Response(b"ready", media_type="text/plain")
