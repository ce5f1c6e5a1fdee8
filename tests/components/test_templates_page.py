"""The page of templates: a card each, drawn from the flow itself, and one press makes the flow."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from components.pages import templates
from components.services import Services
from flows.document.files import write_flow
from flows.share.svg import write_svg
from flows.templates import list_templates, load_template
from tests.components.conftest import Visit
from tests.shapes import shape


def titles(page) -> list[str]:
    """Read the headings of the cards, in order."""
    every = "".join(each.proto.body for each in page.get("html"))
    return re.findall(r"<h4>(.*?)</h4>", every)


def test_every_template_has_a_card_after_the_two_ways_to_start(visit: Visit):
    page = visit("templates")
    assert not page.exception
    shipped = [template.title for template in list_templates()]
    assert titles(page) == ["Empty flow", "Open a file or a link", *shipped]


def test_patterns_and_real_flows_together_are_all_templates(visit: Visit):
    seen: dict[str, list[str]] = {}
    starts = {"Empty flow", "Open a file or a link"}
    for kind in templates.KINDS:
        page = visit("templates")
        page.segmented_control(key="template-kind").set_value(kind).run()
        seen[kind] = [each for each in titles(page) if each not in starts]
    assert seen["Patterns"] == [each.title for each in list_templates() if each.is_pattern]
    assert sorted(seen["Patterns"] + seen["Real flows"]) == sorted(seen["All"])


@pytest.mark.parametrize("name, words", [("three_views", "4 agents · 2 stages")])
def test_a_card_shows_the_flow_itself_and_its_size(visit: Visit, name: str, words: str):
    page = visit("templates")
    body = next(
        each.proto.body for each in page.get("html") if "<h4>Three views" in each.proto.body
    )
    found = re.search(r"base64,([^\"]+)", body)
    assert found
    flow = load_template(name)
    drawn = {write_svg(flow, scheme=scheme) for scheme in ("auto", "light", "dark")}
    assert base64.b64decode(found[1]).decode() in drawn
    assert words in body


def test_a_press_on_use_this_makes_the_flow_and_opens_it(visit: Visit, services: Services):
    page = visit("templates")
    page.button(key="use-expert_panel").click().run()
    assert not page.exception
    newest = services.store.flows.list()[0]
    assert newest.name == "Expert panel"
    assert page.query_params["flow"] in (newest.id, [newest.id])


def test_choose_a_file_asks_for_one(visit: Visit):
    page = visit("templates")
    page.button(key="use-file").click().run()
    assert [each.proto.label for each in page.get("file_uploader")] == [
        "A flow as JSON, a run, or Python"
    ]


def test_a_folder_of_ones_own_stands_below_the_templates_until_it_is_removed(
    visit: Visit, services: Services, tmp_path: Path
):
    hostile = shape("in > a").model_copy(update={"name": "<img src=x onerror=alert(1)>"})
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "mine.json").write_text(write_flow(hostile), "utf-8")
    (folder / "other.json").write_text("{", "utf-8")
    page = visit("templates")
    page.text_input(key="gallery-folder").set_value(str(folder))
    page.button(key="gallery-add").click().run()
    assert not page.exception
    assert page.segmented_control(key="template-kind").value == "Your folders"
    assert titles(page) == ["&lt;img src=x onerror=alert(1)&gt;"]
    assert page.expander[0].label == "1 file of own cannot be shown"
    assert "**other.json**: The file is not JSON" in page.expander[0].markdown[0].value

    page.button(key="use-own-0-0").click().run()
    assert not page.exception
    newest = services.store.flows.list()[0]
    assert newest.name == hostile.name

    page = visit("templates")
    page.button(key="gallery-remove-0").click().run()
    assert "&lt;img src=x onerror=alert(1)&gt;" not in titles(page)
    assert (folder / "mine.json").exists()


def test_a_folder_that_is_none_is_answered_and_what_was_typed_stays(visit: Visit):
    page = visit("templates")
    page.text_input(key="gallery-folder").set_value("/no/such/folder")
    page.button(key="gallery-add").click().run()
    assert not page.exception
    assert any("There is no folder" in toast.value for toast in page.toast)
    assert page.text_input(key="gallery-folder").value == "/no/such/folder"
