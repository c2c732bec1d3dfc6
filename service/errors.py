"""Exceptions become problems (RFC 9457). The only place that knows status codes; nothing of what was sent is ever repeated."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import NotRequired

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic_core import to_json
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InterfaceError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from typing_extensions import TypedDict

from rules import AnswersRefused, NoPlan
from service.acting import NotHere, NotTheOperator
from service.assessments import AssessmentNotFound, TooOften
from service.bodies import (
    BadKey,
    BadSearch,
    BadSyntax,
    Faulty,
    KeyInUse,
    LineTooLong,
    NotAcceptable,
    TooLarge,
    TooManyLines,
    WrongMediaType,
    WrongShape,
)
from service.clinics.audit import NotWrittenDown
from service.clinics.clinics import ClinicNotFound, NotAPicture
from service.clinics.invitations import DueOutOfReach
from service.clinics.issuers import IssuerTaken, NotTrusted
from service.clinics.keys import KeyLacksScope, KeyNotFound, NoKey
from service.clinics.secrets import KeyReused
from service.intakes import NothingKnown
from service.reader import N_, Reader
from service.responses import NoWayBack, Stale
from service.state import reader_of
from service.webhooks.endpoints import EndpointDisabled, TooManyEndpoints

MEDIA_TYPE = "application/problem+json"
Handler = Callable[[Request, Exception], Awaitable[Response]]


class Fault(TypedDict):
    """One thing wrong with the request: a JSON pointer into the body (or the header's name), a code, and what to repair."""

    pointer: str
    code: str
    detail: str


class Problem(TypedDict):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: NotRequired[str]
    errors: NotRequired[list[Fault]]


STATUS: dict[type[Exception], int] = {
    BadSyntax: 400,
    BadSearch: 400,
    BadKey: 400,
    NoKey: 401,
    NotTheOperator: 401,
    NotTrusted: 401,
    KeyLacksScope: 403,
    NotHere: 404,
    ClinicNotFound: 404,
    KeyNotFound: 404,
    AssessmentNotFound: 404,
    NotAcceptable: 406,
    KeyInUse: 409,
    IssuerTaken: 409,
    NothingKnown: 412,
    NoWayBack: 409,
    TooOften: 409,
    Stale: 412,
    EndpointDisabled: 409,
    TooManyEndpoints: 409,
    TooLarge: 413,
    LineTooLong: 413,
    TooManyLines: 413,
    WrongMediaType: 415,
    WrongShape: 422,
    NotAPicture: 422,
    DueOutOfReach: 422,
    KeyReused: 422,
    NoPlan: 422,
    AnswersRefused: 422,
    NotWrittenDown: 503,
}
ASKED_ALONG = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "1"}}
TITLES = {
    400: N_("The request cannot be read"),
    404: N_("There is nothing here"),
    405: N_("This method is not offered here"),
    413: N_("The body is too large"),
}


def titles() -> list[str]:
    """The titles of exceptions; those of other problems are marked where they are said."""
    own = [(kind.__doc__ or "").splitlines()[0] for kind in STATUS]
    return list(dict.fromkeys(own))


def response(
    status: int,
    kind: str,
    title: str,
    *,
    reader: Reader | None = None,
    detail: str = "",
    errors: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as an HTTP response; title and detail in the reader's language, where there is one."""
    return _sent(problem(status, kind, title, reader=reader, detail=detail, errors=errors), reader, headers or {})


def problem(status: int, kind: str, title: str, *, reader: Reader | None = None, detail: str = "", errors: Iterable[Fault] = ()) -> Problem:
    """A problem as data; title and detail in the reader's language, where there is one."""
    told: Problem = {"type": f"urn:muscle-balance:problem:{kind}", "title": reader.say(title) if reader else title, "status": status}
    if detail:
        told["detail"] = reader.say(detail) if reader else detail
    faults = list(errors)
    if faults:
        told["errors"] = faults
    return told


def problem_of(error: Exception, reader: Reader) -> Problem:
    """The problem of one of the exceptions in STATUS."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    title = (type(error).__doc__ or "").splitlines()[0]
    errors = list[Fault]()
    match error:
        case AnswersRefused():
            errors = [
                {"pointer": pointer(*error.within, *([one.link_id] if one.link_id else [])), "code": one.code, "detail": one.message}
                for one in error.problems
            ]
        case Faulty():
            errors = [{"pointer": one, "code": kind, "detail": message} for one, message in error.faults]
    return problem(STATUS[type(error)], kind, title, reader=reader, errors=errors)


def _sent(told: Problem, reader: Reader | None, headers: Mapping[str, str]) -> Response:
    own = {"Cache-Control": "no-store", **({"Content-Language": reader.language} if reader else {}), **headers}
    return Response(to_json(told), status_code=told["status"], media_type=MEDIA_TYPE, headers=own)


def install(app: FastAPI, forms: Mapping[str, Callable[[Response], Response]]) -> None:
    """Give every exception that may reach a caller its problem. `forms`: below which path a problem takes another form."""
    handlers: dict[type[Exception], Handler] = dict.fromkeys(STATUS, _known)
    handlers |= dict.fromkeys((DatabaseError, InterfaceError, PoolTimeout), _busy)
    handlers |= dict.fromkeys((DataError, StatementError), _unstorable)
    handlers |= {IntegrityError: _clash, RequestValidationError: _invalid, HTTPException: _http}
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, _formed(handler, forms))


def _formed(handler: Handler, forms: Mapping[str, Callable[[Response], Response]]) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        problem = await handler(request, error)
        form = next((form for path, form in forms.items() if request.url.path.startswith(path)), None)
        return form(problem) if form else problem

    return handle


def pointer(*parts: str) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


async def _known(request: Request, error: Exception) -> Response:
    reader = reader_of(request)
    told = problem_of(error, reader)
    return _sent(told, reader, ASKED_ALONG.get(told["status"], {}))


async def _busy(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the message of a database error may hold answers
    title, detail = N_("The service is busy or its database is away"), N_("Try again in a moment.")
    return response(503, "busy", title, reader=reader_of(request), detail=detail, headers={"Retry-After": "1"})


async def _unstorable(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return response(422, "unstorable", N_("The request cannot be stored"), reader=reader_of(request))


async def _clash(request: Request, error: Exception) -> Response:  # noqa: ARG001
    return response(409, "clash", N_("Another request came in between"), reader=reader_of(request), detail=N_("Try again."))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
    faults: list[Fault] = [
        {
            "pointer": pointer(*(str(part) for part in one["loc"])),
            "code": str(one["type"]),
            "detail": "is missing or not of the documented form",
        }
        for one in error.errors()
    ]
    return response(422, "wrong-shape", N_("The request is not of the documented shape"), reader=reader_of(request), errors=faults)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    title = TITLES.get(error.status_code, N_("The request failed"))
    return response(error.status_code, f"http-{error.status_code}", title, reader=reader_of(request), headers=headers)


def _methods(request: Request) -> set[str]:
    """Every method of the path; the framework looks at the first matching route only. What is mounted are files."""
    routes = iter_route_contexts(request.app.routes)
    methods = {
        method
        for route in routes
        if route.path and compile_path(route.path)[0].match(request.scope["path"])
        for method in route.methods or ()
    }
    return methods or {"GET", "HEAD"}
