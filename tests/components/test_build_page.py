"""The Build page draws the flow of the address and keeps what is typed into the inspector."""

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from components.field_change import DIFFERS
from components.services import Services
from components.state import BESIDE, field_key, program_key
from flows.document.edits import ChangeNode, MoveNodes, apply_edit
from flows.document.model import AgentNode, Flow, InputNode, Position, empty_flow
from flows.document.policy import StagePolicy
from flows.ids import FlowId, NodeId
from flows.store.library import StoredFlow
from tests.components.conftest import Visit
from tests.components.test_other_pages import run_once
from tests.shapes import shape

PANEL = shape("in > a b > out", a={"name": "Buyer", "model": "openai/m"})


def keep(services: Services, flow: Flow = PANEL, *, chosen: tuple[str, ...] = ()) -> StoredFlow:
    stored = services.store.flows.create(flow)
    services.store.flows.select(stored.id, [NodeId(each) for each in chosen])
    return stored


def flow_of(services: Services, flow_id: FlowId) -> Flow:
    stored = services.store.flows.get(flow_id)
    assert stored is not None
    return stored.flow


def agent_of(services: Services, flow_id: FlowId, node: str) -> AgentNode:
    found = flow_of(services, flow_id).node(NodeId(node))
    assert isinstance(found, AgentNode)
    return found


def labels(test: AppTest) -> list[str]:
    fields: list[Any] = [*test.text_input, *test.text_area, *test.selectbox, *test.number_input]
    return [field.label for field in fields]


def field(owner: str, name: str, stored: StoredFlow) -> str:
    return field_key(stored.id, owner, name)


def test_the_first_start_opens_a_flow_that_is_ready_to_run(
    visit: Visit, services: Services
) -> None:
    page = visit()
    (row,) = services.store.flows.list()
    assert page.query_params == {"flow": row.id}
    assert [each.value for each in page.error] == []
    assert not page.exception


def test_a_template_in_the_address_becomes_a_flow_once(visit: Visit, services: Services) -> None:
    page = visit(template="pipeline")
    (row,) = services.store.flows.list()
    assert page.query_params == {"flow": row.id}
    page.query_params.clear()
    page.query_params["template"] = "pipeline"  # drawn again before the browser heard of it
    page.run()
    assert [each.id for each in services.store.flows.list()] == [row.id]


def test_an_unknown_flow_is_said_and_nothing_is_made(visit: Visit, services: Services) -> None:
    page = visit(flow="nowhere")
    assert "There is no flow" in page.error[0].value
    assert services.store.flows.list() == ()


def test_nothing_chosen_shows_the_flow_and_its_run_policy(visit: Visit, services: Services) -> None:
    page = visit(flow=keep(services).id)
    assert labels(page) == [
        "Name",
        "Description",
        "A node starts",
        "When a node fails",
        "Results come",
        "Most at once",
        "Time limit",
    ]


def test_a_chosen_agent_shows_its_fields(visit: Visit, services: Services) -> None:
    page = visit(flow=keep(services, chosen=("a",)).id)
    assert labels(page) == [
        "Name",
        "Instructions",
        "Message",
        "Answer as JSON",
        "Icon",
        "Model",
        "Gives",
        "When it fails",
        "When a node fails",
        "Temperature",
        "Longest answer",
        "Time limit",
        "Tries again",
        "Most at once",
        "Time limit",
    ]


def test_what_is_typed_is_kept_and_can_be_undone(visit: Visit, services: Services) -> None:
    stored = keep(services, chosen=("a",))
    page = visit(flow=stored.id)
    page.text_area(key=field("a", "instructions", stored)).set_value("Be kind.").run()
    assert agent_of(services, stored.id, "a").instructions == "Be kind."
    services.store.flows.undo(stored.id)
    page.run()
    assert page.text_area(key=field("a", "instructions", stored)).value == ""


