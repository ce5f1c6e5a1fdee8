"""The routes, asked over real HTTP: who gets what, and what is said to those who do not."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from components import routes as subject
from components.assets import Assets, assets_version, our_assets, read_assets
from components.routes import assets_address, records_address, routes, vis_address
from components.services import Services
from flows.document.edits import ChangeFlow, apply_edit
from flows.errors import StoreError
from flows.ids import FlowId, RunId
from flows.run.background import BackgroundRunner
from flows.run.messages import FlowChanged
from flows.run.story import encode_story, tell_story
from flows.store.store import open_store
from flows.trace.events import decode_records
from flows.trace.fold import build_trace
from tests.flows.run.puppets import WAIT_S, Puppets
from tests.flows.store.records import records_of
from tests.shapes import shape
from tests.waiting import wait_until

TOKEN = "a-token-of-this-start"
FLOW = shape("in > a b")
JSON = {"Content-Type": "application/json", "X-Fanfold-Token": TOKEN}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error(self) -> str:
        value = json.loads(self.body)
        assert list(value) == ["error"]
        return str(value["error"])


@dataclass
class Site:
    """A server with the routes, and what stands behind it."""

    port: int
    opened: Services
    puppets: Puppets

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] = JSON
    ) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)) as line:
            content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            line.request(method, path, content, dict(headers))
            answer = line.getresponse()
            return Answer(
                answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
            )

    def get(self, path: str, headers: Mapping[str, str] = JSON) -> Answer:
        return self.ask("GET", path, headers=headers)

    def start(self, flow_id: FlowId, **inputs: str) -> RunId:
        answer = self.ask("POST", "/fanfold/runs", {"flow": flow_id, "rev": 1, "inputs": inputs})
        assert answer.status == 200
        return RunId(json.loads(answer.body)["run"])

    def begin(self, flow_id: FlowId) -> RunId:
        """Start a run and wait until its first record is read."""
        run_id = self.start(flow_id)
        wait_until(lambda: self.opened.runner.fold(run_id) is not None)
        return run_id

    @contextmanager
    def events(self, flow_id: FlowId, more: str = "") -> Iterator[Iterator[tuple[str, Any]]]:
        """Listen as an EventSource does."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)) as line:
            line.request("GET", f"/fanfold/events?flow={flow_id}&token={TOKEN}{more}")
            answer = line.getresponse()
            assert answer.status == 200
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            yield parse_events(answer)


def parse_events(lines: Iterator[bytes]) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in lines:
        field, _, value = line.decode().strip().partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


