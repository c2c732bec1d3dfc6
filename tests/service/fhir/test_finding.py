"""A clinic finds its own responses, page by page; what nobody understands is refused, and what nobody knows is left aside."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from rules import Pack
from tests.service.clinic_world import World
from tests.service.fhir.responses import BASE, PATH, codes, resources, respond
from tests.strategies import PACK

DAYS = ("2026-01-05T10:00:00Z", "2026-02-05T10:00:00Z", "2026-03-05T10:00:00Z")


@pytest.fixture
def filled(both: World, pack: Pack) -> World:
    """Three responses of ours, one of theirs, one of nobody's."""
    for place, day in enumerate(DAYS):
        one = respond(
            pack,
            {"safety.pain-level": place},
            "in-progress" if place == 0 else "completed",
            f"Patient/{place}",
            authored=day,
            identifier={"value": f"case-{place}"},
            author={"reference": f"Patient/{place}"} if place else {"reference": "RelatedPerson/8"},
        )
        assert both.ask("POST", PATH, both.ours.key, json=one).status_code == 201
    assert both.ask("POST", PATH, both.theirs.key, json=respond(pack, {}, about="Patient/1")).status_code == 201
    assert both.ask("POST", PATH, None, json=respond(pack, {})).status_code == 201
    return both


def found(world: World, query: str) -> list[int]:
    """Which of the three, in the order in which they came."""
    answer = world.ask("GET", f"{PATH}?{query}", world.ours.key)
    assert answer.status_code == 200, answer.text
    return [int(one["identifier"]["value"][-1]) for one in resources(answer.json())]


FOUND = [
    ("", [2, 1, 0]),
    ("_sort=authored", [0, 1, 2]),
    ("subject=Patient/1", [1]),
    ("patient=1", [1]),
    ("subject:Patient=1", [1]),
    ("subject=Patient/0,Patient/2", [2, 0]),
    ("subject=Patient/0&subject=Patient/2", []),
    ("subject=Patient/9", []),
    ("status=in-progress", [0]),
    ("status=http://hl7.org/fhir/questionnaire-answers-status|completed", [2, 1]),
    ("author=RelatedPerson/8", [0]),
    ("identifier=case-2", [2]),
    ("identifier=urn:x|case-2", [2]),
    (f"questionnaire={BASE}/Questionnaire/lumbar-balance", [2, 1, 0]),
    (f"questionnaire={BASE}/Questionnaire/lumbar-balance|{PACK.label.versions.questionnaire}", [2, 1, 0]),
    (f"questionnaire={BASE}/Questionnaire/lumbar-balance|0.0.1", []),
    ("questionnaire=https://other.example/q", []),
    ("authored=2026-02-05", [1]),
    ("authored=2026-02", [1]),
    ("authored=2026", [2, 1, 0]),
    ("authored=ge2026-02-05T10:00:00Z", [2, 1]),
    ("authored=gt2026-02-05", [2]),
    ("authored=gt2026-02-05T10:00:00Z", [2]),
    ("authored=lt2026-02-05", [0]),
    ("authored=le2026-02-05", [1, 0]),
    ("authored=ge2026-01-05&authored=lt2026-03-05", [1, 0]),
    ("authored=2026-01,2026-03", [2, 0]),
    ("authored=2026-02-05T11:00:00%2B01:00", [1]),
    ("authored=2026-02-05T11:00:00+01:00", [1]),
    ("authored=ne2026-02", [2, 0]),
    ("_lastUpdated=ge2026-01-01", [2, 1, 0]),
    ("_lastUpdated=lt2026-01-01", []),
    ("nonsense=1&subject.name=x", [2, 1, 0]),
]


def test_each_parameter_finds_what_fits(filled: World) -> None:
    for query, expected in FOUND:
        assert (query, found(filled, query)) == (query, expected)


def test_an_id_finds_its_response_and_another_clinics_finds_nothing(filled: World) -> None:
    (one, *_) = resources(filled.ask("GET", PATH, filled.ours.key).json())
    again = filled.ask("GET", f"{PATH}?_id={one['id']}", filled.ours.key).json()
    assert resources(again) == [one]
    assert again["entry"][0]["fullUrl"] == f"{BASE}/QuestionnaireResponse/{one['id']}"
    assert filled.ask("GET", f"{PATH}?_id={one['id']}", filled.theirs.key).json()["total"] == 0


def test_pages_lead_on_until_each_was_there_once(filled: World) -> None:
    for order, expected in (("authored", [0, 1, 2]), ("-authored", [2, 1, 0])):
        assert paged(filled, f"_count=1&_sort={order}") == expected


def paged(world: World, query: str) -> list[int]:
    """What a client sees that follows the links."""
    seen: list[int] = []
    while query:
        answer = world.ask("GET", f"{PATH}?{query}", world.ours.key).json()
        assert (answer["total"], len(resources(answer))) == (3, 1)
        seen += [int(one["identifier"]["value"][-1]) for one in resources(answer)]
        links = {link["relation"]: link["url"] for link in answer["link"]}
        query = urlsplit(links.get("next", "")).query
    return seen


