"""A Python program on the Agents SDK comes to the canvas, and is changed there."""

from pathlib import Path

from playwright.sync_api import Page, expect

from flows.document.files import write_flow
from flows.document.model import Note
from flows.ids import NodeId
from flows.models.connections import load_connections
from flows.share.python_code import python_code
from flows.templates import load_template
from tests.browser.conftest import App, Visit
from tests.browser.files import give_file, keep_given, opener
from tests.browser.hands import all_cards, canvas
from tests.shapes import shape
from tests.waiting import wait_until

SMALLEST_READABLE = 0.65

LOOSE = '''"""Two reviews at once."""
import asyncio
import os

from agents import Agent, Runner

os.system("touch HACKED")
critic = Agent(name="Critic", instructions="Find what is weak.")
friend = Agent(name="Friend", instructions="Find what is strong.")


async def main(text: str) -> None:
    weak, strong = await asyncio.gather(Runner.run(critic, text), Runner.run(friend, text))
    print(weak.final_output, strong.final_output)
'''


def open_program(page: Page, file: Path) -> None:
    expect(canvas(page)).to_be_visible()
    opener(page).click()
    give_file(page, file)


def give_program(visit: Visit, app: App, file: Path, program: str = LOOSE) -> Page:
    """Write a program and open it where another flow stands."""
    file.write_text(program, "utf-8")
    page = visit(flow=app.keep(load_template("gather")).id)
    open_program(page, file)
    return page


def opened(page: Page, app: App):
    """Keep the flow that is looked at, and return it once it stands on the canvas."""
    before = page.url
    keep_given(page)
    page.wait_for_url(lambda url: "flow=" in url and url != before)
    expect(canvas(page)).to_be_visible()
    return app.flow(page.url.partition("flow=")[2])


def test_an_exported_program_comes_back_as_its_flow(visit: Visit, app: App, tmp_path: Path) -> None:
    flow = load_template("three_views")
    file = tmp_path / "three_views.py"
    file.write_text(python_code(flow, load_connections(tmp_path, {})), "utf-8")
    page = visit(flow=app.keep(flow).id)
    open_program(page, file)
    back = opened(page, app)
    assert [node.id for node in back.nodes] == [node.id for node in flow.nodes]
    assert set(back.edges) == set(flow.edges)


def test_what_a_flow_cannot_say_of_a_program_is_listed_before_it_is_opened(
    visit: Visit, app: App, tmp_path: Path
) -> None:
    page = give_program(visit, app, tmp_path / "two_reviews.py")
    expect(page.get_by_role("alert")).to_contain_text("line 7")
    assert [node.name for node in opened(page, app).nodes if node.type == "agent"] == [
        "Critic",
        "Friend",
    ]
    expect(all_cards(page).first).to_be_visible()
    note = page.get_by_test_id("note-note_1")
    expect(note).to_contain_text("line 7:")
    expect(note).to_be_in_viewport(ratio=1)
    page.get_by_test_id("remove-note-note_1").click()
    expect(note).to_have_count(0)
    page.get_by_test_id("undo").click()
    expect(note).to_be_visible()


def test_a_note_of_many_lines_stays_in_sight_and_is_read_by_scrolling(
    visit: Visit, app: App
) -> None:
    lines = "\n".join(f"two_reviews.py as imported, line {n}: left out." for n in range(1, 41))
    note = Note(id=NodeId("n"), text=lines, x=0, y=80)
    short = Note(id=NodeId("s"), text="A short one.", x=400, y=80)
    flow = shape("in > a > b > c").model_copy(update={"notes": (note, short)})
    page = visit(flow=app.keep(flow).id)
    box, words = page.get_by_test_id("note-n"), page.get_by_test_id("note-n").locator("span").first
    expect(box).to_be_in_viewport(ratio=1)
    before = page.get_by_test_id("zoom-level").text_content()
    words.hover()
    page.mouse.wheel(0, 5_000)
    to_go = "it => Math.round(it.scrollHeight - it.clientHeight - it.scrollTop)"
    wait_until(lambda: words.evaluate(to_go) <= 1)
    assert words.evaluate("it => it.scrollTop") > 0
    expect(page.get_by_test_id("zoom-level")).to_have_text(before or "")
    assert page.get_by_test_id("note-s").locator("span").first.get_attribute("tabindex") is None


def test_a_wide_flow_is_looked_at_in_a_size_that_can_be_read(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(load_template("gather")).id)
    opener(page).click()
    wide = shape("in > a > b > c > d > e > f > g > h").model_copy(update={"name": "A wide flow"})
    content = write_flow(wide).encode()
    give_file(page, {"name": "wide.json", "mimeType": "application/json", "buffer": content})
    picture = page.get_by_role("img", name="Picture of A wide flow")
    expect(picture).to_be_visible()
    assert picture.evaluate("it => it.clientWidth / it.naturalWidth") >= SMALLEST_READABLE
    within = "it => it.closest('.ff-picture').clientWidth < it.clientWidth"
    assert picture.evaluate(within)
    more = page.get_by_text("The flow goes on to the right: scroll the picture.")
    expect(more).to_be_in_viewport(ratio=1)
    assert more.evaluate("it => it.clientHeight") == 26


def test_a_flow_that_is_all_in_sight_says_nothing_of_more(visit: Visit, app: App) -> None:
    page = visit(flow=app.keep(load_template("gather")).id)
    opener(page).click()
    content = write_flow(shape("in > a > b")).encode()
    give_file(page, {"name": "small.json", "mimeType": "application/json", "buffer": content})
    expect(page.get_by_role("img", name="Picture of")).to_be_visible()
    more = page.get_by_text("The flow goes on to the right: scroll the picture.")
    assert more.evaluate("it => it.clientHeight") == 0


def test_how_much_was_read_of_a_program_is_said(visit: Visit, app: App, tmp_path: Path) -> None:
    harmless = LOOSE.replace('os.system("touch HACKED")', "")
    page = give_program(visit, app, tmp_path / "two_reviews.py", harmless)
    expect(page.get_by_text("Read 1 input, 2 agents, 2 links; nothing left out.")).to_be_visible()
    opened(page, app)


def test_what_is_told_of_an_opened_program_covers_nothing_that_is_pressed(
    visit: Visit, app: App, tmp_path: Path
) -> None:
    page = give_program(visit, app, tmp_path / "two_reviews.py")
    opened(page, app)
    expect(page.get_by_test_id("stToast").first).to_be_visible()
    page.locator(".st-key-beside-head").get_by_text("Code", exact=True).click(timeout=2000)
    expect(page.get_by_test_id("code")).to_be_visible()


def test_a_new_agent_has_the_model_that_most_of_its_flow_have(visit: Visit, app: App) -> None:
    own = {"model": "openai/gpt-4.1-mini"}
    page = visit(flow=app.keep(shape("in > a b c", a=own, b=own)).id)
    page.get_by_test_id("palette-agent").click()
    expect(page.get_by_test_id("node-agent")).to_contain_text("openai/gpt-4.1-mini")
    flow_id = page.url.partition("flow=")[2]
    wait_until(lambda: "agent" in {node.id for node in app.flow(flow_id).nodes})
    assert app.flow(flow_id).nodes[-1].model == "openai/gpt-4.1-mini"


def test_what_is_no_program_is_refused_in_a_sentence(
    visit: Visit, app: App, tmp_path: Path
) -> None:
    page = give_program(visit, app, tmp_path / "broken.py", "def broken(:\n")
    expect(page.get_by_role("dialog")).to_contain_text("line 1")
