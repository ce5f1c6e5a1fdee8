"""A flow from elsewhere is looked at first; nothing of it runs, and only a press keeps it."""

from __future__ import annotations

import base64
import time
import zlib

import pytest
from streamlit.testing.v1 import AppTest

from components.pages.arrival import connections_of, uses_of
from components.services import Services
from flows.document.files import write_flow
from flows.document.model import Flow, Note
from flows.models.connections import load_connections
from flows.share.link import _COMMON, write_link
from flows.templates import load_template
from flows.trace.events import encode_record
from tests.components.conftest import Visit
from tests.flows.share.stories import story
from tests.shapes import shape


def packed(values: bytes) -> str:
    packer = zlib.compressobj(level=9, zdict=_COMMON)
    data = packer.compress(values) + packer.flush()
    return "1" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def said(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(each.value for each in (*page.error, *page.markdown, *page.caption))


def test_opening_a_link_shows_the_flow_and_keeps_nothing(visit: Visit, services: Services) -> None:
    page = visit(link=write_link(load_template("support_triage")))
    assert "### Support triage" in said(page)
    assert "3 agents · 3 stages" in said(page)
    assert any("Picture of Support triage" in each.proto.body for each in page.get("html"))
    assert services.store.flows.list() == ()
    assert services.store.runs.list() == ()
    assert services._loaded  # who would answer is read from the file; nobody was asked


def test_make_it_mine_keeps_the_flow_as_it_is(visit: Visit, services: Services) -> None:
    flow = load_template("support_triage")
    page = visit(link=write_link(flow))
    page.button(key="make-it-mine").click().run()
    (row,) = services.store.flows.list()
    stored = services.store.flows.get(row.id)
    assert stored is not None
    assert stored.flow == flow
    assert page.query_params == {"flow": row.id}


@pytest.mark.parametrize(
    "link, words",
    [
        ("1", "The link is cut off or damaged"),
        ("9abc", "does not begin as a flow's link does"),
        ("1" + "A" * 9_000, "The link has 9,001 characters"),
        (packed(b"[" + b" " * 5_000_000 + b"]"), "unpacks to more than 1,000,000 bytes"),
        (packed(b"\xff\xfe"), "is not UTF"),
        (packed(b'{"fanfold": 1, "fanfold": 1}'), "stands twice"),
        (packed(b'{"fanfold": NaN}'), "NaN is not JSON"),
        (packed(b"[" * 1000 + b"]" * 1000), "nests too deeply"),
        (packed(b'{"fanfold":1,"name":"x","nodes":[' + b"0," * 9_999 + b"0]}"), "10,000 nodes"),
    ],
)
def test_a_link_that_is_broken_or_hostile_is_answered_at_once_with_a_sentence(
    visit: Visit, services: Services, link: str, words: str
) -> None:
    began = time.perf_counter()
    page = visit(link=link)
    assert words in said(page)
    assert time.perf_counter() - began < 10
    assert services.store.flows.list() == ()


def test_hostile_names_in_a_link_stay_text(visit: Visit) -> None:
    name = '<script>alert(1)</script> **[x](javascript:alert(1))** <img src=x onerror="alert(1)">'
    flow = shape("in > a", a={"name": name}).model_copy(update={"name": name, "description": name})
    page = visit(link=write_link(flow))
    assert "\\<script\\>" in said(page)
    html = "".join(each.proto.body for each in page.get("html"))
    assert "<script>" not in html
    assert "<img src=x" not in html


def test_flows_that_cannot_run_are_shown_all_the_same(visit: Visit) -> None:
    for flow in (shape("in > a > b"), _loop(), Flow(fanfold=1, name="", nodes=())):
        page = visit(link=write_link(flow))
        assert "What it would use" in said(page)
        assert not page.button(key="make-it-mine").disabled


def _loop() -> Flow:
    flow = shape("in > a > b")
    turned = flow.edges[-1].model_copy(update={"source": "b", "target": "a"})
    return flow.model_copy(update={"edges": (*flow.edges, turned)})


def test_what_a_flow_would_use_is_counted_by_name() -> None:
    flow = shape(
        "in > a b c",
        a={"model": "big/one", "tools": ("search", "mail")},
        b={"model": "big/one", "tools": ("search",), "mcp": ("files",), "session": True},
    )
    assert list(uses_of(flow)) == [
        'Models: "big/one" (2 steps), the default model',
        'Tools: "search" (2 steps), "mail"',
        'MCP servers: "files"',
        "It keeps conversations between runs",
    ]


def test_the_connections_a_flow_names_are_told_and_which_cannot_be_used_here(
    services: Services,
) -> None:
    models = {"a": "work/x", "b": "openai/gpt-5", "c": "work/y"}
    flow = shape("in > a b c d", **{node: {"model": model} for node, model in models.items()})
    bare = load_connections(services.home, {})
    assert connections_of(flow, services.connections) == (
        'Connections: "work" (not set up here), "openai"'
    )
    assert connections_of(flow, bare).endswith('"openai" (cannot be used here yet)')
    assert connections_of(shape("in > a"), bare) == ""


def test_the_notes_of_a_flow_are_read_too(visit: Visit) -> None:
    flow = shape("in > a").model_copy(update={"notes": (Note(id="n", text="Psst", x=0, y=0),)})
    page = visit(link=write_link(flow))
    assert "Psst" in [each.value for each in page.code]


def paste(page: AppTest, text: str) -> AppTest:
    """Paste a text into the dialog, and press Open."""
    if not page.file_uploader:
        page.button(key="open-json").click().run()
    page.text_area(key="pasted-upload-0").set_value(text)
    page.button(key="open-upload-0").click().run()
    assert not page.exception
    return page


def give(page: AppTest, name: str, content: bytes) -> AppTest:
    """Choose a file in the dialog."""
    if not page.file_uploader:
        page.button(key="open-json").click().run()
    page.file_uploader[0].set_value((name, content, "text/plain")).run()
    assert not page.exception
    return page


def shown(page: AppTest) -> AppTest:
    """Draw the page that was led to: a page of a test stays on the one it was drawn for."""
    page.run()
    assert not page.exception
    return page


def kept(page: AppTest, services: Services) -> Flow:
    """Press what keeps the flow that is looked at, and return it as it is kept."""
    page.button(key="make-it-mine").click().run()
    stored = services.store.flows.get(services.store.flows.list()[0].id)
    assert stored is not None
    return stored.flow


def test_a_flow_file_is_looked_at_before_it_is_kept(visit: Visit, services: Services) -> None:
    flow = load_template("support_triage")
    page = visit()
    before = services.store.flows.list()
    page = shown(give(page, "triage.json", write_flow(flow).encode()))
    assert "### Support triage" in said(page)
    assert "This flow comes from the file “triage.json”." in said(page)
    assert not page.file_uploader
    assert services.store.flows.list() == before
    assert kept(page, services) == flow
    assert [each.value for each in page.toast] == [
        "Opened “Support triage” from the file “triage.json”."
    ]


def test_a_flow_tells_later_where_it_came_from_and_goes_back_to_how_it_came(
    visit: Visit, services: Services
) -> None:
    kept(visit(link=write_link(load_template("pipeline"))), services)
    (row,) = services.store.flows.list()
    (point,) = services.store.flows.points(row.id)
    assert (point.name, point.by_hand) == ("As it came from a link", True)


def test_a_second_flow_of_a_name_is_kept_under_another_and_says_so(
    visit: Visit, services: Services
) -> None:
    services.store.flows.create(shape("in > a").model_copy(update={"name": "pipeline"}))
    page = visit(link=write_link(load_template("pipeline")))
    assert kept(page, services).name == "pipeline 2"
    assert [each.value for each in page.toast] == ["Opened “pipeline 2” from a link."]


def test_a_flow_that_is_had_already_leads_to_the_one_that_is_there(
    visit: Visit, services: Services
) -> None:
    flow = load_template("pipeline")
    stored = services.store.flows.create(flow)
    page = visit(link=write_link(flow))
    assert "You have this flow already" in page.info[0].value
    page.button(key="open-mine").click().run()
    assert page.query_params == {"flow": stored.id}
    services.store.flows.delete(stored.id)
    assert not visit(link=write_link(flow)).info


def test_not_now_leads_back_to_the_flow_that_was_open(visit: Visit, services: Services) -> None:
    first = services.store.flows.create(shape("in > a"))
    services.store.flows.create(shape("in > b"))
    page = shown(paste(visit(flow=first.id), write_flow(load_template("pipeline"))))
    page.button(key="not-now").click().run()
    assert page.query_params == {"flow": first.id}


def test_what_was_given_and_is_no_longer_at_hand_is_said_so(visit: Visit) -> None:
    page = visit(given="beef")
    assert "no longer at hand" in said(page)
    page.button(key="not-now").click().run()
    assert "given" not in page.query_params


def test_a_run_file_is_opened_on_the_page_of_runs(visit: Visit, services: Services) -> None:
    records = b"".join(encode_record(each) + b"\n" for each in story())
    for name in ("run.fanfold-run.jsonl", "renamed.txt"):
        page = give(visit(), name, records)
        assert page.query_params["run"] == "7b7b0d89"
    assert [row.id for row in services.store.runs.list()] == ["7b7b0d89"]
    paste(visit(), records.decode())
    assert len(services.store.runs.list()) == 1


def test_a_pasted_json_is_looked_at_as_a_file_is(visit: Visit, services: Services) -> None:
    flow = load_template("pipeline")
    page = shown(paste(visit(), write_flow(flow)))
    assert "This flow comes from pasted text." in said(page)
    assert kept(page, services) == flow


@pytest.mark.parametrize(
    "host", ["http://localhost:8599/", "https://flows.example.org/x", "", "link="]
)
def test_a_pasted_link_of_any_host_shows_what_it_carries_and_keeps_nothing(
    visit: Visit, services: Services, host: str
) -> None:
    link = write_link(load_template("support_triage"))
    page = visit()
    before = services.store.flows.list()
    page = paste(page, f"{host}?a=1&link={link}#b" if host.startswith("http") else host + link)
    assert page.query_params == {"link": link}
    assert services.store.flows.list() == before
    assert not page.file_uploader
    page = visit(link=link)
    assert "### Support triage" in said(page)


def test_what_was_given_last_is_what_is_opened(visit: Visit, services: Services) -> None:
    flow = load_template("pipeline")
    page = paste(visit(), "hello")
    assert "What was pasted is no link" in said(page)
    assert "not JSON" in said(give(page, "a.txt", b"no flow"))
    assert f"### {flow.name}" in said(shown(paste(page, write_flow(flow))))


def test_open_pressed_with_nothing_pasted_says_so(visit: Visit) -> None:
    assert "Nothing is pasted yet." in said(paste(visit(), "  "))


def test_pasted_python_is_read(visit: Visit, services: Services) -> None:
    program = """from agents import Agent, Runner
print(Runner.run_sync(Agent(name="Reader", instructions="Read."), "Hello").final_output)
"""
    page = shown(paste(visit(), program))
    assert "Read 1 input, 1 agent" in said(page)
    assert kept(page, services).nodes[-1].name == "Reader"


@pytest.mark.parametrize(
    "name,words",
    [
        ("run.jsonl", "Line 1"),
        ("flow.mmd", "a picture or a text"),
        ("run.html", "a page to look at"),
        ("flows.fanfold.zip", "Unpack it"),
        ("FLOW.SVG", "a picture or a text"),
        ("desk.ts", "Give it as Python"),
        ("a.txt", "not JSON"),
    ],
)
def test_a_file_of_another_kind_is_answered_with_a_sentence(
    visit: Visit, name: str, words: str
) -> None:
    assert words in said(give(visit(), name, b"some text"))


def test_a_pasted_typescript_program_is_answered_with_what_to_ask_for(visit: Visit) -> None:
    program = 'import { Agent, Runner } from "@openai/agents";'
    assert "Agent Builder exports that too" in said(paste(visit(), program))


def test_a_pasted_text_that_is_no_flow_is_answered_with_a_sentence(
    visit: Visit, services: Services
) -> None:
    page = visit()
    before = services.store.flows.list()
    for text, words in (
        ("hello", "no link of a flow"),
        ("http://localhost:8501/?flow=f7", "This address carries no flow"),
        (f"http://x/?link={write_link(load_template('pipeline'))[:-9]}", "cut off or damaged"),
        (f"?link={packed(b'[' + b' ' * 5_000_000 + b']')}", "unpacks to more than"),
        (f"?link={packed(b'[1, 2]')}", "What was pasted is not opened"),
        ('{"a": 1}', "not a Fanfold flow"),
    ):
        assert words in said(paste(page, text))
    assert services.store.flows.list() == before
