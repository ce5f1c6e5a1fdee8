"""Templates as pictures, restore points and inserted values, clicked as a person does."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from flows.templates import list_templates
from tests.browser.conftest import App, Visit
from tests.browser.hands import choose, field, kept_flow
from tests.shapes import shape


@pytest.mark.parametrize("width, height", [(1440, 900), (1024, 768)])
def test_every_template_is_a_picture_and_the_page_never_scrolls_sideways(
    visit: Visit, width: int, height: int
):
    page = visit("templates")
    page.set_viewport_size({"width": width, "height": height})
    pictures = page.locator(".ff-template img")
    expect(pictures).to_have_count(len(list_templates()) + 1)
    drawn = pictures.evaluate_all("all => Promise.all(all.map(each => each.decode()))")
    assert len(drawn) == len(list_templates()) + 1
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= width


def test_pictures_are_dark_where_the_page_is(visit: Visit):
    page = visit("templates")
    page.emulate_media(color_scheme="dark")
    page.reload()
    source = page.get_by_alt_text("Picture of Three views").get_attribute("src")
    assert source is not None
    page.emulate_media(color_scheme="light")
    page.reload()
    expect(page.get_by_alt_text("Picture of Three views")).not_to_have_attribute("src", source)


def test_the_menu_leads_to_all_templates_and_one_press_makes_the_flow(visit: Visit, app: App):
    page = visit(flow=app.keep(shape("in > a")).id)
    page.get_by_role("button", name="New").click()
    page.get_by_role("link", name="All templates, as pictures…").click()
    page.get_by_role("radio", name="Real flows").click()
    expect(page.get_by_role("button", name="Use this")).to_have_count(
        sum(not each.is_pattern for each in list_templates())
    )
    page.locator(".st-key-use-support_triage button").click()
    expect(page.get_by_test_id("node-triage")).to_be_visible()
    assert app.flow(page.url.partition("flow=")[2].partition("&")[0]).name == "Support triage"


def test_a_state_is_kept_and_gone_back_to_and_undo_brings_the_rest_again(visit: Visit, app: App):
    stored = app.keep(shape("in > a"))
    page = visit(flow=stored.id)
    expect(page.get_by_test_id("node-a")).to_be_visible()
    page.get_by_role("button", name="Restore points").click()
    page.get_by_label("Keep this state as…").fill("As it was <b>")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("As it was <b>")).to_be_visible()
    page.keyboard.press("Escape")
    choose(page, "a")
    field(page, "a", "name").fill("Changed")
    field(page, "a", "name").press("Enter")
    expect(page.get_by_test_id("node-a")).to_contain_text("Changed")
    page.get_by_role("button", name="Restore points").click()
    page.get_by_role("button", name="Go back to it").last.click()
    expect(page.get_by_test_id("node-a")).not_to_contain_text("Changed")
    expect(page.get_by_text("Before going back")).to_be_visible()
    kept_flow(page, app, stored.id, stored.flow)
    page.keyboard.press("Escape")
    page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("node-a")).to_contain_text("Changed")


def test_a_value_is_inserted_by_its_agent_s_name_and_the_writing_goes_on(visit: Visit, app: App):
    stored = app.keep(shape("in > agent > b", agent={"name": "Draft"}))
    page = visit(flow=stored.id)
    choose(page, "b")
    prompt = field(page, "b", "prompt")
    expect(prompt).to_have_attribute("placeholder", "Empty: what Draft gave")
    prompt.fill("Shorten this:")
    page.get_by_role("button", name="Insert a value").click()
    page.get_by_text("What Draft gave").click()
    page.keyboard.type(" to a line.")
    expect(prompt).to_have_value("Shorten this: {{ nodes.draft.output }} to a line.")
    expect(prompt).to_be_focused()
    expect(page.get_by_test_id("node-draft")).to_contain_text("Draft")
    page.get_by_test_id("canvas").focus()
    written = {"prompt": "Shorten this: {{ nodes.draft.output }} to a line."}
    kept = shape("in > draft > b", draft={"name": "Draft"}, b=written)
    kept_flow(page, app, stored.id, kept)
