"""Key sets that clinics' systems publish: fetched only from the listed address, never from inside our own network, and kept for a while."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from pydantic import ValidationError

from service.bodies import Faulty, object_from
from service.clinics.key_sets import KeySet, PublicKey
from service.outside.sending import NotSent, World

log = logging.getLogger("muscle_balance.cds")
FRESH = 600.0  # seconds after which a set is fetched anew
LASTS = 3600.0  # seconds for which the last set counts while its address does not answer
AGAIN = 60.0  # seconds between two attempts, whatever tokens ask for
LARGEST, MOST_KEYS, MOST_SETS = 65_536, 50, 200
MEMBERS = frozenset(PublicKey.model_fields)
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass
class _Held:
    """What one address said last, and when it was asked last. One request at a time asks it."""

    keys: Mapping[str, PublicKey] = field(default_factory=dict)
    fetched: float = float("-inf")
    tried: float = float("-inf")
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class KeySets:
    """The key sets of one running service. `world`: where they are; `clock`: seconds that only go on."""

    def __init__(self, world: World, clock: Callable[[], float] = monotonic) -> None:
        self._world, self._clock = world, clock
        self._held: OrderedDict[str, _Held] = OrderedDict()

    async def find(self, address: str, kid: str) -> PublicKey | None:
        """The key of this name. An unknown name, or a set that is no longer fresh, has the address asked again, at most once a minute."""
        held = self._held.setdefault(address, _Held())
        self._held.move_to_end(address)
        while len(self._held) > MOST_SETS:
            self._held.popitem(last=False)
        async with held.turn:
            now = self._clock()
            if (kid not in held.keys or now - held.fetched > FRESH) and now - held.tried >= AGAIN:
                held.tried = now
                keys = await self._fetch(address)
                if keys is not None:
                    held.keys, held.fetched = keys, now
            return held.keys.get(kid) if now - held.fetched <= LASTS else None

    async def _fetch(self, address: str) -> Mapping[str, PublicKey] | None:
        try:
            answer = await self._world.get(address, {"Accept": "application/json"}, room=LARGEST + 1)
            if answer.status != 200 or len(answer.body) > LARGEST:
                raise UnusableKeys
            return keys_in(answer.body)
        except (NotSent, Faulty, ValidationError, UnusableKeys) as error:
            log.warning("key set not fetched kind=%s", type(error).__name__)
            return None


class UnusableKeys(Exception):
    """The address answered with something that is no key set"""


def keys_in(document: bytes) -> Mapping[str, PublicKey]:
    """The keys of a published set that may be used here; others are passed over, as RFC 7517 wants. Raises Faulty, UnusableKeys or ValidationError."""
    listed = object_from(document).get("keys")
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise UnusableKeys
    usable = [one for one in map(_usable, listed) if one]
    return KeySet(keys=tuple(usable)).by_name()


def _usable(said: Any) -> PublicKey | None:
    """A key of which a private part was published is nobody's any more."""
    if not isinstance(said, dict) or PRIVATE & said.keys():
        return None
    try:
        return PublicKey.model_validate({name: value for name, value in said.items() if name in MEMBERS})
    except ValidationError:
        return None
