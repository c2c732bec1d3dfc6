"""Each route of the service with who may use it. A route without a row here fails test_tenancy.py."""

from tests.service.tenancy import clinics, fhir, webhooks
from tests.service.tenancy.row import Row

ANYBODY = Row("anybody")
OWNER = Row("owner")
LINK = Row("link")
CLIENT = Row("client")

KNOWLEDGE = dict.fromkeys(
    [
        *(f"GET /v1/{name}" for name in ("about", "questionnaire", "imbalances", "exercises", "rules", "sources", "article")),
        "GET /v1/exercises/{exercise_id}",
        "GET /v1/rules/{rule_id}",
        "GET /v1/exercises/{exercise_id}.svg",
        "GET /v1/self-tests/{name}.svg",
        "GET /fhir/metadata",
        "GET /fhir/{kind}",
        "POST /fhir/{kind}/_search",
        "GET /fhir/{kind}/{resource_id}",
        "GET /livez",
        "GET /readyz",
        "GET /openapi.json",
        "GET /.well-known/jwks.json",
    ],
    ANYBODY,
)
STATELESS = dict.fromkeys(
    [
        "POST /v1/evaluate",
        "POST /v1/evaluate/form",
        "POST /v1/next",
        "POST /v1/what-if",
        "POST /v1/assessments",
        "POST /fhir/QuestionnaireResponse/$extract",
        "POST /fhir/Questionnaire/$next-question",
    ],
    ANYBODY,
)
OWNED = dict.fromkeys(
    [
        "GET /v1/assessments/{assessment_id}",
        "DELETE /v1/assessments/{assessment_id}",
        "GET /v1/assessments/{assessment_id}.{suffix}",
        "GET /v1/assessments/{assessment_id}/body-map.svg",
        "GET /v1/assessments/{assessment_id}/compare",
        "POST /v1/assessments/{assessment_id}/reevaluate",
        "POST /v1/assessments/{assessment_id}/check-ins",
        "GET /v1/assessments/{assessment_id}/check-ins",
    ],
    OWNER,
)
# Pages open nothing by themselves: /my/{key} needs the secret in its address.
PAGES = dict.fromkeys(
    [
        "GET /my/erased",
        "GET /embed.js",
        "POST /result/plan.pdf",
        "POST /result/plan.ics",
        "GET /",
        "GET /docs",
        "POST /preferences",
        "GET /take",
        "POST /take",
        "GET /result",
        "POST /result",
        "POST /result/keep",
        "POST /result/what-if",
    ],
    ANYBODY,
)
PRIVATE_PAGES = dict.fromkeys(
    [
        *(f"GET /my/{{key}}{rest}" for rest in ("", "/check-in", "/compare", "/erase", "/plan.pdf", "/plan.ics")),
        *(f"POST /my/{{key}}{rest}" for rest in ("/check-in", "/compare", "/erase")),
    ],
    LINK,
)
# Below an invitation, whose secret is in its address, too. A clinic's logo is for whoever is shown its pages.
BELOW = "/invited/{invitation}"
INVITED_PAGES = dict.fromkeys(
    [
        f"GET {BELOW}",
        *(f"{method} {BELOW}/{page}" for page in ("start", "take", "result") for method in ("GET", "POST")),
        *(f"POST {BELOW}/result/plan.{kind}" for kind in ("pdf", "ics")),
        *(name.replace(" ", f" {BELOW}") for name in ("GET /my/erased", *PRIVATE_PAGES)),
    ],
    LINK,
)
LOGO = {"GET /clinics/{clinic}/logo": ANYBODY}
CLINICIANS_PAGES = dict.fromkeys(["GET /intake/{token}", "GET /intake/{token}/record.pdf", "POST /intake/{token}/opinion"], LINK)
# Open to everybody, unless a setting closes it or a key comes that is not meant for it: see test_batch.py.
LINE = {"content": b'{"answers": {}}', "headers": {"Content-Type": "application/x-ndjson"}}
BATCH = {"POST /v1/batch": Row("either", "batch", ask=lambda _, __: LINE)}
# Who signs tokens of its own sees one clinic's rows: see tests/service/cds.
SIGNED = {
    "GET /cds-services": ANYBODY,
    "POST /cds-services/muscle-balance-summary": CLIENT,
    "POST /cds-services/muscle-balance-summary/feedback": CLIENT,
}
ROWS: dict[str, Row] = {
    **KNOWLEDGE,
    **STATELESS,
    **OWNED,
    **PAGES,
    **PRIVATE_PAGES,
    **INVITED_PAGES,
    **LOGO,
    **CLINICIANS_PAGES,
    **BATCH,
    **SIGNED,
    **clinics.ROWS,
    **fhir.ROWS,
    **webhooks.ROWS,
}
