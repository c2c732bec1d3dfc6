"""Our own key pairs, one for each algorithm that SMART on FHIR knows: with the private one we sign, the public one is for everybody."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

Algorithm = Literal["RS384", "ES384"]
BLOCK = re.compile(r"-----BEGIN [A-Z ]+-----.+?-----END [A-Z ]+-----\n?", flags=re.DOTALL)


class UnfitKey(Exception):
    """The file of our private keys holds none that fits: RSA of at least 2048 bits, or P-384"""


@dataclass(frozen=True)
class SigningKey:
    """A private key, and what it signs with."""

    algorithm: Algorithm
    key: RSAKey | ECKey

    @property
    def kid(self) -> str:
        """Its name: the thumbprint, which is another one for another key."""
        return self.key.thumbprint()

    @property
    def public(self) -> dict[str, Any]:
        """The half that everybody may know."""
        return {**self.key.as_dict(private=False), "kid": self.kid, "use": "sig", "alg": self.algorithm}


def new_keys() -> str:
    """A file of one key for each algorithm."""
    made: list[RSAKey | ECKey] = [RSAKey.generate_key(3072), ECKey.generate_key("P-384")]
    return "".join(one.as_pem(private=True).decode() for one in made)


def read_keys(file: Path | None) -> list[SigningKey]:
    """The keys of a file; none without a file. Raises UnfitKey."""
    if file is None:
        return []
    found = [_key(block) for block in BLOCK.findall(file.read_text(encoding="ascii", errors="replace"))]
    if not found:
        raise UnfitKey
    return found


def _key(block: str) -> SigningKey:
    for kind, algorithm in _KINDS:
        try:
            key = kind.import_key(block)
        except (ValueError, JoseError):
            continue
        fits = key.private_key is not None and (key.private_key.key_size >= 2048 if isinstance(key, RSAKey) else key.curve_name == "P-384")
        if fits:
            return SigningKey(algorithm, key)
    raise UnfitKey


_KINDS: tuple[tuple[type[RSAKey] | type[ECKey], Algorithm], ...] = ((RSAKey, "RS384"), (ECKey, "ES384"))