@contextmanager
def serving(app: Starlette) -> Iterator[int]:
    """Serve on a port of the system's choice, in a thread."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", ws="none", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    puppets = Puppets()
    with open_store(tmp_path, {}) as store:
        runner = BackgroundRunner(store, open_deps=puppets.deps)
        opened = Services(tmp_path, {"OPENAI_API_KEY": "k"}, store, runner, TOKEN)
        with serving(Starlette(routes=routes(lambda: opened))) as port:
            yield Site(port, opened, puppets)
            runner.close()


@pytest.fixture
def flow_id(site: Site) -> FlowId:
    return site.opened.store.flows.create(FLOW).id


# who may ask


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "/fanfold/events?flow=x"),
        ("POST", "/fanfold/runs"),
        ("POST", "/fanfold/runs/r1/cancel"),
        ("GET", "/fanfold/runs/r1/records"),
        ("GET", "/fanfold/runs/r1/story"),
    ],
)
@pytest.mark.parametrize("token", [None, "", "another", "ü"])
def test_without_the_token_of_this_start_nothing_is_told(site: Site, method, path, token):
    headers = {} if token is None else {"X-Fanfold-Token": token.encode().decode("latin-1")}
    answer = site.ask(method, path, headers=headers)
    assert (answer.status, answer.error) == (
        403,
        "This page belongs to an earlier start of Fanfold. Load it again.",
    )


def test_the_token_may_stand_in_the_address(site: Site):
    assert site.get(f"/fanfold/runs/r1/records?token={TOKEN}", headers={}).status == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null"])
def test_pages_of_other_sites_are_refused_even_with_the_token(site: Site, flow_id, origin):
    body = {"flow": flow_id}
    answer = site.ask("POST", "/fanfold/runs", body, JSON | {"Origin": origin})
    assert (answer.status, answer.error) == (403, "Only pages of this Fanfold may ask for this.")
    assert site.opened.store.runs.list() == ()


def test_a_page_of_this_server_is_let_in(site: Site, flow_id: FlowId):
    headers = JSON | {"Origin": f"http://127.0.0.1:{site.port}"}
    assert site.ask("POST", "/fanfold/runs", {"flow": flow_id}, headers).status == 200


# assets


def test_the_version_changes_with_any_content_and_with_nothing_else(tmp_path: Path):
    def version(**files: str) -> str:
        folder = tmp_path / "-".join([*files, *files.values()])
        for name, text in files.items():
            (folder / "part" / "assets").mkdir(parents=True, exist_ok=True)
            (folder / "part" / "assets" / f"{name}.js").write_text(f"say({text})")
        return read_assets(folder).version

    assert version(a="1", b="2") == version(b="2", a="1")
    assert len({version(a="1"), version(a="2"), version(b="1"), version(a="1", b="1")}) == 4


def test_only_what_browsers_load_is_an_asset(tmp_path: Path):
    assets = tmp_path / "part" / "assets"
    assets.mkdir(parents=True)
    for name in ("a.js", "b.css", "c.svg", "d.woff2", "e.py", "f.json", ".env"):
        (assets / name).write_text(name)
    (assets / "deep").mkdir()
    (assets / "deep" / "g.js").write_text("g")
    (tmp_path / "part" / "secret.js").write_text("secret")
    (assets / "link.js").symlink_to(tmp_path / "part" / "secret.js")
    read = read_assets(tmp_path)
    assert {address: asset.media_type for address, asset in read.files.items()} == {
        "part/a.js": "text/javascript; charset=utf-8",
        "part/b.css": "text/css; charset=utf-8",
        "part/c.svg": "image/svg+xml",
        "part/d.woff2": "font/woff2",
        "part/deep/g.js": "text/javascript; charset=utf-8",
    }


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assets:
    """Some assets in place of ours."""
    folder = tmp_path / "components" / "canvas" / "assets"
    folder.mkdir(parents=True)
    (folder / "main.js").write_text("export const name = 'Grüße';")
    read = read_assets(tmp_path / "components")
    monkeypatch.setattr(subject, "our_assets", lambda: read)
    monkeypatch.setattr(subject, "assets_version", lambda: read.version)
    return read


def test_an_asset_is_kept_for_ever_under_its_version(site: Site, assets: Assets):
    answer = site.get(f"{assets_address()}canvas/main.js", headers={})
    assert (answer.status, answer.body.decode()) == (200, "export const name='Grüße';")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_under_another_version_an_asset_is_not_kept(site: Site, assets: Assets):
    answer = site.get("/fanfold/assets/old/canvas/main.js", headers={})
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")


@pytest.mark.parametrize(
    "path",
    [
        "canvas/none.js",
        "canvas/assets/main.js",
        "../routes.py",
        "canvas/../../routes.py",
        "canvas/%2e%2e/%2e%2e/routes.py",
        "canvas/..%2f..%2froutes.py",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "",
    ],
)
def test_no_address_leads_out_of_the_assets(site: Site, assets: Assets, path: str):
    answer = site.get(f"{assets_address()}{path}", headers={})
    assert (answer.status, answer.error) == (404, "There is no such file.")


def test_the_assets_of_this_app_are_all_served(site: Site):
    for address, asset in our_assets().files.items():
        assert site.get(assets_address() + address, headers={}).body == asset.content
    assert re.fullmatch("[0-9a-f]{16}", assets_version())


def test_the_assets_import_each_other_by_addresses_that_are_there():
    files = our_assets().files
    for address, asset in files.items():
        for name in re.findall(r"""(?:from|import)\s+["'](\.[^"']+)["']""", asset.content.decode()):
            target = (Path("/") / address).parent / name
            assert str(Path(*_resolved(target))) in files, f"{address} imports {name}"


def _resolved(path: Path) -> list[str]:
    steps: list[str] = []
    for step in path.parts[1:]:
        steps = steps[:-1] if step == ".." else [*steps, step]
    return steps


@pytest.mark.parametrize(
    "name, kind", [("vis-network.min.js", "text/javascript"), ("vis-network.css", "text/css")]
)
def test_vis_network_comes_from_the_installed_package(
    site: Site, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delitem(sys.modules, "pyvis", raising=False)  # tests of sharing import it
    answer = site.get(vis_address(name), headers={})
    assert (answer.status, answer.headers["content-type"]) == (200, f"{kind}; charset=utf-8")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert len(answer.body) > 10_000
    assert "pyvis" not in sys.modules


def test_of_vis_network_nothing_else_is_served(site: Site):
    assert site.get("/fanfold/vis/../../__init__.py", headers={}).status == 404
    assert site.get("/fanfold/vis/__init__.py", headers={}).status == 404


# runs


def test_run_starts_what_is_kept_with_what_was_typed(site: Site, flow_id: FlowId):
    with site.events(flow_id) as events:
        assert next(events) == ("snapshot", {"run": None, "nodes": {}, "texts": {}})
        run_id = site.start(flow_id, **{"in": "Grüße"})
        name, snapshot = next(events)
        assert (name, snapshot["run"]["id"], snapshot["run"]["status"]) == (
            "snapshot",
            run_id,
            "running",
        )
        site.puppets.say("a", "to be")
        assert ("text", {"run": run_id, "texts": {"a": "to be"}}) in events
        site.puppets.finish("a", "A")
        site.puppets.finish("b", "B")
        end = next(data for name, data in events if name == "run" and data["ended"] is not None)
    assert (end["id"], end["flow"], end["status"]) == (run_id, "shape", "finished")
    assert end["outputs"] == {"a": "A", "b": "B"}
    stored = site.opened.store.flows.get(flow_id)
    assert stored is not None
    assert stored.inputs == {"in": "Grüße"}


def test_run_takes_edits_that_came_after_the_click(site: Site, flow_id: FlowId):
    site.opened.store.flows.change(flow_id, lambda f: apply_edit(f, ChangeFlow(name="Newer")))
    run_id = site.begin(flow_id)
    site.puppets.wait_for("a", "b")
    trace = site.opened.runner.fold(run_id)
    assert trace is not None
    assert trace.flow["name"] == "Newer"


@pytest.mark.parametrize(
    "body, status, error",
    [
        (b"{", 400, "The request cannot be read: Input data was truncated."),
        (b"[]", 400, "The request cannot be read: Expected `object`, got `array`."),
        ({}, 400, "The request cannot be read: Object missing required field `flow`."),
        ({"flow": 1}, 400, "The request cannot be read: Expected `str`, got `int` - at `$.flow`."),
        (
            {"flow": "x", "inputs": {"in": 1}},
            400,
            "The request cannot be read: Expected `str`, got `int` - at `$.inputs[...]`.",
        ),
        (
            {"flow": "x", "x": 1},
            400,
            "The request cannot be read: Object contains unknown field `x`.",
        ),
        ({"flow": "x"}, 404, 'There is no flow "x". It may have been deleted.'),
        (
            {"flow": "x", "inputs": {"in": "x" * 2_000_000}},
            413,
            "The request is longer than 2,000,000 bytes. Give it less text.",
        ),
    ],
)
def test_a_request_that_cannot_be_met_is_answered_with_a_sentence(
    site: Site, body, status: int, error: str
):
    answer = site.ask("POST", "/fanfold/runs", body)
    assert (answer.status, answer.error) == (status, error)


def test_an_unknown_input_is_said(site: Site, flow_id: FlowId):
    answer = site.ask("POST", "/fanfold/runs", {"flow": flow_id, "inputs": {"on": "x"}})
    assert answer.status == 422
    assert answer.error.startswith('"on" is no input of this flow.')


def test_a_page_that_is_ahead_of_the_store_is_told_to_load_again(site: Site, flow_id: FlowId):
    answer = site.ask("POST", "/fanfold/runs", {"flow": flow_id, "rev": 2})
    assert (answer.status, answer.error) == (
        409,
        "This page is ahead of what is kept. Load it again.",
    )


def test_a_flow_with_errors_does_not_run_and_says_the_first(site: Site):
    flow_id = site.opened.store.flows.create(shape("in > a > b > a")).id
    answer = site.ask("POST", "/fanfold/runs", {"flow": flow_id})
    assert answer.status == 422
    assert "loop" in answer.error
    assert "\n" not in answer.error


def test_a_flow_whose_connection_cannot_answer_does_not_run(site: Site):
    flow = shape("in > a", a={"model": "nowhere/x"})
    answer = site.ask("POST", "/fanfold/runs", {"flow": site.opened.store.flows.create(flow).id})
    assert answer.status == 422
    assert "nowhere" in answer.error


def test_a_run_is_stopped(site: Site, flow_id: FlowId):
    run_id = site.begin(flow_id)
    site.puppets.wait_for("a", "b")
    with site.events(flow_id) as events:
        assert next(events)[1]["run"]["status"] == "running"
        answer = site.ask("POST", f"/fanfold/runs/{run_id}/cancel")
        assert (answer.status, json.loads(answer.body)) == (200, {"run": run_id})
        end = next(data for name, data in events if name == "run" and data["ended"] is not None)
    assert end["status"] == "cancelled"


def test_stopping_a_run_that_has_ended_is_no_error(site: Site):
    site.opened.store.runs.append(records_of("r1"))
    assert site.ask("POST", "/fanfold/runs/r1/cancel").status == 200


def test_an_unknown_run_cannot_be_stopped_or_read(site: Site):
    for method, what in (("POST", "cancel"), ("GET", "records"), ("GET", "story")):
        answer = site.ask(method, f"/fanfold/runs/r9/{what}")
        assert (answer.status, answer.error) == (404, 'There is no run "r9".')


def test_a_run_of_another_process_cannot_be_stopped_here(site: Site, tmp_path: Path):
    with open_store(tmp_path, {}) as elsewhere:
        elsewhere.runs.append(records_of("r1")[:3])
        answer = site.ask("POST", "/fanfold/runs/r1/cancel")
    assert (answer.status, answer.error) == (
        409,
        "Another Fanfold runs this. Stop it where it was started.",
    )


def test_the_story_of_a_run_comes_whole(site: Site):
    records = records_of("r1")
    site.opened.store.runs.append(records)
    answer = site.get("/fanfold/runs/r1/story")
    end = build_trace(records)
    told = encode_story(tell_story(records, end=end), end=end)
    assert (answer.status, answer.body) == (200, told)


def test_a_run_that_goes_on_has_no_story_yet(site: Site):
    site.opened.store.runs.append(records_of("r1")[:3])
    answer = site.get("/fanfold/runs/r1/story")
    assert (answer.status, answer.error) == (
        409,
        "This run goes on. It can be played when it has ended.",
    )


def test_a_run_is_taken_away_as_its_file(site: Site):
    site.opened.store.runs.append(records_of("r1"))
    answer = site.get(records_address(RunId("r1"), TOKEN), headers={})
    assert tuple(decode_records(answer.body.splitlines())) == records_of("r1")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="flow-of-r1-r1.fanfold-run.jsonl"'
    )
    assert answer.headers["cache-control"] == "no-store"


# events


def test_a_given_run_is_shown_when_asked_for(site: Site, flow_id: FlowId):
    site.opened.store.runs.append(records_of("r1"), flow_id=flow_id)
    site.opened.store.runs.append(records_of("r2", at=2000.0), flow_id=flow_id)
    for more, shown in (("", "r2"), ("&run=r1", "r1")):
        with site.events(flow_id, more) as events:
            assert next(events)[1]["run"]["id"] == shown


def test_a_change_of_the_document_is_an_event(site: Site, flow_id: FlowId):
    with site.events(flow_id) as events:
        next(events)
        site.opened.runner.notify(flow_id, FlowChanged(rev=2, client="tab"))
        assert next(events) == ("flow", {"rev": 2, "client": "tab", "seq": 0})


def test_an_unknown_flow_has_no_events(site: Site):
    answer = site.get("/fanfold/events?flow=x")
    assert (answer.status, answer.error) == (404, 'There is no flow "x".')


def test_a_browser_that_leaves_is_forgotten(site: Site, flow_id: FlowId):
    with site.events(flow_id) as events:
        next(events)
        assert flow_id in site.opened.runner._hub._watchers
    wait_until(lambda: flow_id not in site.opened.runner._hub._watchers)


# the server's start and end


def test_what_could_not_be_opened_is_said_to_all_who_ask():
    def fail() -> Services:
        raise StoreError("The disk is full.")

    with serving(Starlette(routes=routes(fail))) as port:
        site = Site(port, None, None)
        answer = site.get("/fanfold/events?flow=x")
    assert (answer.status, answer.error) == (503, "The disk is full.")


def test_ctrl_c_ends_the_server_in_time_though_a_browser_listens(tmp_path: Path):
    script = f"""
