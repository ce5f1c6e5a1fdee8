"""A Python program on the Agents SDK comes to the canvas."""

from pathlib import Path

from playwright.sync_api import Page, expect

from flows.models.connections import load_connections
from flows.share.python_code import python_code
from flows.templates import load_template
from tests.browser.conftest import App, Visit
from tests.browser.files import give_file
from tests.browser.hands import all_cards, canvas

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
    page.get_by_role("button", name="Open", exact=False).first.click()
    give_file(page, file)


def opened(page: Page, app: App, before: str):
    page.wait_for_function("before => location.href !== before", arg=before)
    expect(canvas(page)).to_be_visible()
    return app.flow(page.url.partition("flow=")[2])


def test_an_exported_program_comes_back_as_its_flow(visit: Visit, app: App, tmp_path: Path) -> None:
    flow = load_template("three_views")
    file = tmp_path / "three_views.py"
    file.write_text(python_code(flow, load_connections(tmp_path, {})), "utf-8")
    page = visit(flow=app.keep(flow).id)
    before = page.url
    open_program(page, file)
    back = opened(page, app, before)
    assert [node.id for node in back.nodes] == [node.id for node in flow.nodes]
    assert set(back.edges) == set(flow.edges)


def test_what_a_flow_cannot_say_of_a_program_is_listed_before_it_is_opened(
    visit: Visit, app: App, tmp_path: Path
) -> None:
    file = tmp_path / "two_reviews.py"
    file.write_text(LOOSE, "utf-8")
    page = visit(flow=app.keep(load_template("gather")).id)
    before = page.url
    open_program(page, file)
    expect(page.get_by_role("dialog")).to_contain_text("line 7")
    page.get_by_role("button", name="Open the flow").click()
    assert [node.name for node in opened(page, app, before).nodes if node.type == "agent"] == [
        "Critic",
        "Friend",
    ]
    expect(all_cards(page).first).to_be_visible()


def test_what_is_no_program_is_refused_in_a_sentence(
    visit: Visit, app: App, tmp_path: Path
) -> None:
    file = tmp_path / "broken.py"
    file.write_text("def broken(:\n", "utf-8")
    page = visit(flow=app.keep(load_template("gather")).id)
    open_program(page, file)
    expect(page.get_by_role("dialog")).to_contain_text("line 1")
