"""Restore points in the header: keep a state under a name, see when, and go back to it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from components.services import Services
from flows.document.edits import ChangeFlow, apply_edit
from flows.ids import FlowId
from tests.components.conftest import Visit
from tests.shapes import shape


def open_menu(visit: Visit, flow_id: FlowId) -> AppTest:
    """Draw the page with the menu open."""
    page = visit(flow=flow_id)
    page.session_state[f"restore-{flow_id}"] = True
    return page.run()


def rename(services: Services, flow_id: FlowId, name: str) -> None:
    services.store.flows.change(
        flow_id, lambda flow: apply_edit(flow, ChangeFlow(name=name)), client="", seq=0
    )


def test_a_state_is_kept_under_the_name_that_was_typed(visit: Visit, services: Services):
    flow_id = services.store.flows.create(shape("in > a")).id
    page = open_menu(visit, flow_id)
    page.text_input(key=f"keep-state-{flow_id}").set_value("Before lunch")
    next(each for each in page.button if each.label == "Keep").click().run()
    assert not page.exception
    assert [point.name for point in services.store.flows.points(flow_id)] == ["Before lunch"]


def test_a_state_without_a_name_is_answered_with_what_to_do(visit: Visit, services: Services):
    flow_id = services.store.flows.create(shape("in > a")).id
    page = open_menu(visit, flow_id)
    next(each for each in page.button if each.label == "Keep").click().run()
    assert [each.value for each in page.toast] == [
        "Give the state a name of 1 to 200 letters, so that you find it again."
    ]


def test_going_back_brings_the_flow_back_as_one_step(visit: Visit, services: Services):
    flow_id = services.store.flows.create(shape("in > a")).id
    services.store.flows.keep_point(flow_id, "first")
    kept = services.store.flows.get(flow_id)
    rename(services, flow_id, "Another name")
    page = open_menu(visit, flow_id)
    page.button(key=f"go-back-{flow_id}-1").click().run()
    assert not page.exception
    now = services.store.flows.get(flow_id)
    assert kept is not None
    assert now is not None
    assert now.flow == kept.flow
    assert services.store.flows.undo(flow_id).flow.name == "Another name"


def test_the_menu_lists_what_is_kept_of_this_flow_alone(visit: Visit, services: Services):
    one, two = (services.store.flows.create(shape("in > a")).id for _ in range(2))
    services.store.flows.keep_point(one, "of one")
    page = open_menu(visit, two)
    assert [each.label for each in page.button if each.label == "Go back to it"] == []
