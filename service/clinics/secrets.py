"""Ids, and secrets that are said once: of each only the hash is kept, which is enough, since 256 bits cannot be guessed."""

import hashlib
import hmac
import secrets


class KeyReused(Exception):
    """This Idempotency-Key came with another body before"""


def new_id(size: int) -> str:
    """A name of `size` hexadecimal digits."""
    return secrets.token_hex(size // 2)


def new_secret() -> str:
    """256 bits as 64 hexadecimal digits."""
    return secrets.token_hex(32)


def hashed(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def derived(secret: str, salt: bytes) -> str:
    """A secret that need not be kept, because its caller brings the other half again."""
    return hmac.new(salt, secret.encode(), hashlib.sha256).hexdigest()


def fits(secret: str, kept: bytes | None) -> bool:
    """Whether a secret is the one whose hash is kept; the same work where nothing is."""
    return hmac.compare_digest(kept or bytes(32), hashed(secret)) and kept is not None
