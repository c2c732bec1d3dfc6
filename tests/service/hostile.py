"""What has broken services before: values, keys, bodies, ids and headers that no honest caller sends."""

import json
from dataclasses import dataclass, field
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from tests.service.asking import Posted, Problem

MARK = "Pr0be"  # in every text that is sent, and in nothing that may come back
HUGE = {
    "2**31": 2**31,
    "-(2**31)-1": -(2**31) - 1,
    "2**63": 2**63,
    "2**64": 2**64,
    "10**21": 10**21,
    "10**400": 10**400,
    "-10**4000": -(10**4000),
}
TEXTS = {
    "empty": "",
    "word": MARK,
    "number as text": "40",
    "NUL": f"{MARK}\0",
    "lone surrogate": f"{MARK}\ud800",
    "backward surrogates": f"{MARK}\udc00\ud800",
    "beyond Unicode's basics": f"{MARK}\U0001f9b4",
    "controls": f"{MARK}\x1b[31m\r\nINFO forged\x7f",
    "right to left": f"{MARK}\u202e",
    "not a character": f"{MARK}\uffff",
    "long": MARK * 2000,
    "SQL": f"{MARK}'; DROP TABLE assessment; --",
    "template": MARK + "{{7*7}}${7*7}%s%n",
    "script": f"<script>{MARK}</script>",
    "traversal": f"../../{MARK}\0.yaml",
    "pointer": f"{MARK}~0~1/%2f",
    "not-sure in capitals": "NOT-SURE",
    "prototype": "__proto__",
    "dots": "..",
}
VALUES: dict[str, str] = {
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "1e400": "1e400",
    "-1e400": "-1e400",
    "1e-400": "1e-400",
    "-0.0": "-0.0",
    "fraction": "2.000000000000000000001",
    "5000 digits": "7" * 5000,
    "900 lists deep": "[" * 900 + "]" * 900,
    "900 objects deep": '{"a":' * 900 + "1" + "}" * 900,
    "20,000 lists deep": "[" * 20_000 + "]" * 20_000,
    "9,000 objects deep": '{"a":' * 9_000 + "1" + "}" * 9_000,
    "100,000 lists deep": "[" * 100_000 + "]" * 100_000,
    "true": "true",
    "false": "false",
    "null": "null",
    "empty list": "[]",
    "empty object": "{}",
    "list of null": "[null]",
    "list of lists": '[["no"]]',
    "list of not-sure": '["not-sure"]',
    "repeated": '["sweeping", "sweeping"]',
    "object with a repeated key": '{"a": 1, "a": 2}',
    "long list": json.dumps(["no"] * 5000),
    **{name: str(number) if abs(number) < 10**4000 else f"-1{'0' * 4000}" for name, number in HUGE.items()},
    **{f"text, {name}": json.dumps(text) for name, text in TEXTS.items()},
    **{f"list of text, {name}": json.dumps([text]) for name, text in TEXTS.items()},
}
BODIES: dict[str, bytes] = {
    "empty": b"",
    "bad UTF-8": b'{"answers": {"Pr0be\xff": 1}}',
    "surrogate in UTF-8": b'{"answers": {"Pr0be\xed\xa0\x80": 1}}',
    "overlong UTF-8": b'{"answers": {"Pr0be\xc0\xaf": 1}}',
    "BOM": b'\xef\xbb\xbf{"answers": {}}',
    "UTF-16": '{"answers": {"Pr0be": 1}}'.encode("utf-16"),
    "UTF-16 without BOM": '{"answers": {}}'.encode("utf-16-be"),
    "UTF-32": '{"answers": {}}'.encode("utf-32"),
    "NUL": b'{"answers": {"Pr0be\x00": 1}}',
    "half": b'{"answers": {"Pr0be',
    "repeated": b'{"answers": {}, "answers": {"Pr0be": 1}}',
    "repeated answer": b'{"answers": {"back.onset": "sudden", "back.onset": "gradual"}}',
    "form": b"answers=Pr0be&answers[]=1",
    "percent": b"%",
    "bad percent": b"Pr0be=%ff%zz",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "multipart": b"--x\r\nContent-Disposition: form-data; name=answers\r\n\r\nPr0be\r\n--x--\r\n",
    "too large": b'{"answers": {"' + MARK.encode() * 13_000 + b'": 1}}',
}
IDS = [
    *(
        "..",
        "...",
        "%2e%2e",
        "..%2f..%2fetc%2fpasswd",
        "..%5c..%5cwin.ini",
        "%00",
        "%ff",
        "%ed%a0%80",
        "%c0%ae",
        "%0d%0aSet-Cookie:%20a=b",
    ),
    *(
        MARK * 2000,
        "a" * 21,
        "a" * 23,
        "a" * 22 + "%0a",
        "a" * 21 + "%00",
        "%C3%A9" * 22,
        "%F0%9F%A6%B4",
        "0",
        "-1",
        str(2**63),
        "NaN",
        "null",
    ),
    *(
        f"{MARK}'%20OR%201=1--",
        f"%3Cscript%3E{MARK}",
        "%7B%7B7*7%7D%7D",
        "bird-dog%00",
        "bird-dog%2f..",
        "BIRD-DOG",
        "R039%0a",
        "r039",
        "R%D9%A3%D9%A9",
    ),
]
READ_HEADERS = [
    "Compare-Authorization",
    "Idempotency-Key",
    "If-None-Match",
    "Accept",
    "Authorization",
    "Content-Type",
    "Content-Encoding",
    "Content-Length",
    "Host",
]
OTHER_HEADERS = [
    *("If-Match", "If-Modified-Since", "Accept-Encoding", "Accept-Language", "Transfer-Encoding", "Forwarded", "X-Forwarded-For"),
    *(
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-HTTP-Method-Override",
        "X-Original-URL",
        "Cookie",
        "Range",
        "Origin",
        "Referer",
        "Expect",
    ),
]
GARBAGE = [
    *(
        b"",
        b" ",
        b"\xff\xfe",
        b"\xc3\xa9",
        b"Pr0be",
        b"Pr0be" * 2000,
        b"Pr0be\x00",
        b"Pr0be\r\nX: y",
        b"*",
        b"*/*;q=Pr0be",
        b"a/b;q=nan, ;;q=,",
        b"/",
        b",",
    ),
    *(
        b'"',
        b'W/"Pr0be',
        b"Bearer",
        b"Bearer \xff\xfe",
        b"Bearer " + b"Pr0be" * 500,
        b"Basic UHIwYmU6",
        b"bytes=0-0,-1",
        b"-1",
        b"9" * 400,
        b"Pr0be.example:99999",
    ),
    *(
        b"application/json; charset=Pr0be",
        b"application/json; charset",
        b";;;",
        b"chunked, Pr0be",
        b"DELETE",
        b"PATCH",
        b"127.0.0.1, Pr0be",
        b"${jndi:ldap://Pr0be}",
    ),
]


