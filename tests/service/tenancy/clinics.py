"""What the operator and a clinic's key open: clinics, keys, invitations, intakes, the audit trail."""

from service.clinics.opinions import Opinion, opine
from tests.service.clinic_world import AtClinic, World
from tests.service.pictures import png
from tests.service.tenancy.row import Ask, Names, Row, clinic, nothing, sends

ADMIN = "/v1/admin/clinics"
PICTURE = png(40, 20)
FINDING = "gluteus-maximus.weak.left"


def _clinic_of(_: World, clinic: AtClinic) -> dict[str, str]:
    return {"clinic_id": clinic.id}


def _key_of(_: World, clinic: AtClinic) -> dict[str, str]:
    return {"clinic_id": clinic.id, "key_id": clinic.key.split("_")[2]}


def _operator(names: Names | None = _clinic_of, ask: Ask = nothing, status: int = 200) -> Row:
    return Row("operator", names=names, ask=ask, status=status)


OPERATED = {
    f"POST {ADMIN}": _operator(None, sends(name="Another"), 201),
    f"GET {ADMIN}": _operator(None),
    f"GET {ADMIN}/{{clinic_id}}": _operator(),
    f"DELETE {ADMIN}/{{clinic_id}}": _operator(status=204),
    f"PUT {ADMIN}/{{clinic_id}}/settings": _operator(ask=sends(retention_days=30)),
    f"PUT {ADMIN}/{{clinic_id}}/logo": _operator(
        ask=lambda _, __: {"content": PICTURE, "headers": {"Content-Type": "image/png"}}, status=204
    ),
    f"DELETE {ADMIN}/{{clinic_id}}/logo": _operator(status=204),
    f"POST {ADMIN}/{{clinic_id}}/keys": _operator(ask=sends(scopes=["read"]), status=201),
    f"GET {ADMIN}/{{clinic_id}}/keys": _operator(),
    f"POST {ADMIN}/{{clinic_id}}/keys/{{key_id}}/rotate": _operator(_key_of, sends(), 201),
    f"DELETE {ADMIN}/{{clinic_id}}/keys/{{key_id}}": _operator(_key_of, status=204),
}


def _invitation_of(world: World, of: AtClinic) -> dict[str, str]:
    if "invitation" not in of.made:
        made = world.ask("POST", "/v1/invitations", of.key, json={"reference": "ref-1"})
        of.made["invitation"] = made.json()["id"]
    return {"invitation_id": of.made["invitation"]}


INVITING = {
    "GET /v1/clinic": clinic(None),
    "POST /v1/invitations": clinic("invite", ask=sends(reference="ref-1"), status=201),
    "GET /v1/invitations": clinic("invite"),
    "GET /v1/invitations/{invitation_id}": clinic("invite", names=_invitation_of),
    "DELETE /v1/invitations/{invitation_id}": clinic("invite", names=_invitation_of),
}


def _intake_of(world: World, clinic: AtClinic) -> dict[str, str]:
    return {"intake_id": world.tell(clinic)}


def _finding_of(world: World, clinic: AtClinic) -> dict[str, str]:
    return {"intake_id": world.tell(clinic), "finding": FINDING}


def _opinion_of(world: World, clinic: AtClinic) -> dict[str, str]:
    intake = world.tell(clinic)
    world.state.database.run_now(lambda session: opine(session, clinic.id, intake, FINDING, Opinion("agree")), clinic.id)
    return {"intake_id": intake, "finding": FINDING}


INTAKE = "/v1/intakes/{intake_id}"
INTAKES = {
    "GET /v1/intakes": clinic("read"),
    f"GET {INTAKE}": clinic("read", names=_intake_of),
    f"GET {INTAKE}.pdf": clinic("read", names=_intake_of),
    f"DELETE {INTAKE}": clinic("invite", names=_intake_of, status=204),
    f"POST {INTAKE}/links": clinic("read", names=_intake_of, ask=sends(), status=201),
    f"GET {INTAKE}/opinions": clinic("read", names=_intake_of),
    f"PUT {INTAKE}/findings/{{finding}}/opinion": clinic("read", names=_finding_of, ask=sends(verdict="agree")),
    f"DELETE {INTAKE}/findings/{{finding}}/opinion": clinic("read", names=_opinion_of, status=204),
    "GET /v1/audit": clinic("read"),
}
ROWS = {**OPERATED, **INVITING, **INTAKES}
