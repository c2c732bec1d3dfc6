"""Who may need more than exercises: enough signs show the support tier, and single answers call for a kind word."""

from dataclasses import dataclass
from functools import lru_cache

from rules.content import Pack, Sign, Signpost
from rules.criteria import Values, compile_criterion


@dataclass(frozen=True)
class Supported:
    """What speaks for the tier, whether it is enough, and what else is to be said. An open answer is no sign."""

    signs: tuple[Sign, ...]
    tier: bool
    signposts: tuple[Signpost, ...]


NOTHING = Supported((), tier=False, signposts=())


def support(pack: Pack, values: Values) -> Supported:
    """The signs and signposts that these answers hold."""
    compiled = _compiled(pack)
    signs = tuple(sign for sign, holds in compiled.signs if holds(values))
    signposts = tuple(signpost for signpost, holds in compiled.signposts if holds(values))
    return Supported(signs, len(signs) >= pack.support.at_least, signposts)


class _Compiled:
    """The support part of a pack, ready to be asked."""

    def __init__(self, pack: Pack) -> None:
        self.signs = [(sign, compile_criterion(sign.when, pack)) for sign in pack.support.signs]
        self.signposts = [(signpost, compile_criterion(signpost.when, pack)) for signpost in pack.support.signposts]


@lru_cache(maxsize=8)
def _compiled(pack: Pack) -> _Compiled:
    return _Compiled(pack)
