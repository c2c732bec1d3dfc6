"""Checks what answers mean: red flags, gates, rules, the support tier, and the muscles and patterns they speak of."""

from collections.abc import Iterator

from rules.content.crosscheck.criteria import Reading, criterion_faults
from rules.content.crosscheck.names import unknown_names
from rules.content.documents import Document, Fault, Loc
from rules.content.evidence import Rule, Rules
from rules.content.files import Files
from rules.content.pack import Pack


def safety_faults(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    """Red flags and gates that name or read what is not there."""
    document = files.safety
    for index, flag in enumerate(pack.safety.red_flags):
        for number, level in enumerate(flag.levels):
            where: Loc = ("red_flags", index, "levels", number, "when")
            yield from criterion_faults(level.when, pack, reading, document, where, sided=False)
    for index, gate in enumerate(pack.safety.gates):
        yield from unknown_names(document, ("gates", index, "adds"), gate.adds, pack.exercises.keys())
        yield from unknown_names(document, ("gates", index, "positions"), gate.positions, [position.id for position in pack.plan.positions])
        yield from criterion_faults(gate.when, pack, reading, document, ("gates", index, "when"), sided=False)


def evidence_faults(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    """Rules, and what adds them up, that name or read what is not there."""
    clusters = {cluster.id for cluster in pack.weighing.clusters}
    rules = {rule.id for rule in pack.rules}
    for document in files.evidence:
        for index, rule in enumerate(document.content.rules):
            loc: Loc = ("rules", index)
            yield from unknown_names(document, (*loc, "cluster"), (rule.cluster,), clusters)
            yield from unknown_names(document, (*loc, "overrides"), rule.overrides, rules)
            yield from unknown_names(document, (*loc, "about"), (rule.about,) if rule.about else (), pack.items.keys())
            if rule.weight_against and not rule.says_not:
                yield document.fault((*loc, "says_not"), "a rule that can count against needs its sentence")
            sided = any(bearing.side in ("same", "opposite") for bearing in rule.on)
            for key, criterion in (("when", rule.when), ("against_when", rule.against_when)):
                if criterion:
                    yield from criterion_faults(criterion, pack, reading, document, (*loc, key), sided=sided)
            for number, bearing in enumerate(rule.on):
                where = (*loc, "on", number)
                muscle = pack.muscles.get(bearing.muscle)
                if muscle is None or bearing.state not in muscle.priors:
                    yield document.fault(where, f"{bearing.muscle} is not assessed for {bearing.state}")
                elif muscle.sided == (bearing.side == "midline"):
                    yield document.fault((*where, "side"), f"{bearing.muscle} {'has' if muscle.sided else 'has no'} sides")
            yield from _too_heavy(pack, document, loc, rule)
    yield from unknown_names(files.weighing, ("normal_test",), pack.weighing.normal_test, rules)
    yield from unknown_names(files.weighing, ("fitness", "clusters"), pack.weighing.fitness.clusters, clusters)
    for index, scale in enumerate(files.weighing.content.scales):
        yield from criterion_faults(scale.when, pack, reading, files.weighing, ("scales", index, "when"), sided=False)


def _too_heavy(pack: Pack, document: Document[Rules], loc: Loc, rule: Rule) -> Iterator[Fault]:
    """What moves no band must weigh less than everything else in its cluster, or it could push aside what does."""
    idle = {kind for cap in pack.weighing.caps if not cap.decides for kind in cap.kinds}
    if rule.kind not in idle:
        return
    others = [other for other in pack.rules if other.cluster == rule.cluster and other.kind not in idle]
    weights = [weight for other in others for weight in (other.weight_for, other.weight_against)]
    for key, weight in (("for", rule.weight_for), ("against", rule.weight_against)):
        same_sign = [abs(other) for other in weights if other * weight > 0]
        if same_sign and abs(weight) >= min(same_sign):
            yield document.fault(
                (*loc, key), f"moves no band, so it must weigh less than {min(same_sign):g}, the lightest in {rule.cluster}"
            )


def support_faults(pack: Pack, files: Files, reading: Reading) -> Iterator[Fault]:
    """Signs and signposts that read what is not there."""
    for key in ("signs", "signposts"):
        for index, entry in enumerate(getattr(pack.support, key)):
            yield from criterion_faults(entry.when, pack, reading, files.support, (key, index, "when"), sided=False)


def muscle_faults(pack: Pack, files: Files) -> Iterator[Fault]:
    """Muscles without a sentence or a rule for a state, and patterns of muscles that are not assessed so."""
    for index, muscle in enumerate(pack.muscles.values()):
        loc: Loc = ("muscles", index)
        yield from unknown_names(files.muscles, (*loc, "neighbours"), muscle.neighbours, pack.muscles.keys())
        if muscle.says.keys() != muscle.priors.keys():
            yield files.muscles.fault((*loc, "says"), "needs a sentence for each state that has a prior, and no other")
        for state in muscle.priors:
            own = [rule for rule in pack.rules if any(b.muscle == muscle.id and b.state == state for b in rule.on)]
            if not any(rule.weight_for > 0 for rule in own) or not any(rule.weight_against < 0 for rule in own):
                yield files.muscles.fault((*loc, "priors", state), "needs a rule that speaks for it and one that speaks against it")
    for index, pattern in enumerate(pack.patterns.patterns):
        for key in ("tight", "weak"):
            assessed = {muscle.id for muscle in pack.muscles.values() if key in muscle.priors}
            yield from unknown_names(files.patterns, ("patterns", index, key), getattr(pattern, key), assessed)
