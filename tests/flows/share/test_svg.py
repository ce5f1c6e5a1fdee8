"""SVG: the picture of a flow."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from flows.share.picture import picture_of
from flows.share.svg import fitted, write_svg
from flows.templates import list_templates, load_template
from tests.flows.document.drawings import flows
from tests.flows.share.stories import patient, renamed
from tests.shapes import shape

SPACE = "{http://www.w3.org/2000/svg}"
KNOWN = {"svg", "title", "style", "rect", "text", "tspan", "path", "circle", "g"}
HOSTILE = '</text><script>alert(1)</script><image href="x" onerror="alert(2)"/>&\x00\x1b"'


def elements(text: str) -> list[ET.Element]:
    return list(ET.fromstring(text).iter())


@pytest.mark.parametrize("name", [each.name for each in list_templates()])
def test_a_template_is_drawn_with_a_card_for_each_node_and_a_head_for_each_stage(name):
    flow = load_template(name)
    drawn = elements(write_svg(flow))
    names = [each.text for each in drawn if each.get("class") == "name"]
    heads = [each for each in drawn if each.get("class") == "head"]
    assert len(names) == len(flow.nodes)
    assert len(heads) == len(picture_of(flow).bands)


@patient
@given(flows)
def test_the_picture_of_every_flow_can_be_read_and_holds_nothing_but_shapes_and_texts(flow):
    for each in elements(write_svg(flow)):
        assert each.tag.removeprefix(SPACE) in KNOWN
        assert not any(name.startswith("on") or name == "href" for name in each.attrib)


def test_a_hostile_name_is_text():
    flow = renamed(shape("in > a"), HOSTILE)
    title = elements(write_svg(flow))[1]
    assert title.text == HOSTILE.replace("\x00", "\ufffd").replace("\x1b", "\ufffd")


def test_both_colours_are_in_it_and_either_can_be_had_alone():
    flow = shape("in > a")
    assert "@media (prefers-color-scheme:dark)" in write_svg(flow)
    assert "--page:#ffffff" in write_svg(flow, scheme="light")
    assert "--page:#11141c" in write_svg(flow, scheme="dark")
    assert "@media" not in write_svg(flow, scheme="dark")


def test_a_long_name_is_cut_to_its_card():
    assert fitted("short", room=147, size=14.5) == "short"
    assert fitted("w" * 5_000, room=147, size=14.5).endswith("…")
    assert len(fitted("w" * 5_000, room=147, size=14.5)) < 20
    assert len(fitted("字" * 50, room=147, size=14.5)) < 11


def test_everything_drawn_lies_inside_the_picture():
    picture = picture_of(load_template("incident_response"))
    boxes = [*(card.box for card in picture.cards), *(band.box for band in picture.bands)]
    assert all(
        picture.box.left < box.left
        and box.right < picture.box.right
        and picture.box.top < box.top
        and box.bottom < picture.box.bottom
        for box in boxes
    )


def test_branches_to_the_same_card_stand_one_below_the_other():
    rules = [{"branch": "bug", "when": {"contains": "x"}}]
    router = {"type": "router", "rules": rules, "otherwise": "else"}
    drawn = elements(write_svg(shape("in > r; r.bug > a; r.else > a", r=router)))
    words = [each for group in drawn if group.get("class") == "branch" for each in group]
    told = {each.text: float(each.get("y", "")) for each in words if each.tag == f"{SPACE}text"}
    assert told["else"] - told["bug"] == pytest.approx(22)
