"""Edits from canvas and inspector go one way, and none is lost."""

from playwright.sync_api import expect

from flows.document.model import AgentNode
from flows.document.policy import ForEach
from flows.ids import NodeId
from tests.browser.conftest import App, Visit
from tests.browser.hands import all_cards, canvas, card, choose, drop_agent, edge, field, link
from tests.model_server import Answer, ModelServer
from tests.shapes import shape

CHAIN = shape("in > a > b")


def test_a_text_still_being_typed_is_part_of_the_run(
    visit: Visit, app: App, models: ModelServer
) -> None:
    models.script("fresh", Answer("Done."))
    stored = app.keep(shape("in > a", a={"model": "openai/fresh", "instructions": "Old words."}))
    page = visit(flow=stored.id)
    choose(page, "a")
    field(page, "a", "instructions").fill("New words.")
    page.get_by_test_id("run").click()
    expect(card(page, "a")).to_have_attribute("data-status", "finished")
    (asked,) = [entry for entry in models.log if entry.model == "fresh"]
    assert "New words." in str(asked.body)


def test_a_text_stays_while_the_canvas_is_edited(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    choose(page, "a")
    field(page, "a", "instructions").fill("Half a sent")
    app_changes = canvas(page).get_attribute("data-rev")
    card(page, "a").press("ArrowDown")  # an edit of the canvas while the text is not done
    expect(canvas(page)).not_to_have_attribute("data-rev", app_changes or "")
    assert field(page, "a", "instructions").input_value() == "Half a sent"


def test_choosing_another_card_keeps_what_was_typed(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    choose(page, "a")
    field(page, "a", "instructions").fill("Kept.")
    choose(page, "b")
    choose(page, "a")
    expect(field(page, "a", "instructions")).to_have_value("Kept.")
    node = app.flow(stored.id).node(NodeId("a"))
    assert isinstance(node, AgentNode)
    assert node.instructions == "Kept."


def test_a_limit_is_taken_away_by_emptying_its_field(visit: Visit, app: App) -> None:
    limits = {"timeout_s": 5, "for_each": {"items": ["x"], "max_concurrency": 3}}
    stored = app.keep(shape("in > a", run={"max_concurrency": 1}, a=limits))
    page = visit(flow=stored.id)
    canvas(page)
    most = page.get_by_role("spinbutton", name="Most at once")
    most.click()
    page.keyboard.press("Backspace")
    expect(page.locator(".st-key-inspector [class*='max_concurrency-clear ']")).to_have_count(0)
    expect(most).to_have_value("")
    choose(page, "a")
    page.get_by_role("spinbutton", name="At once").click()
    page.keyboard.press("Backspace")
    page.keyboard.press("Tab")
    expect(card(page, "a")).to_contain_text("for each")
    expect(card(page, "a")).not_to_contain_text("3 at once")
    expect(page.get_by_role("spinbutton", name="At once")).to_have_value("")
    page.get_by_text("Limits and settings").click()
    page.get_by_role("spinbutton", name="Time limit").click()
    page.keyboard.press("Backspace")
    page.get_by_test_id("run").click()
    expect(page.get_by_test_id("run-state")).to_contain_text("Finished in")
    (node,) = app.flow(stored.id).nodes[1:]
    assert isinstance(node, AgentNode)
    assert (node.timeout_s, node.for_each) == (None, ForEach(items=("x",)))
    assert app.flow(stored.id).run.max_concurrency is None


def test_a_limit_goes_whichever_way_its_empty_field_is_left(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in > a", a={"timeout_s": 5}))
    page = visit(flow=stored.id)
    choose(page, "a")
    page.get_by_text("Limits and settings").click()
    limit = page.get_by_role("spinbutton", name="Time limit")
    ways = ("Enter", "Tab", "run", "rest", "run", "Enter")
    for number, way in enumerate(ways, start=6):
        limit.click()
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        if way == "run":
            page.get_by_test_id("run").click()
            expect(page.get_by_test_id("run-state")).to_contain_text("Finished in")
        elif way != "rest":
            page.keyboard.press(way)
        expect(card(page, "a")).not_to_contain_text(f"{number - 1} s")
        expect(limit).to_have_value("")
        limit.fill(str(number))
        page.keyboard.press("Tab")
        expect(card(page, "a")).to_contain_text(f"{number} s")


def test_leaving_the_page_by_a_link_keeps_what_was_typed(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    choose(page, "a")
    field(page, "a", "instructions").fill("Kept as well.")
    page.get_by_role("link", name="Guide").click()
    expect(page.get_by_text("Which pattern?")).to_be_visible()
    page.get_by_role("link", name="Build").click()
    expect(card(page, "a")).to_contain_text("Kept as well.")


def test_undo_takes_back_what_was_typed_and_what_was_drawn(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    choose(page, "a")
    field(page, "a", "name").fill("Buyer")
    field(page, "a", "name").press("Enter")
    expect(card(page, "a")).to_contain_text("Buyer")
    new = drop_agent(page, 500, 560)
    page.get_by_test_id("undo").click()
    expect(card(page, new)).to_have_count(0)
    page.get_by_test_id("undo").click()
    expect(card(page, "a")).not_to_contain_text("Buyer")
    choose(page, "a")
    expect(field(page, "a", "name")).to_have_value("a")
    assert app.flow(stored.id) == CHAIN


def test_a_link_that_would_make_a_loop_is_refused_with_the_loop_shown(
    visit: Visit, app: App
) -> None:
    stored = app.keep(CHAIN)
    page = visit(flow=stored.id)
    expect(card(page, "b")).to_be_visible()
    link(page, "b", "a")
    expect(page.get_by_text("This link would make a loop").first).to_be_visible()
    expect(edge(page, "b", "a")).to_have_count(0)
    assert app.flow(stored.id) == CHAIN


def test_two_tabs_on_one_flow_see_each_other(visit: Visit, app: App) -> None:
    stored = app.keep(CHAIN)
    first, second = visit(flow=stored.id), visit(flow=stored.id)
    expect(card(second, "a")).to_be_visible()
    first.bring_to_front()
    choose(first, "a")
    field(first, "a", "name").fill("Named here")
    field(first, "a", "name").press("Enter")
    new = drop_agent(first, 500, 560)
    second.bring_to_front()
    expect(card(second, "a")).to_contain_text("Named here")
    expect(card(second, new)).to_be_visible()


def test_several_cards_are_deleted_from_the_inspector(visit: Visit, app: App) -> None:
    stored = app.keep(shape("in > a b > out"))
    page = visit(flow=stored.id)
    expect(all_cards(page)).to_have_count(4)
    card(page, "a").click(position={"x": 60, "y": 20})
    card(page, "b").click(position={"x": 60, "y": 20}, modifiers=["Shift"])
    page.get_by_role("button", name="Delete 2 nodes").click()
    expect(all_cards(page)).to_have_count(2)


def test_foreign_words_show_as_words_everywhere(visit: Visit, app: App) -> None:
    name = "<img src=x onerror=alert(1)>"
    stored = app.keep(shape("in > a b", a={"name": name, "instructions": name}))
    page = visit(flow=stored.id)
    page.on("dialog", lambda dialog: dialog.dismiss())
    expect(card(page, "a")).to_contain_text(name)
    choose(page, "a")
    card(page, "b").click(position={"x": 60, "y": 20}, modifiers=["Shift"])
    expect(page.locator(".st-key-inspector")).to_contain_text(name)
    assert page.locator("img[src='x']").count() == 0
