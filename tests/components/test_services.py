"""What a process keeps open is there when it is asked for, and gone at the end."""

import asyncio
import threading
from pathlib import Path

import pytest

from components.ledger import FlowLedger
from components.services import Services, serve
from components.services import services as opened_services
from flows.document.edits import AddEdge, ChangeNode
from flows.document.model import Edge
from flows.errors import ConnectionsError, EditRefused, StoreError
from flows.ids import NodeId
from tests.shapes import shape


async def test_services_are_there_while_the_app_runs_and_gone_after(tmp_path: Path) -> None:
    async with serve({"FANFOLD_HOME": str(tmp_path)}):
        opened = await asyncio.to_thread(opened_services)
        stored = opened.store.flows.create(shape("in > a"))
        assert opened.store.flows.get(stored.id) == stored
    ours = [each for each in threading.enumerate() if each.name.startswith("fanfold")]
    for thread in ours:  # an import that has begun is not cut off
        thread.join(60)
    assert [each.name for each in ours if each.is_alive()] == []


async def test_a_home_that_cannot_be_used_is_said_by_whoever_asks(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    async with serve({"FANFOLD_HOME": str(tmp_path / "file" / "home")}):
        with pytest.raises(StoreError, match="FANFOLD_HOME"):
            await asyncio.to_thread(opened_services)


async def test_every_page_of_a_flow_hears_of_a_change_and_who_made_it(services: Services) -> None:
    stored = services.store.flows.create(shape("in > a"))
    heard = services.runner.watch(stored.id)
    await anext(heard)  # the snapshot
    FlowLedger(services, stored.id).change(lambda flow: flow, client="c0ffee00", seq=1)
    parcel = await anext(heard)
    assert parcel.bytes == b'event: flow\ndata: {"rev":2,"client":"c0ffee00","seq":1}\n\n'
    await heard.aclose()


def test_an_edit_of_the_inspector_takes_the_way_of_the_canvas(services: Services) -> None:
    stored = services.store.flows.create(shape("in > a > b"))
    ledger = FlowLedger(services, stored.id)
    ledger.apply(lambda _flow: ChangeNode(id=NodeId("a"), changes={"name": "Buyer"}))
    changed = services.store.flows.get(stored.id)
    assert changed is not None
    assert (changed.rev, changed.flow.node(NodeId("a")).name, changed.can_undo) == (
        2,
        "Buyer",
        True,
    )
    with pytest.raises(EditRefused, match="loop"):
        ledger.apply(lambda _flow: AddEdge(edge=Edge(source=NodeId("b"), target=NodeId("a"))))


def test_connections_are_read_again_until_their_file_is_whole(services: Services) -> None:
    file = services.home / "connections.toml"
    file.write_text("office = 3", "utf-8")
    with pytest.raises(ConnectionsError, match="office"):
        _ = services.connections
    file.unlink()
    assert services.connections.names == ("local", "openai")
