"""Style, scripts and drawings, at an address that changes whenever one of them does, so that a browser asks for each only once."""

from hashlib import sha256

from fastapi import FastAPI, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from service.web import STATIC

_DIGEST = sha256(b"".join(file.name.encode() + file.read_bytes() for file in sorted(STATIC.iterdir()) if file.is_file()))
UNCHANGING = f"/static/{_DIGEST.hexdigest()[:16]}"


class Kept(StaticFiles):
    """Files that browsers and proxies may keep for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, or what is said instead of it."""
        response = await super().get_response(path, scope)
        if response.status_code in (200, 206, 304):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def install(app: FastAPI) -> None:
    """Serve the files, for pages at the address that changes, for anybody else at one that stays."""
    app.mount(UNCHANGING, Kept(directory=STATIC), name="unchanging")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
