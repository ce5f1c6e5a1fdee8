"""The header leads to every flow and to every page, and takes the flow along."""

from components.services import Services
from tests.components.conftest import Visit
from tests.shapes import shape


def test_flows_of_one_name_are_told_apart(visit: Visit, services: Services) -> None:
    made = [services.store.flows.create(shape("in > a")).id for _ in range(3)]
    page = visit(flow=made[0])
    assert not page.exception
    options = page.get("menu_button")[0].proto.options
    assert len({str(option) for option in options}) == 4
    assert str(options[0]) == "All flows…"


def test_every_page_link_carries_the_flow(visit: Visit, services: Services) -> None:
    stored = services.store.flows.create(shape("in > a"))
    links = visit(flow=stored.id).get("page_link")
    assert [link.proto.query_string for link in links] == [f"flow={stored.id}"] * 7


def test_present_stands_on_the_page_where_a_flow_is_built(visit: Visit, services: Services) -> None:
    stored = services.store.flows.create(shape("in > a"))
    page = visit(flow=stored.id)
    page.button(key="present-flow").click().run()
    assert page.query_params["present"] == stored.id
    assert [each.value for each in page.markdown] == ["## shape"]
    page.button(key="present-leave").click().run()
    assert "present" not in page.query_params
    assert page.button(key="present-flow").label == "Present"


def test_open_asks_for_a_file(visit: Visit, services: Services) -> None:
    page = visit()
    assert page.button(key="open-json").help == ""  # a tooltip would lie on what is opened
    page.button(key="open-json").click().run()
    labels = [each.proto.label for each in page.get("file_uploader")]
    assert labels == ["A flow as JSON, a run, or Python"]


def test_an_empty_flow_stands_first_among_what_can_be_made(visit: Visit) -> None:
    makes = [each.label for each in visit().button if str(each.key).startswith("make-")]
    assert makes[0].startswith("**Empty flow**")