@dataclass
class Assault:
    """Sends probes; after each, looks at what came back and whether the stored assessment can still be read as it was."""

    client: TestClient
    posted: Posted
    paths: dict[str, Any]
    probes: int = 0
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Remember how the stored assessment reads."""
        self.before = self.client.get(self.posted.path, headers=self.posted.opens).content

    def send(self, label: str, method: str, template: str, url: str = "", **request: Any) -> Response:
        """One probe."""
        response = self.client.request(method, url or template, follow_redirects=False, **request)
        self.probes += 1
        documented = {int(status) for status in self.paths[template][method.lower()]["responses"]}
        if response.status_code >= 500 or response.status_code not in documented | {404}:
            self.broken.append(f"{label}: {method} {template} answered {response.status_code}, which is not documented")
        elif MARK in response.text or MARK in str(response.headers):
            self.broken.append(f"{label}: {method} {template} repeats what was sent: {response.text[:200]}")
        elif response.status_code >= 400:
            assert Problem.model_validate_json(response.content, strict=True).status == response.status_code
        self.read_again(label, response)
        return response

    def read_again(self, label: str, response: Response) -> None:
        """What was stored before is untouched, and what was stored now can be read."""
        if self.client.get(self.posted.path, headers=self.posted.opens).content != self.before:
            self.broken.append(f"{label}: what was stored before cannot be read any more")
        if response.status_code == 201 and "access_token" in response.json():
            posted = Posted(response)
            if self.client.get(posted.path, headers=posted.opens).status_code != 200:
                self.broken.append(f"{label}: what was stored now cannot be read")

    def assert_withstood(self, least: int) -> None:
        """Nothing broke, and enough was tried."""
        assert not self.broken, f"{len(self.broken)} of {self.probes} probes: " + "\n".join(self.broken[:5])
        assert self.probes >= least