def test_a_field_shows_what_another_tab_wrote(visit: Visit, services: Services) -> None:
    stored = keep(services, chosen=("a",))
    page, other = visit(flow=stored.id), visit(flow=stored.id)
    other.text_input(key=field("a", "name", stored)).set_value("Legal").run()
    page.run()
    assert page.text_input(key=field("a", "name", stored)).value == "Legal"
    page.text_input(key=field("a", "name", stored)).set_value("Later").run()
    assert agent_of(services, stored.id, "a").name == "Later"


def test_two_settings_typed_before_the_page_is_drawn_are_both_kept(
    visit: Visit, services: Services
) -> None:
    stored = keep(services, chosen=("a",))
    page = visit(flow=stored.id)
    page.number_input(key=field("a", "temperature", stored)).set_value(0.3)
    page.number_input(key=field("a", "max_tokens", stored)).set_value(60)
    page.run()
    settings = agent_of(services, stored.id, "a").model_settings
    assert settings == {"temperature": 0.3, "max_tokens": 60}
    assert isinstance(settings["max_tokens"], int)


def test_a_model_can_be_chosen_typed_and_given_back(visit: Visit, services: Services) -> None:
    stored = keep(services, chosen=("a",))
    page = visit(flow=stored.id)
    key = field("a", "model", stored)
    assert page.selectbox(key=key).value == "openai/m"
    page.selectbox(key=key).set_value("").run()
    assert agent_of(services, stored.id, "a").model is None


def test_a_run_policy_is_changed_in_its_place(visit: Visit, services: Services) -> None:
    stored = keep(services)
    page = visit(flow=stored.id)
    page.selectbox(key=field("~run", "start", stored)).set_value("by_stage")
    page.number_input(key=field("~run", "max_concurrency", stored)).set_value(2)
    page.run()
    policy = flow_of(services, stored.id).run
    assert (policy.start, policy.max_concurrency) == ("by_stage", 2)


def test_a_node_with_several_parents_can_start_on_the_first(
    visit: Visit, services: Services
) -> None:
    stored = keep(services, chosen=("out",))
    page = visit(flow=stored.id)
    page.selectbox(key=field("out", "needs", stored)).set_value("first").run()
    page.number_input(key=field("out", "first", stored)).set_value(1).run()
    needs = flow_of(services, stored.id).node(NodeId("out")).needs
    assert needs == agent_of(services, stored.id, "out").needs
    assert str(needs) == "first=1"


def test_problems_are_listed_and_show_their_nodes(visit: Visit, services: Services) -> None:
    stored = keep(services, shape("in > a > b; b > a"))
    page = visit(flow=stored.id)
    assert any("loop" in each.value for each in page.markdown)
    page.button(key="show-problem-0").click().run()
    assert "**2 agents chosen**" in [each.value for each in page.markdown]


def test_several_chosen_nodes_are_deleted_together(visit: Visit, services: Services) -> None:
    stored = keep(services, chosen=("a", "b"))
    page = visit(flow=stored.id)
    page.button(key="delete-chosen").click().run()
    assert [node.id for node in flow_of(services, stored.id).nodes] == ["in", "out"]
    assert labels(page)[0] == "Name"


def test_foreign_words_in_names_show_as_words(visit: Visit, services: Services) -> None:
    name = "<img src=x onerror=alert(1)> :red[x] **y**"
    stored = keep(services, shape("in > a b", a={"name": name}), chosen=("a", "b"))
    shown = "\n".join(each.value for each in visit(flow=stored.id).caption)
    assert r"\<img src=x onerror=alert\(1\)\> \:red\[x\] \*\*y\*\*" in shown


def test_a_broken_connections_file_is_said_and_the_page_stands(
    visit: Visit, services: Services
) -> None:
    Path(services.home / "connections.toml").write_text("office = 3", "utf-8")
    page = visit(flow=keep(services).id)
    assert not page.exception
    assert any("connections.toml" in each.value for each in page.markdown)


