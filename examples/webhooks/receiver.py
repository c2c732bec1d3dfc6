"""A clinic's own small server: believes an event only when its signature is right, handles each once, and fetches what it tells of with the clinic's key.

Runs on Python 3.11 or newer with `pip install standardwebhooks`. From the environment it takes:
`BALANCE`, where the service is; `KEY`, a key with the scopes `read` and `webhooks`; `PORT`, where to listen.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.request import Request, urlopen

from standardwebhooks import Webhook, WebhookVerificationError

BALANCE = os.environ.get("BALANCE", "http://127.0.0.1:8000")
PORT = int(os.environ.get("PORT", "5001"))
LARGEST = 20_000  # bytes; an event holds ids only, and has less


def ask(method: str, path: str, body: object = None) -> Any:
    """The service's answer to the clinic's key."""
    headers = {"Authorization": f"Bearer {os.environ['KEY']}", "Content-Type": "application/json"}
    sent = None if body is None else json.dumps(body).encode()
    with urlopen(Request(BALANCE + path, sent, headers, method=method), timeout=10) as answer:  # noqa: S310 - an address of the operator's own
        return json.load(answer) if answer.status != 204 else None


def told(event: dict[str, Any]) -> str:
    """What somebody at the clinic would want to read of it."""
    about = event["data"]
    line = f"{event['type']} {about['reference'] or '-'}"
    if event["type"] != "assessment.completed":
        return line
    intake = ask("GET", f"/v1/intakes/{about['assessment']}")
    guidance = intake["guidance"]
    return f"{line}: {guidance['triage']['urgency']}, {len(guidance['findings'])} findings, plan {guidance['plan']['status']}"


class Handler(BaseHTTPRequestHandler):
    """One event."""

    secret = ""
    seen: ClassVar[set[str]] = set()  # a real one would keep these with what it has done

    def do_POST(self) -> None:
        self.send_response(self.take())
        self.end_headers()

    def take(self) -> int:
        """The status is all that the service wants to know; anything but a 2xx makes the event come again."""
        size = int(self.headers.get("content-length", 0))
        if size > LARGEST:
            return 413
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            event = Webhook(self.secret).verify(self.rfile.read(size), headers)
        except WebhookVerificationError:
            return 401
        if headers["webhook-id"] not in self.seen:
            print(told(event), flush=True)
            self.seen.add(headers["webhook-id"])
        return 204

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that http.server gives it
        """Requests are not printed."""


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", PORT), Handler)
    endpoint = ask("POST", "/v1/webhooks", {"url": f"http://127.0.0.1:{server.server_port}/"})
    Handler.secret = endpoint["secret"]
    print(f"listening as {endpoint['id']}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        ask("DELETE", f"/v1/webhooks/{endpoint['id']}")