import contextlib, socket, sys, uvicorn
from pathlib import Path
from starlette.applications import Starlette
from components.routes import routes
from components.services import Services
from flows.run.background import BackgroundRunner
from flows.store.store import open_store
from tests.flows.run.puppets import Puppets
from tests.shapes import shape

store, puppets = open_store(Path({str(tmp_path)!r}), {{}}), Puppets()
runner = BackgroundRunner(store, open_deps=puppets.deps)
opened = Services(Path({str(tmp_path)!r}), {{"OPENAI_API_KEY": "k"}}, store, runner, {TOKEN!r})
flow_id = store.flows.create(shape("in > a b")).id

@contextlib.asynccontextmanager
async def lifespan(app):
    yield
    opened.close()

listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flow_id, flush=True)
app = Starlette(routes=routes(lambda: opened), lifespan=lifespan)
server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
with contextlib.suppress(KeyboardInterrupt):
    server.run(sockets=[listener])
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        port, flow_id = server.stdout.readline().split()
        site = Site(int(port), None, None)
        with site.events(FlowId(flow_id)) as events:
            next(events)
            site.start(FlowId(flow_id))
            next(events)
            server.send_signal(signal.SIGINT)
            # half a second when the machine is quiet; for ever, if the stream held the server
            assert server.wait(timeout=5) == 0
        assert server.stderr is not None
        assert server.stderr.read() == ""
    with open_store(tmp_path, {}) as store:
        assert [row.status for row in store.runs.list()] == ["cancelled"]


