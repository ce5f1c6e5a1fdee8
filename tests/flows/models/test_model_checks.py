"""What a flow may ask of the models of this machine."""

from dataclasses import fields, replace
from typing import Any

from agents import ModelSettings

from flows.document.model import Flow
from flows.models.checks import MODEL_SETTINGS, find_model_problems
from flows.models.connections import Connections
from tests.flows.models.asking import LAB, LOCAL

CONNECTIONS = Connections((LOCAL, LAB), {})


def flow_of(*nodes: dict[str, Any], edges: tuple[dict[str, str], ...] = ()) -> Flow:
    agents = [{"type": "agent", "name": node["id"], **node} for node in nodes]
    document = {"fanfold": 1, "name": "Checked", "nodes": agents, "edges": list(edges)}
    return Flow.model_validate(document)


def told(flow: Flow, *, default: str | None = "lab/any") -> list[tuple[str, tuple[str, ...]]]:
    found = find_model_problems(flow, CONNECTIONS, default=default)
    return [(problem.code, tuple(problem.nodes)) for problem in found]


def test_the_settings_a_flow_may_set_are_the_sdks_but_retries_and_headers() -> None:
    known = {field.name for field in fields(ModelSettings)}
    assert known >= MODEL_SETTINGS
    assert known - MODEL_SETTINGS >= {"retry", "extra_headers"}


def test_a_setting_the_sdk_does_not_know_is_a_problem() -> None:
    assert told(flow_of({"id": "a", "model_settings": {"temprature": 1}})) == [
        ("unknown_setting", ("a",))
    ]


def test_a_model_nobody_has_is_a_problem_of_its_step() -> None:
    flow = flow_of({"id": "a", "model": "lab/any"}, {"id": "b", "model": "labs/any"})
    assert told(flow) == [("unknown_model", ("b",))]


def test_tools_and_handoffs_on_the_embedded_model_are_problems() -> None:
    handoff = {"source": "b", "target": "c", "kind": "handoff"}
    flow = flow_of({"id": "a", "tools": ["clock"]}, {"id": "b"}, {"id": "c"}, edges=(handoff,))
    assert told(flow, default="local") == [("model_cannot", ("a",)), ("model_cannot", ("b",))]
    assert told(flow, default="lab/any") == []


def test_a_connection_with_limits_is_no_problem() -> None:
    limited = Connections((LOCAL, replace(LAB, max_concurrency=2, requests_per_minute=9)), {})
    assert find_model_problems(flow_of({"id": "a"}), limited, default="lab/any") == ()
