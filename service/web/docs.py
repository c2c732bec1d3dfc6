"""The docs page: Swagger UI from assets on disk, so that no request leaves the machine."""

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

from service.web import STATIC

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs() -> FileResponse:
    """The interactive documentation; its form takes the assessment."""
    return FileResponse(STATIC / "docs.html", media_type="text/html")


def install(app: FastAPI) -> None:
    """Serve the page and what it needs."""
    app.include_router(router)
    app.mount("/docs/swagger", StaticFiles(packages=[("fastapi_swagger", "resources")]), name="swagger")
