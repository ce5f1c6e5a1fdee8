"""What a new user stumbled over: room for what is put in, no holes, a focus that is never lost."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, Visit
from tests.browser.hands import (
    all_cards,
    canvas,
    card,
    cards,
    choose,
    drop_agent,
    edge,
    field,
    kept_flow,
)
from tests.browser.test_canvas_gestures import CHAIN, corner, edge_middle, menu_item
from tests.browser.test_canvas_keyboard import edit_done, focused
from tests.browser.test_several import drag, middle
from tests.model_server import ModelServer
from tests.shapes import shape

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect

LONG = shape("in > a > b > out; in > side > out; z")


def boxes(page: Page) -> dict[str, FloatRect]:
    found = {name: card(page, name).bounding_box() for name in cards(page)}
    return {name: box for name, box in found.items() if box is not None}


def canvas_right(page: Page) -> float:
    box = canvas(page).bounding_box()
    assert box is not None
    return box["x"] + box["width"]


def overlapping(page: Page) -> list[tuple[str, str]]:
    def meet(one: FloatRect, other: FloatRect) -> bool:
        across = abs(one["x"] - other["x"]) < one["width"]
        return across and abs(one["y"] - other["y"]) < one["height"]

    found = boxes(page)
    return [(a, b) for a, b in combinations(found, 2) if meet(found[a], found[b])]


def drop_into(page: Page) -> str:
    x, y = edge_middle(page, "a", "b")
    box = canvas(page).bounding_box()
    assert box is not None
    return drop_agent(page, x - box["x"], y - box["y"])


def drag_into(page: Page) -> str:
    (x, y), (left, top) = edge_middle(page, "a", "b"), middle(page, "z")
    drag(page, (left, top), (x - left, y - top))
    return "z"


def ask_into(page: Page) -> str:
    page.mouse.click(*edge_middle(page, "a", "b"), button="right")
    menu_item(page, "menu-insert").click()
    return "agent"


@pytest.mark.parametrize("put", [drop_into, drag_into, ask_into])
def test_what_follows_makes_room_for_a_card_put_into_a_link(
    visit: Visit, app: App, put: object
) -> None:
    stored = app.keep(LONG)
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(6)
    rev = canvas(page).get_attribute("data-rev")
    assert callable(put)
    new = put(page)
    expect(edge(page, "a", new)).to_be_attached()
    expect(edge(page, new, "b")).to_be_attached()
    edit_done(page, rev)
    after = boxes(page)
    assert overlapping(page) == []
    assert after["a"]["x"] < after[new]["x"] < after["b"]["x"] < after["out"]["x"]
    assert after["out"]["x"] + after["out"]["width"] < canvas_right(page)
    page.get_by_test_id("undo").click()
    kept_flow(page, app, stored.id, LONG)
    expect(edge(page, "a", "b")).to_be_attached()
    after = boxes(page)
    assert abs(after["b"]["x"] - after["a"]["x"] - (after["a"]["x"] - after["in"]["x"])) < 1


def test_what_stands_far_enough_away_stays_where_it_is(visit: Visit, app: App) -> None:
    layout = {"in": 0, "a": 320, "b": 640, "far": 1500}
    flow = shape("in > a > b > far")
    places = {name: {"x": x, "y": 0} for name, x in layout.items()}
    stored = app.keep(flow.model_validate({**flow.model_dump(by_alias=True), "layout": places}))
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(4)
    rev = canvas(page).get_attribute("data-rev")
    drop_into(page)
    edit_done(page, rev)
    found = {str(node): at.x for node, at in app.flow(stored.id).layout.items()}
    assert found == {"in": 0, "a": 320, "agent": 640, "b": 960, "far": 1500}


def test_a_card_taken_out_of_a_chain_leaves_no_hole(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    choose(page, "a")
    page.keyboard.press("Delete")
    expect(edge(page, "in", "b")).to_be_attached()
    page.get_by_test_id("undo").click()
    expect(edge(page, "a", "b")).to_be_attached()
    expect(edge(page, "in", "b")).to_have_count(0)
    kept_flow(page, app, stored.id, CHAIN)


def test_the_form_s_delete_leaves_no_hole_either(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(CHAIN).id)
    choose(page, "a")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(edge(page, "in", "b")).to_be_attached()


def test_after_delete_the_nearest_card_has_the_focus(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(shape("in > a > b > c > d")).id)
    expect(all_cards(page)).to_have_count(5)
    card(page, "d").focus()
    for gone, near in (("d", "c"), ("c", "b")):
        assert focused(page) == gone
        page.keyboard.press("Delete")
        expect(card(page, near)).to_be_focused()


def test_after_new_the_first_card_has_the_focus(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(CHAIN).id)
    expect(all_cards(page)).to_have_count(3)
    page.get_by_role("button", name="New").press("Enter")
    page.get_by_role("button", name="Empty flow").press("Enter")
    expect(card(page, "input")).to_be_focused()


def test_after_run_the_focus_is_still_there(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(shape("in > a")).id)
    run, stop = page.get_by_test_id("run"), page.get_by_test_id("stop")
    page.get_by_test_id("input-in").fill("word")
    run.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("run-state")).to_contain_text("Finished")
    expect(run).to_be_focused()
    expect(stop).to_be_disabled()


def test_control_enter_runs_with_what_is_being_typed(
    visit: Visit, app: App, models: ModelServer
) -> None:
    page = visit(flow=app.keep(shape("in > a")).id)
    choose(page, "a")
    expect(page.get_by_test_id("run")).to_have_attribute("title", re.compile("Ctrl.Enter"))
    page.get_by_test_id("input-in").fill("word")
    words = field(page, "a", "instructions")
    words.click()
    page.keyboard.type("Say it twice")
    asked = len(models.log)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-state")).to_contain_text("Finished")
    expect(words).to_be_focused()
    assert ["Say it twice" in str(entry) for entry in models.log[asked:]] == [True]


def test_control_enter_waits_for_what_is_typed_ahead_of_the_form(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in > a"))
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(2)
    page.get_by_test_id("input-in").fill("word")
    card(page, "a").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Ann")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-state")).to_contain_text("Finished")
    assert [node.name for node in app.flow(stored.id).nodes] == ["in", "Ann"]


def test_control_enter_in_an_input_runs_once(visit: Visit, app: App, models: ModelServer) -> None:
    page = visit(flow=app.keep(shape("in > a")).id)
    asked = len(models.log)
    page.get_by_test_id("input-in").fill("word")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-state")).to_contain_text("Finished")
    assert len(models.log) == asked + 1


def test_escape_leads_from_the_form_back_to_its_card(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(3)
    card(page, "b").focus()
    page.keyboard.press("Enter")
    name = field(page, "b", "name")
    expect(name).to_be_focused()
    page.keyboard.type("Last")
    page.keyboard.press("Escape")
    expect(card(page, "b")).to_be_focused()
    expect(card(page, "b")).to_contain_text("Last")
    expect(card(page, "b")).to_have_attribute("data-selected", "true")


def test_the_skip_link_leads_to_the_cards(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(CHAIN).id)
    expect(all_cards(page)).to_have_count(3)
    skip = page.get_by_test_id("stSkipToContent")
    skip.focus()
    page.keyboard.press("Enter")
    expect(card(page, "in")).to_be_focused()
    choose(page, "b")
    skip.focus()
    page.keyboard.press("Enter")
    expect(card(page, "b")).to_be_focused()


def test_a_double_click_on_a_card_leads_to_its_name(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(3)
    card(page, "a").locator(".ff-name").dblclick()
    page.keyboard.type("Reader")
    expect(field(page, "a", "name")).to_have_value("Reader")
    expect(card(page, "a").locator(".ff-name")).to_have_text("Reader")
    assert len(app.flow(stored.id).nodes) == 3


def test_enter_takes_the_whole_name_to_be_written_over(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(CHAIN).id)
    choose(page, "a")
    card(page, "a").focus()
    page.keyboard.press("Enter")
    expect(field(page, "a", "name")).to_be_focused()
    page.keyboard.type("Reader")
    expect(field(page, "a", "name")).to_have_value("Reader")


def test_what_is_linked_already_is_offered_last(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(shape("in > a > b; in > c > d")).id)
    expect(all_cards(page)).to_have_count(5)
    card(page, "in").focus()
    page.keyboard.press("c")
    rows = page.get_by_role("menuitem").evaluate_all("all => all.map(each => each.textContent)")
    assert rows == ["b", "d", "alinked", "clinked"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_and_the_choice_look_different(
    visit: Visit, app: App, scheme: Literal["light", "dark"]
) -> None:
    page = visit(flow=app.keep(CHAIN).id)
    page.emulate_media(color_scheme=scheme)
    expect(all_cards(page)).to_have_count(3)
    choose(page, "a")
    card(page, "in").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(card(page, "b")).to_be_focused()
    look = """face => {
        const { outlineStyle, outlineColor, borderColor, backgroundColor } = getComputedStyle(face);
        return [outlineStyle, outlineColor, borderColor, backgroundColor];
    }"""
    chosen = card(page, "a").locator(".ff-face").evaluate(look)
    focus = card(page, "b").locator(".ff-face").evaluate(look)
    plain = card(page, "in").locator(".ff-face").evaluate(look)
    assert (chosen[0], focus[0], plain[0]) == ("none", "solid", "none")
    assert chosen[2:] != plain[2:] == focus[2:]
    assert focus[1] != chosen[2]


def test_a_link_says_that_it_can_be_taken_away(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(CHAIN).id)
    expect(all_cards(page)).to_have_count(3)
    cut, x_y = page.get_by_test_id("cut-link"), edge_middle(page, "a", "b")
    expect(cut).to_be_hidden()
    page.mouse.move(*corner(page))
    page.mouse.move(*x_y, steps=4)
    expect(page.locator(".ff-vis canvas")).to_have_css("cursor", "pointer")
    page.mouse.click(*x_y)
    cut.click()
    expect(edge(page, "a", "b")).to_have_count(0)
    expect(cut).to_be_hidden()
    expect(edge(page, "in", "a")).to_be_attached()


def test_a_long_word_about_the_run_moves_nothing(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(shape("in > a; in2 > a")).id)
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(all_cards(page)).to_have_count(3)
    state, stage = page.get_by_test_id("run-state"), page.locator(".ff-stage")
    words = state.locator(".ff-state-words")
    before = stage.bounding_box()
    words.evaluate("words => (words.textContent = 'Ready')")
    assert words.evaluate("words => words.getClientRects().length && words.offsetHeight") < 20
    assert stage.bounding_box() == before
    words.evaluate(
        "words => (words.textContent = 'A long word about what is in the way. '.repeat(5))"
    )
    assert words.evaluate("words => words.offsetHeight") > 30
    assert stage.bounding_box() == before
