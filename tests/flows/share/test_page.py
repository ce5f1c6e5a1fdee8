"""Page: a flow or a run as one HTML file."""

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from flows.document.files import flow_values
from flows.ids import NodeKey, RunId
from flows.share.page import MOST_BYTES, PageError, write_page
from flows.templates import list_templates, load_template
from flows.templates.samples import load_sample
from flows.trace.events import NodeFinished, NodeQueued, RunFinished, RunStarted
from tests.flows.document.drawings import flows
from tests.flows.share.stories import START, failed_story, patient, records, renamed, story
from tests.shapes import shape

HOSTILE = "</script><img src=x onerror=alert(1)><!--<script>\u2028&amp;"


class Parts(HTMLParser):
    """Reads a page as a browser does: its elements, and the texts of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, dict[str, str | None], str]] = []
        self._open: tuple[str, dict[str, str | None]] | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._open = (tag, dict(attrs)) if tag in {"script", "style", "title"} else None

    def handle_data(self, data):
        if self._open is not None:
            self.texts.append((*self._open, data))
            self._open = None


def data_of(page: str) -> dict[str, object]:
    (text,) = (text for _, given, text in Parts(page).texts if given.get("id") == "fanfold-data")
    values: dict[str, object] = json.loads(text)
    return values


def policy_of(page: str) -> dict[str, str]:
    metas = (given for tag, given in Parts(page).elements if tag == "meta")
    (content,) = (
        given["content"] for given in metas if given.get("http-equiv") == "Content-Security-Policy"
    )
    rules = (rule.strip().partition(" ") for rule in html.unescape(content).split(";"))
    return {name: value for name, _, value in rules}


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_a_page_carries_vis_network_and_links_nothing():
    parts = Parts(write_page(load_template("three_views")))
    assert any("vis-network" in text for _, _, text in parts.texts)
    addresses = [
        (tag, name)
        for tag, given in parts.elements
        for name in given
        if name in {"src", "href", "action", "srcset", "style"} or name.startswith("on")
    ]
    assert addresses == []


def test_only_the_pages_own_scripts_and_styles_are_allowed():
    page = write_page(story())
    policy, parts = policy_of(page), Parts(page)
    scripts = [text for tag, given, text in parts.texts if tag == "script" and "id" not in given]
    styles = [text for tag, _, text in parts.texts if tag == "style"]
    assert policy == {
        "default-src": "'none'",
        "script-src": " ".join(map(digest, scripts)),
        "style-src": " ".join(map(digest, styles)),
        "connect-src": "'none'",
        "img-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert len(scripts) == 3


@pytest.mark.parametrize("shared", [load_template("incident_response"), story(), failed_story()])
def test_a_page_is_small_enough_to_mail(shared):
    assert len(write_page(shared).encode()) < 600_000


def test_a_page_of_much_text_has_it_cut_and_says_so():
    page = write_page(story(text="long words " * 200_000))
    assert len(page.encode()) <= MOST_BYTES
    assert "more letters were left out here" in page


def test_a_page_that_cannot_be_small_enough_is_refused_with_what_to_do():
    many = shape("in > " + " ".join(f"a{number}" for number in range(1_990)))
    large = renamed(many, "w" * 190)
    with pytest.raises(PageError, match="Share it without contents, or send the file instead"):
        write_page(large)
    assert len(write_page(large, without_contents=True).encode()) <= MOST_BYTES


@pytest.mark.parametrize("shared", ["flow", "run"])
def test_hostile_text_opens_no_element_and_ends_no_script(shared):
    tame, hostile = (
        Parts(page_of(shared, text)) for text in ("tame & harmless words of text", HOSTILE)
    )
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in tame.elements]


def page_of(shared: str, text: str) -> str:
    flow = renamed(shape("in > a b > out"), text)
    return write_page(flow if shared == "flow" else story(flow, text=text, given=text))


def test_what_is_read_on_the_page_is_what_was_said():
    data = data_of(page_of("run", HOSTILE))
    assert data["name"] == HOSTILE
    assert data["run"]["inputs"] == {"in": HOSTILE}
    assert data["run"]["parts"]["out"]["output"] == f"In short: {HOSTILE}"


def test_a_part_of_a_run_has_its_times_its_text_and_its_attempts():
    part = data_of(write_page(story()))["run"]["parts"]["a"]
    assert part == {
        "status": "finished",
        "queued": 0.0,
        "started": 0.0,
        "ended": 2.0,
        "message": "a school garden",
        "waits": [{"at": 0.5, "delay": 0.25, "error": "Too many requests: A fine answer."}],
        "tokens": 24,
        "model": "test/plain",
        "pieces": [[1.5, "A fin"], [1.75, "e answer."]],
        "took": "0.00 s → 2.00 s · 2.00 s",
    }


def test_a_part_that_was_reused_says_so_with_and_without_contents():
    a = NodeKey("a")
    told = records(
        (0.0, RunStarted(flow_values(shape("in > a")), {"in": "hi"}, reused_from=RunId("before"))),
        (0.0, NodeQueued(a)),
        (0.0, NodeFinished(a, "A", reused=True)),
        (0.1, RunFinished({"a": "A"})),
    )
    part = data_of(write_page(told))["run"]["parts"]["a"]
    assert part == {"status": "reused", "ended": 0.0, "output": "A"}
    blank = data_of(write_page(told, without_contents=True))["run"]["parts"]["agent_1"]
    assert blank["status"] == "reused"


@pytest.mark.parametrize("without_contents", [False, True])
def test_what_has_to_be_known_of_the_times_stands_beside_them_with_and_without_contents(
    without_contents,
):
    def told(shared):
        run = data_of(write_page(shared, without_contents=without_contents))["run"]
        return run["caveat"], run["at"]

    assert told(story()) == ("", START)
    assert told(story(model="local/smol")) == ("one shared processor", START)
    assert told(load_sample("three_views")) == ("written answers, invented timings", None)


def test_half_a_character_does_not_stop_the_page():
    assert data_of(write_page(story(text="\ud83d!")))["run"]["parts"]["b"]["status"] == "finished"


def test_without_contents_nothing_said_is_on_the_page():
    page = write_page(story(text="sesame", given="pumpkin"), without_contents=True)
    assert [word for word in ("sesame", "pumpkin", "test/plain", "7b7b0d89") if word in page] == []
    assert data_of(page)["run"]["parts"]["agent_1"]["tokens"] == 24


@settings(patient, max_examples=15)
@given(flows)
def test_every_flow_has_a_page(flow):
    assert data_of(write_page(flow))["name"] == flow.name


@pytest.mark.parametrize("name", [each.name for each in list_templates()])
def test_a_page_speaks_of_no_place_of_this_machine(name):
    page = write_page(load_template(name))
    assert not re.search(r"/work/|/tmp/|/root|/home/|site-packages", page)
