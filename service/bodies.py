"""Reads what a request brings, strictly: media type, JSON without traps, an Idempotency-Key, what the caller accepts."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, get_args
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from service.state import state_of

Format = Literal["application/json", "text/markdown", "text/html", "application/pdf", "text/calendar"]
FORMATS: tuple[Format, ...] = get_args(Format)
NDJSON = "application/x-ndjson"
MOST = 100_000
_KINDS: dict[type, str] = {
    dict: "must be an object: link_id to answer",
    int: f"must be a whole number from 1 to {MOST}",
    bool: "must be true or false",
}
M = TypeVar("M", bound=BaseModel)
_PARAMETER = re.compile(r";(?!\s*q\s*=)[^,;]*")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class WrongMediaType(Exception):
    """The body is of a media type that is not offered here"""


class TooLarge(Exception):
    """The body is too large"""


class LineTooLong(Exception):
    """A line is too long"""


class TooManyLines(Exception):
    """There are more lines than are read at once"""


class NotAcceptable(Exception):
    """None of the accepted media types is offered here"""


class BadKey(Exception):
    """An Idempotency-Key is 1 to 255 visible ASCII characters"""


class KeyInUse(Exception):
    """A request with this Idempotency-Key is still running"""


class Faulty(Exception):
    """Faults of a body, each with a JSON pointer."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__()
        self.faults = faults


class BadSyntax(Faulty):
    """The body cannot be read"""


class WrongShape(Faulty):
    """The body is not of the documented shape"""


class BadSearch(Faulty):
    """The search cannot be understood"""


async def answers_from_json(request: Request) -> dict[str, Any]:
    """The `answers` object of a JSON body. Raises WrongMediaType, BadSyntax or WrongShape."""
    answers: dict[str, Any] = (await members_of_json(request, "answers"))["answers"]
    return answers


async def members_of_json(request: Request, required: str, **optional: type[dict[str, Any]] | type[int] | type[bool]) -> dict[str, Any]:
    """The members of a JSON body; an optional one that was not sent is None. Raises WrongMediaType, BadSyntax or WrongShape.

    `required` is an object; `optional` says of each other whether it is an object, true or false, or a whole number from 1 to MOST.
    """
    body: dict[str, Any] = await object_from_json(request)
    if required not in body or not body.keys() <= {required, *optional}:
        names = "".join(f", may have {name}" for name in optional)
        raise WrongShape(("", f"must have the key {required}{names} and no other"))
    for name, member in body.items():
        kind = optional.get(name, dict)
        if kind is int and isinstance(member, float) and member.is_integer():
            body[name] = int(member)  # 20.0 is a whole number in JSON
        if not _is(body[name], kind):
            raise WrongShape((f"/{name}", _KINDS[kind]))
    return {name: body.get(name) for name in (required, *optional)}


def _is(member: Any, kind: type) -> bool:
    if type(member) is not kind:
        return False
    return not isinstance(member, int) or kind is bool or 1 <= member <= MOST


async def model_from_json(request: Request, model: type[M], *, room: int = 1) -> M:
    """A JSON body of this shape. Raises WrongMediaType, BadSyntax, or WrongShape with every fault. `room`: see `object_from_json`."""
    body = await object_from_json(request, room=room)
    try:
        return model.model_validate(body)
    except ValidationError as refused:
        raise WrongShape(
            *(_fault_of(one) for one in refused.errors(include_url=False, include_context=False, include_input=False))
        ) from None


def _fault_of(error: Any) -> tuple[str, str]:
    """Where and what, without a word of the caller's: the name of a member that nobody knows is not said."""
    place = [str(part) for part in error["loc"]]
    if error["type"] == "extra_forbidden":
        return "".join(f"/{part}" for part in place[:-1]), "has a member that is not known here"
    if place and place[-1] == "[key]":
        return "".join(f"/{part}" for part in place[:-2]), "has a member whose name does not fit"
    return "".join(f"/{part}" for part in place), error["msg"]


async def object_from_json(request: Request, also: str = "application/json", *, room: int = 1) -> dict[str, Any]:
    """A JSON body that is an object, of the media type for JSON or `also`. Raises WrongMediaType, BadSyntax or WrongShape.

    `room`: how many times the usual size it may have.
    """
    expect(request, "application/json", also)
    return object_from(await _body(request, room))


def object_from(body: bytes) -> dict[str, Any]:
    """An object in JSON. Raises BadSyntax or WrongShape."""
    found = _json(body)
    if not isinstance(found, dict):
        raise WrongShape(("", "must be an object"))
    return found


async def answers_from_form(request: Request) -> dict[str, list[str]]:
    """The fields of a form that were filled in. Raises WrongMediaType or BadSyntax."""
    body = await _body(request)
    if body or "content-type" in request.headers:  # a form that nobody touched may come as nothing at all
        expect(request, "application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=False, max_num_fields=2000, errors="strict")
    except ValueError:
        raise BadSyntax(("", "is not a urlencoded form")) from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def idempotency_key(request: Request) -> str | None:
    """The caller's key, if one came. Raises BadKey."""
    keys = request.headers.getlist("idempotency-key")
    if not keys:
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        raise BadKey
    return keys[0]


def accepted(request: Request, first: Format = "application/json", *, offered: tuple[Format, ...] = FORMATS) -> Format:
    """The format to answer in: the best of the Accept header; `first` when the caller does not mind. Raises NotAcceptable."""
    offers = [first, *(one for one in offered if one != first)]  # among equals the first one wins
    best = _best(request, offers)
    return next(one for one in offers if one == best)


def accepts(request: Request, media_type: str) -> None:
    """Raises NotAcceptable when the caller does not want the one media type there is."""
    _best(request, [media_type])


def _best(request: Request, offers: Sequence[str]) -> str:
    """What the caller likes best; parameters such as `variant=GFM` are no matter. Raises NotAcceptable."""
    wanted = _PARAMETER.sub("", request.headers.get("accept") or "*/*")
    best = parse_accept_header(wanted, MIMEAccept).best_match(offers)
    if best is None:
        raise NotAcceptable
    return best


async def picture_in(request: Request) -> bytes:
    """A picture as the whole body. Raises WrongMediaType or TooLarge."""
    expect(request, "image/png", "image/jpeg")
    return await _body(request)


async def _body(request: Request, room: int = 1) -> bytes:
    """The whole body, as far as it is allowed to go. Raises TooLarge without reading on."""
    limit = state_of(request).settings.max_body_bytes * room
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge
    return bytes(body)


def expect(request: Request, *media_types: str) -> None:
    """Raises WrongMediaType when the body is of another one, packed, or not in UTF-8."""
    name, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = [parameter for parameter in parameters if parameter.startswith("charset=")]
    encoded = request.headers.get("content-encoding", "identity").lower() != "identity"
    if name not in media_types or encoded or any(charset not in ("charset=utf-8", 'charset="utf-8"') for charset in charsets):
        raise WrongMediaType


def _json(body: bytes) -> object:
    """JSON as it is meant: UTF-8, no repeated key, no NaN, no endless nesting."""
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except Faulty:
        raise
    except (ValueError, RecursionError):
        raise BadSyntax(("", "is not JSON in UTF-8")) from None


def _once(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        raise BadSyntax(("", "names a key twice in one object"))
    return mapping


def _refuse(_: str) -> object:
    raise BadSyntax(("", "holds NaN or Infinity, which JSON does not know"))
