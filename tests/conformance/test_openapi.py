"""The OpenAPI document before judges of other make: a validator, a linter, JSON Schema; and it holds every question."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from rules import AnswersRefused, Pack, check_in, evaluate
from rules.answers import NOT_SURE, read_answers
from rules.follow_up.check_ins import key_of
from service.app import create_app
from service.settings import Settings

HERE = Path(__file__).parent
Schema = dict[str, Any]
# Names that generated clients are built on: they do not change within v1.
OPERATIONS = {
    "takeAssessment": "post /v1/evaluate/form",
    "evaluate": "post /v1/evaluate",
    "evaluateBatch": "post /v1/batch",
    "createAssessment": "post /v1/assessments",
    "getAssessment": "get /v1/assessments/{assessment_id}",
    "getBodyMap": "get /v1/assessments/{assessment_id}/body-map.svg",
    "eraseAssessment": "delete /v1/assessments/{assessment_id}",
    "compareAssessments": "get /v1/assessments/{assessment_id}/compare",
    "reevaluateAssessment": "post /v1/assessments/{assessment_id}/reevaluate",
    "createCheckIn": "post /v1/assessments/{assessment_id}/check-ins",
    "listCheckIns": "get /v1/assessments/{assessment_id}/check-ins",
    "nextQuestion": "post /v1/next",
    "whatIf": "post /v1/what-if",
    "getAbout": "get /v1/about",
    "getQuestionnaire": "get /v1/questionnaire",
    "listImbalances": "get /v1/imbalances",
    "listExercises": "get /v1/exercises",
    "getExercise": "get /v1/exercises/{exercise_id}",
    "drawExercise": "get /v1/exercises/{exercise_id}.svg",
    "drawSelfTest": "get /v1/self-tests/{name}.svg",
    "listRules": "get /v1/rules",
    "getRule": "get /v1/rules/{rule_id}",
    "listSources": "get /v1/sources",
    "getArticle": "get /v1/article",
    "listIntakes": "get /v1/intakes",
    "getIntake": "get /v1/intakes/{intake_id}",
    "eraseIntake": "delete /v1/intakes/{intake_id}",
    "createIntakeLink": "post /v1/intakes/{intake_id}/links",
    "listOpinions": "get /v1/intakes/{intake_id}/opinions",
    "setOpinion": "put /v1/intakes/{intake_id}/findings/{finding}/opinion",
    "withdrawOpinion": "delete /v1/intakes/{intake_id}/findings/{finding}/opinion",
    "getAudit": "get /v1/audit",
    "listClinics": "get /v1/admin/clinics",
    "createClinic": "post /v1/admin/clinics",
    "getClinic": "get /v1/admin/clinics/{clinic_id}",
    "removeClinic": "delete /v1/admin/clinics/{clinic_id}",
    "setClinicSettings": "put /v1/admin/clinics/{clinic_id}/settings",
    "setClinicLogo": "put /v1/admin/clinics/{clinic_id}/logo",
    "removeClinicLogo": "delete /v1/admin/clinics/{clinic_id}/logo",
    "issueKey": "post /v1/admin/clinics/{clinic_id}/keys",
    "listKeys": "get /v1/admin/clinics/{clinic_id}/keys",
    "rotateKey": "post /v1/admin/clinics/{clinic_id}/keys/{key_id}/rotate",
    "revokeKey": "delete /v1/admin/clinics/{clinic_id}/keys/{key_id}",
    "getOwnClinic": "get /v1/clinic",
    "createInvitation": "post /v1/invitations",
    "listInvitations": "get /v1/invitations",
    "getInvitation": "get /v1/invitations/{invitation_id}",
    "withdrawInvitation": "delete /v1/invitations/{invitation_id}",
    "listWebhooks": "get /v1/webhooks",
    "createWebhook": "post /v1/webhooks",
    "getWebhook": "get /v1/webhooks/{endpoint_id}",
    "setWebhook": "put /v1/webhooks/{endpoint_id}",
    "removeWebhook": "delete /v1/webhooks/{endpoint_id}",
    "rotateWebhookSecret": "post /v1/webhooks/{endpoint_id}/rotate",
    "switchWebhook": "post /v1/webhooks/{endpoint_id}/enable",
    "testWebhook": "post /v1/webhooks/{endpoint_id}/test",
    "listWebhookDeliveries": "get /v1/webhooks/{endpoint_id}/deliveries",
    "replayWebhookDelivery": "post /v1/webhooks/{endpoint_id}/deliveries/{delivery_id}/replay",
    "listEvents": "get /v1/events",
    "listPushes": "get /v1/pushes",
    "replayPush": "post /v1/pushes/{push_id}/replay",
}


@pytest.fixture(scope="module")
def document(pack: Pack) -> Schema:
    """The document as it goes out."""
    document: Schema = json.loads(json.dumps(create_app(Settings(database_url="sqlite://"), pack).openapi()))
    return document


@pytest.fixture(scope="module")
def requests(document: Schema) -> Draft202012Validator:
    """What may be sent as JSON."""
    return Draft202012Validator({"$ref": "#/components/schemas/EvaluateRequest", "components": document["components"]})


def test_the_document_is_valid_openapi_3_1(document: Schema) -> None:
    assert document["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_the_document_has_nothing_that_redocly_would_complain_of(document: Schema) -> None:
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert node
    found = subprocess.run([node, HERE / "lint_openapi.mjs"], input=json.dumps(document), text=True, capture_output=True, check=False)
    assert (found.stdout, found.stderr, found.returncode) == ("", "", 0)


def test_operations_keep_their_names(document: Schema) -> None:
    named = [
        (operation["operationId"], f"{method} {path}")
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    assert sorted(named) == sorted(OPERATIONS.items())


def test_every_question_comes_with_its_words_options_unit_and_limits(document: Schema, pack: Pack) -> None:
    questions = document["components"]["schemas"]["Answers"]["properties"]
    assert list(questions) == list(pack.items)
    for item in pack.items.values():
        question = questions[item.link_id]
        assert question["title"] == item.text
        assert item.help in question["description"]
        for option in pack.options(item.link_id).values():
            assert f"`{option.code}`: {option.text}" in question["description"]
        if item.unit:
            assert f"From {item.min:g} to {item.max:g} {pack.label.units[item.unit]}." in question["description"]


def test_every_field_of_the_form_comes_with_its_words_options_unit_and_limits(document: Schema, pack: Pack) -> None:
    fields = document["components"]["schemas"]["AssessmentForm"]["properties"]
    assert list(fields) == list(pack.items)
    for item in pack.items.values():
        field = fields[item.link_id]
        words = [option.text for option in pack.options(item.link_id).values()]
        assert f"**{item.text}**" in field["description"]
        assert item.help in field["description"]
        if item.type == "choice":
            assert field["enum"] == ["", *words, pack.label.not_sure]
        elif item.type == "choices":
            assert field["items"]["enum"] == ["", *words]
        else:
            assert field["description"].endswith(f"In {pack.label.units[item.unit or '']}, from {item.min:g} to {item.max:g}.")


def test_every_answer_that_there_is_fits_the_schema(requests: Draft202012Validator, pack: Pack) -> None:
    for item in (item for item in pack.items.values() if not item.enable_when):
        codes = list(pack.options(item.link_id))
        good: list[Any] = [[code] if item.type == "choices" else code for code in codes] or [item.min, item.max]
        for answer in [*good, NOT_SURE]:
            assert requests.is_valid({"answers": {item.link_id: answer}})
        for answer in ["no-such-option", None, True, [], {}, -1000, 1000]:
            assert not requests.is_valid({"answers": {item.link_id: answer}})


def test_the_named_examples_fit_the_schema_and_can_be_read(document: Schema, requests: Draft202012Validator, pack: Pack) -> None:
    for path in ("/v1/evaluate", "/v1/assessments"):
        media = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        assert media["schema"] == {"$ref": "#/components/schemas/EvaluateRequest"}
        for example in media["examples"].values():
            requests.validate(example["value"])
            assert read_answers(pack, example["value"]["answers"]).given


def test_every_week_that_can_be_told_fits_the_schema_and_nothing_else(document: Schema, pack: Pack, safe: dict[str, object]) -> None:
    weekly = Draft202012Validator({"$ref": "#/components/schemas/CheckInRequest", "components": document["components"]})
    plan = [one["exercise"] for one in evaluate(pack, safe)["plan"]["prescriptions"]]
    for question in pack.follow_up.check_in.questions:
        options = question.options if isinstance(question.options, tuple) else ()
        good: list[Any] = [option.code for option in options] or [0, 3, 10]
        for answer in [*good, NOT_SURE]:
            told = {key_of(question): answer}
            assert weekly.is_valid(told)
            assert check_in(pack, safe, plan, told)["decision"]
        for answer in ["no-such-option", None, True, [], {}, -1, 11, 2.5]:
            told = {key_of(question): answer}
            assert not weekly.is_valid(told)
            with pytest.raises(AnswersRefused):
                check_in(pack, safe, plan, told)
    examples = document["paths"]["/v1/assessments/{assessment_id}/check-ins"]["post"]["requestBody"]["content"]["application/json"][
        "examples"
    ]
    assert all(weekly.is_valid(example["value"]) for example in examples.values())


@pytest.mark.parametrize(
    "answers",
    [
        {"safety.pregnancy-warning": "no"},
        {"safety.pregnancy": "no", "safety.pregnancy-warning": "no"},
        {"safety.pregnancy": NOT_SURE, "safety.pregnancy-warning": NOT_SURE},
        {"safety.pain-level": 0, "support.fear": "often"},
        {"about-you.kit": ["none", "mat"]},
        {"about-you.kit": ["mat", "mat"]},
        {"safety.pain-level": 2.5},
        {"no-such.question": "yes"},
    ],
)
def test_what_the_reader_refuses_does_not_fit_the_schema(requests: Draft202012Validator, pack: Pack, answers: dict[str, object]) -> None:
    assert not requests.is_valid({"answers": answers})
    with pytest.raises(AnswersRefused):
        read_answers(pack, answers)
