"""Schemathesis reads the OpenAPI document and tries to make the service break its word."""

import re
from dataclasses import dataclass, field

from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.schemas import BaseSchema

# Every check that Schemathesis has is on, with one exception where it cannot hold. `object_level_authorization`
# and `use_after_free` see little here, because OpenAPI cannot say that the access token is in the 201; test_assessments.py tries those by hand.
POSITIVE = "positive_data_acceptance"
NEGATIVE = "negative_data_rejection"


@dataclass
class Run:
    """What came of it: how many requests, which promises were broken, and the assessments that were stored."""

    requests: int = 0
    broken: list[str] = field(default_factory=list)
    stored: dict[str, str] = field(default_factory=dict)

    def take(self, recorder: ScenarioRecorder) -> None:
        """Count one scenario in."""
        self.requests += len(recorder.interactions)
        for check in (check for checks in recorder.checks.values() for check in checks):
            if check.failure_info is not None:
                failure = f"{check.name}: {check.failure_info.failure}"
                self.broken.append(f"{recorder.label}: {failure}\n{check.failure_info.code_sample}")
        for interaction in recorder.interactions.values():
            if interaction.response is not None and interaction.response.status_code == 201:
                head = re.match(rb'{"id":"([^"]+)","access_token":"([^"]+)"', interaction.response.content)
                if head:
                    self.stored[head[1].decode()] = head[2].decode()


def fuzz(contract: BaseSchema, examples: int, left_out: str | None = None, *, edges: bool = True) -> Run:
    """Examples of the document, the edges of every schema, `examples` random requests an operation, right and wrong, and sequences of requests."""
    contract.config.phases.update(phases=["examples", *(["coverage"] if edges else []), "fuzzing", "stateful"])
    contract.config.generation.update(max_examples=examples, deterministic=True)
    contract.config.checks.update(excluded_check_names=[left_out] if left_out else [])
    contract.config.seed = 1
    run = Run()
    for event in from_schema(contract).execute():
        match event:
            case ScenarioFinished():
                run.take(event.recorder)
            case NonFatalError():
                run.broken.append(f"{event.label}: {event.value!r}")
            case FatalError():
                raise event.exception
    return run
