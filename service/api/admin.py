"""/v1/admin: the operator makes clinics, says how they want things, and hands out their keys."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json
from typing_extensions import TypedDict

from service.acting import is_operator, operating
from service.api.operations import documented
from service.api.owned import private
from service.bodies import WrongShape, model_from_json, picture_in
from service.clinics.audit import Act
from service.clinics.clinics import Clinic, change, create, find, list_clinics, remove, set_logo
from service.clinics.keys import Key, Scope, issue, list_keys, revoke, rotate
from service.clinics.settings import ClinicSettings, Line
from service.outside.sending import world_of
from service.state import state_of

router = APIRouter(prefix="/v1/admin/clinics", tags=["Operator"])
ClinicId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="The clinic's id.")]
KeyId = Annotated[str, Path(pattern="^[0-9a-f]{12}$", description="The key's id: what stands behind the second underscore of its name.")]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class NewClinic(_Body):
    """A clinic's name, as people will read it."""

    name: Annotated[Line, Field(max_length=120)]


class NewKey(_Body):
    """What a key may do, and for how many days; without an end where `days` is left out."""

    scopes: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=5, strict=False)]
    days: Annotated[int | None, Field(ge=1, le=3650)] = None


class Rotation(_Body):
    """For how many hours the old key goes on."""

    hours: Annotated[int, Field(ge=0, le=720)] = 24


class ClinicShape(TypedDict):
    """A clinic."""

    id: str
    name: str
    settings: dict[str, Any]
    has_logo: bool
    created_at: datetime


class KeyShape(TypedDict):
    """A key without its secret; `name` is what it begins with."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class IssuedKey(KeyShape):
    """Said once: keep `key`, only its hash is stored here."""

    key: str


class ClinicList(TypedDict):
    """Every clinic, the oldest first."""

    clinics: list[ClinicShape]


class KeyList(TypedDict):
    """A clinic's keys, the oldest first."""

    keys: list[KeyShape]


@router.post(
    "",
    status_code=201,
    operation_id="createClinic",
    summary="A new clinic",
    **documented(201, guidance=ClinicShape, body=NewClinic, opened_by="operatorKey"),
)
async def post_clinic(request: Request) -> Response:
    """Made with nothing set and without a key."""
    body = await model_from_json(request, NewClinic)
    made = await operating(request, Act("create", "clinic"), lambda session: create(session, body.name), clinic=lambda made: made.id)
    return private(201, to_json(clinic_shape(made)), {"Location": f"/v1/admin/clinics/{made.id}"})


@router.get("", operation_id="listClinics", summary="Every clinic", **documented(200, guidance=ClinicList, opened_by="operatorKey"))
async def get_clinics(request: Request) -> Response:
    """The oldest first."""
    found = await operating(request, Act("search", "clinic"), list_clinics, clinic=lambda _: "")
    return private(200, to_json({"clinics": [clinic_shape(one) for one in found]}))


@router.get(
    "/{clinic_id}",
    operation_id="getClinic",
    summary="One clinic",
    **documented(200, 404, 422, guidance=ClinicShape, opened_by="operatorKey"),
)
async def get_clinic(request: Request, clinic_id: ClinicId) -> Response:
    """With its settings."""
    found = await operating(request, Act("read", "clinic"), lambda session: find(session, clinic_id), clinic=lambda _: clinic_id)
    return private(200, to_json(clinic_shape(found)))


@router.put(
    "/{clinic_id}/settings",
    operation_id="setClinicSettings",
    summary="How a clinic wants things",
    **documented(
        200,
        404,
        guidance=ClinicShape,
        body=ClinicSettings,
        opened_by="operatorKey",
        conflict="Another clinic has listed an issuer, or another request came in between",
    ),
)
async def put_settings(request: Request, clinic_id: ClinicId) -> Response:
    """In the place of all settings before: days of retention, web sites that may embed, language, contact, wording for each urgency, FHIR server, whose CDS Hooks calls to trust."""
    wanted, state = await model_from_json(request, ClinicSettings), state_of(request)
    addresses = {f"/cds/{place}/jwks_url": one.jwks_url for place, one in enumerate(wanted.cds)}
    addresses["/fhir/url"] = wanted.fhir.url if wanted.fhir else None
    world = world_of(state.settings)
    faults = ((pointer, world.fault_of(url)) for pointer, url in addresses.items() if url)
    if refused := [(pointer, fault) for pointer, fault in faults if fault]:
        raise WrongShape(*refused)
    if wanted.fhir and is_operator(request):
        await asyncio.to_thread(state.database.queue.prepare)
    changed = await operating(
        request, Act("update", "clinic"), lambda session: change(session, clinic_id, wanted), clinic=lambda _: clinic_id
    )
    return private(200, to_json(clinic_shape(changed)))


