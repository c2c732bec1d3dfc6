"""What makes an event ours: its signature, as Standard Webhooks 1.0 has it; two of them while a secret is being changed."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime

from standardwebhooks import Webhook


def new_signing_secret() -> str:
    """32 random bytes, as receivers' libraries take them."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def signed(message: str, at: datetime, body: str, keys: Iterable[str]) -> dict[str, str]:
    """The headers. `message`: the same however often it is sent; `at`: the moment of this attempt, in UTC."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(message, at, body) for key in keys),
    }
