"""A run that goes back to an earlier one: what failed, from a node on, one after another."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Visit
from tests.browser.hands import begin_run, card
from tests.model_server import Answer, ModelServer, Refuse
from tests.shapes import shape

LOCKED = Refuse(401, "Incorrect API key provided.", "invalid_api_key")
COLLECT = {"on_failure": "collect"}


def statuses(page: Page, **expected: str) -> None:
    """Wait until these cards look so."""
    for node, status in expected.items():
        expect(card(page, node)).to_have_attribute("data-status", status)


def reused(page: Page, *nodes: str) -> None:
    """Wait until these cards and lanes say that they were not run again; no lane has a bar."""
    for node in nodes:
        expect(card(page, node)).to_have_attribute("data-reused", "true")
        expect(card(page, node)).to_contain_text("reused")
        lane = page.locator(f".ff-lane[data-key='{node}']")
        expect(lane).to_contain_text("reused")
        expect(page.get_by_test_id(f"lane-{node}")).to_be_hidden()


def asked(models: ModelServer, *nodes: str) -> list[str]:
    """Say which of these nodes' models were asked, in order."""
    return [entry.model for entry in models.log if entry.model in nodes]


def test_retry_failed_only_asks_only_the_one_that_failed(
    visit: Visit, app: App, models: ModelServer
):
    models.script("locked", [LOCKED, Answer("At last.")])
    nodes = {node: {"model": f"openai/{name}"} for node, name in (("a", "well"), ("b", "locked"))}
    page = visit(flow=app.keep(shape("in > a b", run=COLLECT, **nodes)).id)
    expect(page.get_by_test_id("retry-failed")).to_be_hidden()
    page.get_by_test_id("run").click()
    statuses(page, a="finished", b="failed")
    page.get_by_test_id("retry-failed").click()
    statuses(page, a="finished", b="finished")
    reused(page, "a")
    expect(page.get_by_test_id("result")).to_contain_text("At last.")
    expect(page.get_by_test_id("retry-failed")).to_be_hidden()
    assert asked(models, "well", "locked").count("well") == 1
    assert asked(models, "locked") == ["locked", "locked"]
    expect(page.get_by_test_id("earlier")).to_have_text("1 reused")
    page.get_by_test_id("earlier").click()
    expect(page).to_have_url(re.compile(r"/runs\?.*run="))
    statuses(page, b="failed")


def test_from_a_node_on_it_and_what_stands_behind_it_run_again(
    visit: Visit, app: App, models: ModelServer
):
    names = {"a": "first", "b": "second", "c": "third"}
    nodes = {node: {"model": f"openai/{name}"} for node, name in names.items()}
    page = begin_run(visit, app.keep(shape("in > a > b > c", **nodes)))
    statuses(page, a="finished", b="finished", c="finished")
    expect(page.get_by_test_id("run")).to_be_enabled()
    card(page, "b").click(button="right")
    page.get_by_test_id("menu-from").click()
    reused(page, "a")
    statuses(page, a="finished", b="finished", c="finished")
    expect(page.get_by_test_id("run")).to_be_enabled()
    page.get_by_test_id("lane-c").click()
    page.get_by_test_id("run-from").click()
    reused(page, "a", "b")
    statuses(page, c="finished")
    assert asked(models, *names.values()) == [
        "first",
        "second",
        "third",
        "second",
        "third",
        "third",
    ]
    page.reload()
    reused(page, "a", "b")


def test_a_past_run_goes_on_from_a_node_where_its_flow_is_edited(
    visit: Visit, app: App, models: ModelServer
):
    nodes = {"a": {"model": "openai/before"}, "b": {"model": "openai/after"}}
    stored = app.keep(shape("in > a > b", **nodes))
    page = begin_run(visit, stored)
    statuses(page, b="finished")
    page = visit("runs", flow=stored.id)
    statuses(page, b="finished")
    card(page, "b").click(position={"x": 60, "y": 20})
    page.get_by_test_id("run-from").click()
    expect(page).to_have_url(re.compile(rf"/\?flow={stored.id}$"))
    reused(page, "a")
    statuses(page, b="finished")
    assert asked(models, "before", "after") == ["before", "after", "after"]


def test_faster_is_said_only_once_it_was_measured(visit: Visit, app: App, models: ModelServer):
    short, long = Answer("Well.", delay_s=0.4), Answer("Well, that is so.", delay_s=0.4)
    models.script("steady", [short, short, short, long])
    nodes = {node: {"model": "openai/steady"} for node in ("a", "b", "c")}
    page = begin_run(visit, app.keep(shape("in > a b c", **nodes)))
    statuses(page, a="finished", b="finished", c="finished")
    expect(page.get_by_test_id("sums")).not_to_contain_text("faster")
    page.get_by_test_id("measure").click()
    said = page.get_by_test_id("earlier")
    expect(said).to_have_text("One after another, to measure it")
    expect(page.get_by_test_id("measure")).to_be_hidden()
    expect(said).to_have_text(
        re.compile(
            r"faster( for each token)? than one after another "
            r"\(measured: \d\.\d s → \d\.\d s; other answers: \d+ → \d+ tokens\)\. "
            r"One try each; another may differ\.$"
        )
    )
    expect(page.get_by_test_id("run-why")).to_have_text("")
    expect(page.locator(".ff-lane-bar[data-critical]")).to_have_count(0)
    key = page.get_by_test_id("lane-key")
    expect(key.get_by_text("no critical path")).to_be_visible()
    expect(key.get_by_text("critical path", exact=True)).to_be_hidden()
    for width in (1440, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.get_by_test_id("lane-c")).to_be_in_viewport(ratio=1)
        box = page.get_by_test_id("sums").bounding_box()
        assert box is not None
        assert box["height"] < 5 * 17  # the sums, and three lines at the most
        expect(page.get_by_test_id("sum-wall")).to_be_in_viewport(ratio=1)
    expect(page.get_by_test_id("measure")).to_be_hidden()