def test_no_more_than_asked_for_and_a_count_of_none_tells_how_many(filled: World) -> None:
    answer = filled.ask("GET", f"{PATH}?_count=0", filled.ours.key).json()
    assert (answer["total"], "entry" in answer) == (3, False)
    assert len(resources(filled.ask("GET", f"{PATH}?_count=999999999", filled.ours.key).json())) == 3


def test_the_self_link_says_what_was_understood(filled: World) -> None:
    query = {"subject": "Patient/1", "nonsense": "1", "_format": "json", "authored": "ge2026-01-01"}
    answer = filled.ask("GET", PATH, filled.ours.key, params=query).json()
    assert parse_qs(urlsplit(answer["link"][0]["url"]).query) == {"subject": ["Patient/1"], "authored": ["ge2026-01-01"]}


def test_a_search_may_be_posted_so_that_nothing_stands_in_an_address(filled: World) -> None:
    posted = filled.ask("POST", f"{PATH}/_search", filled.ours.key, data={"subject": "Patient/1"})
    assert [one["subject"]["reference"] for one in resources(posted.json())] == ["Patient/1"]


def test_who_wants_it_strict_gets_it_strict(filled: World) -> None:
    strict = {"Prefer": "handling=strict"}
    refused = filled.ask("GET", f"{PATH}?Canary=Canary", filled.ours.key, headers=strict)
    assert (refused.status_code, codes(refused.json())) == (400, ["structure"])
    assert "Canary" not in refused.text
    assert filled.ask("GET", f"{PATH}?subject=Patient/1", filled.ours.key, headers=strict).status_code == 200


HOSTILE: list[Any] = [
    ("authored", "Canary"),
    ("authored", "zz2026-01-01"),
    ("authored", "2026-13"),
    ("authored", "0000"),
    ("authored", "9999-12-31"),
    ("authored", "ge9999-12-31T23:59:59-14:00"),
    ("authored", "2026-02-30"),
    ("_lastUpdated", "\x00"),
    ("_count", "-1"),
    ("_count", "Canary"),
    ("_count", "\N{ARABIC-INDIC DIGIT ONE}"),
    ("_sort", "Canary"),
    ("_after", "Canary"),
    ("_after", "-99999999999999999~" + "a" * 22),
    ("subject", "Patient/\x00Canary"),
    ("subject", "x" * 301),
    ("subject:missing", "true"),
    ("identifier:of-type", "Canary"),
]


def test_what_nobody_understands_is_refused_and_not_repeated(filled: World) -> None:
    for name, value in HOSTILE:
        refused = filled.ask("GET", PATH, filled.ours.key, params={name: value})
        assert (name, value, refused.status_code) == (name, value, 400)
        assert codes(refused.json()) == ["structure"]
        assert "Canary" not in refused.text


ODD = ["'; DROP TABLE assessment; --", "%", "_", "\ud7ff", "|", ",", ",,", "$", "Patient/1|x", "(" * 200, "\N{SNOWMAN}" * 300]


def test_what_fits_nothing_finds_nothing(filled: World) -> None:
    for value in ODD:
        for name in ("subject", "identifier", "status", "author", "_id", "questionnaire"):
            answer = filled.ask("GET", PATH, filled.ours.key, params={name: value})
            assert (name, value, answer.status_code, answer.json()["total"]) == (name, value, 200, 0)


def test_too_many_parameters_are_refused(filled: World) -> None:
    assert filled.ask("GET", f"{PATH}?{'&'.join(['status=completed'] * 61)}", filled.ours.key).status_code == 400


def test_without_a_key_nothing_is_searched(filled: World) -> None:
    for key in (None, "x", filled.ours.by_scope["read"]):
        refused = filled.ask("GET", PATH, key)
        assert refused.status_code in (401, 403)
        assert codes(refused.json()) in (["login"], ["forbidden"])


def test_each_response_that_a_search_tells_of_stands_in_the_audit_trail_as_read(filled: World) -> None:
    told = resources(filled.ask("GET", f"{PATH}?_count=2", filled.ours.key).json())
    ids = {one["id"].replace(".", "_") for one in told}
    assert len(ids) == 2
    assert {what for _, action, _, what in filled.trail(filled.ours) if action == "read"} == ids
    observed = resources(filled.ask("GET", "/fhir/Observation?subject=Patient/2", filled.ours.key).json())
    (response,) = {one["derivedFrom"][0]["reference"].rpartition("/")[2].replace(".", "_") for one in observed}
    assert filled.trail(filled.ours)[-2:] == [
        (filled.trail(filled.ours)[-1][0], "read", "assessment", response),
        filled.trail(filled.ours)[-1],
    ]
