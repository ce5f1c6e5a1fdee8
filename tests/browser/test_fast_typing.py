"""What is typed fast in the inspector arrives: all of it, each once, on a slow server too."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from flows.document.model import AgentNode, Node, RouterNode, Rule, When
from flows.ids import NodeId
from tests.browser.conftest import App, end_app, start_app
from tests.browser.hands import PATIENCE_S, all_cards, card, choose, field
from tests.model_server import ModelServer
from tests.shapes import shape


@pytest.fixture(scope="module", params=["components", "tests.browser.slow_app"])
def any_app(
    request: pytest.FixtureRequest, models: ModelServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """The app as it is, and where each change takes 300 ms."""
    environ = {
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": models.base_url,
        "OPENAI_DEFAULT_MODEL": "quick",
    }
    running = start_app(tmp_path_factory.mktemp("home"), environ, module=request.param)
    yield running
    end_app(running)


def type_over(page: Page, text: str) -> None:
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def wait_for_node(page: Page, app: App, flow_id: str, expected: Node) -> None:
    """Wait until the node is stored so; one change after the other arrives there."""
    until = time.monotonic() + PATIENCE_S
    while (now := app.flow(flow_id).node(expected.id)) != expected:
        assert time.monotonic() < until, f"it stayed {now}"
        page.evaluate("0")


def test_the_fields_of_a_rule_are_typed_one_after_the_other_without_a_pause(
    context: BrowserContext, any_app: App
) -> None:
    stored = any_app.keep(shape("in; a b"))
    page = context.new_page()
    page.goto(f"{any_app.url}/?flow={stored.id}")
    expect(all_cards(page)).to_have_count(3)
    page.get_by_test_id("palette-router").click()
    expect(card(page, "router")).to_be_visible()
    page.get_by_role("button", name="Add a rule").click()
    field(page, "router", "rule-0-value").click()
    type_over(page, "refund")
    page.keyboard.press("Tab")
    type_over(page, "money")
    field(page, "router", "rule-0-at").click()
    type_over(page, "/kind")
    field(page, "router", "otherwise").click()
    type_over(page, "rest")
    page.get_by_role("button", name="Add a rule").click()
    expect(card(page, "router")).to_contain_text("money · branch 1 · rest")
    rules = (
        Rule(branch="money", when=When(at="/kind", contains="refund")),
        Rule(branch="branch 1", when=When(contains="")),
    )
    router = RouterNode(
        id=NodeId("router"), name="Router", type="router", rules=rules, otherwise="rest"
    )
    wait_for_node(page, any_app, stored.id, router)


def test_all_that_is_filled_in_at_once_is_kept_each_as_one_step(
    context: BrowserContext, any_app: App
) -> None:
    stored = any_app.keep(shape("in > a"))
    page = context.new_page()
    page.goto(f"{any_app.url}/?flow={stored.id}")
    choose(page, "a")
    page.get_by_text("Limits and settings").click()
    typed = {
        "name": "Buyer",
        "instructions": "Be kind.",
        "prompt": "Buy {{ input }}",
        "max_tokens": "50",
        "timeout_s": "9",
        "retries": "4",
    }
    for name, text in typed.items():
        field(page, "a", name).fill(text)
    page.keyboard.press("Tab")
    expect(card(page, "a")).to_contain_text("Buyer")
    agent = AgentNode(
        id=NodeId("a"),
        name="Buyer",
        type="agent",
        instructions="Be kind.",
        prompt="Buy {{ input }}",
        model_settings={"max_tokens": 50},
        timeout_s=9,
        retries=4,
    )
    wait_for_node(page, any_app, stored.id, agent)
