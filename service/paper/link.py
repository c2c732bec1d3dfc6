"""The private page's address, and how it stands on paper: a code to photograph, and the address in pieces that a line may break between."""

import re
from io import BytesIO

import segno
from fastapi import Request

PIECE = 16


def private_path(assessment_id: str, token: str) -> str:
    """Where its owner reads an assessment. The dot tells id and secret apart: neither can hold one."""
    return f"/my/{assessment_id}.{token}"


def address(request: Request, assessment_id: str, token: str) -> str:
    """The same with the host that was asked."""
    return str(request.base_url).rstrip("/") + private_path(assessment_id, token)


def coded(address: str) -> str:
    """A QR code as SVG."""
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, light="#fff")
    return out.getvalue().decode()


def pieces(address: str) -> list[str]:
    """The address, cut where a line may break: behind a slash, and now and then in a long word."""
    return re.findall(rf"[^/]{{1,{PIECE}}}/?|/", address)
