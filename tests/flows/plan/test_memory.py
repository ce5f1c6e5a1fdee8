"""What was worked out of a flow is worked out once, and never told of another one."""

from flows.document.model import Flow
from flows.plan.memory import remembered
from tests.shapes import shape


def test_a_flow_is_asked_about_once_and_an_equal_one_again() -> None:
    asked: list[Flow] = []

    @remembered
    def names(flow: Flow) -> tuple[str, ...]:
        asked.append(flow)
        return tuple(node.name for node in flow.nodes)

    one, equal, other = shape("in > a"), shape("in > a"), shape("in > b")
    told = [names(flow) for flow in (one, one, equal, other, one)]
    assert told == [("in", "a"), ("in", "a"), ("in", "a"), ("in", "b"), ("in", "a")]
    assert [id(flow) for flow in asked] == [id(flow) for flow in (one, equal, other)]


def test_only_the_last_flows_are_remembered() -> None:
    asked: list[Flow] = []
    ask = remembered(asked.append)
    flows = [shape("in > a") for _ in range(9)]
    for flow in (*flows, flows[-1], flows[0]):
        ask(flow)
    assert asked == [*flows, flows[0]]
