"""The share menu: what leaves is made when it is taken, and says what cannot leave."""

from __future__ import annotations

import random
import string

import pytest

from components.services import Services
from components.share_menu import link_of
from flows.document.model import Flow
from flows.share.link import find_link, read_link
from flows.templates import load_template
from tests.components.conftest import Visit
from tests.components.test_other_pages import run_once
from tests.shapes import shape


def taken(page) -> list[str]:
    """Name what can be taken from the menu, in order."""
    assert not page.exception
    labels = [each.proto.label for each in page.get("download_button")]
    return [label.partition(" :small")[0] for label in labels]


def test_a_closed_menu_makes_nothing(visit: Visit, services: Services) -> None:
    stored = services.store.flows.create(load_template("three_views"))
    assert taken(visit(flow=stored.id)) == ["Download JSON"]


def test_an_open_menu_offers_the_link_and_every_file(visit: Visit, services: Services) -> None:
    stored = services.store.flows.create(load_template("three_views"))
    page = visit(flow=stored.id)
    page.session_state[f"share-{stored.id}"] = True
    page.run()
    assert taken(page) == ["Download JSON", "One page", "Picture", "Mermaid", "JSON", "Python"]
    assert read_link(find_link(page.code[0].value)) == stored.flow


def test_without_contents_holds_for_the_link_too(visit: Visit, services: Services) -> None:
    stored = services.store.flows.create(shape("in > a", a={"instructions": "A secret plan"}))
    page = visit(flow=stored.id)
    page.session_state[f"share-{stored.id}"] = True
    page.run()
    page.toggle(key=f"share-blank-{stored.id}").set_value(True).run()
    carried = read_link(find_link(page.code[0].value))
    assert "secret" not in carried.model_dump_json()
    assert len(carried.nodes) == 2


def test_a_flow_beyond_a_link_is_offered_as_a_file(visit: Visit, services: Services) -> None:
    noise = random.Random(7)
    text = "".join(noise.choice(string.printable) for _ in range(9_000))
    stored = services.store.flows.create(shape("in > a", a={"instructions": text}))
    page = visit(flow=stored.id)
    page.session_state[f"share-{stored.id}"] = True
    page.run()
    assert "JSON" in taken(page)
    assert any("too large for a link" in each.value for each in page.caption)


def test_a_flow_that_python_cannot_say_is_told_why(visit: Visit, services: Services) -> None:
    stored = services.store.flows.create(shape("in > a", a={"tools": ("search",)}))
    page = visit(flow=stored.id)
    page.session_state[f"share-{stored.id}"] = True
    page.run()
    assert "Python" not in taken(page)
    assert any(each.value.startswith("**Python** is not offered.") for each in page.caption)


async def test_a_run_is_offered_as_a_page_and_as_a_report(visit: Visit, services: Services) -> None:
    stored = services.store.flows.create(shape("in > a"))
    run = await run_once(services, stored)
    page = visit("runs", flow=stored.id)
    page.session_state[f"share-run-{run}"] = True
    page.run()
    assert taken(page)[-3:] == ["Download run", "One page", "Report"]


@pytest.mark.parametrize(
    "page, start",
    [
        ("http://127.0.0.1:8501/", "http://127.0.0.1:8501/?link=1"),
        ("https://host/runs?flow=x#y", "https://host/?link=1"),
    ],
)
def test_a_link_leads_to_the_first_page_of_this_app(page: str, start: str) -> None:
    flow: Flow = load_template("three_views")
    assert link_of(flow, page=page).startswith(start)
    assert read_link(find_link(link_of(flow, page=page))) == flow
