"""No value, key, body, id or header breaks an operation or what is stored: a documented refusal, without what was sent."""

import json
import re
from itertools import product
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from rules import Pack
from tests.service.asking import ONE_DATABASE, Posted
from tests.service.hostile import BODIES, GARBAGE, IDS, OTHER_HEADERS, READ_HEADERS, TEXTS, VALUES, Assault

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
READERS = ["/v1/evaluate", "/v1/assessments", "/v1/next", "/v1/what-if"]
OWN = "/v1/assessments/{assessment_id}"
CHECK_INS = f"{OWN}/check-ins"
STORED = "/v1/assessments"
THOROUGH = [*READERS, OWN, f"{OWN}/compare", "/v1/about"]
IDENTIFIED = [OWN, f"{OWN}/compare", CHECK_INS, "/v1/exercises/{exercise_id}", "/v1/rules/{rule_id}", "/v1/exercises/{exercise_id}.svg"]


class _Named(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "0" * 16


# Of what clinics name there is nothing here: without a key they are refused, whatever else comes.
NAMED = _Named(assessment_id="b" * 22, exercise_id="bird-dog", rule_id="R039", name="thomas")


def tried(*where: tuple[str, str]) -> pytest.MarkDecorator:
    """Which paths, beside which database."""
    return pytest.mark.parametrize(("database_url", "path"), where, indirect=["database_url"])


READING = [*(("sqlite", path) for path in READERS), ("postgresql", STORED)]
ALL = tried(("sqlite", "/v1"), ("postgresql", STORED))


@pytest.fixture
def assault(client: TestClient, posted: Posted) -> Assault:
    """Against each database."""
    return Assault(client, posted, client.get("/openapi.json").json()["paths"])


@pytest.fixture(scope="module")
def one_of_each(pack: Pack) -> list[str]:
    """A question of each type."""
    return list({item.type: item.link_id for item in pack.items.values() if not item.enable_when}.values())


def bodies(value: str, one_of_each: list[str], pack: Pack) -> list[str]:
    """The value in every place of a body: as the body, as the answers, as one answer of each type, and as every answer."""
    places = [[link_id] for link_id in one_of_each]
    if len(value) < 200:
        places.append(list(pack.items))
    answered = ["{" + ",".join(f'"{link_id}":{value}' for link_id in place) + "}" for place in places]
    return [value, *(f'{{"answers":{answers}}}' for answers in [value, *answered])]


@tried(*READING)
def test_no_value_in_any_place_breaks_a_body(assault: Assault, pack: Pack, one_of_each: list[str], path: str) -> None:
    for name, value in VALUES.items():
        for body in bodies(value, one_of_each, pack):
            assault.send(name, "POST", path, content=body, headers=JSON)
    assault.assert_withstood(400)


@tried(*READING)
def test_no_key_breaks_a_body(assault: Assault, path: str) -> None:
    for name, text in TEXTS.items():
        for body in ({text: 1}, {"answers": {text: 1}}, {"answers": {}, text: 1}, {"answers": {f"back.{text}": text}}):
            assault.send(name, "POST", path, content=json.dumps(body), headers=JSON)
    assault.assert_withstood(70)


@tried(*READING, ("sqlite", "/v1/evaluate/form"))
def test_no_body_breaks_its_reader(assault: Assault, path: str) -> None:
    for name, body in BODIES.items():
        for headers in (JSON, FORM, {"Content-Type": "application/json; charset=utf-16"}, {"Content-Encoding": "gzip"} | JSON, {}):
            assault.send(name, "POST", path, content=body, headers=headers)
    assault.assert_withstood(90)


@ONE_DATABASE
def test_nothing_breaks_a_batch(assault: Assault, one_of_each: list[str]) -> None:
    lines: list[bytes] = []
    for value in VALUES.values():
        lines += [one.encode() for one in (value, f'{{"answers":{value}}}', f'{{"answers":{{}},"id":[{value}]}}')]
        lines += [f'{{"answers":{{"{link_id}":{value}}}}}'.encode() for link_id in one_of_each]
    sent = [*lines, *(body.replace(b"\n", b" ") for body in BODIES.values())]
    response = assault.send("all", "POST", "/v1/batch", content=b"\n".join(sent), headers={"Content-Type": "application/x-ndjson"})
    answered = [json.loads(line) for line in response.content.splitlines()]
    assert [row["line"] for row in answered] == [number for number, line in enumerate(sent, start=1) if line.strip()]
    assault.assert_withstood(1)


def test_nothing_breaks_a_check_in(assault: Assault) -> None:
    own = assault.posted.path + "/check-ins"
    told = ["{}", *(f'{{"{key}": %s}}' for key in ("done", "pain_after", "effort", "signs", "more")), "%s"]
    texts = [json.dumps({text: text}) for text in TEXTS.values()]
    for body in [*(one.replace("%s", value) for value in VALUES.values() for one in told), *texts, *BODIES.values()]:
        assault.send(str(body[:60]), "POST", CHECK_INS, own, content=body, headers=JSON | assault.posted.opens)
    assault.assert_withstood(300)


def test_no_query_breaks_a_comparison(assault: Assault) -> None:
    for name, text in TEXTS.items():
        query = quote(text, safe="", errors="surrogatepass")
        for url in (f"to={query}", f"to={'a' * 22}&to={query}", f"{query}={query}", query):
            assault.send(name, "GET", f"{OWN}/compare", f"{assault.posted.path}/compare?{url}", headers=assault.posted.opens)
    assault.assert_withstood(70)


@ONE_DATABASE
def test_no_field_breaks_the_form(assault: Assault, one_of_each: list[str]) -> None:
    for name, text in {**TEXTS, "NaN": "NaN", "1e400": "1e400", "digits": "9" * 5000, "underscores": "1_0", "not Latin": "٣"}.items():
        sent = quote(text, safe="", errors="surrogatepass")
        for body in (*(f"{link_id}={sent}" for link_id in one_of_each), f"{sent}={sent}", sent, f"back.chores={sent}&back.chores={sent}"):
            assault.send(name, "POST", "/v1/evaluate/form", content=body, headers=FORM | {"Accept": "application/json"})
    assault.assert_withstood(150)


@ALL
def test_no_id_breaks_a_path(assault: Assault, path: str) -> None:
    for template in (one for one in IDENTIFIED if one.startswith(path)):
        for one in IDS:
            for method in ["GET", "DELETE"] if template == OWN else ["GET"]:
                url = re.sub(r"\{\w+\}", one.replace("\\", r"\\"), template)
                assault.send(one, method, template, url, headers={**assault.posted.opens, "Host": "evil.example"})
    assault.assert_withstood(100)


@pytest.mark.slow
@ALL
def test_no_header_breaks_an_operation(assault: Assault, path: str) -> None:
    # In an emergency there is little to work out; headers are read alike for every answer.
    good = {**dict.fromkeys(READERS, b'{"answers": {"safety.saddle-numbness": "yes"}}'), CHECK_INS: b"{}"}
    for template in (one for one in assault.paths if one.startswith(path)):
        methods = assault.paths[template]
        url = template.format_map(NAMED)
        # What no code of ours reads is the framework's affair, and alike for every operation.
        for method, name in product(methods, READ_HEADERS + OTHER_HEADERS if template in THOROUGH else READ_HEADERS):
            fixed = [(b"Content-Type", b"application/json")] if template in good and name != "Content-Type" else []
            thorough = name in READ_HEADERS and template in THOROUGH
            for value in GARBAGE if thorough else GARBAGE[::10]:
                request = {"headers": [*fixed, (name.encode(), value)], "content": good.get(template)}
                assault.send(f"{name}: {value[:30]!r}", method.upper(), template, url, **request)
    assault.assert_withstood(1500)
