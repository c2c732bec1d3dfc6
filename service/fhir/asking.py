"""`$next-question`: the interview, as SDC's adaptive questionnaires have it. Nothing is kept: what was asked stands in the response itself."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from rules import next_question
from rules.answers import NOT_SURE, without_unasked
from service.fhir.adaptive import grown
from service.fhir.codes import Names
from service.fhir.elements import SDC, Resource, drop_empty, now
from service.fhir.responding import write_flat
from service.fhir.response import DEEPEST, REFERENCE, STATUSES, read_response, response_in
from service.fhir.speaking import body_of, expect_json, private, speaking

router = APIRouter(prefix="/fhir/Questionnaire", include_in_schema=False)
TOGETHER = 6  # questions of one page, as on our own pages
CONTAINED = "questionnaire"


@router.post("/$next-question")
async def post_next_question(request: Request) -> Response:
    """The response with the next questions in its questionnaire, or completed when there is nothing more to ask.

    A question that was asked and is not answered counts as one that the person is not sure of.
    """
    expect_json(request)
    names, reader = speaking(request)
    body = await body_of(request)
    _, resource = response_in(body)
    told = read_response(names, _as_draft(body))
    asked = [link_id for link_id in dict.fromkeys(_asked(resource)) if link_id in names.pack.items]
    supposed = without_unasked(names.pack, {**dict.fromkeys(asked, NOT_SURE), **told.answers})
    step = next_question(names.pack, supposed, together=TOGETHER)
    asked += [one["link_id"] for one in step["items"] if one["link_id"] not in asked]
    return private(200, _grown(names, resource, told.answers, asked, done=step["should_stop"]), {"Content-Language": reader.language})


def _grown(names: Names, resource: Mapping[str, Any], answers: Mapping[str, object], asked: list[str], *, done: bool) -> Resource:
    subject = resource.get("subject")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    known = isinstance(reference, str) and REFERENCE.fullmatch(reference)
    return drop_empty(
        {
            "resourceType": "QuestionnaireResponse",
            "meta": {"profile": [f"{SDC}/sdc-questionnaireresponse-adapt"]},
            "contained": [grown(names, CONTAINED, asked)],
            "questionnaire": f"#{CONTAINED}",
            "status": "completed" if done else "in-progress",
            "subject": {"reference": reference} if known else {"type": "Patient", "display": names.say("The person who answered")},
            "authored": now(),  # SDC: when the answers last changed
            "item": write_flat(names, answers, asked),
        }
    )


def _as_draft(body: Resource) -> Resource:
    """While more may be asked, a response is a draft, whatever it says of itself."""
    _, resource = response_in(body)
    return {**resource, "status": "in-progress"} if resource.get("status") in STATUSES else dict(resource)


def _asked(resource: Mapping[str, Any]) -> Iterator[str]:
    """The questions in the questionnaire that came along, in their order."""
    inside = resource.get("contained")
    for one in inside if isinstance(inside, list) else []:
        if isinstance(one, dict):
            yield from _questions(one.get("item"))


def _questions(items: object, deep: int = 0) -> Iterator[str]:
    for item in items if isinstance(items, list) and deep < DEEPEST else []:
        if isinstance(item, dict):
            if isinstance(item.get("linkId"), str):
                yield item["linkId"]
            yield from _questions(item.get("item"), deep + 1)
