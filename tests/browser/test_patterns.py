"""Routers and for_each are built, seen and watched on the page."""

import pytest
from playwright.sync_api import expect

from flows.document.model import RouterNode
from flows.ids import NodeId
from tests.browser.conftest import App, Visit
from tests.browser.hands import all_cards, card, choose, edge, field, kept_flow, link, stands
from tests.model_server import Answer, Gate, ModelServer
from tests.shapes import shape


def test_a_router_is_placed_gets_a_rule_and_its_links_their_branches(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("taken", Answer("I answered."))
    model = {"model": "openai/taken"}
    stored = app.keep(shape("in; a b", a=model, b=model))
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(3)
    page.get_by_test_id("palette-router").click()
    expect(card(page, "router")).to_be_visible()
    page.get_by_role("button", name="Add a rule").click()
    field(page, "router", "rule-0-value").fill("refund")
    field(page, "router", "rule-0-branch").fill("money")
    field(page, "router", "otherwise").fill("rest")
    field(page, "router", "otherwise").press("Enter")
    expect(card(page, "router")).to_contain_text("money · rest")
    link(page, "in", "router")
    link(page, "router", "a")
    expect(edge(page, "router", "a")).to_have_attribute("data-branch", "money")
    link(page, "router", "b")
    expect(edge(page, "router", "b")).to_have_attribute("data-branch", "rest")
    router = app.flow(stored.id).node(NodeId("router"))
    assert isinstance(router, RouterNode)
    assert [rule.when.contains for rule in router.rules] == ["refund"]

    page.get_by_test_id("input-in").fill("I want a refund.")
    page.get_by_test_id("run").click()
    stands(page, a="finished", b="skipped")


def test_a_for_each_is_switched_on_counts_its_items_and_unfolds_them(
    visit: Visit, app: App, models: ModelServer
) -> None:
    gate = Gate()
    held = [Answer("One."), Answer("Two."), Answer("Three.", gate=gate)]
    models.script("each", held)
    stored = app.keep(shape("in > a", a={"model": "openai/each"}))
    page = visit(flow=stored.id)
    choose(page, "a")
    page.get_by_text("Once for every item of a list").click()
    expect(field(page, "a", "items")).to_have_value("{{ input }}")
    field(page, "a", "items-max_concurrency").fill("3")
    field(page, "a", "items-max_concurrency").press("Enter")
    page.get_by_test_id("input-in").fill("x\ny\nz")
    page.get_by_test_id("run").click()
    expect(card(page, "a")).to_contain_text("2/3")
    gate.open()
    expect(card(page, "a")).to_contain_text("3/3")
    expect(page.get_by_test_id("lane-a[2]")).to_have_attribute("data-status", "finished")
    page.get_by_text("3 · z").click()
    expect(page.get_by_test_id("tab-detail")).to_have_text("3 · z")


def test_a_text_that_is_refused_stays_to_be_mended(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in > a"))
    page = visit(flow=stored.id)
    choose(page, "a")
    page.get_by_text("Limits and settings").click()
    schema = field(page, "a", "output_schema")
    schema.fill('{"type": ')
    schema.blur()
    expect(page.get_by_text("is not JSON yet").first).to_be_visible()
    expect(schema).to_have_value('{"type": ')


def test_a_required_input_that_is_empty_is_named_before_the_run(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in > a", **{"in": {"required": True, "name": "Question"}}))
    page = visit(flow=stored.id)
    expect(page.get_by_test_id("run-state")).to_contain_text("“Question” needs a value.")
    page.get_by_test_id("input-in").fill("Why?")
    expect(page.get_by_test_id("run-state")).to_contain_text("Ready to run")


def test_advice_is_followed_with_one_press(visit: Visit, app: App) -> None:
    second = {"prompt": "Judge this: {{ input }}", "instructions": "Judge."}
    stored = app.keep(shape("in > a > b", b=second))
    page = visit(flow=stored.id)
    page.get_by_test_id("problems").click()
    expect(page.get_by_test_id("problems")).to_contain_text("1 hint")
    expect(page.get_by_test_id("run")).to_be_enabled()
    page.locator("[class*='st-key-do-advice-0'] button").click()
    expect(page.get_by_test_id("problems")).to_be_hidden()
    assert [(each.source, each.target) for each in app.flow(stored.id).edges] == [
        ("in", "a"),
        ("in", "b"),
    ]


@pytest.mark.parametrize("width", [1440, 1024])
def test_an_output_that_was_forgotten_is_used_with_one_press(
    visit: Visit, app: App, width: int
) -> None:
    forgotten = shape("in > a b > c", c={"prompt": "Notes:\n{{ nodes.a.output }}"})
    stored = app.keep(forgotten)
    page = visit(flow=stored.id)
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_test_id("problems").click()
    use = page.locator(".ff-problem-list").get_by_role("button", name="Use its output")
    expect(page.locator(".ff-problem-list")).to_be_in_viewport(ratio=1)
    use.click()
    expect(page.get_by_test_id("problems")).to_be_hidden()
    used = {"prompt": "Notes:\n{{ nodes.a.output }}\n\nb:\n{{ nodes.b.output }}"}
    kept_flow(page, app, stored.id, shape("in > a b > c", c=used))


def test_escape_puts_the_hints_away_also_out_of_a_field(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(shape("in > a > b", b={"prompt": "Name risks of {{ input }}."})).id)
    hints = page.locator(".ff-problem-list")
    page.get_by_test_id("problems").click()
    expect(hints).to_be_visible()
    page.locator(".st-key-inspector").get_by_label("Name").first.click()
    page.keyboard.press("Escape")
    expect(hints).to_be_hidden()
