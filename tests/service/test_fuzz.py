"""Operations that store nothing keep to the contract, whatever is sent."""

import json

import pytest
import schemathesis

from rules import Pack
from service.app import create_app
from service.bodies import NDJSON
from service.settings import Settings
from tests.service.fuzzing import NEGATIVE, POSITIVE, fuzz

STATELESS = {
    "evaluate": (400, None),
    # A form field is text: its limits stand in words, not in the schema, so a valid text may be no number.
    "takeAssessment": (400, POSITIVE),
    # Any text is a batch: what is amiss in a line is said in that line's answer, with 200.
    "evaluateBatch": (50, NEGATIVE),
    "nextQuestion": (50, None),
    "whatIf": (50, None),
    "getAbout": (50, None),
    "getQuestionnaire": (50, None),
    "listImbalances": (50, None),
    "listExercises": (50, None),
    "getExercise": (100, None),
    "listRules": (50, None),
    "getRule": (100, None),
    "listSources": (50, None),
    "getArticle": (50, None),
}
# A what-if evaluates some hundred times; the edges of its answers are tried with the others, which share their schema.
SLOW = {"whatIf"}


@schemathesis.serializer(NDJSON)
def _lines(_: schemathesis.SerializationContext, value: object) -> bytes:
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", errors="surrogatepass")


@pytest.mark.slow
@pytest.mark.parametrize("operation", STATELESS)
def test_no_request_breaks_the_contract(pack: Pack, operation: str) -> None:
    examples, left_out = STATELESS[operation]
    contract = schemathesis.openapi.from_asgi("/openapi.json", create_app(Settings(database_url="sqlite://"), pack))
    run = fuzz(contract.include(operation_id=operation), examples, left_out, edges=operation not in SLOW)
    assert not run.broken, "\n\n".join(run.broken[:3])
    assert run.requests >= examples
