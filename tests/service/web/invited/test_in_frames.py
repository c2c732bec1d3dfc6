"""An invitation in the page of its clinic: in frames of the sites that it named and no others, and never out of them."""

import re

from tests.service.clinic_world import World
from tests.service.inviting import invited
from tests.service.web.invited.practice import KNOWN, SITE
from tests.service.web.sending import form
from tests.service.web.walking import Form

OWN_WAY = re.compile(r'(?:action|href)="(/(?!static/)[^"]*)"')


def ancestors(at: World, path: str, method: str = "GET", **how: object) -> str:
    """Who may hold this answer in a frame."""
    answer = at.client.request(method, path, follow_redirects=False, **how)  # type: ignore[arg-type]
    return answer.headers["content-security-policy"].rpartition("frame-ancestors ")[2]


def test_frames_are_for_the_web_sites_that_its_clinic_named_and_for_no_others(at: World) -> None:
    ours, theirs = invited(at), invited(at, at.theirs)
    root = f"/embedded/en/metric{ours.path}"
    once = ours.begin(root).fields["once"][0]
    sent = ours.send(at.answers, once, root).headers["location"]
    assert sent.startswith(f"{root}/my/")
    for path in (root, f"{root}/take", f"{root}/result", sent, f"{sent}/erase", f"{root}/my/nobody"):
        assert ancestors(at, path) == SITE
    assert ancestors(at, f"{root}/result", "POST", data={**form(at.answers), "once": once}) == SITE
    assert ancestors(at, f"/embedded/en/metric{theirs.path}") == "'none'"
    assert {
        ancestors(at, path)
        for path in (ours.path, f"/embedded/en/metric/invited/{'0' * 98}", f"{sent.removeprefix('/embedded/en/metric')}")
    } == {"'none'"}
    page = at.client.get(sent).text
    assert f'data-embedders="{SITE}"' in page
    assert SITE not in at.client.get(ours.path).text


def test_no_page_leads_out_of_the_frame_or_past_the_invitation(spoken: World) -> None:
    one = invited(spoken, answers=KNOWN)
    root = f"/embedded/de/imperial{one.path}"
    first = spoken.client.post(f"{root}/start")
    fields = Form()
    fields.feed(first.text)
    data = {**form(spoken.answers), "once": fields.fields["once"]}
    check = spoken.client.post(f"{root}/take", data={**data, "go": "check"})
    sent = spoken.client.post(f"{root}/result", data=data)
    pages = [first, check, sent, *(spoken.client.get(f"{sent.url.path}/{page}") for page in ("check-in", "erase"))]
    for page in pages:
        assert page.status_code == 200
        assert page.headers["content-language"] == "de"
        assert {way for way in OWN_WAY.findall(page.text) if not way.startswith(f"{root}/")} == set()
        assert '<header class="site"' not in page.text
        assert "set-cookie" not in page.headers
