"""Several cards at once: chosen, moved, copied, deleted, each time one step to undo."""

import json
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from flows.document.model import Flow
from tests.browser.conftest import App, Visit
from tests.browser.hands import all_cards, canvas, card, cards, edge, kept_flow, link
from tests.shapes import shape

FAN = shape("in > a b > out")
NAMED = {"a_2": {"name": "a 2"}, "a_3": {"name": "a 3"}}
ROUTER = {"type": "router", "ask": "Which?"}
CARD_HEIGHT = 92


def chosen(page: Page) -> list[str]:
    """The ids of the chosen cards, sorted."""
    found = page.locator(".ff-card[data-selected]")
    return sorted(found.evaluate_all("cards => cards.map(card => card.dataset.id)"))


def expect_chosen(page: Page, *ids: str) -> None:
    expect(page.locator(".ff-card[data-selected]")).to_have_count(len(ids))
    assert chosen(page) == sorted(ids)


def middle(page: Page, node: str) -> tuple[float, float]:
    box = card(page, node).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2, steps=4)
    page.mouse.move(start[0] + by[0], start[1] + by[1], steps=4)
    page.mouse.up()


def places(flow: Flow) -> dict[str, tuple[float, float]]:
    return {str(node): (at.x, at.y) for node, at in flow.layout.items()}


@pytest.fixture
def fan(visit: Visit, app: App) -> tuple[Page, str]:
    """A flow of an input, two agents side by side and one behind them."""
    stored = app.keep(FAN)
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(4)
    return page, stored.id


def test_a_drag_with_shift_chooses_all_in_the_box(fan: tuple[Page, str]) -> None:
    page, _ = fan
    left, top = middle(page, "a")
    _, bottom = middle(page, "b")
    page.keyboard.down("Shift")
    drag(page, (left - 130, top - 60), (260, bottom - top + 120))
    page.keyboard.up("Shift")
    expect_chosen(page, "a", "b")
    expect(page.get_by_role("button", name="Delete 2 nodes")).to_be_visible()


@pytest.mark.parametrize("key", ["Shift", "Control"])
def test_a_click_with_a_key_chooses_one_more_and_one_less(fan: tuple[Page, str], key: str) -> None:
    page, _ = fan
    card(page, "a").click(position={"x": 60, "y": 20})
    card(page, "b").click(position={"x": 60, "y": 20}, modifiers=[key])
    expect_chosen(page, "a", "b")
    card(page, "a").click(position={"x": 60, "y": 20}, modifiers=[key])
    expect_chosen(page, "b")


def test_chosen_cards_move_together_and_undo_moves_them_back(
    fan: tuple[Page, str], app: App
) -> None:
    page, flow = fan
    card(page, "a").click(position={"x": 60, "y": 20})
    page.keyboard.press("Control+a")
    expect_chosen(page, "a", "b", "in", "out")
    before = canvas(page).get_attribute("data-rev")
    drag(page, middle(page, "a"), (40, 30))
    expect(canvas(page)).not_to_have_attribute("data-rev", before or "")
    moved = places(app.flow(flow))
    page.get_by_test_id("undo").click()
    kept_flow(page, app, flow, FAN)
    shifts = {(round(x - moved["a"][0]), round(y - moved["a"][1])) for x, y in moved.values()}
    assert len(moved) == 4
    assert len(shifts) == 4  # they kept their distances, so no two stand in one place


def test_a_link_from_one_of_several_chosen_cards_links_them_all_in_one_step(
    visit: Visit, app: App
) -> None:
    stored = app.keep(shape("in > a b last"))
    page = visit(flow=stored.id)
    for node in ("a", "b"):
        card(page, node).click(position={"x": 60, "y": 20}, modifiers=["Control"])
    expect_chosen(page, "a", "b")
    link(page, "a", "last")
    for source in ("a", "b"):
        expect(edge(page, source, "last")).to_be_attached()
    canvas(page).press("Control+z")
    for source in ("a", "b"):
        expect(edge(page, source, "last")).to_have_count(0)
    kept_flow(page, app, stored.id, stored.flow)


