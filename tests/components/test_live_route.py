"""Pages hear what happens over a websocket, if they are ours."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from components.ledger import FlowLedger
from components.live_route import live_route
from components.services import Services
from flows.errors import StoreError
from flows.plan.plan import plan_flow
from tests.shapes import shape

TOKEN = "t0ken"
WAIT_S = 10


@contextmanager
def serving(app: Starlette) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="warning", ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture
def port(services: Services) -> Iterator[int]:
    with serving(Starlette(routes=[live_route(lambda: services)])) as opened:
        yield opened


def listen(port: int, flow: str, *, token: str = TOKEN, origin: str = "") -> ClientConnection:
    address = f"ws://127.0.0.1:{port}/fanfold/live?flow={flow}&token={token}"
    headers = {"Origin": origin} if origin else None
    return connect(address, additional_headers=headers, open_timeout=WAIT_S)


def read(page: ClientConnection) -> tuple[str, object]:
    name, data = str(page.recv(WAIT_S)).strip().split("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_a_page_hears_how_it_stands_and_then_what_changes(services: Services, port: int) -> None:
    stored = services.store.flows.create(shape("in > a"))
    with listen(port, stored.id) as page:
        assert read(page) == ("snapshot", {"run": None, "nodes": {}, "texts": {}})
        FlowLedger(services, stored.id).change(lambda flow: flow, client="c0ffee00", seq=1)
        assert read(page) == ("flow", {"rev": 2, "client": "c0ffee00", "seq": 1})


def test_a_run_is_told_to_its_end(services: Services, port: int) -> None:
    stored = services.store.flows.create(shape("in > a"))
    with listen(port, stored.id) as page:
        read(page)
        run_id = services.runner.start(plan_flow(stored.flow), "hi", flow_id=stored.id)
        status = ""
        while status != "finished":
            name, told = read(page)
            assert isinstance(told, dict)
            status = told["status"] if name == "run" else status
            assert told.get("id", run_id) == run_id


@pytest.mark.parametrize(
    "token, origin", [("wrong", ""), ("", ""), (TOKEN, "http://elsewhere.example")]
)
def test_nobody_else_hears_anything(services: Services, port: int, token: str, origin: str) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        listen(port, "any", token=token, origin=origin)


def test_a_home_that_cannot_be_opened_ends_the_line() -> None:
    def broken() -> Services:
        raise StoreError("The folder cannot be used.")

    with serving(Starlette(routes=[live_route(broken)])) as opened, pytest.raises(InvalidStatus):
        listen(opened, "any")


def test_a_server_that_ends_lets_its_pages_go(services: Services) -> None:
    stored = services.store.flows.create(shape("in > a"))
    with serving(Starlette(routes=[live_route(lambda: services)])) as opened:
        page = listen(opened, stored.id)
        read(page)
    with pytest.raises(ConnectionClosed):
        page.recv(WAIT_S)
