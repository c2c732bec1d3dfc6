"""What is said of a route: who may use it, and how it is used by somebody who may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.clinics.keys import Scope
from tests.service.clinic_world import AtClinic, World

Ask = Callable[[World, AtClinic], dict[str, Any]]
Names = Callable[[World, AtClinic], dict[str, str]]


def nothing(_: World, __: AtClinic) -> dict[str, Any]:
    """A request that needs nothing but its path."""
    return {}


@dataclass(frozen=True)
class Row:
    """Who may use a route, and how it is used by somebody who may.

    `by`: `anybody`; `owner`: who has the token of an assessment; `clinic`: a key with `scope`, any key where that is None; `either`: a key with
    `scope`, or what an owner or anybody brings; `operator`; `link`: who has a link that opens one thing; `client`: who signs tokens of its own.
    `names`: makes what the path names, for the clinic, and says its parts; a route that names something answers 404 to everybody else's key.
    `public`: parts of the path that name what is open to all. `ask`: what the request holds beside. `status`: what it answers when all is well.
    """

    by: str
    scope: Scope | None = None
    names: Names | None = None
    ask: Ask = nothing
    status: int = 200
    public: Mapping[str, str] = field(default_factory=dict)


def sends(**body: Any) -> Ask:
    """A request with this JSON."""
    return lambda _, __: {"json": body}


def clinic(scope: Scope | None, **how: Any) -> Row:
    """A row of a route that is opened by a clinic's key."""
    return Row("clinic", scope, **how)
