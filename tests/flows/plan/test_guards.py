"""Guards: whatever is advised to cut, the same nodes run, after the same deeds."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.document.edits import apply_edit
from flows.document.files import read_values
from flows.document.model import Flow
from flows.ids import NodeId
from flows.plan.checks import find_problems
from flows.plan.graph import ancestors_of
from flows.plan.waits import needless_waits
from tests.reference import Reference

Before = dict[int, set[int]]


@st.composite
def routed(draw: st.DrawFn) -> tuple[Flow, dict[str, str]]:
    """Agents, routers and races; which branch each asked router chooses."""
    count = draw(st.integers(3, 8))
    pairs = [(one, two) for one in range(count) for two in range(one + 1, count)]
    links = sorted(draw(st.sets(st.sampled_from(pairs), min_size=2)), key=lambda each: each[1])
    before: Before = {number: set() for number in range(count)}
    for one, two in links:
        before[two] |= before[one] | {one}
    leading = {one for one, _ in links}
    nodes = [_node(draw, number, before, leads=number in leading) for number in range(count)]
    edges = [_edge(draw, nodes[one], nodes[two]) for one, two in links]
    routers = [each for each in nodes if each["type"] == "router"]
    chosen = {router["id"]: _complete(draw, router, edges, count) for router in routers}
    roots = [f"n{number}" for number, known in before.items() if not known]
    values = {
        "fanfold": 1,
        "name": "routed",
        "nodes": [{"id": "in", "type": "input", "name": "in"}, *nodes],
        "edges": [*({"source": "in", "target": each} for each in roots), *edges],
    }
    return read_values(values), chosen


def _node(draw: st.DrawFn, number: int, before: Before, *, leads: bool) -> dict[str, Any]:
    name = f"n{number}"
    node: dict[str, Any] = {"id": name, "type": "agent", "name": name}
    if before[number]:
        node["needs"] = draw(st.sampled_from(["all", "all", "all", "all", "any"]))
    kind = draw(st.sampled_from(["agent", "agent", "agent", "agent", "router", "doer"]))
    if kind == "router" and leads:
        return node | {"type": "router", "take": draw(st.sampled_from(["first", "all"]))}
    known = sorted(before[number])
    named = draw(st.sets(st.sampled_from(known), max_size=2)) if known else set[int]()
    reads = [f"{{{{ nodes.n{each}.output }}}}" for each in sorted(named)]
    node["prompt"] = " ".join(["{{ input }}", *reads]) if draw(st.integers(0, 5)) else ""
    return node | ({"tools": ["web"], "timeout_s": 99} if kind == "doer" else {})


def _edge(draw: st.DrawFn, source: dict[str, Any], target: dict[str, Any]) -> dict[str, Any]:
    branch = draw(st.sampled_from(["x", "y"])) if source["type"] == "router" else None
    return {"source": source["id"], "target": target["id"], "branch": branch}


def _complete(
    draw: st.DrawFn, router: dict[str, Any], edges: list[dict[str, Any]], count: int
) -> str:
    """Give a router its rules or its question; return what a model would choose."""
    ways = sorted({each["branch"] for each in edges if each["source"] == router["id"]})
    router["otherwise"] = draw(st.none() | st.sampled_from(ways))
    if draw(st.booleans()):
        router["ask"] = "Which?"
        return str(draw(st.sampled_from(ways)))
    held = st.sampled_from([f"n{number}" for number in range(count)])
    router["rules"] = [{"branch": way, "when": {"contains": draw(held)}} for way in ways]
    return ""


@settings(deadline=None, max_examples=600)
@given(routed())
def test_no_cut_changes_which_nodes_run_nor_whose_deeds_they_wait_for(case):
    flow, chosen = case
    seconds = {node.id: 1 + 2.0**-number for number, node in enumerate(flow.nodes, start=2)}
    ran = Reference(flow, seconds, failing=(), chosen=chosen).play().status
    if any(each.severity == "error" and each.code != "not_yet" for each in find_problems(flow)):
        return
    for each in needless_waits(flow, {}):
        after = apply_edit(flow, each.edit)
        assert Reference(after, seconds, failing=(), chosen=chosen).play().status == ran
        assert doers_before(after) == doers_before(flow)


def doers_before(flow: Flow) -> dict[NodeId, set[NodeId]]:
    doers = {node.id for node in flow.nodes if getattr(node, "tools", ())}
    return {node: doers & before for node, before in ancestors_of(flow).items()}
