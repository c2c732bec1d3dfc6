"""A problem as an OperationOutcome: what callers of /fhir get instead of problem details."""

from fastapi import Response
from pydantic_core import from_json, to_json

from service.errors import Problem
from service.fhir.elements import Resource, drop_empty

MEDIA_TYPE = "application/fhir+json"
_CODES = {
    400: "structure",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
}
_BUSY = 503


def as_outcome(problem: Response) -> Response:
    """The same refusal in FHIR's form: status and headers stay, each fault becomes an issue with its place as expression."""
    told: Problem = from_json(bytes(problem.body))
    headers = {name: value for name, value in problem.headers.items() if name not in ("content-length", "content-type")}
    return Response(to_json(_outcome(told)), status_code=told["status"], media_type=MEDIA_TYPE, headers=headers)


def _outcome(problem: Problem) -> Resource:
    faults = problem.get("errors", [])
    issues = [_issue(problem, f"{problem['title']}: {fault['detail']}", fault["pointer"]) for fault in faults]
    detail = problem.get("detail", "")
    return {"resourceType": "OperationOutcome", "issue": issues or [_issue(problem, f"{problem['title']} {detail}".strip(), "")]}


def _issue(problem: Problem, text: str, pointer: str) -> Resource:
    status = problem["status"]
    code = "transient" if status == _BUSY else "exception" if status > _BUSY or status == 500 else _CODES.get(status, "invalid")
    return issue("error", code, text, pointer)


def issue(severity: str, code: str, text: str, pointer: str = "") -> Resource:
    """One thing to say about a request; `pointer`: the place in what was sent."""
    expression = _expression(pointer)
    return drop_empty({"severity": severity, "code": code, "details": {"text": text}, "expression": [expression] if expression else []})


def _expression(pointer: str) -> str:
    """`/QuestionnaireResponse/item/0` as `QuestionnaireResponse.item[0]`; what is no place in a resource has none."""
    parts = pointer.split("/")[1:]
    if not parts or not parts[0][:1].isupper():
        return ""
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts).removeprefix(".")
