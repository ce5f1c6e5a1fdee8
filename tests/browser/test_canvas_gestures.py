"""Stages, links and cards under the mouse: what a click, a drag and a menu do to them."""

import pytest
from playwright.sync_api import Locator, Page, expect

from flows.ids import FlowId, NodeId
from flows.store.store import open_store
from tests.browser.conftest import App, Visit
from tests.browser.hands import all_cards, canvas, card, cards, drop_agent, edge, kept_flow, link
from tests.browser.test_several import drag, middle
from tests.shapes import shape

CHAIN = shape("in > a > b")
HOSTILE = {
    "markup": "<img src=x onerror=alert(1)>",
    "long": "word" * 45,
    "right_to_left": "مرحبا بالعالم",
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🇪🇺",
}


def edge_middle(page: Page, source: str, target: str) -> tuple[float, float]:
    """The middle of a link: between the two cards."""
    left, right = card(page, source).bounding_box(), card(page, target).bounding_box()
    assert left is not None
    assert right is not None
    height = (left["y"] + right["y"] + left["height"]) / 2
    return (left["x"] + left["width"] + right["x"]) / 2, height


def corner(page: Page) -> tuple[float, float]:
    """An empty place of the canvas, near its lower left corner."""
    box = canvas(page).bounding_box()
    assert box is not None
    return box["x"] + 160, box["y"] + box["height"] - 60


def menu_item(page: Page, name: str) -> Locator:
    return page.get_by_test_id("menu").get_by_test_id(name)


def test_a_click_on_a_stage_s_head_selects_the_stage(visit: Visit, app: App) -> None:
    policy = {"max_concurrency": 2, "timeout_s": 30}
    stored = app.keep(shape("in > a b c > out", run={"stages": {"b": policy}}))
    page = visit(flow=stored.id)
    head = page.get_by_test_id("stage-1")
    expect(head).to_have_text("Stage 1 · 3 agents · gather · max 2 · 30 s")
    head.click()
    expect(head).to_have_attribute("data-selected", "true")
    expect(page.locator(".st-key-inspector")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("stage-1")).to_have_attribute("data-selected", "true")
    with open_store(app.home, {}) as store:
        kept = store.flows.get(FlowId(stored.id))
    assert kept is not None
    assert kept.selection == ("stage:1",)