# going back to an earlier run


def whole_run(site: Site, flow_id: FlowId, *, failing: str = "", **inputs: str) -> RunId:
    """Take a run of FLOW to its end; `failing`: the node that fails in it."""
    run_id = site.start(flow_id, **inputs)
    for node in ("a", "b"):
        if node == failing:
            site.puppets.fail(node, f"{node} broke")
        else:
            site.puppets.finish(node, node.upper())
    wait_until(lambda: ended(site, run_id))
    return run_id


def ended(site: Site, run_id: RunId) -> bool:
    trace = site.opened.runner.fold(run_id)
    return trace is not None and trace.status != "running"


def go_back(site: Site, flow_id: FlowId, run_id: RunId, how: str, node: str = "") -> Answer:
    again = {"run": run_id, "how": how, "node": node}
    return site.ask("POST", "/fanfold/runs", {"flow": flow_id, "again": again})


def test_only_what_failed_runs_again_with_the_inputs_of_that_run(site: Site, flow_id: FlowId):
    earlier = whole_run(site, flow_id, failing="b", **{"in": "Grüße"})
    site.opened.store.flows.set_inputs(flow_id, {"in": "typed since"})
    run_id = RunId(json.loads(go_back(site, flow_id, earlier, "failed").body)["run"])
    site.puppets.finish("b", "B")
    wait_until(lambda: ended(site, run_id))
    trace = site.opened.runner.fold(run_id)
    assert trace is not None
    assert (trace.status, trace.reused_from, trace.inputs) == ("finished", earlier, {"in": "Grüße"})
    assert {key: node.reused for key, node in trace.nodes.items()} == {"a": True, "b": False}
    stored = site.opened.store.flows.get(flow_id)
    assert stored is not None
    assert stored.inputs == {"in": "typed since"}


