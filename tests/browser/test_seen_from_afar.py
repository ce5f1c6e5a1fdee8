"""A flow that is opened can be read: names keep their size, too wide a one begins at its start."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from flows.document.model import Flow
from tests.browser.conftest import App, Visit
from tests.browser.hands import all_cards, card
from tests.shapes import shape

SEVEN = shape("in > a > b c d > e f > g > h > k > last; a > k; d > h")
TWELVE = shape("in > a > b > c > d > e > f > g > h > k > l > m > last")
SIZES = [{"width": 1440, "height": 900}, {"width": 1024, "height": 768}]
SMALLEST_NAME = """() => Math.min(...[...document.querySelectorAll(".ff-card .ff-name")].map(
  (name) => parseFloat(getComputedStyle(name).fontSize)
    * name.closest(".ff-card").getBoundingClientRect().width / 220))"""


def opened(visit: Visit, app: App, flow: Flow, size: dict[str, int]) -> Page:
    page = visit(flow=app.keep(flow).id)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    expect(all_cards(page)).to_have_count(len(flow.nodes))
    expect(card(page, "in")).to_be_in_viewport(ratio=0.99)
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("flow", [SEVEN, TWELVE], ids=["seven", "twelve"])
def test_names_can_be_read_when_a_flow_of_many_stages_is_opened(
    visit: Visit, app: App, flow: Flow, size: dict[str, int]
) -> None:
    page = opened(visit, app, flow, size)
    assert page.evaluate(SMALLEST_NAME) >= 11


def test_seven_stages_are_opened_whole(visit: Visit, app: App) -> None:
    page = opened(visit, app, SEVEN, SIZES[0])
    expect(card(page, "last")).to_be_in_viewport(ratio=0.99)
    expect(page.get_by_test_id("goes-on")).to_be_hidden()


def test_a_flow_too_wide_to_be_read_is_opened_at_its_start_and_says_that_it_goes_on(
    visit: Visit, app: App
) -> None:
    page = opened(visit, app, TWELVE, SIZES[1])
    expect(card(page, "last")).not_to_be_in_viewport()
    page.get_by_test_id("goes-on").click()
    expect(card(page, "last")).to_be_in_viewport(ratio=0.99)
    expect(page.get_by_test_id("goes-on")).to_be_hidden()


def test_what_became_of_a_node_is_told_from_afar_too(visit: Visit, app: App) -> None:
    page = opened(visit, app, SEVEN, SIZES[0])
    page.get_by_test_id("run").click()
    expect(card(page, "last")).to_have_attribute("data-status", "finished")
    expect(card(page, "last").locator(".ff-pill")).to_be_visible()
    expect(card(page, "last").locator(".ff-label")).to_be_hidden()
