"""What stands in a list of the pack and is used by nothing, and claims from which nothing follows."""

from collections.abc import Iterable, Iterator

from rules.content import Pack


def unused(pack: Pack) -> Iterator[str]:
    """Option sets, units, clusters, gates, kit and positions that are defined and never used."""
    items, tests, exercises = pack.items.values(), pack.tests.values(), pack.exercises.values()
    kit = [*(one.kit for one in tests), *(one.kit for one in exercises)]
    positions = [*(one.positions for one in tests), *(one.positions for one in exercises)]
    units = (item.unit for item in items if item.unit)
    gates = (gate for one in tests for gate in (*one.hidden_by, *one.pain_sets))
    for what, defined, used in (
        ("option set", pack.label.option_sets, (item.options for item in items if isinstance(item.options, str))),
        ("unit", pack.label.units, units),
        (
            "cluster",
            [cluster.id for cluster in pack.weighing.clusters],
            (*pack.weighing.fitness.clusters, *(rule.cluster for rule in pack.rules)),
        ),
        ("kit", [kit.id for kit in pack.plan.kit], (name for names in kit for name in names)),
        ("position", [position.id for position in pack.plan.positions], (name for names in positions for name in names)),
    ):
        yield from _left(what, defined, used)
    taking = {*gates, *(gate for one in exercises for gate in one.gates)}
    for gate in pack.safety.gates:
        if gate.id not in taking and not gate.adds:
            yield f"{gate.id}: this gate takes nothing away and adds nothing; name it in an exercise or a self-test, or remove it"


def _left(what: str, defined: Iterable[str], used: Iterable[str]) -> Iterator[str]:
    known = set(used)
    for name in defined:
        if name not in known:
            yield f"{name}: this {what} is used by nothing; use it or remove it"


def idle_claims(pack: Pack) -> Iterator[str]:
    """Claims of the article that only other lists name: nothing we ask, find, weigh or advise follows from them."""
    safety, tests, exercises = pack.safety, pack.tests.values(), pack.exercises.values()
    sources = [
        *[one.sources for one in pack.rules],
        *[one.sources for one in pack.muscles.values()],
        *[one.sources for one in pack.weighing.scales],
        *[one.sources for one in safety.red_flags],
        *[one.sources for one in safety.gates],
        *[one.sources for one in tests],
        *[one.sources for one in exercises],
    ]
    named = {source for several in sources for source in several}
    for claim in pack.article.claims:
        if f"article:{claim.id}" not in named:
            yield f"{claim.id}: no rule, muscle, self-test or exercise rests on this claim; name article:{claim.id} in the sources of one"