def test_a_page_is_told_what_was_reused_and_from_where(site: Site, flow_id: FlowId):
    earlier = whole_run(site, flow_id)
    run_id = RunId(json.loads(go_back(site, flow_id, earlier, "from", "b").body)["run"])
    site.puppets.finish("b", "B")
    wait_until(lambda: ended(site, run_id))
    with site.events(flow_id) as events:
        _, snapshot = next(events)
    assert snapshot["run"]["earlier"] == {"run": earlier, "says": "1 reused", "measures": False}
    assert [snapshot["nodes"][key]["reused"] for key in ("a", "b")] == [True, False]


def test_measured_a_run_says_how_much_faster_it_was_side_by_side(site: Site, flow_id: FlowId):
    earlier = whole_run(site, flow_id)
    run_id = RunId(json.loads(go_back(site, flow_id, earlier, "measure").body)["run"])
    site.puppets.finish("a", "A")
    site.puppets.finish("b", "B")
    wait_until(lambda: ended(site, run_id))
    trace = site.opened.runner.fold(run_id)
    assert trace is not None
    assert trace.flow["run"]["max_concurrency"] == 1
    assert trace.measures is not None
    assert (trace.measures.run, trace.measures.finished) == (earlier, ("a", "b"))
    answer = go_back(site, flow_id, run_id, "measure")
    said = "Only a whole run that finished can be measured. Run the flow first."
    assert (answer.status, answer.error) == (422, said)


def test_a_run_that_goes_on_or_is_not_there_cannot_be_gone_back_to(site: Site, flow_id: FlowId):
    running = site.begin(flow_id)
    answer = go_back(site, flow_id, running, "failed")
    said = "That run still goes on. Wait for its end, or stop it."
    assert (answer.status, answer.error) == (409, said)
    answer = go_back(site, flow_id, RunId("none"), "failed")
    assert (answer.status, answer.error) == (404, 'There is no run "none".')


def test_a_node_that_is_not_in_the_flow_is_named(site: Site, flow_id: FlowId):
    earlier = whole_run(site, flow_id)
    answer = go_back(site, flow_id, earlier, "from", "x")
    assert (answer.status, answer.error) == (
        422,
        '"x" is no step of this flow. Its steps: a, b.',
    )
