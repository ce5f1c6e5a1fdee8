"""The library, the share menu and the preview of a link, used as a person does."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Locator, Page, expect

from flows.document.files import read_flow
from flows.document.model import Flow
from flows.share.link import find_link, read_link, write_link
from flows.store.store import open_store
from flows.templates import load_template
from tests.browser.conftest import App, Visit
from tests.browser.files import take_file
from tests.browser.hands import canvas, card, press_entry
from tests.shapes import shape


def named(name: str) -> Flow:
    return shape("in > a > b").model_copy(update={"name": name})


def tile(page: Page, flow_id: str):
    return page.locator(f".st-key-template-flow-{flow_id}")


def press_in_menu(page: Page, flow_id: str, entry: str) -> None:
    """Press an entry of a card's menu."""
    more = tile(page, flow_id).get_by_role("button", name="More")
    found = page.get_by_role("menuitem", name=entry).or_(page.get_by_text(entry, exact=True)).first
    press_entry(page, menu=more, entry=found)


def search(page: Page, words: str) -> None:
    page.get_by_placeholder("Search by name or tag").fill(words)
    page.keyboard.press("Enter")


def names_kept(app: App) -> set[str]:
    with open_store(app.home, {}) as store:
        return {row.name for row in store.flows.list()}


def download(page: Page, press: Locator, folder: Path) -> Path:
    taken = take_file(page, press)
    file = folder / taken.suggested_filename
    taken.save_as(file)
    return file


def test_a_flow_is_found_renamed_duplicated_and_opened(visit: Visit, app: App):
    word, other = token_hex(3), token_hex(3)  # the library is that of all tests here
    stored = app.keep(named(f"Quarterly {word}"))
    app.keep(named("Something else"))
    page = visit(flow=stored.id)
    canvas(page)
    page.get_by_role("button", name=f"Quarterly {word}").click()
    page.get_by_text("All flows…").click()
    expect(tile(page, stored.id)).to_be_visible()
    search(page, word)
    expect(page.locator(".ff-template")).to_have_count(1)
    press_in_menu(page, stored.id, "Rename, tags…")
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Yearly plan")
    page.get_by_role("textbox", name="Tags").fill(f"{other}, to show")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("No flow is called so.")).to_be_visible()
    search(page, other)
    expect(tile(page, stored.id)).to_contain_text("Yearly plan")
    press_in_menu(page, stored.id, "Duplicate")
    expect(page.locator(".ff-template")).to_have_count(2)
    assert {"Yearly plan", "Yearly plan 2"} <= names_kept(app)
    tile(page, stored.id).get_by_role("button", name="Open").click()
    expect(card(page, "a")).to_be_visible()
    expect(page).to_have_url(re.compile(f"flow={stored.id}"))
    assert app.flow(stored.id).name == "Yearly plan"


def test_a_deleted_flow_is_gone_in_another_tab_and_undo_brings_it_back(visit: Visit, app: App):
    stored = app.keep(named("Doomed"))
    other = visit(flow=stored.id)
    expect(card(other, "a")).to_be_visible()
    page = visit("flows", flow=stored.id)
    search(page, "doomed")
    press_in_menu(page, stored.id, "Delete")
    expect(page.get_by_text("Doomed was deleted.")).to_be_visible()
    expect(tile(page, stored.id)).to_have_count(0)
    other.bring_to_front()
    expect(other.get_by_text('The flow "Doomed" was deleted.')).to_be_visible()
    page.bring_to_front()
    page.get_by_role("button", name="Undo").click()
    expect(tile(page, stored.id)).to_be_visible()
    other.reload()
    expect(card(other, "a")).to_be_visible()
    assert app.flow(stored.id) == stored.flow


def test_one_flow_and_all_flows_are_taken_as_files(visit: Visit, app: App, tmp_path: Path):
    stored = app.keep(named("To take"))
    page = visit("flows", flow=stored.id)
    every = download(page, page.get_by_role("button", name="Download all"), tmp_path)
    with zipfile.ZipFile(io.BytesIO(every.read_bytes())) as all_:
        flows = [read_flow(all_.read(name)) for name in all_.namelist()]
    assert {flow.name for flow in flows} == names_kept(app)
    search(page, "to take")
    expect(page.locator(".ff-template")).to_have_count(1)
    press = tile(page, stored.id).get_by_role("button", name="JSON")
    file = download(page, press, tmp_path)
    assert file.name == "To-take.fanfold.json"
    assert read_flow(file.read_bytes()) == stored.flow


def test_a_copied_link_opens_as_a_preview_and_becomes_mine_by_a_press(visit: Visit, app: App):
    stored = app.keep(named("Travelling"))
    page = visit(flow=stored.id)
    canvas(page)
    page.get_by_role("button", name="Share flow").click()
    page.get_by_test_id("copy-link").click()
    expect(page.get_by_test_id("copy-link")).to_have_text("Copied")
    link: str = page.evaluate("navigator.clipboard.readText()")
    assert read_link(find_link(link)) == stored.flow
    before = names_kept(app)
    preview = page.context.new_page()
    preview.goto(link)
    expect(preview.get_by_alt_text("Picture of Travelling")).to_be_visible()
    expect(preview.get_by_text("2 agents · 2 stages")).to_be_visible()
    assert names_kept(app) == before
    preview.get_by_role("button", name="Make it mine").click()
    expect(card(preview, "a")).to_be_visible()
    assert names_kept(app) == before | {"Travelling 2"}


@pytest.mark.parametrize("link", ["1", "9abc", write_link(load_template("pipeline"))[:-9]])
def test_a_broken_link_is_a_sentence(visit: Visit, link: str):
    page = visit(link=link)
    expect(page.get_by_test_id("stAlert")).to_contain_text(re.compile("^The link (is|does not)"))
    expect(page.get_by_role("button", name="Make it mine")).to_have_count(0)


def test_the_menu_gives_a_page_a_picture_mermaid_and_python(visit: Visit, app: App, tmp_path: Path):
    stored = app.keep(load_template("three_views"))
    page = visit(flow=stored.id)
    canvas(page)
    page.get_by_role("button", name="Share flow").click()
    begins = {
        "One page": "<!doctype html>",
        "Picture": "<svg ",
        "Mermaid": "flowchart lr",
        "Python": '"""',
    }
    for press, start in begins.items():
        entry = page.get_by_role("button", name=f"{press} ").first
        text = download(page, entry, tmp_path).read_text("utf-8")
        assert text.lower().startswith(start), press
    page.get_by_text("Show the Mermaid chart").click()
    expect(page.get_by_role("img", name="The flow as a Mermaid chart")).to_be_visible()
