"""Whatever a form holds, there is a page: nobody sees the service break."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from service.web.fields import hidden_fields, read_journey
from tests.strategies import PACK, Given, patients

ITEMS = list(PACK.items)
BUTTONS = ["on", "skip", "back", "check", "stay", "anew", "to-0", "to-3", "to-99", "to-", "?", ""]
pages = st.lists(st.lists(st.sampled_from([*ITEMS, "way", "nonsense"]), max_size=4).map(" ".join), max_size=6)
waypoints = st.fixed_dictionaries(
    {"asked": pages, "at": st.sampled_from(["0", "1", "3", "-1", "x", "٣"]), "go": st.sampled_from(BUTTONS)},
    optional={"way": st.sampled_from(["questions", "some", "all", "none"]), "checked": st.just("1"), "units": st.just("imperial")},
)
typed = st.dictionaries(
    st.sampled_from(["a.", "in."]).flatmap(lambda kind: st.sampled_from(ITEMS).map(lambda item: f"{kind}{item}")),
    st.lists(
        st.sampled_from(["none", "some", "not-sure", "yes", "12", "1e5", "-3,5", "½", "Infinity", "<b>", "0x1"]), min_size=1, max_size=2
    ),
    max_size=4,
)


@given(patients, waypoints, typed)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_form_leads_to_a_page(stateless: TestClient, person: Given, wayposts: dict[str, Any], odd: dict[str, list[str]]) -> None:
    fields: dict[str, Any] = {}
    for name, value in hidden_fields(person):
        fields.setdefault(name, []).append(value)
    answer = stateless.post("/take", data={**fields, **odd, **wayposts}, follow_redirects=False)
    stateless.cookies.clear()
    assert answer.status_code in (200, 307, 422)
    assert answer.status_code == 307 or answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<b>" not in answer.text


@given(patients)
@settings(max_examples=40)
def test_answers_travel_in_the_form_unchanged(person: Given) -> None:
    fields: dict[str, list[str]] = {}
    for name, value in hidden_fields(person):
        fields.setdefault(name, []).append(value)
    assert read_journey(PACK, fields).journey.answers == person
