"""Start, draw, run, watch, result, download, reload: the loop of somebody who comes new."""

from pathlib import Path

from playwright.sync_api import Page, expect

from flows.document.files import read_flow
from tests.browser.conftest import App, Visit
from tests.browser.files import give_file, keep_given, opener, take_file
from tests.browser.hands import all_cards, canvas, card, choose, drop_agent, edge, field, link
from tests.model_server import Answer, Gate, ModelServer


def test_a_flow_is_drawn_run_taken_away_and_found_again(
    visit: Visit, app: App, models: ModelServer, tmp_path: Path
) -> None:
    page = visit()
    start_empty(page)
    first, second, picker = draw_two_and_a_combiner(page)
    write(page, first, "Find two strong points.")
    write(page, second, "Find two weak points.")
    write(page, picker, "Say what to do.")
    both = Gate()
    answers = {"strong": Answer("Light.", gate=both), "weak": Answer("Dear.", gate=both)}
    models.script(
        "quick",
        lambda entry: next(
            (answer for word, answer in answers.items() if word in str(entry.body)),
            Answer("Buy the light one."),
        ),
    )
    page.get_by_test_id("input-input").fill("Which lamp?")
    page.get_by_test_id("run").click()
    expect(card(page, first)).to_have_attribute("data-status", "running")
    expect(card(page, second)).to_have_attribute("data-status", "running")
    assert statuses(page, first, second) == ["running", "running"]
    both.open()
    expect(page.get_by_test_id("result")).to_contain_text("Buy the light one.")
    expect(card(page, picker)).to_have_attribute("data-status", "finished")

    file = download(page, tmp_path)
    drawn = read_flow(file.read_bytes())
    assert drawn == app.flow(flow_id(page))
    assert [node.name for node in drawn.nodes][1:] == ["Strong", "Weak", "Say"]

    page.reload()
    expect(card(page, picker)).to_have_attribute("data-status", "finished")
    expect(page.get_by_test_id("result")).to_contain_text("Buy the light one.")
    expect(edge(page, first, picker)).to_have_count(1)

    open_file(page, file)
    assert app.flow(flow_id(page)) == drawn.model_copy(update={"name": f"{drawn.name} 2"})


def start_empty(page: Page) -> None:
    expect(canvas(page)).to_be_visible()
    before = page.url
    page.get_by_role("button", name="New", exact=True).click()
    page.get_by_text("Empty flow").click()
    page.wait_for_function("before => location.href !== before", arg=before)
    expect(all_cards(page)).to_have_count(1)


def draw_two_and_a_combiner(page: Page) -> tuple[str, str, str]:
    expect(card(page, "input")).to_be_visible()
    first = drop_agent(page, 500, 260)
    second = drop_agent(page, 500, 460)
    combiner = drop_agent(page, 860, 360)
    for source, target in (
        ("input", first),
        ("input", second),
        (first, combiner),
        (second, combiner),
    ):
        link(page, source, target)
        expect(edge(page, source, target)).to_have_count(1)
    return first, second, combiner


def write(page: Page, node: str, instructions: str) -> None:
    choose(page, node)
    name = instructions.split()[2 if "points" in instructions else 0].capitalize()
    field(page, node, "name").fill(name)
    field(page, node, "instructions").fill(instructions)
    field(page, node, "instructions").blur()
    expect(card(page, node)).to_contain_text(name)


def statuses(page: Page, *nodes: str) -> list[str]:
    """Read the statuses of several cards in one moment."""
    found: list[str] = page.evaluate(
        """nodes => nodes.map(
            node => document.querySelector(`[data-testid="node-${node}"]`).dataset.status)""",
        list(nodes),
    )
    return found


def download(page: Page, folder: Path) -> Path:
    taken = take_file(page, page.get_by_role("button", name="Download JSON"))
    file = folder / taken.suggested_filename
    taken.save_as(file)
    assert file.name.endswith(".fanfold.json")
    return file


def open_file(page: Page, file: Path) -> None:
    before = page.url
    opener(page).click()
    give_file(page, file)
    keep_given(page)
    page.wait_for_url(lambda url: "flow=" in url and url != before)
    expect(card(page, "input")).to_be_visible()


def flow_id(page: Page) -> str:
    return page.url.partition("flow=")[2]
