"""What belongs to somebody: an id in the path, a token in a header, and an answer that nobody else may keep."""

from typing import Annotated

from fastapi import Depends, Path, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.assessments import Access, AssessmentNotFound, Kept

ID = "^[A-Za-z0-9_-]{22}$"
_bearer = HTTPBearer(auto_error=False, scheme_name="accessToken", description="The access token that came with the 201.")
AssessmentId = Annotated[str, Path(pattern=ID, description="The id that came with the 201.")]
Token = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def access(assessment_id: str, token: HTTPAuthorizationCredentials | None) -> Access:
    """The id with the token's text; without one, with a text that opens nothing."""
    return access_by(assessment_id, token.credentials if token else "")


def access_by(assessment_id: str, secret: str) -> Access:
    """The same for a token that was read already. Raises AssessmentNotFound for one that cannot be a token."""
    if not secret.isascii():
        raise AssessmentNotFound
    return Access(assessment_id, secret)


def with_guidance(head: bytes, kept: Kept) -> bytes:
    """The stored guidance goes out as it was stored, byte for byte."""
    return head[:-1] + b',"guidance":' + kept.guidance.encode() + b"}"


def private(status: int, body: bytes | str, headers: dict[str, str] | None = None, media_type: str = "application/json") -> Response:
    """A response that is kept nowhere on its way."""
    return Response(body, status_code=status, media_type=media_type, headers={"Cache-Control": "no-store", **(headers or {})})