def test_stages_one_under_the_other_do_not_touch(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in"))
    page = visit(flow=stored.id)
    for count in (2, 3, 4):
        page.get_by_test_id("palette-agent").click()
        expect(all_cards(page)).to_have_count(count)
    first, second, third = [each for each in cards(page) if each != "in"]
    link(page, first, second)
    link(page, second, third)
    expect(page.locator(".ff-band:visible")).to_have_count(3)
    boxes = page.locator(".ff-band:visible").evaluate_all(
        "bands => bands.map(band => band.getBoundingClientRect().toJSON())"
    )
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            beside = one["right"] < other["left"] or other["right"] < one["left"]
            under = one["bottom"] < other["top"] or other["bottom"] < one["top"]
            assert beside or under, (one, other)


@pytest.mark.parametrize(
    "item, new",
    [("add-here", "agent"), ("add-here-join", "join"), ("add-here-router", "router")],
)
def test_a_link_dropped_on_the_empty_canvas_offers_what_may_follow(
    visit: Visit, app: App, item: str, new: str
) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(3)
    port = page.get_by_test_id("port-out-in").bounding_box()
    assert port is not None
    start = (port["x"] + port["width"] / 2, port["y"] + port["height"] / 2)
    drag(page, start, (60, 200))
    menu_item(page, item).click()
    expect(edge(page, "in", new)).to_be_attached()


def test_an_agent_dropped_on_a_link_goes_into_it(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(3)
    x, y = edge_middle(page, "a", "b")
    box = canvas(page).bounding_box()
    assert box is not None
    new = drop_agent(page, x - box["x"], y - box["y"])
    expect(edge(page, "a", new)).to_be_attached()
    expect(edge(page, new, "b")).to_be_attached()
    expect(edge(page, "a", "b")).to_have_count(0)
    page.get_by_test_id("undo").click()
    expect(edge(page, "a", "b")).to_be_attached()
    kept_flow(page, app, stored.id, CHAIN)


def test_a_card_without_links_dragged_onto_a_link_goes_into_it(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in > a > b; in > b; z"))
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(4)
    x, y = edge_middle(page, "a", "b")
    left, top = middle(page, "z")
    drag(page, (left, top), (x - left, y - top))
    expect(edge(page, "a", "z")).to_be_attached()
    expect(edge(page, "z", "b")).to_be_attached()
    expect(edge(page, "a", "b")).to_have_count(0)


def test_a_double_click_on_the_empty_canvas_adds_an_agent(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(3)
    page.mouse.dblclick(*corner(page))
    expect(card(page, "agent")).to_be_visible()


def test_a_loop_is_shown_on_its_cards_and_links(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in > a > b > c; in > d"))
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(5)
    link(page, "c", "a")
    expect(page.get_by_test_id("toast")).to_contain_text("“a” → “b” → “c” → “a”")
    marked = page.locator(".ff-loop")
    expect(marked).to_have_count(3)
    assert sorted(marked.evaluate_all("all => all.map(each => each.dataset.id)")) == ["a", "b", "c"]
    assert page.locator(".ff-refused").get_attribute("d")
    page.mouse.click(*corner(page))
    page.keyboard.press("Escape")
    expect(marked).to_have_count(0)
    assert app.flow(stored.id) == shape("in > a > b > c; in > d")


def test_the_menu_of_a_card_duplicates_and_deletes_it(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    card(page, "a").click(button="right", position={"x": 60, "y": 20})
    menu_item(page, "menu-duplicate").click()
    expect(card(page, "a_2")).to_be_visible()
    card(page, "b").click(button="right", position={"x": 60, "y": 20})
    menu_item(page, "menu-delete").click()
    expect(card(page, "b")).to_have_count(0)


def test_a_duplicated_card_is_read_by_the_message_that_lists_its_original(
    visit: Visit, app: App
) -> None:
    reader = {"prompt": "{{ nodes.a.output }}\n{{ nodes.b.output }}"}
    stored = app.keep(shape("in > a b > c", c=reader))
    page = visit(flow=stored.id)
    card(page, "a").click(button="right", position={"x": 60, "y": 20})
    menu_item(page, "menu-duplicate").click()
    expect(edge(page, "a_2", "c")).to_be_attached()
    expect(card(page, "c")).to_contain_text("nodes.a_2.output")


def test_the_menu_of_a_card_copies_and_that_of_the_canvas_pastes(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    card(page, "a").click(button="right", position={"x": 60, "y": 20})
    menu_item(page, "menu-copy").click()
    page.mouse.click(*corner(page), button="right")
    menu_item(page, "menu-paste").click()
    expect(card(page, "a_2")).to_be_visible()


def test_the_menu_of_a_link_deletes_it_or_puts_an_agent_in_between(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(3)
    page.mouse.click(*edge_middle(page, "a", "b"), button="right")
    menu_item(page, "menu-insert").click()
    expect(edge(page, "a", "agent")).to_be_attached()
    page.mouse.click(*edge_middle(page, "in", "a"), button="right")
    menu_item(page, "menu-delete").click()
    expect(edge(page, "in", "a")).to_have_count(0)


def test_a_card_says_how_its_node_runs(visit: Visit, app: App) -> None:
    each = {"items": "{{ input }}", "max_concurrency": 3}
    flow = shape("in > a b > c", a={"for_each": each}, c={"needs": "any", "timeout_s": 30})
    page = visit(flow=app.keep(flow).id)
    expect(card(page, "a")).to_contain_text("for each · 3 at once")
    expect(card(page, "a")).to_have_attribute("data-many", "true")
    expect(card(page, "b").locator(".ff-trait")).to_have_count(0)
    expect(card(page, "c").locator(".ff-trait")).to_have_text(["any", "30 s"])
    expect(card(page, "c").get_by_title("timeout_s")).to_be_visible()


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_name_is_text_and_stays_in_its_card(visit: Visit, app: App, name: str) -> None:
    page = visit(flow=app.keep(shape("in > a b", a={"name": name})).id)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    words = card(page, "a").locator(".ff-name")
    expect(words).to_contain_text(name[:20])
    outer, inner = card(page, "a").bounding_box(), words.bounding_box()
    assert outer is not None
    assert inner is not None
    assert outer["x"] <= inner["x"]
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    assert inner["height"] < outer["height"] / 2
    card(page, "a").click(button="right", position={"x": 60, "y": 20})
    menu_item(page, "menu-connect").click()
    expect(page.get_by_role("menu", name="Connect")).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_deleting_the_only_parent_leaves_the_rest(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    card(page, "a").click(position={"x": 60, "y": 20})
    page.keyboard.press("Delete")
    expect(card(page, "a")).to_have_count(0)
    expect(edge(page, "a", "b")).to_have_count(0)
    expect(page.get_by_test_id("undo")).to_be_enabled()
    assert NodeId("b") in cards(page)