def test_numbers_out_of_reason_are_shown_and_not_a_crash(visit: Visit, services: Services) -> None:
    flow = shape(
        "in > a", a={"timeout_s": -3, "retries": 10**30, "model_settings": {"temperature": 9}}
    )
    page = visit(flow=keep(services, flow, chosen=("a",)).id)
    assert not page.exception
    assert [each.value for each in page.number_input] == [9.0, None, -3.0, 2**53 - 1, None, None]


def test_a_field_that_is_drawn_no_more_says_nothing_new(visit: Visit, services: Services) -> None:
    stored = keep(services, chosen=("a",))
    page = visit(flow=stored.id)
    name = page.text_input(key=field("a", "name", stored))
    services.store.flows.change(stored.id, lambda flow: rename(flow, "a", "Elsewhere"))
    name.set_value("Buyer").run()  # as a browser sends what it still shows
    assert agent_of(services, stored.id, "a").name == "Elsewhere"


def rename(flow: Flow, node: str, name: str) -> Flow:
    return apply_edit(flow, ChangeNode(id=NodeId(node), changes={"name": name}))


def test_what_several_agents_share_is_changed_in_all_of_them_in_one_step(
    visit: Visit, services: Services
) -> None:
    stored = keep(services, chosen=("a", "b"))
    page = visit(flow=stored.id)
    assert labels(page) == ["Model", "When it fails", "Starts when", "Tries again", "Time limit"]
    assert page.selectbox(key=field("a,b", "model", stored)).value == DIFFERS
    page.number_input(key=field("a,b", "timeout_s", stored)).set_value(9.0)
    page.selectbox(key=field("a,b", "model", stored)).set_value("").run()
    a, b = (agent_of(services, stored.id, each) for each in ("a", "b"))
    assert [(each.timeout_s, each.model) for each in (a, b)] == [(9, None), (9, None)]
    services.store.flows.undo(stored.id)
    services.store.flows.undo(stored.id)
    assert flow_of(services, stored.id) == PANEL


def test_a_chosen_stage_shows_its_policy_and_the_guide(visit: Visit, services: Services) -> None:
    stored = keep(services, chosen=("stage:1",))
    page = visit(flow=stored.id)
    assert page.markdown[0].value == "**Stage 1 · 2 agents**"
    assert labels(page) == ["When a node fails", "Most at once", "Time limit"]
    page.number_input(key=field("a", "stage-max_concurrency", stored)).set_value(1).run()
    page.button(key="guide-some may fail").click().run()
    policy = StagePolicy(max_concurrency=1, on_failure="collect")
    assert flow_of(services, stored.id).run.stages == {"a": policy}


def test_a_chosen_stage_that_is_gone_shows_the_flow(visit: Visit, services: Services) -> None:
    page = visit(flow=keep(services, chosen=("stage:7",)).id)
    assert labels(page)[:2] == ["Name", "Description"]


def test_what_was_typed_to_run_it_can_be_kept_as_the_example(
    visit: Visit, services: Services
) -> None:
    stored = keep(services)
    services.store.flows.set_inputs(stored.id, {NodeId("in"): "Typed."})
    page = visit(flow=stored.id)
    page.button(key="keep-example-in").click().run()
    kept = flow_of(services, stored.id).node(NodeId("in"))
    assert isinstance(kept, InputNode)
    assert kept.example == "Typed."
    assert "keep-example-in" not in [each.key for each in page.button]


def test_a_schema_is_begun_with_one_press(visit: Visit, services: Services) -> None:
    stored = keep(services, chosen=("a",))
    page = visit(flow=stored.id)
    page.button(key=field("a", "output_schema-list", stored)).click().run()
    schema = agent_of(services, stored.id, "a").output_schema
    assert schema is not None
    assert schema["required"] == ["items"]
    assert page.text_area(key=field("a", "output_schema", stored)).value == json.dumps(
        schema, indent=1
    )


