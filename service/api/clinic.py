"""/v1/clinic: what a key is for, and how its clinic wants things."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json
from sqlmodel import Session
from typing_extensions import TypedDict

from service.acting import Act, Key, acting
from service.api.admin import ClinicShape, clinic_shape
from service.api.operations import documented
from service.api.owned import private
from service.clinics.clinics import Clinic, find

router = APIRouter(prefix="/v1/clinic", tags=["Clinics"])


class OwnKey(TypedDict):
    """The key that asked: what it begins with, what it may do, and its end."""

    name: str
    scopes: list[str]
    expires_at: datetime | None


class OwnClinic(ClinicShape):
    """The clinic of the key that asked."""

    key: OwnKey


@router.get("", operation_id="getOwnClinic", summary="Your clinic", **documented(200, guidance=OwnClinic, opened_by="clinicKey"))
async def get_own_clinic(request: Request) -> Response:
    """Name and settings as the operator has set them, and what this key may do. Any key will do."""

    def work(session: Session, key: Key) -> tuple[Clinic, Key]:
        return find(session, key.clinic), key

    clinic, key = await acting(request, None, Act("read", "clinic"), work)
    own: OwnKey = {"name": key.name, "scopes": list(key.scopes), "expires_at": key.expires_at}
    return private(200, to_json({**clinic_shape(clinic), "key": own}))
