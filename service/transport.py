"""Around every request: security headers, one log line without answers, and the last resort when something breaks."""

import logging
import secrets
import time
import traceback
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import errors
from service.clinics import audit

log = logging.getLogger("muscle_balance.requests")
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Swagger UI sets style attributes.
DOCS_POLICY = CONTENT_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")  # any other word is the caller's own
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Transport:
    """A pure ASGI wrapper. `embedders`: whose pages may hold ours in a frame, as far as they are made for it.

    A request may name others in its state: whose page it is for decides.
    """

    def __init__(self, app: ASGIApp, embedders: Sequence[str] = ()) -> None:
        self.app = app
        self.embedders = tuple(embedders)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = secrets.token_hex(8)  # never the caller's own word, which could hold anything
        audit.request_id.set(request_id)
        status = 500
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                started = True
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", self._policy(scope))
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except ClientDisconnect:
            status = 499  # the caller went away in the middle of the body
        except Exception as error:  # noqa: BLE001 - the last resort: the message may hold answers, so only its place is logged
            place = traceback.extract_tb(error.__traceback__)[-1]
            at = f"{place.filename.rsplit('/', 1)[-1]}:{place.lineno}"
            log.error("failure kind=%s at=%s id=%s", type(error).__name__, at, request_id)
            if started:
                return
            await errors.response(500, "failure", "Something went wrong on our side")(scope, receive, send_with_headers)
        finally:
            route = getattr(scope.get("route"), "path", "-")
            method = scope["method"] if scope["method"] in METHODS else "-"
            took = (time.perf_counter() - began) * 1000
            log.info("method=%s route=%s status=%s ms=%.1f id=%s", method, route, status, took, request_id)

    def _policy(self, scope: Scope) -> str:
        if scope["path"] == "/docs":
            return DOCS_POLICY
        if not scope["path"].startswith("/embedded/"):
            return CONTENT_POLICY
        embedders = scope.get("state", {}).get("embedders", self.embedders)
        return CONTENT_POLICY.replace("frame-ancestors 'none'", "frame-ancestors " + (" ".join(embedders) or "'none'"))
