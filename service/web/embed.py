"""The assessment inside the page of another site: the same pages at an address of their own, and the script that puts them there."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse

from service.web import STATIC

# Cookies do not reach a frame on another site, so language and units stand in the address and travel from page to page with it.
EMBEDDED = "/embedded/{language}/{units}"
HEADERS = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}

router = APIRouter(include_in_schema=False)


@router.get("/embed.js")
async def script() -> FileResponse:
    """What another site loads."""
    return FileResponse(STATIC / "embed.js", media_type="text/javascript", headers=HEADERS)


def install(app: FastAPI, embedders: Sequence[str], *routers: APIRouter) -> None:
    """Serve these pages for frames too, where anybody may embed."""
    app.include_router(router)
    if embedders:
        for one in routers:
            app.include_router(one, prefix=EMBEDDED)