def test_what_an_agent_gives_is_chosen_beside_the_form_of_its_answer(
    visit: Visit, services: Services
) -> None:
    stored = keep(services, chosen=("a",))
    page = visit(flow=stored.id)
    box = page.selectbox(key=field("a", "output", stored))
    assert (box.label, box.value) == ("Gives", "final_output")
    assert box.options == ["Its last answer", "All the texts it says"]
    box.select("text_messages").run()
    assert agent_of(services, stored.id, "a").output == "text_messages"


def test_an_unfinished_flow_is_not_called_wrong(visit: Visit, services: Services) -> None:
    page = visit(flow=keep(services, empty_flow()).id)
    said = [each.value for each in page.markdown if "nothing to run" in each.value]
    assert [each.partition(" The")[0] for each in said] == [":blue[●] Next:"]


def test_the_form_stands_beside_the_canvas_until_the_code_is_wanted(
    visit: Visit, services: Services
) -> None:
    stored = keep(services, chosen=("a",))
    page = visit(flow=stored.id)
    (beside,) = page.get("button_group")
    assert [each.content for each in beside.proto.options] == ["Form", "Code", "Both"]
    page.session_state[BESIDE] = "code"
    page.run()
    assert not page.exception
    assert labels(page) == []
    assert page.caption[-1].value == "shape.py"
    assert [each.proto.label for each in page.get("download_button")][-1] == "Download"
    page.session_state[BESIDE] = "both"
    page.run()
    assert labels(page)[0] == "Name"
    assert page.caption[-1].value == "shape.py"


def test_a_program_is_written_anew_only_where_the_flow_is_another_one(
    visit: Visit, services: Services
) -> None:
    stored = keep(services)
    page = visit(flow=stored.id)
    page.session_state[BESIDE] = "code"
    page.run()
    first = page.session_state[program_key(stored.id)]
    move = MoveNodes(positions={NodeId("a"): Position(x=5, y=5)})
    services.store.flows.change(stored.id, lambda flow: apply_edit(flow, move))
    page.run()
    assert page.session_state[program_key(stored.id)] is first
    services.store.flows.change(stored.id, lambda flow: rename(flow, "a", "Seller"))
    page.run()
    assert 'name="Seller"' in page.session_state[program_key(stored.id)][1].text


def test_who_cannot_answer_here_is_replaced_with_one_press(
    visit: Visit, services: Services
) -> None:
    stored = keep(services, shape("in > a b", a={"model": "nobody/x"}))
    page = visit(flow=stored.id)
    page.button(key="do-advice-0").click().run()
    assert agent_of(services, stored.id, "a").model is None
    assert not page.exception


RENAMED = shape(
    "in > critic > out",
    critic={"name": "Reviewer"},
    out={"prompt": "Mend this: {{ nodes.critic.output }}"},
)


def test_a_renamed_node_is_called_so_in_messages_in_one_press_and_stays_chosen(
    visit: Visit, services: Services
) -> None:
    stored = keep(services, RENAMED, chosen=("critic",))
    page = visit(flow=stored.id)
    assert "Messages call it critic." in [each.value for each in page.caption]
    page.button(key="take-id-critic").click().run()
    assert agent_of(services, stored.id, "out").prompt == "Mend this: {{ nodes.reviewer.output }}"
    name = page.text_input(key=field("reviewer", "name", stored))
    assert name.value == "Reviewer"
    assert [each for each in page.button if str(each.key).startswith("take-id")] == []


async def test_a_renamed_node_of_the_last_run_keeps_its_id(
    visit: Visit, services: Services
) -> None:
    stored = keep(services, RENAMED, chosen=("critic",))
    await run_once(services, stored)
    page = visit(flow=stored.id)
    assert "Messages call it critic." in [each.value for each in page.caption]
    assert [each for each in page.button if str(each.key).startswith("take-id")] == []