def test_all_cards_are_deleted_in_one_step(fan: tuple[Page, str], app: App) -> None:
    page, flow = fan
    card(page, "a").click(position={"x": 60, "y": 20})
    page.keyboard.press("Control+a")
    expect_chosen(page, "a", "b", "in", "out")
    page.keyboard.press("Delete")
    expect(all_cards(page)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(all_cards(page)).to_have_count(4)
    kept_flow(page, app, flow, FAN)


def test_copies_keep_their_links_and_speak_of_one_another(visit: Visit, app: App) -> None:
    flow = shape("in > a > b", b={"prompt": "{{ nodes.a.output }} for {{ inputs.in }}"})
    stored = app.keep(flow)
    page = visit(flow=stored.id)
    card(page, "a").click(position={"x": 60, "y": 20})
    card(page, "b").click(position={"x": 60, "y": 20}, modifiers=["Shift"])
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(edge(page, "a_2", "b_2")).to_be_attached()
    expect_chosen(page, "a_2", "b_2")
    page.keyboard.press("Control+d")
    expect(edge(page, "a_3", "b_3")).to_be_attached()
    expect(edge(page, "in", "a_2")).to_have_count(0)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(all_cards(page)).to_have_count(3)
    kept_flow(page, app, stored.id, flow)


def test_a_copied_placeholder_names_the_copy(visit: Visit, app: App) -> None:
    flow = shape("in > a > b", b={"prompt": "{{ nodes.a.output }} for {{ inputs.in }}"})
    stored = app.keep(flow)
    page = visit(flow=stored.id)
    card(page, "b").click(position={"x": 60, "y": 20})
    page.keyboard.press("Control+a")
    before = canvas(page).get_attribute("data-rev")
    page.keyboard.press("Control+d")
    expect(canvas(page)).not_to_have_attribute("data-rev", before or "")
    (copy,) = [node for node in app.flow(stored.id).nodes if node.id == "b_2"]
    assert copy.model_dump()["prompt"] == "{{ nodes.a_2.output }} for {{ inputs.in_2 }}"


def test_a_duplicate_is_a_sibling_with_the_same_links_and_a_name_of_its_own(
    fan: tuple[Page, str], app: App
) -> None:
    page, flow = fan
    card(page, "a").click(position={"x": 60, "y": 20})
    page.keyboard.press("Control+d")
    expect(edge(page, "a_2", "out")).to_be_attached()
    page.keyboard.press("Control+d")
    expect(edge(page, "a_3", "out")).to_be_attached()
    expect(page.get_by_test_id("stage-2")).to_be_visible()
    expect(page.get_by_test_id("stage-3")).to_have_count(0)
    kept_flow(page, app, flow, shape("in > a b > out; in > a_2 > out; in > a_3 > out", **NAMED))
    at = places(app.flow(flow))
    assert at["a"][0] == at["a_2"][0] == at["a_3"][0]
    rows = sorted(at[node][1] for node in ("a", "b", "a_2", "a_3"))
    assert min(low - high for high, low in pairwise(rows)) > CARD_HEIGHT


def test_a_duplicate_behind_a_router_stands_on_the_same_branch(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in > r; r.yes > a > out; r.no > b", r=ROUTER))
    page = visit(flow=stored.id)
    card(page, "a").click(button="right", position={"x": 60, "y": 20})
    page.get_by_test_id("menu-duplicate").click()
    expect(edge(page, "r", "a_2")).to_have_attribute("data-branch", "yes")
    expect(edge(page, "a_2", "out")).to_be_attached()


def test_what_is_pasted_has_a_name_of_its_own(fan: tuple[Page, str], app: App) -> None:
    page, flow = fan
    card(page, "a").click(position={"x": 60, "y": 20})
    for key in ("Control+c", "Control+v", "Control+v"):
        page.keyboard.press(key)
    expect(card(page, "a_3")).to_be_visible()
    kept_flow(page, app, flow, shape("in > a b > out; a_2; a_3", **NAMED))


def test_cards_go_into_another_tab(visit: Visit, app: App) -> None:
    here, there = app.keep(FAN), app.keep(shape("in > z"))
    first, second = visit(flow=here.id), visit(flow=there.id)
    first.bring_to_front()
    card(first, "a").click(position={"x": 60, "y": 20})
    card(first, "out").click(position={"x": 60, "y": 20}, modifiers=["Shift"])
    first.keyboard.press("Control+x")
    expect(all_cards(first)).to_have_count(2)
    second.bring_to_front()
    canvas(second).click(position={"x": 500, "y": 560})
    second.keyboard.press("Control+v")
    expect(edge(second, "a", "out")).to_be_attached()
    assert cards(second) == ["a", "in", "out", "z"]


@pytest.mark.parametrize(
    "text",
    ["Just words", "{}", "[1]", '{"fanfold": 1, "nodes": [{"id": "x"}]}', "null", '{"fanfold": 1}'],
)
def test_a_foreign_text_is_not_pasted(fan: tuple[Page, str], text: str) -> None:
    page, _ = fan
    canvas(page).click(position={"x": 500, "y": 560})
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    before = canvas(page).get_attribute("data-rev")
    page.keyboard.press("Control+v")
    card(page, "a").click(position={"x": 60, "y": 20})
    page.keyboard.press("Control+d")
    expect(canvas(page)).not_to_have_attribute("data-rev", before or "")
    assert cards(page) == ["a", "a_2", "b", "in", "out"]


def test_what_is_copied_is_a_flow_as_json(fan: tuple[Page, str]) -> None:
    page, _ = fan
    card(page, "a").click(position={"x": 60, "y": 20})
    page.keyboard.press("Control+c")
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied["nodes"] == [{"id": "a", "type": "agent", "name": "a"}]
    assert copied["edges"] == []
    assert copied["fanfold"] == 1
