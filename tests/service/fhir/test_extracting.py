"""Everything as one transaction: the PDF is in it, and of a response that is kept it can come twice and change nothing."""

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor

from rules import Pack
from service.fhir.extracting import result_bundle
from service.intakes import find_intake
from tests.service.clinic_world import World
from tests.service.fhir.responses import PATH, resources, respond


def test_the_pdf_is_whole(both: World, pack: Pack) -> None:
    bundle = both.ask("POST", f"{PATH}/$extract", None, json=respond(pack, both.answers)).json()
    (document,) = [one for one in resources(bundle) if one["resourceType"] == "DocumentReference"]
    attachment = document["content"][0]["attachment"]
    pdf = base64.b64decode(attachment["data"], validate=True)
    assert (pdf[:5], len(pdf)) == (b"%PDF-", attachment["size"])
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(pdf, usedforsecurity=False).digest()
    assert document["context"]["related"][0]["reference"] == bundle["entry"][0]["fullUrl"]


def test_what_is_kept_is_told_the_same_each_time(both: World) -> None:
    own = both.tell(both.ours)
    kept = both.state.database.run_now(lambda session: find_intake(session, both.ours.id, own), both.ours.id)
    assert kept
    first, again = (result_bundle(both.state, kept) for _ in range(2))
    assert [entry["fullUrl"] for entry in first["entry"]] == [entry["fullUrl"] for entry in again["entry"]]
    assert len({entry["fullUrl"] for entry in first["entry"]}) == len(first["entry"]) > 10
    assert {entry["request"]["method"] for entry in first["entry"]} == {"POST"}
    assert not any("id" in entry["resource"] for entry in first["entry"])


def test_guidance_of_an_older_pack_still_goes_out(both: World) -> None:
    own = both.tell(both.ours)
    kept = both.state.database.run_now(lambda session: find_intake(session, both.ours.id, own), both.ours.id)
    assert kept
    then = kept.guidance
    for name in ("lumbar-extensors", "hip-flexors", "tests.trunk-hold", "walking"):
        then = then.replace(name, f"{name}-of-old")
    older = type(kept)(**{**vars(kept), "guidance": then})
    assert "-of-old" in then
    assert len(resources(result_bundle(both.state, older))) == len(resources(result_bundle(both.state, kept)))


def test_of_two_revisions_of_one_version_one_is_taken(both: World, pack: Pack) -> None:
    created = both.ask("POST", PATH, both.ours.key, json=respond(pack, {}))
    bodies = [respond(pack, {"safety.pain-level": place}) for place in range(4)]

    def put(body: dict[str, object]) -> int:
        answer = both.ask("PUT", created.headers["location"], both.ours.key, json=body, headers={"If-Match": 'W/"1"'})
        return answer.status_code

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(put, bodies)) == [200, 412, 412, 412]
    assert both.ask("GET", created.headers["location"], both.ours.key).headers["etag"] == 'W/"2"'