@router.put(
    "/{clinic_id}/logo",
    status_code=204,
    operation_id="setClinicLogo",
    summary="A clinic's logo",
    **documented(204, 404, 413, 415, 422, pictures=("image/png", "image/jpeg"), opened_by="operatorKey"),
)
async def put_logo(request: Request, clinic_id: ClinicId) -> Response:
    """A PNG or JPEG picture as the body, for the pages and the PDF: at most 2000 pixels a side."""
    picture = await picture_in(request)
    await operating(request, Act("update", "clinic"), lambda session: set_logo(session, clinic_id, picture), clinic=lambda _: clinic_id)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.delete(
    "/{clinic_id}/logo",
    status_code=204,
    operation_id="removeClinicLogo",
    summary="No logo any more",
    **documented(204, 404, 422, opened_by="operatorKey"),
)
async def delete_logo(request: Request, clinic_id: ClinicId) -> Response:
    """The name alone stands there again."""
    await operating(request, Act("update", "clinic"), lambda session: set_logo(session, clinic_id, None), clinic=lambda _: clinic_id)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.delete(
    "/{clinic_id}",
    status_code=204,
    operation_id="removeClinic",
    summary="Remove a clinic",
    **documented(204, 404, 422, opened_by="operatorKey"),
)
async def delete_clinic(request: Request, clinic_id: ClinicId) -> Response:
    """With its keys, invitations and intakes. Its audit trail stays."""
    await operating(request, Act("erase", "clinic"), lambda session: remove(session, clinic_id), clinic=lambda _: clinic_id)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


@router.post(
    "/{clinic_id}/keys",
    status_code=201,
    operation_id="issueKey",
    summary="A new key",
    **documented(201, 404, guidance=IssuedKey, body=NewKey, opened_by="operatorKey"),
)
async def post_key(request: Request, clinic_id: ClinicId) -> Response:
    """Says the key once: only its hash is kept."""
    body = await model_from_json(request, NewKey)
    issued = await operating(
        request,
        Act("create", "key"),
        lambda session: issue(session, find(session, clinic_id).id, body.scopes, body.days),
        clinic=lambda _: clinic_id,
        made=lambda issued: issued[0].id,
    )
    return private(201, to_json(_issued(*issued)), {"Location": f"/v1/admin/clinics/{clinic_id}/keys"})


@router.get(
    "/{clinic_id}/keys",
    operation_id="listKeys",
    summary="A clinic's keys",
    **documented(200, 404, 422, guidance=KeyList, opened_by="operatorKey"),
)
async def get_keys(request: Request, clinic_id: ClinicId) -> Response:
    """With what they may do, their end, and when they were last used."""
    found = await operating(
        request, Act("search", "key"), lambda session: list_keys(session, find(session, clinic_id).id), clinic=lambda _: clinic_id
    )
    return private(200, to_json({"keys": [_key(one) for one in found]}))


@router.post(
    "/{clinic_id}/keys/{key_id}/rotate",
    status_code=201,
    operation_id="rotateKey",
    summary="A key in the place of another",
    **documented(201, 404, guidance=IssuedKey, body=Rotation, opened_by="operatorKey"),
)
async def post_rotation(request: Request, clinic_id: ClinicId, key_id: KeyId) -> Response:
    """The new one may do what the old one may, which goes on for `hours` (24 unless said otherwise)."""
    body = await model_from_json(request, Rotation)
    issued = await operating(
        request, Act("update", "key", key_id), lambda session: rotate(session, clinic_id, key_id, body.hours), clinic=lambda _: clinic_id
    )
    return private(201, to_json(_issued(*issued)), {"Location": f"/v1/admin/clinics/{clinic_id}/keys"})


@router.delete(
    "/{clinic_id}/keys/{key_id}",
    status_code=204,
    operation_id="revokeKey",
    summary="Revoke a key now",
    **documented(204, 404, 422, opened_by="operatorKey"),
)
async def delete_key(request: Request, clinic_id: ClinicId, key_id: KeyId) -> Response:
    """It opens nothing from now on."""
    await operating(request, Act("erase", "key", key_id), lambda session: revoke(session, clinic_id, key_id), clinic=lambda _: clinic_id)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def clinic_shape(clinic: Clinic) -> ClinicShape:
    """A clinic as callers see it."""
    return {
        "id": clinic.id,
        "name": clinic.name,
        "settings": clinic.settings.model_dump(mode="json", exclude_defaults=True),
        "has_logo": clinic.logo is not None,
        "created_at": clinic.created_at,
    }


def _key(key: Key) -> KeyShape:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "used_at": key.used_at,
    }


def _issued(key: Key, text: str) -> IssuedKey:
    return {**_key(key), "key": text}
